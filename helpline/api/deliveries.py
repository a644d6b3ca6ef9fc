"""Sends what is due, and tries again with growing pauses for a day. Decides nothing else.

The next try is committed before this one begins: a process that dies while it sends leaves a row that is due again.
So a receiver may hear the same thing twice, under the same id.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import clock, db, environment
from helpline.api import catching_up, egress, gathering, sending
from helpline.api.entity_messages import ToldEntity
from helpline.api.messages import WHILE_PENDING, Told
from helpline.api.models import Delivery, DeliveryState, Endpoint, Way
from helpline.api.network_messages import ToldFocalPoint
from helpline.config import Settings
from helpline.db.outbox import QUEUE, EntityKind, Kind, Leaving, NetworkKind
from helpline.routing import mailboxes
from helpline.routing.models import Entity, Offer, OfferState
from helpline.routing.network_models import FocalPoint
from helpline.routing.records import MailboxProof

log = logging.getLogger(__name__)

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)
)
"""Between one try and the next; after the last, close to a day has passed and nothing is tried any more."""

LONGEST = timedelta(hours=26)
"""However few tries there were (an endpoint may have rested), after this time there is none any more."""

REST = timedelta(seconds=60)
"""For so long an endpoint that could not be reached is left alone by everything else that waits for it: one that never
answers must not keep the worker from telling others. The rest begins with the try, so that it holds too when whoever
tries is killed, and ends with an answer."""

BELL = timedelta(seconds=5)
QUEUE_IS_LATE = timedelta(seconds=60)
"""Overdue by so much, a delivery is sent by the clock itself: the queue may be down."""
BATCH, AT_ONCE = 200, 4
SWEEP_SECONDS = 3.0
"""For so long the clock waits for the tries that it began; they go on without it, and end by their own deadline."""
GONE = 410
NOBODY, PAUSED = "there is nobody to tell any more", "paused when it was to be told"

_trying: list[threading.Thread] = []


@dataclass(frozen=True, repr=False)
class _Order:
    """One try: everything that is needed to send, read before anything is sent; which deliveries it makes (several, where a
    mailbox is told of many things at once)."""

    ids: tuple[int, ...]
    way: Way
    address: str
    secret: str
    told: Told | ToldFocalPoint | ToldEntity


def deliver(delivery_id: int, settings: Settings | None = None) -> bool:
    """Send one thing in one way, when it is due; the body of the job of that name. Whether it arrived.

    Safe to call twice, and at once: only one of them sends.
    """
    settings = settings or environment.settings()
    order = _take(delivery_id, settings.public_url)
    if order is None:
        return False
    try:
        _send(order, settings)
    except (egress.Refused, egress.NotReached, egress.Answered) as error:
        gone = isinstance(error, egress.Answered) and error.status == GONE
        _failed(order.ids, str(error), last=gone, reached=not isinstance(error, egress.NotReached))
        return False
    except Exception as error:
        log.error("delivery %s failed: %s", delivery_id, type(error).__name__)
        _failed(order.ids, f"a fault of ours: {type(error).__name__}", last=False, reached=False)
        return False
    if _delivered(order.ids):
        catching_up.works(delivery_id)
    return True


def sweep_due(settings: Settings | None = None) -> int:
    """Ring again for what is due, and try what the queue left lying; for the clock. How many tries it began itself.

    These are a few, side by side, and it waits a few seconds for them: other sweeps must not wait for machines of
    others. Tries of earlier sweeps that still go on count among the few.
    """
    settings = settings or environment.settings()
    now = clock.now()
    with db.transaction() as session:
        due = select(Delivery.id, Delivery.next_at).where(
            Delivery.state == DeliveryState.DUE, Delivery.next_at < now - BELL
        )
        rows = session.execute(due.order_by(Delivery.next_at, Delivery.id).limit(BATCH)).all()
        late = [id for id, next_at in rows if next_at < now - QUEUE_IS_LATE][:AT_ONCE]
        _trying[:] = [one for one in _trying if one.is_alive()]
        mine = late[: AT_ONCE - len(_trying)]
        for id, _ in rows:
            if id not in mine:
                db.ring(session, "deliver", id, queue=QUEUE)
    until = time.monotonic() + SWEEP_SECONDS
    tries = [threading.Thread(target=_try, args=(id, settings), name="deliver", daemon=True) for id in mine]
    for one in tries:
        one.start()
        _trying.append(one)
    for one in tries:
        one.join(max(0.0, until - time.monotonic()))
    return len(tries)


def _try(delivery_id: int, settings: Settings) -> None:
    try:
        deliver(delivery_id, settings)
    except Exception as error:
        log.error("delivery %s failed: %s", delivery_id, type(error).__name__)


def _take(delivery_id: int, public_url: str) -> _Order | None:
    """Begin a try: the next one is put in the row first. None when it is not due, not ours, or true no more."""
    now = clock.now()
    with db.transaction() as session:
        row = session.get(Delivery, delivery_id, with_for_update={"skip_locked": True})
        if row is None or row.state != DeliveryState.DUE or row.next_at > now:
            return None
        leaving = session.get_one(Leaving, row.outbox_id)
        address, secret, nobody = _where(session, row)
        if dropped := nobody or _dropped(session, leaving):
            row.state, row.settled_at, row.last_error = DeliveryState.DROPPED, now, dropped
            return None
        if rests_until := _rests_until(session, row, now):
            row.next_at = rests_until
            return None
        together = [row] if row.focal_point_id is None else gathering.begun(session, row, now)
        for each in together:
            each.next_at = now + PAUSES[min(each.attempts, len(PAUSES) - 1)]
            each.attempts += 1
            each.last_at = now
        if row.endpoint_id is not None:
            session.get_one(Endpoint, row.endpoint_id).rests_until = now + REST
        told = _told(session, leaving, gathering.leavings(session, together), public_url)
        return _Order(tuple(each.id for each in together), row.way, address, secret, told)


def _told(
    session: Session, leaving: Leaving, together: Sequence[Leaving], public_url: str
) -> Told | ToldFocalPoint | ToldEntity:
    if leaving.kind in tuple(NetworkKind):
        things = tuple((each.id, NetworkKind(each.kind)) for each in together)
        return ToldFocalPoint(things, together[-1].at, public_url)
    if leaving.kind in tuple(EntityKind):
        proof = session.get(MailboxProof, leaving.offer_id)
        to_prove = leaving.kind == EntityKind.MAILBOX_TO_PROVE and proof is not None
        link = public_url + (mailboxes.path(proof) if to_prove and proof else "/")
        return ToldEntity(leaving.id, EntityKind(leaving.kind), leaving.at, link)
    return Told(leaving.id, Kind(leaving.kind), leaving.offer_id, leaving.at, public_url)


def _where(session: Session, row: Delivery) -> tuple[str, str, str]:
    """Address and secret as they are now; and why nobody is told there, when that is so."""
    if row.focal_point_id is not None:
        point = session.get(FocalPoint, row.focal_point_id)
        email = point.email if point and point.ended_at is None else None
        return (email, "", "") if email else ("", "", NOBODY)
    if row.endpoint_id is None:
        return _mailbox(session, row)
    # Held, so that of two who come at once the second sees the rest, and whoever ends one sees who waits for it.
    endpoint = session.get_one(Endpoint, row.endpoint_id, with_for_update={"key_share": True})
    gone = NOBODY if endpoint.ended_at is not None else PAUSED if endpoint.paused_at is not None else ""
    return endpoint.address, endpoint.secret, gone


def _mailbox(session: Session, row: Delivery) -> tuple[str, str, str]:
    """The entity's mailbox as it is now, if it is proved; or the one to be proved, if it is the one that was asked."""
    entity, leaving = session.get_one(Entity, row.entity_id), session.get_one(Leaving, row.outbox_id)
    if leaving.kind == EntityKind.MAILBOX_TO_PROVE:
        proof = session.get(MailboxProof, leaving.offer_id)
        open_ = proof is not None and proof.email == entity.email and entity.email_proved_at is None
    else:
        open_ = entity.email_proved_at is not None
    return (entity.email, "", "") if open_ and entity.email else ("", "", NOBODY)


