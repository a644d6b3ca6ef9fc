"""Offers as their entity sees them: before it accepts nobody can be told from them; after, whom to ring and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import db
from helpline.routing import handed_over, stopped
from helpline.routing.models import Offer, OfferState, Request

HOW_TO_CALL = ("ring_through_the_line", "ask_for_the_code", "say_nothing_to_others", "leave_no_message")
"""How an entity calls somebody whose telephone others may answer: words for pages and programs, in this order."""


@dataclass(frozen=True)
class OfferRow:
    """One offer in its entity's list; nothing of it leads to a person."""

    id: int
    request_id: int
    entity_id: str
    project_id: str
    state: str
    made_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    contact_by: datetime | None
    contacted_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    declined_for: str | None
    outcome: str | None
    language: str
    region: str | None
    country: str | None
    group: str
    urgent: bool


_OWN = (
    "id", "request_id", "entity_id", "project_id", "state", "made_at", "expires_at", "accepted_at", "contact_by",
    "contacted_at", "begun_at", "ended_at", "declined_for", "outcome",
)  # fmt: skip
_OF_REQUEST = ("language", "region", "country", "group", "urgent")
_ROWS = select(
    *(getattr(Offer, name) for name in _OWN), *(getattr(Request, name) for name in _OF_REQUEST)
).join(Request, Request.id == Offer.request_id)


def offers_of(
    session: Session,
    entity_id: str,
    *,
    state: OfferState | str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[OfferRow]:
    """An entity's offers, the newest first; of one state, and older than the offer `before`, where that is given."""
    wanted = _ROWS.where(Offer.entity_id == entity_id).order_by(Offer.id.desc()).limit(limit)
    if state is not None:
        wanted = wanted.where(Offer.state == OfferState(state))
    if before is not None:
        wanted = wanted.where(Offer.id < before)
    return [OfferRow(*row) for row in session.execute(wanted)]


def offer_row(session: Session, offer_id: int, *, entity_id: str | None = None) -> OfferRow:
    """One offer. Raises `LookupError` when there is none, or it is not this entity's."""
    row = session.execute(_ROWS.where(Offer.id == offer_id)).one_or_none()
    if row is None or (entity_id is not None and row.entity_id != entity_id):
        raise LookupError(f"no offer {offer_id}")
    return OfferRow(*row)


def seen_by_entity(session: Session, offer_id: int, who: str) -> dict[str, Any]:
    """What the entity `who` (its id) sees of an offer's person.

    Always: `language`, `region`, `country`, `group`, `window`, `asked_at`, `urgent`. Once accepted, and only while the
    case goes on and they did not say that they want no more calls: `number`, `code_ends_with` (the last two digits of
    the code that the person will say), `how_to_call` (`HOW_TO_CALL`) and `shown_until`, the moment from which number and
    code are None; whoever shows these writes that down. Raises `LookupError` when it is not this entity's offer.
    """
    offer = session.get(Offer, offer_id, populate_existing=True)
    if offer is None or offer.entity_id != who:
        raise LookupError(f"no offer {offer_id}")
    ask, plan = db.table("asks"), db.table("plans")
    found = (
        select(Request, ask.c.window, ask.c.code, plan.c.number)
        .join(ask, ask.c.id == Request.ask_id)
        .join(plan, plan.c.id == ask.c.plan_id)
        .where(Request.id == offer.request_id)
    )
    request, window, code, number = session.execute(found).one()
    seen: dict[str, Any] = {
        "language": request.language,
        "region": request.region,
        "country": request.country,
        "group": request.group,
        "urgent": request.urgent,
        "window": window,
        "asked_at": request.created_at,
    }
    if (
        offer.state == OfferState.ACCEPTED
        and offer.accepted_at is not None
        and offer.is_live
        and not stopped.wants_no_calls(session, request.ask_id)
    ):
        past = handed_over.is_past(offer)
        seen |= {
            "number": None if past else number,
            "code_ends_with": code[-2:] if code and not past else None,
            "how_to_call": HOW_TO_CALL,
            "shown_until": handed_over.shown_until(offer.accepted_at),
        }
        if past:
            seen["window"] = "any"
    return seen
