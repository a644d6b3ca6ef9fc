"""How long an organisation that accepted sees whom it is about: then it has met the person, and the number is forgotten."""

from datetime import datetime

from sqlalchemy import Select, select

from helpline import clock
from helpline.privacy.retention import HANDED_OVER
from helpline.routing.models import Offer, OfferState, Request


def shown_until(accepted_at: datetime) -> datetime:
    """Until when number, code and time of day of an accepted offer may be seen and used."""
    return accepted_at + HANDED_OVER


def is_past(offer: Offer) -> bool:
    """Whether an offer was accepted so long ago that nobody may see any more whom it is about."""
    return offer.accepted_at is not None and shown_until(offer.accepted_at) <= clock.now()


def asks() -> Select[int]:
    """The ids of asks whose request an organisation accepted, and keeps, for so long."""
    return (
        select(Request.ask_id)
        .join(Offer, Offer.request_id == Request.id)
        .where(Offer.state == OfferState.ACCEPTED, Offer.accepted_at <= clock.now() - HANDED_OVER)
    )
