"""`helpline db …`: the database's tables. Needs the address of a database, not a whole installation."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from helpline import environment
from helpline.db import migrate
from helpline.faults import Faults


@click.group()
def db() -> None:
    """The database's tables."""


@db.command()
@click.option("--to", "revision", default="head", show_default=True, help="A migration's number.")
def upgrade(revision: str) -> None:
    """Bring the tables up to date; nothing happens where they are."""
    address = _address()
    if revision != "head" or not migrate.is_current(address):
        migrate.upgrade(address, revision)


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Tables, and what is in them, will be lost. Go back?")
def downgrade(revision: str) -> None:
    """Take the tables back to an earlier migration (`base`: before the first)."""
    migrate.downgrade(_address(), revision)


@db.command()
def check() -> None:
    """Compare the tables with the models: exit 2 and every difference, or nothing."""
    if differences := migrate.differences(_address()):
        raise Faults(differences)


@db.command()
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
def revision(message: str) -> None:
    """Write a new migration from what the models have and the migrations so far do not make."""
    from helpline.db import embedded

    with TemporaryDirectory() as folder:
        address = embedded.postgres(Path(folder), lasting=False)
        try:
            migrate.upgrade(address)
            click.echo(str(migrate.revise(address, message)))
        finally:
            embedded.stop(Path(folder))


def _address() -> str:
    """The database's address: a release has `DATABASE_URL` and may have nothing else."""
    environ = environment.environment()
    given = environ.get("DATABASE_URL", "").strip()
    if given:
        return "postgresql+psycopg://" + given.partition("://")[2]
    from helpline.db import embedded  # only who embeds a server pays for loading what starts it

    return embedded.postgres(Path(environ.get("HELPLINE_DATA_DIR") or "var"))


COMMANDS = [db]
