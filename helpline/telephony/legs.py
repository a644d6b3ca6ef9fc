"""The calls that we place: meant, then asked for, rung, answered, ended; late news of the carrier changes nothing back.
Knows why a call is placed only by name; what is said on it, `scripts` know. The carrier itself is asked in `placing`."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import ring
from helpline.db.states import begin, move
from helpline.phone import PhoneNumber
from helpline.telephony import causes
from helpline.telephony.models import TO_WHO_ASKED, Cause, Leg, LegState, Purpose

CARRIER = "carrier"
RING_SECONDS = 25
_STATES = {"ringing": LegState.RINGING, "in-progress": LegState.ANSWERED}
_ORDER = tuple(LegState)


def place(
    session: Session,
    purpose: Purpose,
    subject_id: int,
    to: PhoneNumber,
    *,
    language: str,
    room: str | None = None,
    ring_seconds: int = RING_SECONDS,
    who: str = "dialling",
) -> Leg:
    """Mean to call this number, in this transaction; the telephone rings soon after its commit, once.

    `subject_id`: what the call is for (an attempt, a hold); `room`: the name of the room it may lead to. For purposes
    that an attempt has once, a second leg is an `IntegrityError`.
    """
    leg = Leg(
        purpose=purpose,
        subject_id=subject_id,
        to_number=to.e164,
        language=language,
        room=room,
        ring_seconds=ring_seconds,
        detect_machine=purpose in TO_WHO_ASKED,
    )
    session.add(leg)
    begin(session, leg, who=who, why=purpose)
    ring(session, "place_leg", leg.id)
    return leg


def locked(session: Session, leg_id: int) -> Leg | None:
    """The leg, locked until the transaction ends; None when there is none."""
    wanted = select(Leg).where(Leg.id == leg_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def by_id(session: Session, leg_id: int) -> Leg | None:
    """The leg as it stands, or None."""
    return session.get(Leg, leg_id)


def of_call(session: Session, sid: str) -> Leg | None:
    """The leg whose call this is, or None."""
    return session.scalars(select(Leg).where(Leg.sid == sid)).one_or_none()


def of(session: Session, purpose: Purpose, subject_id: int) -> list[Leg]:
    """The legs of one thing with one purpose, in the order in which they were meant."""
    wanted = select(Leg).where(Leg.purpose == purpose, Leg.subject_id == subject_id).order_by(Leg.id)
    return list(session.scalars(wanted))


def alive(session: Session, purpose: Purpose, subjects: Iterable[int]) -> list[Leg]:
    """The legs of these things with this purpose that have not ended."""
    wanted = select(Leg).where(
        Leg.purpose == purpose, Leg.subject_id.in_(list(subjects)), Leg.state != LegState.ENDED
    )
    return list(session.scalars(wanted.order_by(Leg.id)))


def in_use(session: Session, number: PhoneNumber) -> bool:
    """Whether this telephone rings, or is in a call, because of us: whatever for."""
    wanted = select(Leg.to_number).where(Leg.state != LegState.ENDED)
    return number.e164 in set(session.scalars(wanted))


def heard(
    session: Session,
    leg_id: int,
    sid: str,
    status: str,
    *,
    sip: str | None = None,
    answered_by: str | None = None,
) -> Leg | None:
    """Take in what the carrier says of a leg's call; the leg, locked, or None when this call is not the leg's.

    The first call told of is the leg's own: a second one, or one that turns up after we gave up, is nobody's, and
    must be hung up. What is older than what we know changes nothing; an end stays.
    """
    leg = locked(session, leg_id)
    if leg is None or not sid or (leg.sid or sid) != sid:
        return None
    if leg.sid is None and leg.state == LegState.ENDED:
        return None
    leg.sid = sid
    leg.answered_by = answered_by or leg.answered_by
    if status in causes.FINAL:
        finish(session, leg, causes.of(status, leg, sip=sip), who=CARRIER, why=status)
    elif status in _STATES:
        _advance(session, leg, _STATES[status])
    elif leg.state == LegState.INTENDED:
        _advance(session, leg, LegState.ASKED)
    return leg


def press(session: Session, leg: Leg, key: str) -> bool:
    """Note the first key of a locked leg (empty: none came in time); False when one was noted before."""
    if leg.key is not None:
        return False
    leg.key = key
    return True


def finish(session: Session, leg: Leg, cause: Cause, *, who: str, why: str) -> bool:
    """End a locked leg; False when it has ended before (and nothing changes)."""
    if leg.state == LegState.ENDED:
        return False
    leg.cause, leg.ended_at, leg.to_number = cause, clock.now(), None
    _move(session, leg, LegState.ENDED, who=who, why=why)
    ring(session, "leg_changed", leg.id)
    return True


def stop(session: Session, leg_id: int, *, who: str = "dialling", why: str = "stopped") -> bool:
    """Take a leg back: not asked for any more, cancelled while it rings, hung up; False when it has ended."""
    leg = locked(session, leg_id)
    if leg is None or leg.state == LegState.ENDED:
        return False
    if leg.state == LegState.INTENDED:
        return finish(session, leg, Cause.CANCELED, who=who, why=why)
    _want(session, leg, "end")
    return True


def farewell(
    session: Session, leg_id: int, *, who: str = "dialling", why: str = "the other one is gone"
) -> bool:
    """Lead somebody who waits alone to the last words; a leg that nobody answered yet is taken back, and one of which
    the carrier has not said yet whether a person picked up is hung up: the last words would be a message."""
    leg = locked(session, leg_id)
    if leg is None or leg.state != LegState.ANSWERED or not causes.may_hear(leg):
        return stop(session, leg_id, who=who, why=why)
    if leg.wanted is None:
        _want(session, leg, "farewell")
    return True


def part(
    session: Session, purposes: Iterable[Purpose], subject_id: int, *, who: str = "dialling", why: str
) -> bool:
    """End the calls for one thing before their people have met; False when there are none, or they talk already.

    Whoever waits alone, or hears how it begins, hears the last words; a telephone that rings stops.
    """
    found = [leg for purpose in purposes for leg in alive(session, purpose, [subject_id])]
    held = [leg for leg in (locked(session, one.id) for one in found) if leg is not None]
    if len({leg.purpose for leg in held}) > 1 and all(leg.key == causes.YES for leg in held):
        return False
    ended = [farewell(session, leg.id, who=who, why=why) for leg in held]
    return any(ended)


def ask_again(session: Session, leg: Leg) -> None:
    """Ring for what is wanted of a leg (its call is known only now)."""
    ring(session, "steer_leg", leg.id)


def _want(session: Session, leg: Leg, what: str) -> None:
    leg.wanted, leg.changed_at = what, clock.now()
    ask_again(session, leg)


def _advance(session: Session, leg: Leg, to: LegState) -> None:
    """Go on to a state, or stay where the leg is when that is further on."""
    if _ORDER.index(to) <= _ORDER.index(LegState(leg.state)):
        return
    if leg.state == LegState.INTENDED and to != LegState.ASKED:
        _move(session, leg, LegState.ASKED, who=CARRIER, why="the carrier knows the call")
    if to == LegState.ANSWERED:
        leg.answered_at = clock.now()
    _move(session, leg, to, who=CARRIER, why="the carrier says so")


def _move(session: Session, leg: Leg, to: LegState, *, who: str, why: str) -> None:
    leg.changed_at = clock.now()
    move(session, leg, to, who=who, why=why)
    session.flush()
