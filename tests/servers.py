"""The PostgreSQL and the Valkey that tests run on: started once for all processes of a run, or those that were given.

`TEST_DATABASE_URL` (a superuser's) and `TEST_REDIS_URL` name given ones; each process then takes a database of its
own, made from a template and dropped at the end.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

_ROOT = "HELPLINE_TEST_ROOT"
_PREFIX = "helpline-tests-"
_VACUUM_EVERY = 100
_APART = 20_000
_brooms: "dict[str, _Broom]" = {}
_queues: dict[str, Any] = {}


@dataclass(frozen=True)
class Servers:
    """What one test process is connected to."""

    database_url: str
    redis_url: str


def given_hosts() -> set[str]:
    """The machines of the servers that were given."""
    addresses = (os.environ.get(name, "") for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL"))
    return {host for address in addresses if (host := urlsplit(address).hostname)}


def begin() -> None:
    """Name the folder of this run for all its processes; tidy up after runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            _remove(folder)
    os.environ[_ROOT] = str(Path(tempfile.gettempdir()) / f"{_PREFIX}{os.getpid()}")


def run_folder() -> Path:
    """The folder of this run, which all its processes share; gone after the run."""
    return Path(os.environ[_ROOT])


def new_folder() -> Path:
    """Where a test may have servers of its own; not made yet, gone after the run.

    Not under pytest's own folders: those are closed to the account that PostgreSQL is when root runs the tests.
    """
    return run_folder() / f"test-{secrets.token_hex(6)}"


def with_tables(folder: Path) -> None:
    """Put into `folder` a PostgreSQL with our tables, as one that was stopped left it. It is made once for a run.

    Does nothing where PostgreSQL's account cannot go: there a test makes its own.
    """
    from helpline.db import embedded

    root = run_folder()
    root.mkdir(exist_ok=True)
    made = root / "with-tables"
    with (root / "with-tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make_tables(embedded.postgres(made, lasting=False))
            embedded.release(made)
    folder.mkdir(parents=True, exist_ok=True)
    if not (made / "postgres").is_symlink():
        subprocess.run(["cp", "-a", str(made / "postgres"), str(folder)], check=True)


def end() -> None:
    """Stop what was started, drop what was made."""
    folder = Path(os.environ.pop(_ROOT))
    if folder.exists():
        _remove(folder)


def _remove(folder: Path) -> None:
    from helpline.db import embedded

    if address := os.environ.get("TEST_DATABASE_URL"):
        _drop_databases(address, folder.name)
    else:
        embedded.release(folder)  # what this process itself holds, when it tests without workers
        embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def of_worker(worker: str) -> Iterator[Servers]:
    """The servers as this process should use them: its own database, its own number on the queue."""
    from helpline.db import embedded

    root = run_folder()
    root.mkdir(exist_ok=True)
    number = int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
    with (root / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = os.environ.get("TEST_DATABASE_URL") or embedded.postgres(root, lasting=False)
        queue = os.environ.get("TEST_REDIS_URL") or embedded.valkey(root, lasting=False)
        template = _name(root.name, "template")
        if not (root / "template.made").exists():
            _sql(address, "CREATE DATABASE {} TEMPLATE template0", template)
            make_tables(_database(address, template))
            _count_apart(_database(address, template))
            (root / "template.made").touch()
        ours = _name(root.name, worker)
        _sql(address, "CREATE DATABASE {} TEMPLATE {}", ours, template)
    yield Servers(_database(address, ours), f"{queue}{'&' if '?' in queue else '?'}db={number}")
    for broom in _brooms.values():
        broom.connection.close()
    for client in _queues.values():
        client.close()


def make_tables(address: str) -> None:
    """Make our tables in an empty database: by the migrations, or from the models as long as there are none."""
    from sqlalchemy import create_engine

    from helpline.db import migrate

    if migrate.exist():
        migrate.upgrade(address)
        return
    from helpline.db.all_models import Base

    engine = create_engine(address)
    Base.metadata.create_all(engine)
    engine.dispose()


def _count_apart(address: str) -> None:
    """Let each table count from a number of its own: the id of one's row is no id of another's, as it is in small
    installations, where a test might find the right row by the wrong id. Notices count from 1: theirs are keyed on
    telephones, in four digits.
    """
    with psycopg.connect(plain(address), autocommit=True) as connection:
        connection.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,"
            " %s * row_number() OVER (ORDER BY sequencename), false) FROM pg_sequences"
            " WHERE schemaname = 'public' AND sequencename <> 'notices_id_seq'",
            [_APART],
        )


def empty(servers: Servers) -> bool:
    """Take every row out of every table, and every job out of the queue. Gives whether the server had thrown us out."""
    from redis import Redis

    address = plain(servers.database_url)
    broom, thrown_out = _brooms.get(address) or _Broom(address), False
    try:
        broom.sweep()
    except psycopg.OperationalError:
        broom.connection.close()
        broom, thrown_out = _Broom(address), True
        broom.sweep()
    _brooms[address] = broom
    if servers.redis_url not in _queues:
        _queues[servers.redis_url] = Redis.from_url(servers.redis_url)
    _queues[servers.redis_url].flushdb()
    return thrown_out


class _Broom:
    """A connection that empties tables. It is kept: what the server learned of our tables for one test serves the next."""

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(
            address, autocommit=True, prepare_threshold=1, options="-c session_replication_role=replica"
        )
        self.swept = 0
        names = self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        self.tables = [name for (name,) in names]
        self.which_have_rows = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in self.tables
        )

    def sweep(self) -> None:
        """Look once at all tables, and empty those that hold anything."""
        used = [sql.Identifier(name) for (name,) in self.connection.execute(self.which_have_rows)]
        if used:
            self.connection.execute(
                sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in used), prepare=False
            )
        self.swept += 1
        if (
            self.swept % _VACUUM_EVERY == 0
        ):  # nobody else does: what was deleted would be read again and again
            self.connection.execute(
                sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, self.tables)))
            )


@contextmanager
def scratch(address: str) -> Iterator[str]:
    """The address of an empty database on the same server, dropped at the end."""
    name = f"{make_url(address).database}_{secrets.token_hex(4)}"
    _sql(address, "CREATE DATABASE {} TEMPLATE template0", name)
    try:
        yield _database(address, name)
    finally:
        _sql(address, "DROP DATABASE {} WITH (FORCE)", name)


def _drop_databases(address: str, run: str) -> None:
    prefix = _name(run, "")
    with psycopg.connect(plain(address), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        ).fetchall()
    for (name,) in rows:
        _sql(address, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _name(run: str, what: str) -> str:
    return f"{run}-{what}".replace("-", "_")


def _database(address: str, name: str) -> str:
    return (
        make_url(address)
        .set(database=name, drivername="postgresql+psycopg")
        .render_as_string(hide_password=False)
    )


def plain(address: str) -> str:
    """The address as libpq reads it, without SQLAlchemy's word for the driver."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def _sql(address: str, statement: LiteralString, *names: str) -> None:
    with psycopg.connect(plain(address), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
