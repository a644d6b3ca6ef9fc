"""Where alerts are told: mailboxes, which prove themselves by the link of a mail, and addresses for signed webhooks."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from helpline import clock, personal
from helpline.alerts.kinds import Severity
from helpline.alerts.models import AlertMessage, AlertRecipient, MessageState, Way
from helpline.api import egress, signing
from helpline.config import is_mailbox
from helpline.db import keyed_hash
from helpline.faults import raise_if_any
from helpline.people import audit

MOST = 20
PATH = "/alerts/mailbox"
LASTS = timedelta(days=14)
EVERY = timedelta(seconds=30)
"""A test or a link goes to a machine or a mailbox of somebody else: not more often, whoever presses the button."""

LONGEST_NAME = 60
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('alert recipients'))"


class TooSoon(Exception):
    """One was sent there a moment ago."""


@dataclass(frozen=True)
class Recipient:
    """One of them as the page shows it: of a webhook's address the host alone, since the rest may be a secret."""

    id: int
    way: Way
    name: str
    where: str
    locale: str
    least: Severity
    created_at: datetime
    proved: bool
    failures: int
    last_error: str | None
    heard_at: datetime | None


def add(
    session: Session,
    *,
    way: Way,
    name: str,
    address: str,
    locale: str,
    least: Severity,
    by: str,
    allow: Sequence[egress.Network] = (),
) -> tuple[int, str | None]:
    """A new recipient: its id, and for a webhook the secret, which nobody can see again. A mailbox gets a link at once.

    Raises `Faults` with everything that is wrong.
    """
    session.execute(text(_LOCK))
    faults = []
    if not name or len(name) > LONGEST_NAME:
        faults.append(f"name: must have 1 to {LONGEST_NAME} characters")
    if personal.is_telling(name):
        faults.append("name: must hold no telephone number and no e-mail address")
    if way is Way.MAIL and not is_mailbox(address):
        faults.append("address: must be a mail address such as desk@example.org")
    if way is Way.WEBHOOK:
        faults += [f"address: {fault}" for fault in egress.faults(address, allow=allow)]
        if egress.is_inside(address, allow=allow):
            faults.append("address: must not be inside a private network")
    if len(listed(session)) >= MOST:
        faults.append(f"address: there are {MOST} already; end one first")
    raise_if_any(faults)
    secret = signing.new_secret() if way is Way.WEBHOOK else None
    row = AlertRecipient(
        way=way, name=name, address=address, secret=secret, locale=locale, least=least, made_by=by
    )
    row.proved_at = clock.now() if way is Way.WEBHOOK else None
    session.add(row)
    session.flush()
    audit.record(session, by, "made", f"alert_recipient {row.id}")
    if way is Way.MAIL:
        _ask(session, row)
    return row.id, secret


def ask_again(session: Session, recipient_id: int, *, by: str) -> None:
    """Send the link to a mailbox once more. Raises `LookupError` (none, or proved already) and `TooSoon`."""
    row = _open(session, recipient_id)
    if row.proved_at is not None:
        raise LookupError(f"no mailbox to prove: {recipient_id}")
    _not_lately(session, row)
    _ask(session, row)
    audit.record(session, by, "asked", f"alert_recipient {row.id}")


def send_test(session: Session, recipient_id: int, *, by: str) -> None:
    """Send what tells nothing, to see whether it arrives. Raises `LookupError` (none, or not proved) and `TooSoon`."""
    row = _open(session, recipient_id)
    if row.proved_at is None:
        raise LookupError(f"no proved recipient {recipient_id}")
    _not_lately(session, row)
    session.add(AlertMessage(recipient_id=row.id, purpose="test"))
    audit.record(session, by, "tested", f"alert_recipient {row.id}")


def end(session: Session, recipient_id: int, *, by: str) -> None:
    """Nothing is told there any more, and the address is forgotten. Raises `LookupError`."""
    row = _open(session, recipient_id)
    row.ended_at, row.address, row.secret = clock.now(), None, None
    audit.record(session, by, "ended", f"alert_recipient {row.id}")


def listed(session: Session) -> list[Recipient]:
    """Those that are open, the oldest first."""
    wanted = select(AlertRecipient).where(AlertRecipient.ended_at.is_(None)).order_by(AlertRecipient.id)
    return [
        Recipient(
            row.id,
            Way(row.way),
            row.name,
            _where(row),
            row.locale,
            Severity(row.least),
            row.created_at,
            row.proved_at is not None,
            row.failures,
            row.last_error,
            row.heard_at,
        )
        for row in session.scalars(wanted)
    ]


def path(row: AlertRecipient) -> str:
    """Where the link leads by which a mailbox proves itself, behind the address of this installation."""
    return f"{PATH}/{row.id}/{_token(row)}"


def to_prove(session: Session, recipient_id: int, token: str) -> bool | None:
    """Whether the mailbox of a link is proved already; None for a link that opens nothing."""
    row = _linked(session, recipient_id, token)
    return None if row is None else row.proved_at is not None


def prove(session: Session, recipient_id: int, token: str) -> bool:
    """Alerts may go to the mailbox of a link from now on; False for a link that opens nothing. Twice is once."""
    row = _linked(session, recipient_id, token)
    if row is None:
        return False
    if row.proved_at is None:
        row.proved_at = clock.now()
        audit.record(session, "mailbox", "proved", f"alert_recipient {row.id}")
    return True


def _ask(session: Session, row: AlertRecipient) -> None:
    row.asked_at = clock.now()
    session.add(AlertMessage(recipient_id=row.id, purpose="proof"))


def _not_lately(session: Session, row: AlertRecipient) -> None:
    lately = select(func.count()).where(
        AlertMessage.recipient_id == row.id,
        AlertMessage.purpose != "alerts",
        (AlertMessage.at > clock.now() - EVERY) | (AlertMessage.state == MessageState.DUE),
    )
    if session.scalar(lately):
        raise TooSoon


def _open(session: Session, recipient_id: int) -> AlertRecipient:
    row = session.get(AlertRecipient, recipient_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise LookupError(f"no recipient {recipient_id}")
    return row


def _linked(session: Session, recipient_id: int, token: str) -> AlertRecipient | None:
    row = session.get(AlertRecipient, recipient_id, with_for_update=True)
    if row is None or row.way != Way.MAIL or row.ended_at is not None or row.asked_at is None:
        return None
    if not hmac.compare_digest(token.encode(), _token(row).encode()) or row.asked_at < clock.now() - LASTS:
        return None
    return row


def _token(row: AlertRecipient) -> str:
    return keyed_hash("alert mailbox", f"{row.id} {row.address}")[:32]


def _where(row: AlertRecipient) -> str:
    address = row.address or ""
    return address if row.way == Way.MAIL else urlsplit(address).hostname or ""
