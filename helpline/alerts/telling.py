"""Tells recipients what is new, what still stands and what is over: one message at a time to each, all of it in one.

The clock does it itself, in a thread of its own, since a queue that is down is one of the things to be told. The message is
written down, whole, before it is sent, and the next try before this one begins: a process that dies while it sends leaves
it due, and the same is sent again under the same id. Only a message that arrived makes its alerts known; one that did not
is made anew later, of what is true by then.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db, environment
from helpline.alerts import planning, recipients
from helpline.alerts.kinds import Severity
from helpline.alerts.messages import SECTIONS, Told
from helpline.alerts.models import AlertMessage, AlertRecipient, AlertRow, AlertTold, MessageState, Way
from helpline.alerts.planning import Alert, Known
from helpline.api import egress, sending
from helpline.config import Settings

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""For so long whoever took a message may be sending it."""

OVER_TOLD = timedelta(days=7)
"""That something is over is told for so long, to who could not be reached before."""

BATCH = 50


@dataclass(frozen=True, repr=False)
class _Order:
    """One try: everything that is needed to send, read before anything is sent."""

    id: int
    way: Way
    address: str
    secret: str
    told: Told


def tell(settings: Settings | None = None) -> int:
    """Make the messages that are to be made, and send those that are due; how many arrived. For the clock."""
    settings = settings or environment.settings()
    with db.transaction() as session:
        open_ones = select(AlertRecipient.id).where(
            AlertRecipient.ended_at.is_(None), AlertRecipient.proved_at.is_not(None)
        )
        ids = list(session.scalars(open_ones.order_by(AlertRecipient.id)))
    for recipient_id in ids:
        _by_itself(plan, recipient_id)
    due = (AlertMessage.state == MessageState.DUE, AlertMessage.next_at <= clock.now())
    with db.transaction() as session:
        wanted = select(AlertMessage.id).where(*due).order_by(AlertMessage.next_at, AlertMessage.id)
        messages = list(session.scalars(wanted.limit(BATCH)))
    return sum(bool(_by_itself(lambda id: send(id, settings), id)) for id in messages)


def _by_itself(work: Callable[[int], Any], id: int) -> Any:
    """Do this; what goes wrong with one recipient (an address that no key opens any more, say) keeps no other from being told."""
    try:
        return work(id)
    except Exception as error:
        log.error("an alert could not be told to one recipient: %s", type(error).__name__)
        return None


def plan(recipient_id: int) -> int | None:
    """Write down the next message to a recipient, when there is one; its id. While one is under way there is none."""
    now = clock.now()
    with db.transaction() as session:
        row = session.get(AlertRecipient, recipient_id, with_for_update=True)
        under_way = select(AlertMessage.id).where(
            AlertMessage.recipient_id == recipient_id,
            AlertMessage.state == MessageState.DUE,
            AlertMessage.purpose == "alerts",
        )
        if row is None or row.ended_at is not None or session.scalar(under_way):
            return None
        alerts, known = _alerts(session, now), _known(session, recipient_id)
        message = planning.next_message(
            [_alert(one) for one in alerts.values()],
            known,
            least=Severity(row.least),
            rests_until=row.rests_until,
            now=now,
            hour=now.astimezone(clock.ROME).hour,
        )
        if message is None:
            return None
        content = {section: [_said(alerts[id]) for id in getattr(message, section)] for section in SECTIONS}
        made = AlertMessage(recipient_id=recipient_id, purpose="alerts", content=content, next_at=now)
        session.add(made)
        session.flush()
        return made.id


def send(message_id: int, settings: Settings) -> bool:
    """Send one message, when it is due; whether it arrived. Safe to call twice, and at once: only one of them sends."""
    order = _take(message_id, settings)
    if order is None:
        return False
    try:
        _send(order, settings)
    except (egress.Refused, egress.NotReached, egress.Answered) as error:
        _settle(order.id, str(error))
        return False
    except Exception as error:
        log.error("a message about alerts failed: %s", type(error).__name__)
        _settle(order.id, f"a fault of ours: {type(error).__name__}")
        return False
    _settle(order.id, None)
    return True


