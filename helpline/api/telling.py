"""From what happened to whom it is told: each of the entity's endpoints, and its mailbox, gets a delivery of its own. Sends nothing."""

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.api.models import ApiToken, Delivery, Endpoint
from helpline.callbacks.models import Callback
from helpline.db.outbox import QUEUE, EntityKind, Leaving, NetworkKind
from helpline.intake.models import Ask
from helpline.routing import focal_points
from helpline.routing.models import Entity, Offer
from helpline.routing.network_models import Signal
from helpline.routing.records import MailboxProof

log = logging.getLogger(__name__)

BELL = timedelta(seconds=5)
"""How long the bell alone is trusted."""
LONGEST_WAIT = timedelta(hours=1)
BATCH = 200


def tell_entity(outbox_id: int) -> int:
    """Make the deliveries of one thing that happened; the body of the job of that name. Safe to call twice.

    Returns how many were made: none when it was done already, or when the entity has no way to be told.
    """
    with db.transaction() as session:
        row = session.get(Leaving, outbox_id, with_for_update={"skip_locked": True})
        if row is None or row.sent_at is not None:
            return 0
        made = _deliveries(session, row)
        row.attempts += 1
        row.sent_at = clock.now()
        for delivery_id in made:
            db.ring(session, "deliver", delivery_id, queue=QUEUE)
        return len(made)


def sweep_untold() -> int:
    """Do what the bell did not bring: for the clock. One that fails waits longer each time, and stops no other."""
    now = clock.now()
    with db.transaction() as session:
        due = select(Leaving.id).where(Leaving.sent_at.is_(None), Leaving.next_at < now - BELL)
        ids = list(session.scalars(due.order_by(Leaving.next_at, Leaving.id).limit(BATCH)))
    return sum(_tried(outbox_id) for outbox_id in ids)


def _tried(outbox_id: int) -> bool:
    try:
        tell_entity(outbox_id)
    except Exception as error:
        log.error("outbox %s could not be told: %s", outbox_id, type(error).__name__)
        with db.transaction() as session:
            row = session.get(Leaving, outbox_id, with_for_update=True)
            if row is not None:
                row.attempts += 1
                row.next_at = clock.now() + min(
                    timedelta(seconds=5) * 2 ** min(row.attempts, 10), LONGEST_WAIT
                )
        return False
    return True


def _deliveries(session: Session, row: Leaving) -> list[int]:
    if row.kind in tuple(NetworkKind):
        return _to_focal_points(session, row)
    if row.kind in tuple(EntityKind):
        return _to_mailbox(session, row)
    entity = session.scalar(
        select(Entity).join(Offer, Offer.entity_id == Entity.id).where(Offer.id == row.offer_id)
    )
    if entity is None:
        return []
    open_ones = select(Endpoint.id).where(Endpoint.entity_id == entity.id, Endpoint.ended_at.is_(None))
    ways: list[int | None] = list(session.scalars(open_ones.order_by(Endpoint.id)))
    if entity.email and entity.email_proved_at:
        ways.append(None)
    if not ways:
        return []
    now = clock.now()
    rows = [
        {"outbox_id": row.id, "entity_id": entity.id, "endpoint_id": way, "at": now, "next_at": now}
        for way in ways
    ]
    made = insert(Delivery).values(rows).on_conflict_do_nothing().returning(Delivery.id)
    return list(session.scalars(made))


def _to_mailbox(session: Session, row: Leaving) -> list[int]:
    """One mail to an entity about itself: to a mailbox that is to be proved, else to one that is."""
    table = MailboxProof if row.kind == EntityKind.MAILBOX_TO_PROVE else ApiToken
    entity = session.scalar(
        select(Entity).join(table, table.entity_id == Entity.id).where(table.id == row.offer_id)
    )
    proved = entity is not None and entity.email_proved_at is not None
    if entity is None or not entity.email or proved == (row.kind == EntityKind.MAILBOX_TO_PROVE):
        return []
    now = clock.now()
    values = {"outbox_id": row.id, "entity_id": entity.id, "at": now, "next_at": now}
    made = insert(Delivery).values(values).on_conflict_do_nothing().returning(Delivery.id)
    return list(session.scalars(made))


def _to_focal_points(session: Session, row: Leaving) -> list[int]:
    """One mail to each Focal Point of the region who has a mailbox; none where the region is not known."""
    if row.kind == NetworkKind.SIGNAL_CAME:
        where = select(Signal.region).where(Signal.id == row.offer_id, Signal.minor.is_(False))
    else:
        where = (
            select(Ask.region).join(Callback, Callback.ask_id == Ask.id).where(Callback.id == row.offer_id)
        )
    region = session.scalar(where)
    told = [one.id for one in focal_points.of_region(session, region) if one.email] if region else []
    if not told:
        return []
    now = clock.now()
    rows = [{"outbox_id": row.id, "focal_point_id": one, "at": now, "next_at": now} for one in told]
    made = insert(Delivery).values(rows).on_conflict_do_nothing().returning(Delivery.id)
    return list(session.scalars(made))
