"""What was told and what waits to be: listed, sent again, tried with a test. Sends nothing itself."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.api.models import Delivery, DeliveryState, Endpoint, Way
from helpline.db.outbox import QUEUE, EntityKind, Kind, Leaving
from helpline.people import audit
from helpline.routing.models import Entity

TEST_EVERY = timedelta(seconds=30)
"""A test goes to a machine of somebody else: not more often than that, whoever presses the button."""


AGAIN_EVERY = timedelta(seconds=30)
"""So it is with what an organisation sends again: its address, or its mailbox, may be anybody's."""


class TooSoon(Exception):
    """A test, or this very message, was sent there a moment ago."""


@dataclass(frozen=True)
class Row:
    """One delivery as operators see it; of an address the host alone."""

    id: int
    entity_id: str
    way: Way
    endpoint_id: int | None
    host: str
    kind: str
    offer_id: int
    state: DeliveryState
    attempts: int
    at: datetime
    last_at: datetime | None
    next_at: datetime | None
    last_error: str | None


def listed(
    session: Session,
    *,
    entity_id: str | None = None,
    endpoint_id: int | None = None,
    state: DeliveryState | None = None,
    limit: int = 100,
) -> list[Row]:
    """The newest deliveries, of one entity, to one endpoint or in one state where that is given; 0 for those by mail."""
    wanted = (
        select(Delivery, Leaving, Endpoint)
        .join(Leaving, Leaving.id == Delivery.outbox_id)
        .outerjoin(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    if entity_id is not None:
        wanted = wanted.where(Delivery.entity_id == entity_id)
    if endpoint_id is not None:
        wanted = wanted.where(Delivery.endpoint_id == (endpoint_id or None))
    if state is not None:
        wanted = wanted.where(Delivery.state == state)
    return [_row(*found) for found in session.execute(wanted)]


def given_up(session: Session, entity_id: str) -> list[int]:
    """The ids of what was given up for an entity and can be sent again (`replay`), the newest thousand."""
    rows = listed(session, entity_id=entity_id, state=DeliveryState.GIVEN_UP, limit=1000)
    return [row.id for row in rows if row.kind != EntityKind.MAILBOX_TO_PROVE]


def replay(
    session: Session, delivery_ids: Iterable[int], *, who: str, entity_id: str | None = None
) -> list[int]:
    """Send these again from the beginning, under the same ids; those whose endpoint has ended are left out, and where
    `entity_id` is given those of other entities, and what was tried a moment ago: `TooSoon` when that is all.

    Returns the ids that will be sent. What is no longer true by then is dropped, as at any try.
    """
    ended = select(Endpoint.id).where(Endpoint.ended_at.is_not(None))
    # A link goes out when it is asked for, so many times an hour: the mailbox may be anybody's.
    asked = select(Leaving.id).where(Leaving.kind == EntityKind.MAILBOX_TO_PROVE)
    wanted = (
        select(Delivery)
        .where(
            Delivery.id.in_(list(delivery_ids)),
            Delivery.outbox_id.not_in(asked),
            or_(Delivery.endpoint_id.is_(None), Delivery.endpoint_id.not_in(ended)),
        )
        .order_by(Delivery.id)
        .with_for_update()
    )
    if entity_id is not None:
        wanted = wanted.where(Delivery.entity_id == entity_id)
    found = list(session.scalars(wanted))
    rested = found
    if entity_id is not None:
        wanted_before = clock.now() - AGAIN_EVERY
        rested = [row for row in found if row.last_at is None or row.last_at <= wanted_before]
    if found and not rested:
        raise TooSoon
    again = []
    for row in rested:
        row.state, row.attempts = DeliveryState.DUE, 0
        row.at = row.next_at = clock.now()
        row.settled_at = row.last_error = None
        db.ring(session, "deliver", row.id, queue=QUEUE)
        again.append(row.id)
    if again:
        audit.record(session, who, "replayed", "deliveries", count=len(again), first=again[0], last=again[-1])
    return again


def send_test(session: Session, entity_id: str, endpoint_id: int | None, *, who: str) -> int:
    """Send a message to one endpoint of an entity, or (None) to its mailbox, that tells nothing; the delivery's id.

    Raises LookupError for an endpoint that is not there, not this entity's, paused or ended, and for an entity without a
    proved mailbox; `TooSoon` when the last test was sent there a moment ago.
    """
    _must_be_told(session, entity_id, endpoint_id)
    now = clock.now()
    lately = (
        select(Delivery.id)
        .join(Leaving, Leaving.id == Delivery.outbox_id)
        .where(
            Delivery.entity_id == entity_id,
            Delivery.endpoint_id == endpoint_id,
            Leaving.kind == Kind.TEST,
            Delivery.at > now - TEST_EVERY,
        )
    )
    if session.scalar(lately.limit(1)) is not None:
        raise TooSoon
    about = f"entity {entity_id}" if endpoint_id is None else f"endpoint {endpoint_id}"
    message = Leaving(kind=Kind.TEST, offer_id=0, key=f"{Kind.TEST}:{secrets.token_hex(8)}", sent_at=now)
    session.add(message)
    session.flush()
    row = Delivery(outbox_id=message.id, entity_id=entity_id, endpoint_id=endpoint_id)
    session.add(row)
    session.flush()
    audit.record(session, who, "tested", about)
    db.ring(session, "deliver", row.id, queue=QUEUE)
    return row.id


def _must_be_told(session: Session, entity_id: str, endpoint_id: int | None) -> None:
    """Raise LookupError where nothing can be told; else hold the row, so that of two tests at once one is too soon."""
    if endpoint_id is None:
        entity = session.get(Entity, entity_id, with_for_update={"key_share": True})
        if entity is None or not entity.email or entity.email_proved_at is None:
            raise LookupError(f"no mailbox of {entity_id}")
        return
    endpoint = session.get(Endpoint, endpoint_id, with_for_update={"key_share": True})
    if (
        endpoint is None
        or endpoint.entity_id != entity_id
        or endpoint.ended_at is not None
        or endpoint.paused_at is not None
    ):
        raise LookupError(f"no open endpoint {endpoint_id}")


def _row(delivery: Delivery, leaving: Leaving, endpoint: Endpoint | None) -> Row:
    due = delivery.state == DeliveryState.DUE
    return Row(
        id=delivery.id,
        entity_id=delivery.entity_id or f"focal point {delivery.focal_point_id}",
        way=delivery.way,
        endpoint_id=delivery.endpoint_id,
        host=(urlsplit(endpoint.address).hostname or "") if endpoint else "",
        kind=leaving.kind,
        offer_id=0 if leaving.kind in tuple(EntityKind) else leaving.offer_id,
        state=DeliveryState(delivery.state),
        attempts=delivery.attempts,
        at=leaving.at,
        last_at=delivery.last_at,
        next_at=delivery.next_at if due else None,
        last_error=delivery.last_error,
    )
