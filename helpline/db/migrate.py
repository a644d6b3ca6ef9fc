"""Migrations, run from code: no file to configure; knows no table."""

from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

FOLDER = Path(__file__).parent / "migrations"


def exist() -> bool:
    """Whether there is any migration yet."""
    return any((FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(address: str, revision: str = "head") -> None:
    """Bring the database at `address` to a revision (the newest, unless named)."""
    _run(address, lambda config: command.upgrade(config, revision))


def _run(address, what):
    engine = create_engine(address)
    config = Config(stdout=StringIO())
    config.set_main_option("script_location", str(FOLDER))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        what(config)
    engine.dispose()
