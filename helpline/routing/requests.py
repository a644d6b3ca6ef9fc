"""A request from its beginning to its end, but for the offers made of it; knows neither name nor number."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import outbox
from helpline.db.states import begin, move
from helpline.routing.models import LIVE, UNPLACED, Offer, OfferState, Request, RequestState
from helpline.routing.policy import Decision, Outcome
from helpline.routing.records import RequestNote
from helpline.telephony import legs
from helpline.telephony.models import Purpose

_FINAL = (RequestState.CLOSED, RequestState.CANCELLED)


def new_request(
    session: Session,
    *,
    ask_id: int,
    agreement_id: int,
    call_sid: str,
    language: str,
    region: str | None,
    country: str | None,
    group: str,
    urgent: bool = False,
    waiting_since: datetime | None = None,
    follows_id: int | None = None,
    who: str = "caller",
) -> Request:
    """Write down a request in the caller's transaction; once that has committed, `offer_request` is rung.

    `region`: a code of `places.REGIONS`; `country`: ISO 3166-1, two letters; each None when not known.
    `group`: `self` or `family`. `agreement_id`: what the adult agreed to; the database refuses a request without.
    `waiting_since` is for one that follows another and keeps its place in the queue.
    """
    request = Request(
        ask_id=ask_id,
        agreement_id=agreement_id,
        follows_id=follows_id,
        call_sid=call_sid,
        language=language,
        region=region,
        country=country,
        group=group,
        urgent=urgent,
        waiting_since=waiting_since or clock.now(),
        state=RequestState.WAITING,
    )
    session.add(request)
    begin(session, request, who=who, why="asked for")
    db.ring(session, "offer_request", request.id)
    return request


def withdraw(session: Session, request: Request, *, who: str, why: str) -> bool:
    """Cancel a request and pull back its live offer, in the caller's transaction; False when it was over already.

    The entity is told through the outbox. A place that this frees goes to whoever waits: `sweep_waiting` is rung
    after the commit.
    """
    held = locked(session, request.id)
    if held is None or held.state in _FINAL:
        return False
    offer = live_offer(session, held.id)
    if offer:
        end_offer(session, offer, OfferState.WITHDRAWN, who=who, why=why)
        outbox.put(session, outbox.Kind.OFFER_WITHDRAWN, offer.id)
    held.reason = held.held_for = held.parked_until = None
    move(session, held, RequestState.CANCELLED, who=who, why=why)
    return True


def locked(session: Session, request_id: int) -> Request | None:
    """The request, its row locked until the transaction ends, as the database has it now."""
    return session.get(Request, request_id, with_for_update=True, populate_existing=True)


def live_offer(session: Session, request_id: int) -> Offer | None:
    """The request's live offer, locked, or None. Lock the request first."""
    found = select(Offer).where(Offer.request_id == request_id, text(LIVE))
    return session.scalars(found.with_for_update().execution_options(populate_existing=True)).one_or_none()


def end_offer(session: Session, offer: Offer, state: OfferState, *, who: str, why: str) -> None:
    """End an offer: its place is free with the commit, after which whoever waits for one is looked at.

    A call that its organisation has under way ends before the person is joined; two who talk already are left to.
    """
    move(session, offer, state, who=who, why=why)
    offer.ended_at = clock.now()
    if offer.accepted_at is not None:
        both = (Purpose.OFFER_MEMBER, Purpose.OFFER_PERSON)
        legs.part(session, both, offer.id, who=who, why="the offer is over")
    db.ring(session, "sweep_waiting")


def hold_back(session: Session, request: Request, held_for: str, *, code: str, who: str, says: str) -> None:
    """Offer a locked request to nobody until an `operator` or a `coordinator` has acted: it needs a person.

    For an operator, `reach_again` is rung after the commit: somebody calls the person back.
    """
    request.held_for = held_for
    request.reason = {"code": code, "counts": {}, "total": 0, "says": says}
    if request.state != RequestState.NEEDS_PERSON:
        move(session, request, RequestState.NEEDS_PERSON, who=who, why=says)
    if held_for == "operator":
        db.ring(session, "reach_again", request.id)


def keep_note(
    session: Session, request_id: int, about: str, words: str, *, who: str, offer_id: int | None = None
) -> None:
    """Keep somebody's own words about a request, encrypted (`RequestNote`); they are in no line of moves or audit."""
    session.add(RequestNote(request_id=request_id, offer_id=offer_id, who=who, about=about, text=words))


def state_of(decision: Decision) -> RequestState:
    """Where a request goes that got no place: it waits, or needs a person when nobody could ever take it."""
    return RequestState.NEEDS_PERSON if decision.outcome is Outcome.NOBODY_FITS else RequestState.WAITING


def keep_waiting(
    session: Session, request_id: int, decision: Decision, reason: dict[str, Any], *, who: str
) -> None:
    """Note why a request got no place, unless it is no longer without one; writes nothing when nothing changed."""
    request = locked(session, request_id)
    if request is None or request.state not in UNPLACED or request.held_for is not None:
        return
    state = state_of(decision)
    if request.reason != reason:
        request.reason = reason
    if request.state != state:
        move(session, request, state, who=who, why=reason["says"])
