"""Rings one mediator after the other for whoever waits, and brings the two together. Knows no words but prompts' names.

What is said on a mediator's leg (`telephony.scripts`): the whisper, one key, then the room, or that nobody is there.
"""

import logging

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db.states import move
from helpline.live import engaged, holds, plan, presence
from helpline.live.engaged import WITH_SOMEBODY
from helpline.live.models import Hold, HoldState
from helpline.people import accounts, audit
from helpline.telephony import causes, interpreting, legs, rooms
from helpline.telephony.models import Cause, Leg, LegState, Purpose
from helpline.telephony.scripts import Join, Key, Says

log = logging.getLogger(__name__)

RING_SECONDS = 20
KEY_SECONDS = 6
TAKE = "take"
MEDIATOR = "mediator"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('live ringing', 0))")
NOT_HERS = frozenset({Cause.CANCELED, Cause.NETWORK})
"""Ends of a ring that say nothing about whether somebody is at the telephone."""


def match() -> int:
    """Ring for everybody who waits and for whom somebody is free; how many telephones. Safe to call at any time."""
    with db.transaction() as session:
        session.execute(_LOCK)  # one match after the other: nobody is rung for two callers
        presence.note_calls(session)
        rings = plan.next_rings(holds.waiting(session), presence.mediators(session), clock.now())
        return sum(_ring(session, each) for each in rings)


def _ring(session: Session, wanted: plan.Ring) -> bool:
    hold = holds.locked(session, wanted.hold_id)
    if hold is None or hold.state != HoldState.WAITING or hold.rung_person_id is not None:
        return False
    number = accounts.phone_to_ring(session, wanted.person_id)
    if number is None:
        presence.leave(session, wanted.person_id)
        return False
    if wanted.person_id in engaged.in_calls(session):  # calls somebody back since the choice was made
        return False
    leg = legs.place(
        session,
        Purpose.LIVE_OPERATOR,
        hold.id,
        number,
        language=hold.language,
        ring_seconds=RING_SECONDS,
        who=MEDIATOR,
    )
    hold.rung_person_id, hold.leg_id = wanted.person_id, leg.id
    session.flush()
    return True


def answered(session: Session, leg: Leg) -> Says:
    """The whisper, unless the caller is gone: it may be a voicemail that picked up, so nothing private is said."""
    hold = holds.locked(session, leg.subject_id)
    if hold is None or hold.state != HoldState.WAITING or hold.leg_id != leg.id:
        return _gone(leg)
    return Says(leg.language, ("take_call",), Key(TAKE, KEY_SECONDS))


def pressed(session: Session, leg: Leg, stage: str, key: str) -> Says:
    """On 1 the two are brought together, if the caller still waits; any other key, or none, is a no."""
    legs.press(session, leg, key)
    if leg.key != causes.YES:
        return Says(leg.language)
    hold = holds.locked(session, leg.subject_id)
    if hold is None or hold.leg_id != leg.id:
        return _gone(leg)
    if hold.state == HoldState.WAITING and leg.state != LegState.ENDED:
        _take(session, hold, leg)
    if hold.state not in WITH_SOMEBODY or hold.room is None:
        return _gone(leg)
    return Says(leg.language, (), Join(hold.room))


def left(session: Session, leg: Leg) -> Says:
    """The last words to a mediator who is alone in the room, or left it."""
    return _gone(leg)


def _gone(leg: Leg) -> Says:
    return Says(leg.language, ("take_gone",))


def _take(session: Session, hold: Hold, leg: Leg) -> None:
    """Somebody takes the call: from here on the caller is fetched, and nobody else can have it."""
    person_id = hold.rung_person_id
    move(session, hold, HoldState.TAKEN, who=MEDIATOR, why="pressed 1")
    hold.person_id, hold.rung_person_id, hold.tried = person_id, None, {}
    room = rooms.open_room(session, hold.language)
    hold.room = leg.room = room.name
    session.flush()
    rooms.fetch(session, room.name, hold.call_sid)
    if person_id is not None:
        presence.took(session, person_id)
        audit.record(session, f"person {person_id}", "took_live_call", f"hold {hold.id}")


def leg_changed(leg_id: int) -> None:
    """A mediator's leg changed (a job): when it has ended, the next one is rung, or the talk is over."""
    with db.transaction() as session:
        leg = legs.locked(session, leg_id)
        if leg is None or leg.state != LegState.ENDED:
            return
        hold = holds.locked(session, leg.subject_id)
        if hold is None or hold.leg_id != leg.id:
            return
        if hold.state in WITH_SOMEBODY:
            _hung_up(session, hold)
        elif hold.rung_person_id is not None:
            _not_taken(session, hold, leg)
    match()


def _not_taken(session: Session, hold: Hold, leg: Leg) -> None:
    """A ring has ended without a 1: the caller hears the offer again, and the next one is rung."""
    person_id, hold.rung_person_id = hold.rung_person_id, None
    if hold.state == HoldState.WAITING and person_id is not None:
        hold.offer_due = True
        hold.tried = hold.tried | {str(person_id): clock.now().isoformat()}
        if leg.cause not in NOT_HERS:
            presence.missed(session, person_id)
    session.flush()


def _hung_up(session: Session, hold: Hold) -> None:
    """The mediator's call is over: so is the talk; a caller who was not fetched in yet waits on, and is first."""
    person_id = hold.person_id
    if hold.state == HoldState.TALKING:
        holds.end(session, hold, HoldState.DONE, who=MEDIATOR, why="the talk is over")
        interpreting.dismiss(session, hold.room or "", who=MEDIATOR)
    else:
        move(session, hold, HoldState.WAITING, who=MEDIATOR, why="gone before the caller came")
        rooms.close(session, hold.room or "")
        hold.person_id, hold.room, hold.offer_due = None, None, True
        hold.tried = {str(person_id): clock.now().isoformat()}
    session.flush()
    if person_id is not None:
        presence.idle(session, person_id, clock.now())
