"""Migrations, run from code: whoever upgrades has no file to configure. Knows no table."""

from argparse import Namespace
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from helpline.faults import Faults

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"

# "helpline" in ASCII: two releases at once take turns.
_LOCK = 0x68656C706C696E65


def exist() -> bool:
    """Whether there is any migration yet."""
    return any((FOLDER / "versions").glob("*.py"))


def upgrade(address: str, revision: str = "head") -> None:
    """Bring the database at `address` to a revision (the newest, unless named). Raises `Faults` when the tables are
    newer than this release, or there is no such revision; so do the others."""
    _refuse_unknown(revision)
    from alembic import command

    _on(address, lambda config: command.upgrade(config, revision))


def downgrade(address: str, revision: str) -> None:
    """Take the database at `address` back to a revision (`base`: before the first)."""
    _refuse_unknown(revision)
    from alembic import command

    _on(address, lambda config: command.downgrade(config, revision))


def differences(address: str) -> list[str]:
    """What the tables at `address` lack, or have too many, compared with the models; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from helpline.db.all_models import Base

    found: list[str] = []

    def compare(config: "Config") -> None:
        context = MigrationContext.configure(config.attributes["connection"], opts={"compare_type": True})
        found.extend(str(difference) for difference in compare_metadata(context, Base.metadata))

    _on(address, compare)
    return found


def revise(address: str, message: str) -> Path:
    """Write a new migration from what the models have and the database at `address` has not; give its file."""
    from alembic import command

    written: list[Path] = []
    number = 1 + len(list((FOLDER / "versions").glob("*.py")))

    def write(config: "Config") -> None:
        script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        if script is not None and not isinstance(script, list):
            file = Path(script.path)
            lines = file.read_text("utf-8").splitlines(keepends=True)
            file.write_text("".join(line for line in lines if "# ###" not in line), "utf-8")
            written.append(file)

    _on(address, write)
    return written[0]


def is_current(address: str) -> bool:
    """Whether the database stands at the newest migration; asked before every start, so it asks for little."""
    return at(address) == newest()


def newest() -> str | None:
    """The number of the newest migration of this release, or None where there is none."""
    return max(_numbers(), default=None)


def at(address: str) -> str | None:
    """The migration at which the tables stand, or None where there are none."""
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            return _at(connection)
    finally:
        engine.dispose()


def _at(connection: Connection) -> str | None:
    try:
        number = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except ProgrammingError:
        number = None
    connection.rollback()
    return number


def _numbers() -> set[str]:
    return {file.name.split("_")[0] for file in (FOLDER / "versions").glob("*.py")}


def _refuse_newer(connection: Connection) -> None:
    """A release that was rolled back must not guess at tables it does not know."""
    stand, ours = _at(connection), newest()
    if stand is not None and ours is not None and stand not in _numbers():
        sentence = (
            f"the tables are at {stand}, newer than this release ({ours}): run the newer release again, or, with it, "
            f"`helpline db downgrade {ours}` (what only the newer tables hold is lost) before this one"
        )
        raise Faults([sentence])


def is_missing_table(error: DBAPIError) -> bool:
    """Whether the database refused because it has no such table or column."""
    return getattr(error.orig, "sqlstate", "") in {"42P01", "42703"}


def _refuse_unknown(revision: str) -> None:
    if revision not in {"head", "base", *_numbers()}:
        raise Faults([f"{revision}: there is no such migration; known are {', '.join(sorted(_numbers()))}"])


def _on(address: str, act: "Callable[[Config], object]") -> None:
    from alembic.config import Config

    engine = create_engine(address)
    config = Config(stdout=StringIO(), cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    try:
        with engine.connect() as connection:
            _take_turns(connection)
            _refuse_newer(connection)
            config.attributes["connection"] = connection
            act(config)
    finally:
        engine.dispose()


def _take_turns(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    connection.commit()
