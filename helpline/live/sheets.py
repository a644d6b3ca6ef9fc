"""Which call a person is in, for the sheet that the console opens with it. Shows no number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import Base, keyed_hash
from helpline.live.engaged import WITH_SOMEBODY
from helpline.live.models import Hold, HoldState

WRITTEN_WITHIN = timedelta(minutes=10)
"""So long after a talk, what was asked in it may still be written down."""


class TooLate(Exception):
    """The call is over for so long, or nobody came into it, that nothing is written down as asked in it."""


@dataclass(frozen=True)
class LiveCall:
    """The call that a person took last. `talking` until it is over; then the sheet stays until the next one, or a while.

    `ask_ids`: what was asked in this call, and what is still open of the telephone it comes from, oldest first: others
    may share that telephone, so a code is asked for first (DOMAIN §4.3). `room` is where an interpreter can be let in.
    `over_since`: when the call ended, None while it goes on; `may_write`: what is asked may be written down now.
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


def close(session: Session, hold_id: int, person_id: int) -> bool:
    """The person has written down what there was to write: the sheet is put away; False while they still talk."""
    wanted = select(Hold).where(Hold.id == hold_id, Hold.person_id == person_id).with_for_update()
    hold = session.scalars(wanted).one_or_none()
    if hold is None or hold.state in WITH_SOMEBODY:
        return False
    hold.person_id = None
    session.flush()
    return True


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
