"""The journey in the database: one row for every answered turn, from which a repeated webhook is answered again.
Knows nothing of actions or TwiML."""

import json
from typing import Any, LiteralString

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.calls.journeys import TOLD
from helpline.calls.models import Step as Row
from helpline.ivr.engine import NO_LANGUAGE, Position, Said, Turn
from helpline.ivr.flow import Flow

_table: Any = Row.__table__
_insert = insert(_table).on_conflict_do_nothing(index_elements=["call_sid", "turn"])
_COLUMNS = (
    "at", "call_sid", "turn", "step", "language", "tries", "heard", "did", "kept", "to_step", "to_language", "to_tries",
    "says",
)  # fmt: skip
_AT_ONCE: LiteralString = (
    "INSERT INTO steps (at, call_sid, turn, step, language, tries, heard, did, kept, to_step, to_language, to_tries, says)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s::jsonb) ON CONFLICT (call_sid, turn) DO NOTHING"
)
_WHOLE = "!"
_SLOW = "slow"


def write(sid: str, asked: Position, turn: Turn) -> bool:
    """Write the turn down, with the words it keeps; False when it was answered before (and nothing is changed)."""
    row = row_of(sid, asked, turn) | {"kept": dict(turn.keeps) or None}
    values = [row[name] for name in _COLUMNS]
    for name in ("kept", "says"):
        place = _COLUMNS.index(name)
        values[place] = None if values[place] is None else json.dumps(values[place])
    return bool(db.at_once(_AT_ONCE, values))


def claim(session: Session, sid: str, asked: Position) -> bool:
    """Take this turn for this transaction: a second webhook of the same turn waits for us, then is told False."""
    empty = {"at": clock.now(), "call_sid": sid, "turn": asked.turn, "step": asked.step, "tries": asked.tries}
    # Asked for by RETURNING: after an insert SQLAlchemy's rowcount is -1, whether a row was made or not.
    return session.connection().execute(_insert.returning(_table.c.id), empty).first() is not None


def complete(session: Session, sid: str, asked: Position, turn: Turn) -> None:
    """Write down what became of a turn that was claimed."""
    row = row_of(sid, asked, turn)
    session.execute(
        _table.update().where(_table.c.call_sid == sid, _table.c.turn == asked.turn).values(**row)
    )


def answered(connection: Connection | Session, flow: Flow, sid: str, asked: Position) -> Turn | None:
    """The turn as it was answered the first time, or None when it was not."""
    found = connection.execute(
        select(_table).where(_table.c.call_sid == sid, _table.c.turn == asked.turn)
    ).first()
    if found is None or found.to_step is None:
        return None
    step = flow.steps.get(found.to_step) or flow.steps[flow.start]
    says = list(found.says or ())
    there = Position(
        asked.set_id, found.to_language or NO_LANGUAGE, step.name, asked.turn + 1, found.to_tries or 0
    )
    return Turn(
        there,
        step,
        whole=tuple(_said(name) for name in says if name.startswith(_WHOLE)),
        says=tuple(_said(name) for name in says if not name.startswith(_WHOLE) and name != _SLOW),
        event=found.heard or "",
        slow=_SLOW in says,
    )


def row_of(sid: str, asked: Position, turn: Turn) -> dict[str, Any]:
    """The row of a turn. `says` holds names of prompts (`bn/welcome`; `!bn/consent_offer` for what is heard whole)."""
    return {
        "at": clock.now(),
        "call_sid": sid,
        "turn": asked.turn,
        "step": asked.step,
        "language": asked.language,
        "tries": asked.tries,
        "heard": turn.event,
        "did": " ".join((*turn.did, *([TOLD] if turn.step.topic else []))) or None,
        "to_step": turn.position.step,
        "to_language": turn.position.language,
        "to_tries": turn.position.tries,
        "says": [f"{_WHOLE}{s.language}/{s.prompt}" for s in turn.whole]
        + [f"{s.language}/{s.prompt}" for s in turn.says]
        + ([_SLOW] if turn.slow else []),
    }


def _said(name: str) -> Said:
    language, _, prompt = name.removeprefix(_WHOLE).partition("/")
    return Said(prompt, language)
