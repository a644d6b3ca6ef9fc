"""`helpline up|demo|serve|worker|clock`: the words of the command line for processes. Knows none of their work."""

import os

import click

from helpline import environment
from helpline.faults import raise_if_any
from helpline.processes.parents import die_with_supervisor

PORT = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT")
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")


@click.command()
@HOST
@PORT
def up(host: str, port: int) -> None:
    """Run everything on this machine: web, workers, clock; and where none are named, database and queue too."""
    from helpline.processes.up import up as run

    run(host, port, environ=environment.environment(), also=lambda _: ())


@click.command()
def release() -> None:
    """Once for each release, before it runs: bring the tables up to date, and tell which texts it changes.

    What callers must never hear (a clip of another prompt, one that is far too long, a sentence that cannot be put
    together) ends it with exit code 2; what only is not ready yet is told.
    """
    from helpline.db.commands import given_address
    from helpline.processes.releasing import live_check
    from helpline.processes.releasing import release as run

    address = given_address()
    for sentence in run(address):
        click.echo(sentence)
    never, others = live_check(address)
    for sentence in others:
        click.echo(f"warning: {sentence}")
    raise_if_any(never)
    click.echo("released")


@click.command()
@PORT
@click.option("--carrier-port", type=click.IntRange(1, 65535), default=8101, show_default=True)
def demo(port: int, carrier_port: int) -> None:
    """Run everything, with sample entities and a stand-in carrier to call through."""
    from helpline.processes.demo import demo as run

    run(port, carrier_port, os.environ)


@click.command()
@HOST
@PORT
@click.option(
    "--workers", type=click.IntRange(1), help="Processes that answer; as many as cores unless given."
)
def serve(host: str, port: int, workers: int | None) -> None:
    """Answer webhooks."""
    from helpline.processes.web import serve as run

    die_with_supervisor()
    run(host, port, workers)


@click.command()
@click.argument("queue", required=False)
def worker(queue: str | None) -> None:
    """Do the jobs that were rung on one QUEUE (`ring` or `slow`); without one, on both, a process each."""
    from helpline.processes import worker as workers

    die_with_supervisor()
    if queue is None:
        workers.work_all()
    elif queue in workers.QUEUES:
        workers.work(queue)
    else:
        raise click.BadParameter(f"must be one of {', '.join(workers.QUEUES)}", param_hint="QUEUE")


@click.command()
def clock() -> None:
    """Look for overdue work, again and again."""
    from helpline.processes.clock import tick_for_ever

    die_with_supervisor()
    tick_for_ever()


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8101, show_default=True)
def carrier(port: int) -> None:
    """Run the stand-in carrier and its telephone page (the demo does)."""
    from helpline.simulator.server import serve as run

    die_with_supervisor()
    run(environment.settings(), port)


COMMANDS = [up, demo, release, serve, worker, clock, carrier]
