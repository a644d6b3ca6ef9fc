"""Rows as PostgreSQL's COPY reads them: values as text, tables with their columns, ids drawn a thousand at a time."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from helpline import db

_DRAW = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, 2000)")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def fields(*values: object) -> str:
    """Values as one line, or a part of one, without its end."""
    return "\t".join([_field(value) for value in values])


def _field(value: object) -> str:
    return _AS.get(type(value), str)(value)


def _text(value: str) -> str:
    # Nearly nothing has to be written otherwise, and to look for it is quicker than to translate.
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)


_AS: Mapping[type, Callable[[Any], str]] = {
    str: _text,
    type(None): lambda _: "\\N",
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    bytes: lambda value: "\\\\x" + value.hex(),
}


TABLES: Mapping[str, str] = {
    "calls": "id, sid, status, language, outcome, from_number, from_hash, to_number, set_id, started_at, ended_at, seconds,"
    " finished",
    "steps": "",
    "call_sums": "call_id, hour, language, number, outcome, seconds, last_step, keys, listened, useful_seconds, useful_keys,"
    " wait_seconds, answered, nobody, hung_up, turned_away, came_to",
    "holds": "id, call_sid, language, minor, state, queued_since, joined_at, seen_at, told_at, offer_due, tried, ended_at,"
    " recognised, outcome",
    "clips": "at, call_sid, recording_sid, kind, state, seconds, at_carrier",
    "plans": "id, created_at, closed_at, number, number_hash, number_proved",
    "agreements": "id, at, call_sid, text_version, language, key",
    "asks": 'id, created_at, closed_at, plan_id, agreement_id, call_sid, slot, code, kind, language, "window", whom,'
    " promised_on, waits_without_place, number_changes, source, region",
    "callbacks": 'id, created_at, ask_id, plan_id, call_sid, language, "window", state, attempts, priority, topic,'
    " promised_on, claim_no, queued_since, next_at, due_on, followed_up, closed_at",
    "attempts": "callback_id, claim_no, began_at, ended_at, cause",
    "requests": 'id, created_at, ask_id, agreement_id, call_sid, language, region, country, "group", urgent,'
    " waiting_since, state, entity_id, outcome",
    "offers": "id, made_at, expires_at, accepted_at, contact_by, contacted_at, begun_at, ended_at, request_id, project_id,"
    " entity_id, state, declined_for, outcome, why",
    "case_reports": "offer_id, at, who, outcome",
    "moves": "kind, subject_id, at, who, from_state, to_state, why",
}
"""What is written, in the order in which rows refer to one another."""


class Ids:
    """Ids of a table's sequence, drawn many at a time, so that nobody else is given them."""

    def __init__(self) -> None:
        self._drawn: dict[str, Iterator[int]] = {}

    def of(self, table: str) -> int:
        """The next one."""
        found = next(self._drawn.get(table, iter(())), None)
        if found is not None:
            return found
        with db.quick() as connection:
            self._drawn[table] = iter(sorted(connection.scalars(_DRAW, {"table": table})))
        return next(self._drawn[table])
