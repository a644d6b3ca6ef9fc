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
    address = given_address()
    before = migrate.at(address)
    if revision == "head" and before == migrate.newest():
        click.echo(f"the tables are at {before} already: nothing to do")
        return
    migrate.upgrade(address, revision)
    click.echo(f"the tables are now at {migrate.at(address)}")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Tables, and what is in them, will be lost. Go back?")
def downgrade(revision: str) -> None:
    """Take the tables back to an earlier migration (`base`: before the first)."""
    migrate.downgrade(given_address(), revision)


@db.command()
def check() -> None:
    """Compare the tables with the models: exit 2 and every difference, or one line."""
    address = given_address()
    if differences := migrate.differences(address):
        raise Faults(differences)
    click.echo(f"the tables are at {migrate.at(address)}, and as this release wants them")


@db.command()
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
def revision(message: str) -> None:
    """Write a new migration from what the models have and the migrations so far do not make."""
    from helpline.db import embedded

    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # for root PostgreSQL is another account, which must get in
        address = embedded.postgres(Path(folder), lasting=False)
        try:
            migrate.upgrade(address)
            click.echo(str(migrate.revise(address, message)))
        finally:
            embedded.stop(Path(folder))


def given_address() -> str:
    """The database's address: a release has `DATABASE_URL` and may have nothing else."""
    environ = environment.environment()
    given = environ.get("DATABASE_URL", "").strip()
    if given:
        return "postgresql+psycopg://" + given.partition("://")[2]
    from helpline.db import embedded  # only who embeds a server pays for loading what starts it

    return embedded.postgres(Path(environ.get("HELPLINE_DATA_DIR") or "var"))


COMMANDS = [db]
