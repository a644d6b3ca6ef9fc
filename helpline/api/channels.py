"""Where an entity wants to be told: addresses for webhooks and mailboxes, added and ended. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.api import egress, signing
from helpline.api.models import Channel, Way
from helpline.config import is_mailbox
from helpline.faults import raise_if_any
from helpline.people import audit
from helpline.routing.models import Entity

MOST = 5
"""So many open channels an entity may have: each is a message for each thing that happens."""


@dataclass(frozen=True)
class Row:
    """One channel as administrators see it: of a webhook's address the host alone, since the rest may be a secret."""

    id: int
    entity_id: str
    way: Way
    shown: str
    made_by: str
    created_at: datetime
    ended_at: datetime | None


def add_webhook(
    session: Session, *, entity_id: str, address: str, by: str, allow: Sequence[egress.Network] = ()
) -> tuple[int, str]:
    """A new address for signed webhooks: the channel's id, and its secret, which nobody can see again.

    Raises `Faults` with everything that is wrong with it. Whether it is inside a private network is judged at each
    sending, since a name may stand for something else by then.
    """
    faults = _of_entity(session, entity_id)
    faults += [f"address: {fault}" for fault in egress.faults(address, allow=allow)]
    raise_if_any(faults)
    secret = signing.new_secret()
    return _add(
        session, Channel(entity_id=entity_id, way=Way.WEBHOOK, address=address, secret=secret), by
    ), secret


def add_mail(session: Session, *, entity_id: str, address: str, by: str) -> int:
    """A mailbox that is told by mail: the channel's id. Raises `Faults` with everything that is wrong with it."""
    faults = _of_entity(session, entity_id)
    if not is_mailbox(address):
        faults.append("address: must be a mail address such as desk@example.org")
    raise_if_any(faults)
    return _add(session, Channel(entity_id=entity_id, way=Way.MAIL, address=address), by)


def new_secret(session: Session, channel_id: int, *, by: str) -> str:
    """Another secret for an address for webhooks; the old one is forgotten at once. Raises LookupError for none such."""
    row = session.get(Channel, channel_id, with_for_update=True)
    if row is None or row.ended_at is not None or row.way != Way.WEBHOOK:
        raise LookupError(f"no open channel {channel_id} for webhooks")
    row.secret = signing.new_secret()
    audit.record(session, by, "changed", f"channel {channel_id}", field="secret")
    return row.secret


def end(session: Session, channel_id: int, *, by: str) -> None:
    """Nothing is told this way any more. Ending it again changes nothing. Raises LookupError for none such."""
    row = session.get(Channel, channel_id, with_for_update=True)
    if row is None:
        raise LookupError(f"no channel {channel_id}")
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, by, "ended", f"channel {channel_id}")


def listed(session: Session, *, entity_id: str | None = None) -> list[Row]:
    """All channels (of one entity, where given), with those that were ended."""
    wanted = select(Channel).order_by(Channel.entity_id, Channel.id)
    if entity_id is not None:
        wanted = wanted.where(Channel.entity_id == entity_id)
    return [
        Row(row.id, row.entity_id, Way(row.way), _shown(row), row.made_by, row.created_at, row.ended_at)
        for row in session.scalars(wanted)
    ]


def _of_entity(session: Session, entity_id: str) -> list[str]:
    # Its row is the lock under which channels are counted.
    entity = session.get(Entity, entity_id, with_for_update=True)
    if entity is None:
        return [f'entity: there is none called "{entity_id}"']
    open_ones = select(Channel.id).where(Channel.entity_id == entity_id, Channel.ended_at.is_(None))
    if len(session.scalars(open_ones).all()) >= MOST:
        return [f"entity: has {MOST} channels already; end one first"]
    return []


def _add(session: Session, row: Channel, by: str) -> int:
    row.made_by = by
    session.add(row)
    session.flush()
    audit.record(session, by, "made", f"channel {row.id}", way=row.way)
    return row.id


def _shown(row: Channel) -> str:
    if row.way == Way.WEBHOOK:
        return urlsplit(row.address).hostname or ""
    user, _, host = row.address.rpartition("@")
    return f"{user[:1]}…@{host}"
