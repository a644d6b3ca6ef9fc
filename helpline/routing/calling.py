"""The two telephones of a call that an organisation makes through our line: its member's own first, then the person's from
our number with the neutral opening. When it may be made, and what a no means, `intake.offer_calls` knows."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, hours
from helpline.db import table, transaction
from helpline.hours import Calendar, Span
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.routing import handed_over, stopped
from helpline.routing.answers import held
from helpline.routing.models import Offer, OfferState, Request
from helpline.telephony import causes, legs, opening, rooms
from helpline.telephony.models import Leg, LegState, Purpose
from helpline.telephony.scripts import Says

WORKDAYS = Calendar(callback=tuple(Span(day, 0, 24) for day in range(6)))
"""Organisations have hours of their own: what binds them is when the person may be rung. Not on Sundays and holidays."""

BOTH = (Purpose.OFFER_MEMBER, Purpose.OFFER_PERSON)


@dataclass(frozen=True)
class Progress:
    """How far the newest call has got: states of both legs (None: not meant yet), and how they ended."""

    member: str
    person: str | None
    person_cause: str | None
    talking: bool

    @property
    def under_way(self) -> bool:
        """Whether a telephone rings or somebody is on the line."""
        return self.member != LegState.ENDED or self.person not in (None, LegState.ENDED)


def ring_member(session: Session, offer_id: int, own: PhoneNumber, language: str, who: Who) -> int:
    """Ring the member's own telephone for an offer that the caller has locked, and may ring for; the leg's id."""
    leg = legs.place(
        session,
        Purpose.OFFER_MEMBER,
        offer_id,
        own,
        language=who.locale,
        room=rooms.open_room(session, language).name,
        ring_seconds=opening.RING_OURS,
        who=who.in_audit,
    )
    audit.record(session, who.in_audit, "rang", f"offer {offer_id}")
    return leg.id


def stop(session: Session, offer_id: int, who: Who) -> bool:
    """Take the call back while it rings, or end it; False when none was under way. Raises `LookupError`."""
    held(session, offer_id, entity_id=who.entity_id or "")
    found = [leg for purpose in BOTH for leg in legs.alive(session, purpose, [offer_id])]
    stopped = [legs.stop(session, leg.id, who=who.in_audit, why="taken back") for leg in found]
    if any(stopped):
        audit.record(session, who.in_audit, "stopped_call", f"offer {offer_id}")
    return any(stopped)


def progress(session: Session, offer_id: int) -> Progress | None:
    """How far the newest call for this offer has got; None when there never was one."""
    of_members = legs.of(session, Purpose.OFFER_MEMBER, offer_id)
    if not of_members:
        return None
    member, person = _pair(session, of_members[-1])
    talking = person is not None and person.key == causes.YES
    alive = all(leg is not None and leg.state == LegState.ANSWERED for leg in (member, person))
    return Progress(
        member.state if member else LegState.ENDED,
        person.state if person else None,
        person.cause if person else None,
        talking and alive,
    )


# --- what is said on the legs (telephony.scripts) ---------------------------------------------------------


def answered(session: Session, leg: Leg) -> Says:
    """What is said to who picked up: `take_call` to the member, the neutral opening to the person, to a machine nothing."""
    return opening.take(leg) if leg.purpose == Purpose.OFFER_MEMBER else opening.answered(leg)


def pressed(session: Session, leg: Leg, stage: str, key: str) -> Says:
    """What follows a key, or none."""
    if leg.state == LegState.ENDED:
        return Says(leg.language)
    if leg.purpose == Purpose.OFFER_MEMBER:
        # Looked at once the key is taken: a second webhook waits for that, and rings nobody again.
        return opening.taken(session, leg, key, rings=lambda: _rings(session, leg))
    return opening.pressed(session, leg, stage, key, waits=lambda: _may_meet(session, leg))


def left(session: Session, leg: Leg) -> Says:
    """The last words to who left the room, or was fetched out of it: none after a talk.

    The member whose offer was pulled back meanwhile hears that there is nobody to ring any more.
    """
    _, person = _pair(session, leg)
    met = person is not None and person.key == causes.YES
    if leg.purpose == Purpose.OFFER_MEMBER and not met and not may_be_called(_offer(session, leg)):
        return Says(leg.language, ("take_gone",))
    return opening.left(leg, person, ours=leg.purpose == Purpose.OFFER_MEMBER)


def leg_changed(leg_id: int) -> None:
    """A leg ended (a job): nobody stays alone, and the room is over with the last."""
    with transaction() as session:
        leg = legs.by_id(session, leg_id)
        member, person = _pair(session, leg) if leg else (None, None)
        if leg is None or member is None or leg.state != LegState.ENDED:
            return
        other = person if leg.id == member.id else member
        if other is not None:
            legs.farewell(session, other.id)
        if all(each is None or each.state == LegState.ENDED for each in (member, person)):
            rooms.close(session, member.room or "")


def _rings(session: Session, member: Leg) -> bool:
    return _pair(session, member)[1] is not None or _place_person(session, member)


def _may_meet(session: Session, leg: Leg) -> bool:
    """Whether the member waits in the room, and the case is still theirs: it may have been pulled back meanwhile."""
    return opening.is_there(_pair(session, leg)[0]) and may_be_called(_offer(session, leg))


def _offer(session: Session, leg: Leg) -> Offer:
    # Without locks: the leg is locked here, and whoever takes the call back locks the offer before the leg.
    return session.get_one(Offer, leg.subject_id, populate_existing=True)


def _place_person(session: Session, member: Leg) -> bool:
    """Ring the person; False when they took the request back meanwhile, or may not be rung at this moment any more."""
    offer = _offer(session, member)
    request = session.get_one(Request, offer.request_id, populate_existing=True)
    number, window = person_of(session, request)
    if number is None or not may_be_called(offer) or not in_hours(request, window):
        return False
    legs.place(
        session,
        Purpose.OFFER_PERSON,
        member.subject_id,
        number,
        language=request.language,
        room=member.room,
        ring_seconds=opening.RING_PERSON,
    )
    return True


def may_be_called(offer: Offer) -> bool:
    """Whether an offer's organisation may ring its person at all: accepted, not over, and the number not forgotten."""
    return offer.state == OfferState.ACCEPTED and offer.ended_at is None and not handed_over.is_past(offer)