def _take(message_id: int, settings: Settings) -> _Order | None:
    now = clock.now()
    with db.transaction() as session:
        row = session.get(AlertMessage, message_id, with_for_update={"skip_locked": True})
        if row is None or row.state != MessageState.DUE or row.next_at > now:
            return None
        recipient = session.get_one(AlertRecipient, row.recipient_id)
        if recipient.address is None:
            row.state, row.settled_at, row.last_error = (
                MessageState.FAILED,
                now,
                "nobody is told there any more",
            )
            return None
        row.attempts += 1
        row.next_at = now + LEASE
        where = recipients.path(recipient) if row.purpose == "proof" else "/alerts"
        told = Told(row.id, row.purpose, row.at, row.content, recipient.locale, settings.public_url + where)
        return _Order(row.id, Way(recipient.way), recipient.address, recipient.secret or "", told)


def _send(order: _Order, settings: Settings) -> None:
    if order.way is Way.MAIL:
        sending.by_mail(settings, order.address, order.told.mail)
        return
    body, id = order.told.body(), order.told.message_id
    sending.by_webhook(settings, order.address, body, secret=order.secret, id=id, agent="helpline-alerts/1")


def _settle(message_id: int, why: str | None) -> None:
    """It arrived, or (with the reason) it did not: then its recipient is left alone for a while."""
    now = clock.now()
    with db.transaction() as session:
        row = session.get_one(AlertMessage, message_id, with_for_update=True)
        recipient = session.get_one(AlertRecipient, row.recipient_id, with_for_update=True)
        recipient.failures = recipient.failures + 1 if why else 0
        recipient.last_error = row.last_error = why
        if why and row.purpose != "alerts" and row.attempts < len(planning.PAUSES):
            row.next_at = now + planning.PAUSES[row.attempts - 1]
            return
        row.settled_at = now
        row.state = MessageState.FAILED if why else MessageState.DELIVERED
        if row.purpose == "alerts":
            recipient.rests_until = planning.rests_until(now, recipient.failures)
        if not why:
            recipient.heard_at = now
            _know(session, row, now)


def _know(session: Session, row: AlertMessage, now: datetime) -> None:
    """Its recipient knows from now on what it said."""
    for section in SECTIONS if row.purpose == "alerts" else ():
        over = now if section == "over" else None
        for one in row.content[section]:
            if session.get(AlertRow, one["id"]) is None:
                continue
            values = {"told_at": now, "reminded_at": now, "over_at": over}
            written = insert(AlertTold).values(recipient_id=row.recipient_id, alert_id=one["id"], **values)
            again = {"reminded_at": now, "over_at": over}
            session.execute(
                written.on_conflict_do_update(index_elements=["recipient_id", "alert_id"], set_=again)
            )


def _alerts(session: Session, now: datetime) -> dict[int, AlertRow]:
    """What stands, and what was over lately."""
    lately = AlertRow.cleared_at.is_(None) | (AlertRow.cleared_at > now - OVER_TOLD)
    wanted = select(AlertRow).where(AlertRow.raised_at.is_not(None), lately).order_by(AlertRow.id)
    return {row.id: row for row in session.scalars(wanted)}


def _known(session: Session, recipient_id: int) -> dict[int, Known]:
    wanted = select(AlertTold).where(AlertTold.recipient_id == recipient_id)
    return {row.alert_id: Known(row.reminded_at, row.over_at is not None) for row in session.scalars(wanted)}


def _alert(row: AlertRow) -> Alert:
    return Alert(row.id, Severity(row.severity), row.cleared_at is not None, row.acknowledged_at is not None)


def _said(row: AlertRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "about": row.about,
        "severity": row.severity,
        "since": row.since.isoformat(),
        "cleared_at": row.cleared_at.isoformat() if row.cleared_at else None,
        "facts": row.facts,
    }
