"""What an entity answers to an offer, and what follows: yes, no with a reason, or nothing in time.

Lock order everywhere: entity, then request, then offer.
"""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import db
from helpline.db import outbox
from helpline.db.states import move
from helpline.routing import beats, blocks, deadlines, giving_back, handed_over, outages, projects, stopped
from helpline.routing.models import DeclineReason, Entity, Offer, OfferState, Request, RequestState
from helpline.routing.requests import end_offer, hold_back, keep_note, locked

log = logging.getLogger(__name__)

ROUTER = "router"
BATCH = 500
GIVEN_BACK_LATE = "given back when the number was forgotten: nobody could call the person"
FOR_GOOD = (DeclineReason.NOT_OUR_TERRITORY, DeclineReason.NOT_ELIGIBLE_HERE)
HELD_FOR = {DeclineReason.CANNOT_REACH: "operator", DeclineReason.OTHER: "coordinator"}


class Late(Exception):
    """The offer is over already: `state` says how (`declined`, `expired`, `withdrawn`, `accepted`, or `closed`)."""

    def __init__(self, state: str) -> None:
        """In: where the offer stands."""
        super().__init__(f"the offer is {state} already")
        self.state = str(state)


class NotAccepted(Exception):
    """The entity could not have reached the person: before it accepts it has no number. The offer still waits."""


def accept(session: Session, offer_id: int, *, who: str, entity_id: str | None = None) -> Offer:
    """The entity says yes, in the caller's transaction; a second yes is the first one again.

    `entity_id`: whoever answers may answer for this entity alone. Raises `LookupError` when there is no such offer
    (or it is another entity's), and `Late` when it is over, or the person wants no more calls: that is withdrawn.
    """
    entity, request, offer = held(session, offer_id, entity_id=entity_id)
    if offer.state == OfferState.ACCEPTED:
        return offer
    now = _in_time(session, offer)
    if stopped.wants_no_calls(session, request.ask_id):
        raise Late(OfferState.WITHDRAWN)
    offer.accepted_at, offer.contact_by = now, deadlines.contact_by(now)
    offer.answered_in, entity.unanswered = deadlines.took(entity, offer, now), 0
    move(session, offer, OfferState.ACCEPTED, who=who, why="accepted")
    move(session, request, RequestState.ACCEPTED, who=who, why="accepted")
    return offer


def decline(
    session: Session,
    offer_id: int,
    *,
    reason: DeclineReason | str,
    note: str | None = None,
    who: str,
    entity_id: str | None = None,
) -> Offer:
    """The entity says no, in the caller's transaction, also after it said yes; a second no is the first one again.

    Its place is free, the request waits as long as before, and the reason decides what follows (`DeclineReason`); whoever
    gives people back after seeing their numbers is paused at the third (`giving_back`). A case
    that is given back after the number was forgotten (`handed_over`) can go to nobody else: its request is cancelled.
    `note`: the entity's own words, for coordinators. Raises as `accept`, `ValueError` for another reason, and
    `NotAccepted` for `cannot_reach` of an offer that was never accepted.
    """
    reason = DeclineReason(reason)
    entity, request, offer = held(session, offer_id, entity_id=entity_id)
    if offer.state == OfferState.DECLINED:
        return offer
    now = _declined_at(session, entity, offer, reason)
    offer.declined_for = reason
    forgotten = handed_over.is_past(offer)
    end_offer(session, offer, OfferState.DECLINED, who=who, why=reason)
    if note:
        keep_note(session, request.id, "declined", note, who=who, offer_id=offer.id)
    if offer.accepted_at is not None:
        giving_back.noted(session, entity, offer, now, who=ROUTER)
    request.entity_id = None
    if forgotten:
        move(session, request, RequestState.CANCELLED, who=who, why=GIVEN_BACK_LATE)
        return offer
    if reason in FOR_GOOD:
        blocks.block(session, request.id, entity.id, until=None, at=now, why=reason)
    if reason == DeclineReason.NO_PLACE_NOW:
        projects.say_full(session, entity, full=True, who=who, why=f"declined offer {offer.id}")
    if reason in HELD_FOR:
        hold_back(session, request, HELD_FOR[reason], code=reason, who=who, says=_said(reason, entity))
    else:
        move(session, request, RequestState.WAITING, who=who, why=f"declined by {entity.id}: {reason}")
    return offer


