"""The journey in the database: one row for every answered turn, from which a repeated webhook is answered again.
Knows nothing of actions or TwiML."""

from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.calls import arrivals
from helpline.calls.models import Call
from helpline.calls.models import Step as Row
from helpline.calls.steps import COLUMNS, INTO, TOLD, UNPLAYED
from helpline.ivr.caller import Caller
from helpline.ivr.engine import NO_LANGUAGE, Position, Said, Turn
from helpline.ivr.flow import Flow

_table: Any = Row.__table__
_calls: Any = Call.__table__
# Made once: to put them together costs more than to run them.
_CLAIM = insert(_table).on_conflict_do_nothing(index_elements=["call_sid", "turn"]).returning(_table.c.turn)
_COMPLETE = _table.update().where(
    _table.c.call_sid == bindparam("of_call"), _table.c.turn == bindparam("of_turn")
)
_WRITE = db.Statement("write_step", f"{INTO} RETURNING 1")
_UNPLAYED = db.Statement(
    "unplayed_step",
    "UPDATE steps SET did = concat_ws(' ', did, $3::text) WHERE call_sid = $1 AND turn = $2::int"
    " AND strpos(coalesce(did, ''), $4::text) = 0 RETURNING 1",
)
_WHOLE = "!"
_SLOW = "slow"


def write(sid: str, asked: Position, turn: Turn) -> bool:
    """Write the turn down, with the words it keeps; False when it was answered before (and nothing is changed)."""
    return bool(db.at_once(_WRITE, values_of(sid, asked, turn)))


def arrive(caller: Caller, asked: Position, turn: Turn) -> bool:
    """Write down the first turn of a call, with the call itself; and let the caller know its language of last time."""
    dialled, own = caller.dialled_from, caller.judged.number
    new, caller.recalled = arrivals.arrive(
        values_of(caller.sid, asked, turn), dialled, caller.to, set_id=asked.set_id, own=own
    )
    return new


def claim(session: Session, sid: str, asked: Position) -> bool:
    """Take this turn for this transaction: a second webhook of the same turn waits for us, then is told False."""
    empty = {"at": clock.now(), "call_sid": sid, "turn": asked.turn, "step": asked.step, "tries": asked.tries}
    # Asked for by RETURNING: after an insert SQLAlchemy's rowcount is -1, whether a row was made or not.
    return session.connection().execute(_CLAIM, empty).first() is not None


def unplayed(sid: str, asked: Position, code: int) -> bool:
    """Note that the carrier could not play what answered this turn, with its number of the error; False where it is noted
    already, or the turn was never written down. Raises `SQLAlchemyError`."""
    return bool(db.at_once(_UNPLAYED, [sid, asked.turn, f"{UNPLAYED}={code}", f"{UNPLAYED}="]))


def complete(session: Session, sid: str, asked: Position, turn: Turn) -> None:
    """Write down what became of a turn that was claimed."""
    row = row_of(sid, asked, turn)
    of = {"of_call": row.pop("call_sid"), "of_turn": row.pop("turn")}
    session.connection().execute(_COMPLETE, row | of)


def answered(connection: Connection | Session, flow: Flow, sid: str, asked: Position) -> Turn | None:
    """The turn as it was answered the first time, or None when it was not."""
    found = connection.execute(
        select(_table).where(_table.c.call_sid == sid, _table.c.turn == asked.turn)
    ).first()
    if found is None or found.to_step is None:
        return None
    step = flow.steps.get(found.to_step) or flow.steps[flow.start]
    says = list(found.says or ())
    set_id = asked.set_id
    if asked.turn == 0:  # the first webhook names no set, and another may have been published since
        begun = connection.scalar(select(_calls.c.set_id).where(_calls.c.sid == sid))
        set_id = asked.set_id if begun is None else begun
    there = Position(set_id, found.to_language or NO_LANGUAGE, step.name, asked.turn + 1, found.to_tries or 0)
    return Turn(
        there,
        step,
        whole=tuple(_said(name) for name in says if name.startswith(_WHOLE)),
        says=tuple(_said(name) for name in says if not name.startswith(_WHOLE) and name != _SLOW),
        event=found.heard or "",
        slow=_SLOW in says,
    )


def values_of(sid: str, asked: Position, turn: Turn) -> list[Any]:
    """The turn with the words it keeps, in the order of `calls.steps.COLUMNS`."""
    row = row_of(sid, asked, turn) | {"kept": dict(turn.keeps) or None}
    return [row[name] for name in COLUMNS]


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
