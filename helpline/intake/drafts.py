"""What a caller has said so far in this call: one encrypted row, gone when the call has ended. Decides nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.calls.steps import COLUMNS, INTO
from helpline.intake.models import Draft

_TAKEN_IN = "taken_in_to_turn"
_NONE = ""
_NEXT = len(COLUMNS) + 1

# What menus have kept, in the order in which it was pressed: it lies with the steps until the draft takes it in.
_KEPT = """
    SELECT json_agg(json_build_array(turn, kept) ORDER BY turn) FROM steps
    WHERE call_sid = {sid} AND kept IS NOT NULL
"""
_PEEK = db.Statement(
    "peek_draft",
    "SELECT encode(fields, 'escape'), drafts.xmin, "
    f"({_KEPT.format(sid='$1')}) FROM (VALUES (1)) one LEFT JOIN drafts ON call_sid = $1",
)
_OPEN = f"""
    WITH mine AS (
        INSERT INTO drafts (call_sid, fields, created_at, updated_at)
        VALUES (%(call_sid)s, %(fields)s, %(now)s, %(now)s)
        ON CONFLICT (call_sid) DO UPDATE SET updated_at = excluded.updated_at
        RETURNING fields
    )
    SELECT (SELECT fields FROM mine), ({_KEPT.format(sid="%(call_sid)s")})
"""
_WRITE = "UPDATE drafts SET fields = %(fields)s, updated_at = %(now)s WHERE call_sid = %(call_sid)s"
_PUT = """
    INSERT INTO drafts (call_sid, fields, created_at, updated_at)
    SELECT {sid}, {fields}::bytea, {now}::timestamptz, {now} {only}
    ON CONFLICT (call_sid) DO UPDATE SET fields = excluded.fields, updated_at = excluded.updated_at
        WHERE drafts.xmin::text = {version}
    RETURNING 1
"""
_PUT_ALONE = db.Statement("put_draft", _PUT.format(sid="$1", fields="$2", now="$3", version="$4", only=""))
_PUT_WITH_STEP = db.Statement(
    "put_draft_with_step",
    f"""
    WITH step AS ({INTO} RETURNING 1), draft AS ({
        _PUT.format(
            sid="$2", fields=f"${_NEXT}", now="$1", version=f"${_NEXT + 1}",
            only="WHERE EXISTS (SELECT 1 FROM step)",
        )
    })
    SELECT (SELECT count(*) FROM step), (SELECT count(*) FROM draft)
    """,
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Held:
    """What a draft holds, and which version of its row that was (none for a row that is locked, or not there yet)."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    version: str = _NONE


def peek(call_sid: str) -> Held:
    """What was said so far, with the words of menus that the journey has kept since. Raises `SQLAlchemyError`."""
    ((fields, version, kept),) = db.at_once(_PEEK, [call_sid])
    known = db.unsealed(fields.encode()) if fields else None
    return Held(_taken_in(json.loads(known or "{}"), json.loads(kept or "[]")), version or _NONE)


def opened(session: Session, call_sid: str) -> Held:
    """As `peek`, with the row made if there is none and locked until the transaction ends.

    So two webhooks of one call at once both leave their fields.
    """
    row = {"call_sid": call_sid, "fields": db.sealed("{}"), "now": clock.now()}
    fields, kept = session.connection().exec_driver_sql(_OPEN, row).one()
    return Held(_taken_in(json.loads(db.unsealed(fields) or "{}"), kept or ()))


def write(session: Session, call_sid: str, fields: Mapping[str, Any]) -> None:
    """Put these fields (values JSON can hold) in the place of those in the draft, which this transaction has `opened`."""
    row = {"call_sid": call_sid, "fields": _sealed(fields), "now": clock.now()}
    session.connection().exec_driver_sql(_WRITE, row)


def put_with_step(step: Sequence[Any], call_sid: str, held: Held, added: Mapping[str, Any]) -> bool:
    """Write the values of a step (`steps.COLUMNS`) and add fields to the draft, in one round trip.

    False, and nothing is changed, when this turn was written before. Where another webhook of the call has changed
    the draft since it was `peek`ed, the fields are added to what is there now. Raises `SQLAlchemyError`.
    """
    values = [*step, _sealed({**held.fields, **added}), held.version]
    ((new, put),) = db.at_once(_PUT_WITH_STEP, values)
    while new == "1" and put != "1":
        held = peek(call_sid)
        fields = _sealed({**held.fields, **added})
        put = "1" if db.at_once(_PUT_ALONE, [call_sid, fields, clock.now(), held.version]) else "0"
    return new == "1"


def drop(session: Session, call_sid: str) -> None:
    """Forget the draft."""
    session.execute(delete(Draft).where(Draft.call_sid == call_sid))


def _sealed(fields: Mapping[str, Any]) -> bytes | None:
    return db.sealed(json.dumps(dict(fields), ensure_ascii=False))


def _taken_in(fields: dict[str, Any], kept: Iterable[tuple[int, Mapping[str, str]]]) -> dict[str, Any]:
    """Take in what menus have kept since the last time."""
    since = fields.get(_TAKEN_IN, -1)
    for turn, words in kept:
        if turn > since:
            fields |= words
            fields[_TAKEN_IN] = turn
    return fields
