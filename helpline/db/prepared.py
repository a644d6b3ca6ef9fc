"""Single prepared statements straight on libpq, for what every webhook writes. Knows no table.

The driver's own way costs five times the processor's time for such a statement (docs/performance.md).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import errors
from psycopg.pq import ExecStatus
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

_FINE = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
# A statement that the server knows no more, or whose plan no longer fits the tables: a fresh connection knows better.
_STALE = frozenset({"26000", "0A000"})
_KNOWN = "prepared"

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Statement:
    """One statement (`$1`, `$2` … for its values) under a name of its own."""

    name: str
    sql: str


def run(engine: Engine, statement: Statement, values: Sequence[Any]) -> list[Row]:
    """Run the statement on a connection of this engine, outside any transaction; its rows, every value as text.

    Values may be None, text, whole numbers, truth values, moments, bytes, and lists or dicts (as JSON). Raises what
    the toolkit raises (`OperationalError`), so that callers need to know one kind of failure; `connection_invalidated`
    says that the connection was lost, and only then is `statement` None.
    """
    try:
        pooled = engine.raw_connection()
    except psycopg.Error as error:  # the toolkit does not wrap what fails while it dials for a raw connection
        raise OperationalError(None, None, error, hide_parameters=True) from None
    try:
        return _run(pooled.driver_connection, pooled.info, statement, values)
    except psycopg.Error as error:
        lost = _lost(pooled.driver_connection, error)
        if lost:
            pooled.invalidate(error)
        told = None if lost else statement.name
        raise OperationalError(told, None, error, hide_parameters=True, connection_invalidated=lost) from None
    finally:
        pooled.close()


def _run(connection: Any, info: dict[Any, Any], statement: Statement, values: Sequence[Any]) -> list[Row]:
    libpq = connection.pgconn
    name = statement.name.encode()
    known = info.setdefault(_KNOWN, set())
    if statement.name not in known:
        _checked(libpq.prepare(name, statement.sql.encode()))
        known.add(statement.name)
    result = _checked(libpq.exec_prepared(name, [_as_text(value) for value in values]))
    columns = range(result.nfields)
    return [tuple(_of_text(result.get_value(row, n)) for n in columns) for row in range(result.ntuples)]


def _checked(result: Any) -> Any:
    if result.status not in _FINE:
        raise errors.error_from_result(result)
    return result


def _lost(connection: Any, error: psycopg.Error) -> bool:
    return connection is None or bool(connection.closed) or error.sqlstate in _STALE


def _of_text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def _as_text(value: Any) -> bytes | None:
    """A value as the server reads it from text."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, datetime):
        return value.isoformat().encode()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).encode()
    return str(value).encode()
