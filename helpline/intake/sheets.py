"""What whoever calls somebody back has before their eyes: the asks of a telephone, what was said, what came before.

Knows no page. Holds numbers masked; a reveal and each listening is written down.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks import holding
from helpline.callbacks.models import Callback, Plan, Priority
from helpline.calls.models import Call, Clip, ClipState
from helpline.db import keyed_hash
from helpline.intake import asks, signal_lists
from helpline.intake.models import Ask
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.routing import focal_points
from helpline.routing.focal_points import Row as FocalPoint

LONGEST_HISTORY = 50


class Unknown(LookupError):
    """There is no such callback, ask or number (any more)."""


@dataclass(frozen=True)
class AskLine:
    """One ask: what was wanted, when, in which state (a word of `asks.state_of`); `mine`: the one to be called for."""

    id: int
    kind: str
    language: str
    window: str
    state: str
    asked_at: datetime
    whom: str | None
    promised_on: date | None
    mine: bool


@dataclass(frozen=True)
class ClipLine:
    """Something that was said after a tone: `message name country`, and whether it can be heard."""

    id: int
    kind: str
    seconds: int | None
    at: datetime
    can_be_heard: bool


@dataclass(frozen=True, repr=False)
class Sheet:
    """One callback with everything about its telephone that its holder may see.

    `signal`: who gave us the number of this person. `focal_points`: whose region it is, where an office called, or an
    adult was signalled.
    """

    callback_id: int
    language: str
    state: str
    window: str
    minor: bool
    topic: str | None
    attempts: int
    promised_on: date | None
    number: str | None
    number_proved: bool
    asks: Sequence[AskLine]
    clips: Sequence[ClipLine]
    earlier: Sequence[AskLine]
    region: str | None = None
    focal_points: Sequence[FocalPoint] = ()
    signal: signal_lists.Row | None = None


def of_callback(session: Session, callback_id: int, who: Who) -> Sheet:
    """The sheet of a callback as this person may see it.

    What was asked from this number before is for who holds it and for coordinators; that they saw it is a line of the
    audit, once in half an hour. Raises `Unknown`.
    """
    row = session.execute(
        select(Callback, Plan).join(Plan, Plan.id == Callback.plan_id).where(Callback.id == callback_id)
    ).one_or_none()
    if row is None:
        raise Unknown(f"callback {callback_id}")
    callback, plan = row
    there = session.scalars(
        select(Ask).where(Ask.plan_id == plan.id, Ask.closed_at.is_(None)).order_by(Ask.slot)
    ).all()
    own = [ask for ask in there if ask.id == callback.ask_id] or [session.get_one(Ask, callback.ask_id)]
    others = [ask for ask in there if ask.id != callback.ask_id]
    shown = {ask.id for ask in own + others}
    earlier = _earlier(session, plan.number_hash, shown) if holding.may_see(session, callback_id, who) else []
    if earlier:
        about = f"callback {callback_id}"
        audit.looked(session, who.in_audit, "saw_history", about, asks=len(earlier))
    return Sheet(
        callback_id=callback.id,
        language=callback.language,
        state=callback.state,
        window=callback.window,
        minor=callback.priority == Priority.MINOR,
        topic=callback.topic,
        attempts=callback.attempts,
        promised_on=callback.promised_on,
        number=str(PhoneNumber(plan.number)) if plan.number else None,
        number_proved=plan.number_proved,
        asks=[_line(session, ask, mine=ask in own) for ask in own + others],
        clips=clips_of(session, [ask.call_sid for ask in own]),
        earlier=earlier,
        region=own[0].region,
        focal_points=focal_points.of_region(session, own[0].region) if own[0].region else (),
        signal=signal_lists.of_ask(session, own[0].id) if own[0].source == "signal" else None,
    )


def clips_of(session: Session, call_sids: Sequence[str]) -> list[ClipLine]:
    """What was said in these calls, oldest first; recordings in which nobody speaks are none."""
    columns = (Clip.id, Clip.kind, Clip.seconds, Clip.at, Clip.state)
    found = select(*columns).where(Clip.call_sid.in_(call_sids), Clip.state != ClipState.ABSENT)
    return [
        ClipLine(row.id, row.kind, row.seconds, row.at, row.state == ClipState.HELD)
        for row in session.execute(found.order_by(Clip.id))
    ]


def listen(session: Session, callback_id: int, clip_id: int, who: Who) -> bytes:
    """The sound (WAV) of a clip of this callback's call, written down as heard by `who`. Raises `Unknown`.

    Only through a callback: who holds it may hear it, and coordinators (`Stale` for everybody else); no other page
    plays what people said.
    """
    holding.held(session, callback_id, who, or_coordinator=True)
    of_call = select(Ask.call_sid).join(Callback, Callback.ask_id == Ask.id).where(Callback.id == callback_id)
    wanted = select(Clip.audio).where(
        Clip.id == clip_id, Clip.call_sid.in_(of_call), Clip.state == ClipState.HELD
    )
    audio: bytes | None = session.scalars(wanted).one_or_none()
    if audio is None:
        raise Unknown(f"clip {clip_id}")
    audit.record(session, who.in_audit, "listened", f"clip {clip_id}", callback=callback_id)
    return audio


def reveal(session: Session, callback_id: int, who: Who, *, why: str) -> PhoneNumber:
    """The number behind a callback, written down as seen by `who`, with the reason given.

    For who holds it, and coordinators: raises `Stale` for everybody else, and `Unknown`.
    """
    holding.held(session, callback_id, who, or_coordinator=True)
    wanted = select(Plan.number).join(Callback, Callback.plan_id == Plan.id).where(Callback.id == callback_id)
    number = session.scalars(wanted).one_or_none()
    if number is None:
        raise Unknown(f"the number of callback {callback_id}")
    audit.record(session, who.in_audit, "revealed", f"callback {callback_id}", field="number", why=why)
    return PhoneNumber(number)


def earlier_from(
    session: Session, call_sid: str, who: Who, *, shown: Collection[int], about: str
) -> list[AskLine]:
    """What was asked before with the telephone that a call comes from, but for what is `shown` (ids of asks) already.

    For `who` is in that call (`live.sheets`), written down as seen `about` it; nothing for a number that is hidden or
    forgotten.
    """
    number = session.scalars(select(Call.from_number).where(Call.sid == call_sid)).one_or_none()
    found = _earlier(session, keyed_hash("number", number), shown) if number else []
    if found:
        audit.record(session, who.in_audit, "saw_history", about, asks=len(found))
    return found


def _earlier(session: Session, number_hash: str | None, shown: Collection[int]) -> list[AskLine]:
    """What was asked from this number before, newest first, while the number is remembered."""
    if number_hash is None:
        return []
    same = select(Plan.id).where(Plan.number_hash == number_hash)
    before = select(Ask).where(Ask.plan_id.in_(same), Ask.id.not_in(shown)).order_by(Ask.id.desc())
    found: Sequence[Any] = session.scalars(before.limit(LONGEST_HISTORY)).all()
    return [_line(session, ask, mine=False) for ask in found]


def _line(session: Session, ask: Ask, *, mine: bool) -> AskLine:
    state = asks.state_of(session, ask)
    return AskLine(
        ask.id, ask.kind, ask.language, ask.window, state, ask.created_at, ask.whom, ask.promised_on, mine
    )


def of_asks(session: Session, ask_ids: Sequence[int], call_sid: str) -> list[AskLine]:
    """These asks as lines, those of this call first; what is forgotten is left out."""
    found: Sequence[Any] = session.scalars(select(Ask).where(Ask.id.in_(ask_ids)).order_by(Ask.id)).all()
    lines = [_line(session, ask, mine=ask.call_sid == call_sid) for ask in found]
    return sorted(lines, key=lambda line: not line.mine)