def _rests_until(session: Session, row: Delivery, now: datetime) -> datetime | None:
    """Until when its endpoint, or its mailbox of the network, is left alone; None when it may be tried, as it always may when its time is nearly over."""
    if row.focal_point_id is not None:
        return gathering.waits_until(session, row, now)
    if row.endpoint_id is None or now - row.at > LONGEST:
        return None
    endpoint = session.get_one(Endpoint, row.endpoint_id)
    return endpoint.rests_until if endpoint.rests_until and endpoint.rests_until > now else None


def _dropped(session: Session, leaving: Leaving) -> str | None:
    if leaving.kind == Kind.TEST or leaving.kind in (*NetworkKind, *EntityKind):
        return None
    offer = session.get(Offer, leaving.offer_id)
    if offer is None:
        return "the offer is forgotten"
    if leaving.kind in WHILE_PENDING and offer.state != OfferState.PENDING:
        return "the offer waits for no answer any more"
    return None


def _send(order: _Order, settings: Settings) -> None:
    if order.way is Way.MAIL:
        sending.by_mail(settings, order.address, order.told.mail)
        return
    if not isinstance(order.told, Told):
        raise egress.Refused("this is told by mail alone")
    body, id = order.told.body(), order.told.message_id
    sending.by_webhook(settings, order.address, body, secret=order.secret, id=id, agent="helpline-webhooks/1")


