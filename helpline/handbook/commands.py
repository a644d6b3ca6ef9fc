"""`helpline handbook …`: judge the chapters and phrases that come with the program, have the phrases spoken."""

import click

from helpline import db, environment
from helpline.handbook import chapters, phrases, sound
from helpline.languages import CODES


@click.group()
def handbook() -> None:
    """The handbook inside the console."""


@handbook.command()
def check() -> None:
    """Say everything that is wrong with chapters and key phrases; exit code 2 when something is."""
    found = chapters.read()["it"]
    book = phrases.book()
    click.echo(
        f"{len(found)} chapters in two languages, {len(book.names)} phrases in {len(CODES)}, nothing wrong"
    )


@handbook.command()
@click.option("--language", type=click.Choice(CODES), help="Only this one.")
def speak(language: str | None) -> None:
    """Have the engine of this machine speak the key phrases that have no sound yet; stopped, it goes on where it was."""
    environment.connect(environment.settings())
    try:
        for code in [language] if language else CODES:
            made = sound.make(code)
            with db.transaction(durable=False) as session:
                left = len(sound.owed(session, code))
            click.echo(f"{code}: made {made}, without a sound {left}")
    finally:
        db.disconnect()


COMMANDS = [handbook]
