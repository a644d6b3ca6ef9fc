"""Organisations that accept, see the number, and give the person back without having reached them (decision 24).

Each time a coordinator sees it; the third one in thirty days pauses the organisation, with that as the reason in its history.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.db import outbox
from helpline.routing import projects
from helpline.routing.models import DeclineReason, Entity, Offer, OfferState
from helpline.routing.records import EntityChange

MOST = 3
PERIOD = timedelta(days=30)
_BEGINNING = "gave back"

OFFERS = select(Offer).where(
    Offer.state == OfferState.DECLINED,
    Offer.accepted_at.is_not(None),
    Offer.contacted_at.is_(None),
    Offer.declined_for != DeclineReason.CANNOT_REACH,
)
"""Whom an organisation gave back after it could see the number, and without a word that it had reached them. Who could
not be reached is called by one of ours, which shows whether it was so."""


def noted(session: Session, entity: Entity, offer: Offer, now: datetime, *, who: str) -> None:
    """An accepted offer was declined: pause its locked entity when that has happened too often lately."""
    session.flush()
    resumed = select(func.max(EntityChange.at)).where(
        EntityChange.about == f"entity {entity.id}",
        EntityChange.field == "paused_reason",
        EntityChange.after.is_(None),
    )
    since = max(now - PERIOD, session.scalar(resumed) or now - PERIOD)
    lately = OFFERS.where(Offer.entity_id == entity.id, Offer.ended_at > since)
    count = session.scalar(select(func.count()).select_from(lately.subquery())) or 0
    if count < MOST or entity.paused_reason is not None:
        return
    why = f"{_BEGINNING} {count} people after seeing their number, in {PERIOD.days} days"
    projects.pause_entity(session, entity, why, who=who)
    outbox.put(session, outbox.Kind.ENTITY_PAUSED, offer.id)


def is_reason(reason: str | None) -> bool:
    """Whether a pause has the reason that is given here."""
    return reason is not None and reason.startswith(_BEGINNING)
