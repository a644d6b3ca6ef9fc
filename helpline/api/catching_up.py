"""Which ways of telling fail, and what is told there once one works (again): what it did not bring, and still counts.

A way is unheard since the first thing that was given up there, until something arrives. Sends nothing itself.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.api.models import Delivery, DeliveryState, Endpoint
from helpline.db.outbox import QUEUE, RUNG_AT_ONCE, Kind, Leaving
from helpline.routing import mailboxes
from helpline.routing.models import Entity, Offer, OfferState

DAY = timedelta(days=1)
_MAILED = {
    "index_elements": ["outbox_id"],
    "index_where": text("endpoint_id IS NULL AND focal_point_id IS NULL"),
}
_POSTED = {"index_elements": ["outbox_id", "endpoint_id"]}


def tell_mailbox(session: Session, entity_id: str) -> int:
    """The mailbox of an entity works from now on: what no mail told, and still counts, goes there now; how many.

    That is each offer that waits for an answer, and each accepted one that was pulled back lately: somebody has the number
    of a person who is to be called no more.
    """
    return _tell(session, entity_id, None)


def tell_endpoint(session: Session, endpoint_id: int) -> int:
    """The same for an address for webhooks: what never arrived there. Raises LookupError for none such."""
    endpoint = session.get(Endpoint, endpoint_id)
    if endpoint is None:
        raise LookupError(f"no endpoint {endpoint_id}")
    return _tell(session, endpoint.entity_id, endpoint.id)


def lock_mailbox(session: Session, delivery_id: int) -> None:
    """Hold the entity whose mailbox a delivery goes to: before the delivery itself, as all do who hold both."""
    row = session.get(Delivery, delivery_id)
    if row is not None and row.endpoint_id is None and row.entity_id is not None:
        session.get(Entity, row.entity_id, with_for_update={"key_share": True})


def gave_up(session: Session, row: Delivery) -> None:
    """A locked delivery was given up: its way is unheard, unless something arrived there while this was tried, or within
    a day (one message alone may have been refused for good)."""
    now = clock.now()
    since = min(row.at, now - DAY)
    way = _way(row)
    arrived = exists().where(*way, Delivery.state == DeliveryState.DELIVERED, Delivery.settled_at >= since)
    if session.scalar(select(arrived)):
        return
    if row.endpoint_id is not None:
        endpoint = session.get_one(Endpoint, row.endpoint_id)
        endpoint.unheard_since = endpoint.unheard_since or now
    elif row.entity_id is not None:
        entity = session.get_one(Entity, row.entity_id)
        if entity.email_proved_at is not None:
            entity.mail_unheard_since = entity.mail_unheard_since or now


def is_unheard(session: Session, row: Delivery) -> bool:
    """Whether nothing has arrived for long where this delivery goes."""
    if row.endpoint_id is not None:
        return session.get_one(Endpoint, row.endpoint_id).unheard_since is not None
    return row.entity_id is not None and session.get_one(Entity, row.entity_id).mail_unheard_since is not None


def works(delivery_id: int) -> int:
    """A delivery arrived where nothing did for long: that is over, and what was missed is told; how many.

    In a transaction of its own: should it fail, the mark stays, and the next that arrives does it again. Deliveries are
    held before their endpoint, and after their entity, as by whoever sends.
    """
    with db.transaction() as session:
        row = session.get_one(Delivery, delivery_id)
        if row.endpoint_id is not None:
            count = tell_endpoint(session, row.endpoint_id)
            session.get_one(Endpoint, row.endpoint_id, with_for_update=True).unheard_since = None
            return count
        entity = session.get_one(Entity, row.entity_id, with_for_update={"key_share": True})
        entity.mail_unheard_since = None
        return tell_mailbox(session, entity.id)


def _way(row: Delivery) -> tuple[ColumnElement[bool], ...]:
    return (Delivery.endpoint_id == row.endpoint_id, Delivery.entity_id == row.entity_id)


def _tell(session: Session, entity_id: str, endpoint_id: int | None) -> int:
    pulled_back = (Offer.state == OfferState.WITHDRAWN) & Offer.accepted_at.is_not(None)
    counts = or_(
        (Leaving.kind == Kind.OFFER_MADE) & (Offer.state == OfferState.PENDING),
        (Leaving.kind == Kind.OFFER_WITHDRAWN)
        & pulled_back
        & (Offer.ended_at > clock.now() - mailboxes.LASTS),
    )
    arrived = exists().where(
        Delivery.outbox_id == Leaving.id,
        Delivery.endpoint_id == endpoint_id,
        Delivery.state == DeliveryState.DELIVERED,
    )
    wanted = (
        select(Leaving.id)
        .join(Offer, Offer.id == Leaving.offer_id)
        .where(Offer.entity_id == entity_id, counts, Leaving.sent_at.is_not(None), ~arrived)
        .order_by(Leaving.id)
    )
    now = clock.now()
    rows = [
        {"outbox_id": id, "entity_id": entity_id, "endpoint_id": endpoint_id, "at": now, "next_at": now}
        for id in session.scalars(wanted)
    ]
    if not rows:
        return 0
    # One that was dropped or given up, since the way was another one or did not work, begins anew.
    anew = {"state": DeliveryState.DUE, "attempts": 0, "settled_at": None, "last_error": None}
    made = insert(Delivery).values(rows)
    again = made.on_conflict_do_update(
        **(_MAILED if endpoint_id is None else _POSTED), set_=anew | {"at": now, "next_at": now}
    )
    ids = session.scalars(again.returning(Delivery.id)).all()
    for id in ids[:RUNG_AT_ONCE]:  # of many the sweep sends the rest
        db.ring(session, "deliver", id, queue=QUEUE)
    return len(ids)
