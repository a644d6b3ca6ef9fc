"""Single prepared statements straight on libpq, for what every webhook writes. Knows no table.

The driver's own way costs five times the processor's time for such a statement (docs/performance.md).
"""

import json
from collections import deque
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

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Statement:
    """One statement (`$1`, `$2` … for its values) under a name of its own."""

    name: str
    sql: str


class Lines:
    """Connections of one engine, kept by us between statements: its pool would take a fifth of such a statement's time.

    As many are open as threads have run a statement at the same moment; each is outside any transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[_Line] = deque()  # appended to and taken from by several threads at once

    def run(self, statement: Statement, values: Sequence[Any]) -> list[Row]:
        """Run the statement; its rows, every value as text.

        Values may be None, text, whole numbers, truth values, moments, bytes, and lists or dicts (as JSON). Raises
        what the toolkit raises (`OperationalError`), so that callers need to know one kind of failure;
        `connection_invalidated` says that the connection was lost, and only then is `statement` None.
        """
        try:
            line = self._idle.pop()
        except IndexError:
            line = self._dialled()
        try:
            rows = line.run(statement, values)
        except psycopg.Error as error:
            lost = _lost(line.connection, error)
            if lost:
                line.connection.close()
                self.close()  # the others were dialled to the same server: each would fail somebody once
            else:
                self._idle.append(line)
            told = None if lost else statement.name
            raise OperationalError(
                told, None, error, hide_parameters=True, connection_invalidated=lost
            ) from None
        self._idle.append(line)
        return rows

    def close(self) -> None:
        """Close what is idle; the next statement dials anew."""
        while self._idle:
            self._idle.pop().connection.close()

    def _dialled(self) -> "_Line":
        try:
            pooled = self._engine.raw_connection()
        except (
            psycopg.Error
        ) as error:  # the toolkit does not wrap what fails while it dials for a raw connection
            raise OperationalError(None, None, error, hide_parameters=True) from None
        connection = pooled.driver_connection
        pooled.detach()
        return _Line(connection)


class _Line:
    """A connection, and the names of the statements that it knows."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._libpq = connection.pgconn
        self._known: set[str] = set()

    def run(self, statement: Statement, values: Sequence[Any]) -> list[Row]:
        libpq, name = self._libpq, statement.name.encode()
        if statement.name not in self._known:
            _checked(libpq.prepare(name, statement.sql.encode()))
            self._known.add(statement.name)
        result = _checked(libpq.exec_prepared(name, [_as_text(value) for value in values]))
        columns = range(result.nfields)
        return [tuple(_of_text(result.get_value(row, n)) for n in columns) for row in range(result.ntuples)]


def _checked(result: Any) -> Any:
    if result.status not in _FINE:
        raise errors.error_from_result(result)
    return result


def _lost(connection: Any, error: psycopg.Error) -> bool:
    return bool(connection.closed) or error.sqlstate in _STALE


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