def in_hours(request: Request, window: str) -> bool:
    """Whether it is the time of day that the person asked for, on a day on which people are rung."""
    return hours.may_ring(WORKDAYS, request.language, window, clock.now())


def person_of(session: Session, request: Request) -> tuple[PhoneNumber | None, str]:
    """The number to ring and its time of day; no number when it is forgotten, or they want no more calls.

    Whoever calls from a barred number and asks anew is called: barred are only numbers that somebody keyed.
    """
    ask, plan, barred = (table(name) for name in ("asks", "plans", "barred_numbers"))
    found = (
        select(plan.c.number, plan.c.number_proved, ask.c.window, barred.c.until)
        .join(plan, plan.c.id == ask.c.plan_id)
        .outerjoin(barred, barred.c.number_hash == plan.c.number_hash)
        .where(ask.c.id == request.ask_id)
    )
    number, proved, window, until = session.execute(found).one()
    barred_now = not proved and until is not None and until > clock.now()
    wanted = number is not None and not barred_now and not stopped.wants_no_calls(session, request.ask_id)
    return (PhoneNumber(number) if wanted else None), window


def _pair(session: Session, leg: Leg) -> tuple[Leg | None, Leg | None]:
    """The member's leg and the person's of the call that this leg belongs to, where there are such."""
    wanted = select(Leg).where(Leg.purpose.in_(BOTH), Leg.subject_id == leg.subject_id, Leg.room == leg.room)
    found = {each.purpose: each for each in session.scalars(wanted)}
    return found.get(BOTH[0]), found.get(BOTH[1])
