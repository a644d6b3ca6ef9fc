"""`helpline …`: finds the command of each room, connects it, and says what went wrong; knows no rule."""

import gc
import importlib
import logging
import sys
from dataclasses import dataclass
from importlib.util import find_spec

import click

from helpline.faults import Faults

# A webhook leaves some hundred objects behind, and a start makes half a million that stay: looked through every few
# hundred, they cost a twentieth of our time in the one, and a fifth in the other.
COLLECT_AFTER = (50_000, 20, 20)


@dataclass(frozen=True)
class Place:
    """Where a command lives, so that asking for one loads no other."""

    module: str
    summary: str
    connected: bool = False


COMMANDS = {
    "up": Place("helpline.processes.commands", "Run everything on this machine: web, workers, clock."),
    "demo": Place("helpline.processes.commands", "Run everything, with sample entities and a stand-in carrier."),
    "release": Place("helpline.processes.commands", "Once for each release: bring tables and the draft of the texts up to date."),
    "serve": Place("helpline.processes.commands", "Answer webhooks (one of many web processes)."),
    "worker": Place("helpline.processes.commands", "Do the jobs that were rung."),
    "clock": Place("helpline.processes.commands", "Look for overdue work, again and again."),
    "carrier": Place("helpline.processes.commands", "Run the stand-in carrier alone (the demo does)."),
    "db": Place("helpline.db.commands", "The database's tables: bring them up to date, compare them."),
    "load": Place("helpline.routing.commands", "Load projects, entities, people, hours, closures and notices from a file.", connected=True),
    "calls": Place("helpline.calls.commands", "What happened in calls.", connected=True),
    "figures": Place("helpline.figures.commands", "The counts of what happened: prove them, make them anew.", connected=True),
    "seed": Place("helpline.figures.commands", "Make up a year of calls, for demonstrations and measurements.", connected=True),
    "shifts": Place("helpline.live.commands", "When mediators work: load the rota, list it.", connected=True),
    "callbacks": Place("helpline.callbacks.commands", "Who is to be called back.", connected=True),
    "requests": Place("helpline.routing.commands", "Who asked for help to return, and where that stands.", connected=True),
    "entities": Place("helpline.routing.commands", "Who takes requests, and how many places are taken.", connected=True),
    "people": Place("helpline.people.commands", "Who may sign in: add, invite, disable.", connected=True),
    "audit": Place("helpline.people.commands", "Who saw and did what, and whether that was tampered with.", connected=True),
    "api-tokens": Place("helpline.api.commands", "Which programs of entities may ask, and for what.", connected=True),
    "webhooks": Place("helpline.api.commands", "How entities are told of their offers, and what arrived.", connected=True),
    "flow": Place("helpline.ivr.commands", "The menu that callers hear: show it, judge it, draw it."),
    "languages": Place("helpline.complete", "The languages of the line: what is missing for one of them."),
    "probe": Place("helpline.alerts.commands", "From another machine: whether the line can be reached, and tell who should know."),
    "prompts": Place("helpline.voice.commands", "What is said: its texts and its clips, in every language."),
    "handbook": Place("helpline.handbook.commands", "The handbook inside the console: judge it, have its phrases spoken."),
    "phone": Place("helpline.simulator.commands", "A telephone in this terminal, to call the line with."),
}  # fmt: skip


class Rooms(click.Group):
    """The commands of all rooms, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands whose room is there."""
        return [name for name, place in COMMANDS.items() if find_spec(place.module)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of this name, its room loaded now; None when there is none."""
        place = COMMANDS.get(name)
        if not place or not find_spec(place.module):
            return None
        return next((command for command in _commands(place.module) if command.name == name), None)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list for `--help`, without loading any room."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; one that needs the database gets it first."""
        name = (ctx.protected_args or ctx.args or [""])[0]
        if name in COMMANDS and COMMANDS[name].connected and "--help" not in ctx.args:
            _connect(ctx)
        return super().invoke(ctx)


@click.group(cls=Rooms)
@click.option("-v", "--verbose", is_flag=True, help="Tell more of what is done.")
def helpline(verbose: bool) -> None:
    """A telephone line in nine languages for people who think of returning home."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )


def _commands(module: str) -> list[click.Command]:
    commands: list[click.Command] = importlib.import_module(module).COMMANDS
    return commands


def _connect(ctx: click.Context) -> None:
    from helpline import db, environment

    environment.connect(environment.settings())
    ctx.call_on_close(db.disconnect)


def main() -> None:
    """Run the command line. Exit codes: 2 for bad input (every fault on a line of its own), 1 when it could not be done."""
    gc.set_threshold(*COLLECT_AFTER)
    try:
        helpline.main(prog_name="helpline", standalone_mode=False)
    except Faults as faults:
        for fault in faults.faults:
            click.echo(fault, err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as error:
        sentence = _what_is_down(error)
        if not sentence:
            raise
        click.echo(sentence, err=True)
        sys.exit(1)


def _what_is_down(error: Exception) -> str | None:
    """One sentence for a server that does not answer, without its address; None for any other error."""
    import redis.exceptions
    import sqlalchemy.exc

    from helpline.db import migrate, postgres_server, valkey_server

    if isinstance(error, postgres_server.CannotStart | valkey_server.CannotStart):
        return f"The embedded server did not start: {error}"
    if isinstance(error, redis.exceptions.ConnectionError | redis.exceptions.TimeoutError):
        return "The queue (REDIS_URL) does not answer."
    if isinstance(error, sqlalchemy.exc.OperationalError | sqlalchemy.exc.TimeoutError):
        return "The database (DATABASE_URL) does not answer."
    if isinstance(error, sqlalchemy.exc.ProgrammingError) and migrate.is_missing_table(error):
        return "The database has not the tables of this version: run `helpline db upgrade`."
    return None
