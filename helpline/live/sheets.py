"""Which call a person is in, for the sheet that the console opens with it: who is on the line, what was written, what came
of it. Shows no number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Table, exists, or_, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import Base, keyed_hash
from helpline.faults import Faults
from helpline.live.engaged import WITH_SOMEBODY
from helpline.live.models import Hold, HoldState, Went
from helpline.people import audit
from helpline.people.accounts import Who

WRITTEN_WITHIN = timedelta(minutes=10)
"""So long after a talk, what was asked in it may still be written down."""

LONGEST_NOTE = 4000
How = Literal["code", "words"]


class TooLate(Exception):
    """The call is over for so long, or nobody came into it, that nothing is written down as asked in it."""


class NotTalking(Exception):
    """The person and the caller do not talk with each other now, or it is somebody else's call."""


class NothingSaved(Exception):
    """It is said that something was written down in the talk, and nothing was."""


@dataclass(frozen=True, repr=False)
class LiveCall:
    """The call that a person took last. `talking` until it is over; then the sheet stays until the next one, or a while.

    `ask_ids`: what was asked in this call, and what is still open of the telephone it comes from, oldest first: others
    may share that telephone, so a code is asked for first (DOMAIN §4.3). `room` is where an interpreter can be let in.
    `over_since`: when the call ended, None while it goes on; `may_write`: what is asked may be written down now.
    `recognised`: the asks of which the person on the line has shown to be the one who asked, and how; `note`: what
    whoever took the call has written so far.
    """

    hold_id: int
    call_sid: str
    language: str
    minor: bool
    talking: bool
    room: str | None
    ask_ids: tuple[int, ...]
    over_since: datetime | None
    may_write: bool
    recognised: Mapping[int, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Talk:
    """A talk that goes on: the carrier's sid of the caller's call, and the asks that its sheet shows."""

    call_sid: str
    ask_ids: tuple[int, ...]


def of_person(session: Session, person_id: int) -> LiveCall | None:
    """The call that this person took last, if it is not forgotten yet; None otherwise."""
    newest = select(Hold).where(Hold.person_id == person_id).order_by(Hold.id.desc()).limit(1)
    hold = session.scalars(newest).one_or_none()
    return _shown(session, hold) if hold else None


def of_hold(session: Session, hold_id: int, person_id: int) -> LiveCall | None:
    """One call, for the person who took it; None for anybody else, and once it is forgotten who took it."""
    wanted = select(Hold).where(Hold.id == hold_id, Hold.person_id == person_id)
    hold = session.scalars(wanted).one_or_none()
    return _shown(session, hold) if hold else None


def to_write(session: Session, hold_id: int, person_id: int) -> LiveCall | None:
    """As `of_hold`, for writing down what is asked in the talk. Raises `TooLate`."""
    call = of_hold(session, hold_id, person_id)
    if call is not None and not call.may_write:
        raise TooLate(f"hold {hold_id}")
    return call


def talk(session: Session, hold_id: int, person_id: int) -> Talk:
    """The talk that this person is in with the caller, locked until the transaction ends. Raises `NotTalking`."""
    hold = _mine(session, hold_id, person_id)
    if hold is None or hold.state != HoldState.TALKING:
        raise NotTalking(f"hold {hold_id}: not a talk of person {person_id}")
    return Talk(hold.call_sid, _asks(session, hold.call_sid))


def recognise(session: Session, hold_id: int, person_id: int, ask_id: int, how: How) -> None:
    """The person on the line is the one who asked this; the first way in which that showed stays. Raises `NotTalking`."""
    talk(session, hold_id, person_id)
    hold = session.get_one(Hold, hold_id)
    hold.recognised = {str(ask_id): how} | hold.recognised
    session.flush()


def write_note(session: Session, hold_id: int, who: Who, text: str) -> bool:
    """Keep what whoever took the call has written so far, encrypted, in the place of what stood there; False for others.

    The audit says once that there is a note, and not what stands in it. Raises `Faults` for an overlong one.
    """
    if len(text) > LONGEST_NOTE:
        raise Faults([f"note: longer than {LONGEST_NOTE} characters"])
    hold = _mine(session, hold_id, who.id)
    if hold is None:
        return False
    if text.strip() and not hold.note:
        audit.record(session, who.in_audit, "wrote_note", f"hold {hold_id}")
    hold.note = text.strip() or None
    session.flush()
    return True


def close(session: Session, hold_id: int, person_id: int, outcome: Went | None = None) -> bool:
    """The person says what came of the call, and its sheet is put away; False while they still talk, or for others.

    Raises `NothingSaved` when something is said to be written down that is not.
    """
    hold = _mine(session, hold_id, person_id)
    if hold is None or hold.state in WITH_SOMEBODY:
        return False
    asks = _table("asks")
    if outcome is Went.WRITTEN_DOWN and not session.scalar(
        select(exists().where(asks.c.call_sid == hold.call_sid))
    ):
        raise NothingSaved(f"hold {hold_id}")
    audit.record(session, f"person {person_id}", "closed_live_call", f"hold {hold_id}", outcome=outcome)
    hold.person_id, hold.outcome = None, outcome
    session.flush()
    return True


def _mine(session: Session, hold_id: int, person_id: int) -> Hold | None:
    wanted = select(Hold).where(Hold.id == hold_id, Hold.person_id == person_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _shown(session: Session, hold: Hold) -> LiveCall:
    over = None if hold.state in WITH_SOMEBODY else hold.ended_at
    late = over is None or clock.now() - over > WRITTEN_WITHIN
    return LiveCall(
        hold.id,
        hold.call_sid,
        hold.language,
        hold.minor,
        hold.state in WITH_SOMEBODY,
        hold.room,
        _asks(session, hold.call_sid),
        over,
        hold.state in WITH_SOMEBODY or (hold.state == HoldState.DONE and not late),
        {int(ask): how for ask, how in hold.recognised.items()},
        hold.note or "",
    )


def _asks(session: Session, call_sid: str) -> tuple[int, ...]:
    """Asks of this call and open ones of its telephone: other rooms' tables, read here by name."""
    calls, asks, plans = (_table(name) for name in ("calls", "asks", "plans"))
    number = session.scalar(select(calls.c.from_number).where(calls.c.sid == call_sid))
    mine = asks.c.call_sid == call_sid
    if number is not None:
        of_telephone = plans.c.number_hash == keyed_hash("number", number)
        mine = or_(mine, of_telephone & asks.c.closed_at.is_(None))
    found = select(asks.c.id).join(plans, plans.c.id == asks.c.plan_id).where(mine).order_by(asks.c.id)
    return tuple(session.scalars(found))


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
