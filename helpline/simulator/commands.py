"""`helpline phone`: the telephone in the terminal, as a command."""

from __future__ import annotations

from pathlib import Path

import click

from helpline.simulator.client import Client, address
from helpline.simulator.phone import Terminal, speaker


@click.command()
@click.option("--from", "from_", metavar="NUMBER", help="Who calls: any number, or `withheld`.")
@click.option("--to", metavar="NUMBER", help="Which number is dialled; the toll-free number if not given.")
@click.option(
    "--script",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Play this call and compare; one step a line: dial, hear, press, silence, speak, hangup, over.",
)
@click.option(
    "--prompts",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("prompts"),
    show_default=True,
    help="For scripts: where LANGUAGE/texts.toml names what a voice says; without them only clips have names.",
)
@click.option("--speak", is_flag=True, help="Also say what is heard, with espeak-ng.")
def phone(from_: str | None, to: str | None, script: Path | None, prompts: Path, speak: bool) -> None:
    """A telephone in this terminal, connected to the stand-in carrier (TWILIO_API_URL, or the running demo's).

    Type keys and Enter; an empty line is silence, `h` hangs up, `m 4` speaks a message of four seconds.

    In a script, `hear bn` is anything in Bangla, `hear bn/welcome` what has `welcome` in its name, clip or voice, and
    any other words a part of what is said.
    """
    say = speaker() if speak else None
    if speak and not say:
        click.echo("espeak-ng is not installed: printing only.", err=True)
    terminal = Terminal(Client(address(), from_, to), click.echo, say)
    if script is None:
        terminal.talk(lambda: input("> "))
    elif not terminal.play(script, prompts):
        raise SystemExit(1)


COMMANDS = [phone]