def _failed(delivery_ids: Sequence[int], why: str, *, last: bool, reached: bool) -> None:
    now = clock.now()
    with db.transaction() as session:
        catching_up.lock_mailbox(session, delivery_ids[0])
        rows = _held(session, delivery_ids)
        if reached:
            _wake(session, rows[0], now)
        elif rows[0].endpoint_id is not None:
            resting = update(Endpoint).where(Endpoint.id == rows[0].endpoint_id)
            session.execute(resting.values(rests_until=now + REST))
        for row in rows:
            if row.state == DeliveryState.DUE:
                row.last_error = why
                if last or row.attempts > len(PAUSES) or now - row.at > LONGEST:
                    row.state, row.settled_at = DeliveryState.GIVEN_UP, now
                    catching_up.gave_up(session, row)
        if rows[0].focal_point_id is not None:
            gathering.ended(session, rows, now, arrived=False)


def _delivered(delivery_ids: Sequence[int]) -> bool:
    """They arrived. Whether nothing had for long, there."""
    now = clock.now()
    with db.transaction() as session:
        rows = _held(session, delivery_ids)
        for row in rows:
            row.state, row.settled_at, row.last_error = DeliveryState.DELIVERED, now, None
        if rows[0].focal_point_id is not None:
            gathering.ended(session, rows, now, arrived=True)
        _wake(session, rows[0], now)
        return catching_up.is_unheard(session, rows[0])


def _held(session: Session, delivery_ids: Sequence[int]) -> list[Delivery]:
    """These deliveries of one try, which go to one place, held in one order."""
    wanted = select(Delivery).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.id).with_for_update()
    return list(session.scalars(wanted, execution_options={"populate_existing": True}))


def _wake(session: Session, row: Delivery, now: datetime) -> None:
    """End the rest of its endpoint; what came during the try, and waited for it, is due now."""
    if row.endpoint_id is None:
        return
    endpoint = session.get_one(Endpoint, row.endpoint_id, with_for_update={"key_share": True})
    until, endpoint.rests_until = endpoint.rests_until, None
    waiting = select(Delivery).where(
        Delivery.endpoint_id == endpoint.id,
        Delivery.id != row.id,
        Delivery.state == DeliveryState.DUE,
        Delivery.next_at == until,
    )
    # One that is being taken waits for the endpoint, and will find it awake.
    held = waiting.order_by(Delivery.id).limit(BATCH).with_for_update(skip_locked=True)
    for place, other in enumerate(session.scalars(held)):
        other.next_at = now
        if place < AT_ONCE:
            db.ring(session, "deliver", other.id, queue=QUEUE)
