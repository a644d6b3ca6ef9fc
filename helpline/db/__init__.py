"""The database of this process: sessions, the bell that rings after commit, the quick path for journeys."""

import importlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, LiteralString, cast

import psycopg
from redis import Redis
from rq import Queue
from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.orm import Session

from helpline.config import Settings
from helpline.db import prepared
from helpline.db.base import (
    Base,
    Encrypted,
    EncryptedBytes,
    Keys,
    UtcTime,
    keyed_hash,
    sealed,
    unsealed,
    use_keys,
)
from helpline.db.prepared import Row, Statement

__all__ = [
    "Base", "Encrypted", "EncryptedBytes", "Row", "Statement", "UtcTime", "at_once",
    "connect", "disconnect", "engine", "keyed_hash", "large", "make_durable", "need_not_wait",
    "quick", "redial", "redis", "ring", "sealed", "table", "transaction", "unsealed",
]  # fmt: skip

log = logging.getLogger(__name__)

ALL_TABLES = "helpline.db.all_models"
CONNECT_SECONDS = 2
RING_SECONDS = 1
_RINGS = "rings"


@dataclass(frozen=True)
class Database:
    """What one process holds open: three pools on one database, and the queue's connection."""

    engine: Engine
    quick: Engine
    lines: prepared.Lines
    hasty: Engine
    redis: Redis


_database: Database | None = None


def connect(settings: Settings, *, database_url: str | None = None, redis_url: str | None = None) -> None:
    """Open this process's pools (lazily: nothing is dialled yet) and set its keys.

    The addresses come from the settings unless given, as they are for embedded servers. Connecting again closes
    the earlier pools first.
    """
    global _database
    disconnect()
    importlib.import_module(ALL_TABLES)  # rooms name each other's tables, whichever is used first
    url = database_url or settings.database_url
    queue = redis_url or settings.redis_url
    if not url or not queue:
        raise ValueError("no address of a database or of a queue: start the embedded ones, or name them")
    use_keys(Keys(settings.data_keys, settings.secret_key))
    hasty = {"options": "-c synchronous_commit=off -c statement_timeout=6000 -c lock_timeout=5000"}
    dial = {"connect_timeout": CONNECT_SECONDS, "application_name": "helpline", "tcp_user_timeout": 5000}

    # Two pools, since to change a connection's mode at every use costs more than a statement.
    def hurrying(isolation: Literal["AUTOCOMMIT", "READ COMMITTED"]) -> Engine:
        return create_engine(
            url,
            pool_size=2,
            max_overflow=2,
            pool_timeout=1,
            hide_parameters=True,
            isolation_level=isolation,
            # Nothing is ever left open where every statement is its own transaction.
            pool_reset_on_return=None if isolation == "AUTOCOMMIT" else "rollback",
            connect_args=dial | hasty,
        )

    _database = Database(
        engine=create_engine(
            url,
            pool_size=4,
            max_overflow=8,  # the clock does some of its work side by side
            pool_timeout=2,
            pool_pre_ping=True,
            hide_parameters=True,  # an error's text must not hold what a caller said
            isolation_level="READ COMMITTED",  # places are counted under a lock: what was committed must be seen
            connect_args=dial,
        ),
        quick=(quick := hurrying("AUTOCOMMIT")),
        lines=prepared.Lines(quick),
        hasty=hurrying("READ COMMITTED"),
        redis=Redis.from_url(queue, socket_connect_timeout=RING_SECONDS, socket_timeout=RING_SECONDS),
    )


def disconnect() -> None:
    """Close this process's pools, if any are open."""
    global _database
    if _database:
        _database.engine.dispose()
        _database.lines.close()
        _database.quick.dispose()
        _database.hasty.dispose()
        _database.redis.close()
        _database = None


def redial() -> None:
    """Let go of every idle connection: where one was lost, the others were dialled to the same server.

    Otherwise each pool would fail somebody once after the server was started anew.
    """
    known = _open()
    known.lines.close()
    for pool in (known.engine, known.quick, known.hasty):
        pool.dispose()


def _open() -> Database:
    if _database is None:
        raise RuntimeError("not connected: call helpline.db.connect(settings) first")
    return _database


def engine() -> Engine:
    """The engine whose commits wait for the disk."""
    return _open().engine


def redis() -> Redis:
    """The queue's connection; it answers or fails within a second."""
    return _open().redis


def table(name: str) -> Table:
    """A table of another room, by its name; all are known once this process has connected. Raises `KeyError`."""
    return Base.metadata.tables[name]


@contextmanager
def transaction(*, durable: bool = True) -> Iterator[Session]:
    """One unit of work: committed at the end, rolled back on any error; what it rang is rung after the commit.

    `durable=False`: the commit does not wait for the disk (as in `quick`), unless `make_durable` was called within.
    """
    bind = _open().engine if durable else _open().hasty
    with Session(bind, expire_on_commit=False) as session:
        with session.begin():
            yield session


def make_durable(session: Session) -> None:
    """From here on this transaction's commit waits for the disk: the caller will be told that something is saved."""
    session.execute(text("SET LOCAL synchronous_commit TO on"))


def large(session: Session, sql: LiteralString, *values: int | str) -> Iterator[bytes]:
    """The large values that a statement finds, one after the other, as they are: written out as text, as all else is, they
    take five times as long, in which a web process answers nobody. `%s` stands for each of the values."""
    connection = cast("psycopg.Connection[Any]", session.connection().connection.dbapi_connection)
    with connection.cursor(binary=True) as cursor:
        for (value,) in cursor.stream(sql, values):
            yield value


def need_not_wait(session: Session) -> None:
    """This transaction's commit does not wait for the disk: for one of many parts, whose last part's commit waits.

    A crash of the database server, and nothing else, may then lose it, and whatever was committed after it, together.
    """
    session.connection().exec_driver_sql("SET LOCAL synchronous_commit TO off")


@contextmanager
def quick() -> Iterator[Connection]:
    """A connection in autocommit whose commits do not wait for the disk: for the journey only.

    What it writes survives any crash but the database server's own. Nothing the caller is told is saved goes here.
    """
    with _open().quick.connect() as connection:
        yield connection


def at_once(statement: Statement, values: Sequence[Any]) -> list[Row]:
    """Run one prepared statement (see `db.prepared`) in autocommit, not waiting for the disk; its rows as text.

    For what every webhook writes. Raises `SQLAlchemyError`.
    """
    return _open().lines.run(statement, values)


def ring(session: Session, job: str, *ids: int | str, queue: str = "ring") -> None:
    """Ring `helpline.jobs.<job>(*ids)` once this session's transaction has committed.

    The bell may be lost (Redis down, flushed): it is logged, never an error, because a sweep finds overdue work.
    """
    session.info.setdefault(_RINGS, []).append((queue, job, ids))


@event.listens_for(Session, "after_commit")
def _ring_now(session: Session) -> None:
    rings = session.info.pop(_RINGS, [])
    for queue, job, ids in rings:
        try:
            Queue(queue, connection=_open().redis).enqueue(
                f"helpline.jobs.{job}", *ids, result_ttl=60, job_timeout=120
            )
        except Exception as error:
            log.warning("could not ring %s: %s; the sweep will find the work", job, type(error).__name__)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_RINGS, None)
