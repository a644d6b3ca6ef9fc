"""What goes to one mailbox of the network together: the deliveries to it that are due, in one mail. Decides nothing (`digest`).

Several Focal Points may share a mailbox. Their rows are its lock: deliveries are held before them, one of a mailbox at a time.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.api import digest
from helpline.api.models import Delivery, DeliveryState
from helpline.db.outbox import Leaving
from helpline.routing.network_models import FocalPoint

MOST = 1000
"""So many in one mail; of a greater flood the rest are told in the next."""


def waits_until(session: Session, row: Delivery, now: datetime) -> datetime | None:
    """Until when the mailbox of a held delivery rests; None when it may get a mail now. It is held from here on."""
    found = [point.mail_rests_until for point in _points(session, row) if point.mail_rests_until]
    return digest.waits_until(max(found, default=None), now)


def begun(session: Session, row: Delivery, now: datetime) -> list[Delivery]:
    """A mail goes to the mailbox now: it rests, and what else is due there goes with it, held; this one first."""
    points = _points(session, row)
    for point in points:
        point.mail_rests_until = digest.rests_until(now)
    others = (
        select(Delivery)
        .where(
            Delivery.focal_point_id.in_([point.id for point in points]),
            Delivery.state == DeliveryState.DUE,
            Delivery.next_at <= now,
            Delivery.id != row.id,
        )
        .order_by(Delivery.id)
        .limit(MOST - 1)
    )
    return [row, *session.scalars(others.with_for_update(skip_locked=True))]


def ended(session: Session, rows: Sequence[Delivery], now: datetime, *, arrived: bool) -> None:
    """The mail of these held deliveries arrived, or not: how long the mailbox rests, and when what failed before is tried."""
    points = _points(session, rows[0])
    if not arrived:
        for point in points:
            point.mail_rests_until = digest.rests_until(now, min(row.next_at for row in rows))
        return
    until = max((p.mail_rests_until for p in points if p.mail_rests_until), default=now)
    later = select(Delivery).where(
        Delivery.focal_point_id.in_([point.id for point in points]),
        Delivery.state == DeliveryState.DUE,
        Delivery.next_at > until,
    )
    for row in session.scalars(later.order_by(Delivery.id).limit(MOST).with_for_update(skip_locked=True)):
        row.next_at = digest.wakes_at(row.next_at, until)


def leavings(session: Session, rows: Sequence[Delivery]) -> list[Leaving]:
    """What these deliveries tell, each once, the oldest first."""
    wanted = select(Leaving).where(Leaving.id.in_({row.outbox_id for row in rows}))
    return list(session.scalars(wanted.order_by(Leaving.id)))


def _points(session: Session, row: Delivery) -> list[FocalPoint]:
    """All whose mailbox is that of the Focal Point of a delivery, held in one order."""
    mine = session.get(FocalPoint, row.focal_point_id)
    if mine is None or mine.email is None:
        return []
    same = select(FocalPoint).where(FocalPoint.email == mine.email, FocalPoint.ended_at.is_(None))
    held = same.order_by(FocalPoint.id).with_for_update(key_share=True)
    return list(session.scalars(held, execution_options={"populate_existing": True}))