def _declined_at(session: Session, entity: Entity, offer: Offer, reason: DeclineReason) -> datetime:
    """This moment, if the offer may still be declined for this; an answer to a pending one is counted. Raises as `decline`."""
    if offer.state == OfferState.ACCEPTED:
        if offer.ended_at is not None:
            raise Late("closed")
        return deadlines.moment(session)
    now = _in_time(session, offer)
    if reason == DeclineReason.CANNOT_REACH:
        raise NotAccepted(f"offer {offer.id} is {offer.state}")
    offer.answered_in, entity.unanswered = deadlines.took(entity, offer, now), 0
    return now


def _said(reason: DeclineReason, entity: Entity) -> str:
    if reason == DeclineReason.CANNOT_REACH:
        return f"{entity.id} could not reach the person: an operator rings"
    return f"{entity.id} declined for a reason of its own: a coordinator looks at it"


def _in_time(session: Session, offer: Offer) -> datetime:
    """This moment, if the offer may still be answered. Raises `Late`."""
    if offer.state != OfferState.PENDING:
        raise Late(offer.state)
    now = deadlines.moment(session)
    if deadlines.is_over(session, offer, now):
        raise Late(OfferState.EXPIRED)
    return now


def held(session: Session, offer_id: int, *, entity_id: str | None = None) -> tuple[Entity, Request, Offer]:
    """An offer with its entity and its request, all locked, in the order in which everybody locks them.

    Raises `LookupError` when there is no such offer, or it is not this entity's.
    """
    found = session.execute(
        select(Offer.entity_id, Offer.request_id).where(Offer.id == offer_id)
    ).one_or_none()
    if found is None or (entity_id is not None and found.entity_id != entity_id):
        raise LookupError(f"no offer {offer_id}")
    entity = projects.locked_entity(session, found.entity_id)
    request = locked(session, found.request_id)
    offer = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if request is None or offer is None:
        raise LookupError(f"no offer {offer_id}")
    return entity, request, offer


def expire_due() -> int:
    """Let go of offers that nobody answered in time, each in a transaction of its own; how many."""
    with db.transaction() as session:
        now = deadlines.moment(session)
        due = select(Offer.id, Offer.expires_at, Offer.made_at).where(
            Offer.state == OfferState.PENDING, Offer.expires_at <= now
        )
        gaps = beats.uncounted(session)
        ids = [
            id
            for id, expires_at, made_at in session.execute(due.order_by(Offer.expires_at, Offer.id))
            if outages.extended(expires_at, made_at, gaps) <= now
        ][:BATCH]
    done = 0
    for id in ids:
        try:
            with db.transaction() as session:
                done += _expire(session, id)
        except Exception as error:
            log.error("offer %s could not be let go: %s", id, type(error).__name__)
    return done


def _expire(session: Session, offer_id: int) -> bool:
    entity, request, offer = held(session, offer_id)
    now = deadlines.moment(session)
    if offer.state != OfferState.PENDING or not deadlines.is_over(session, offer, now):
        return False
    end_offer(session, offer, OfferState.EXPIRED, who=ROUTER, why="nobody answered in time")
    request.entity_id = None
    move(session, request, RequestState.WAITING, who=ROUTER, why=f"{entity.id} did not answer in time")
    until = now + deadlines.COOL_DOWN
    blocks.block(session, request.id, entity.id, until=until, at=now, why="expired")
    outbox.put(session, outbox.Kind.OFFER_EXPIRED, offer.id)
    entity.unanswered += 1
    if entity.unanswered >= deadlines.EXPIRIES and entity.paused_reason is None:
        why = f"did not answer {entity.unanswered} offers in a row"
        projects.pause_entity(session, entity, why, who=ROUTER)
        outbox.put(session, outbox.Kind.ENTITY_PAUSED, offer.id)
    return True


def remind_due() -> int:
    """Remind entities of offers at half their time, once each; how many."""
    with db.transaction() as session:
        now = deadlines.moment(session)
        due = (
            select(Offer)
            .where(
                Offer.state == OfferState.PENDING,
                Offer.reminded_at.is_(None),
                Offer.remind_at <= now,
                Offer.expires_at > now,
            )
            .order_by(Offer.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        offers = session.scalars(due).all()
        for offer in offers:
            offer.reminded_at = now
            outbox.put(session, outbox.Kind.OFFER_REMINDER, offer.id)
        return len(offers)
