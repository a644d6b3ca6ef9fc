"""Where programs of an entity hear of its offers: addresses for signed webhooks, added, paused, ended. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.api import catching_up, egress, signing
from helpline.api.models import Endpoint
from helpline.faults import raise_if_any
from helpline.people import audit
from helpline.routing.models import Entity

MOST = 5
"""So many open ones an entity may have: each is a message for each thing that happens."""


@dataclass(frozen=True)
class Row:
    """One endpoint as its entity and administrators see it: of its address the host alone, since the rest may be a secret."""

    id: int
    entity_id: str
    host: str
    made_by: str
    created_at: datetime
    ended_at: datetime | None
    paused_at: datetime | None
    unheard_since: datetime | None


def add(
    session: Session, *, entity_id: str, address: str, by: str, allow: Sequence[egress.Network] = ()
) -> tuple[int, str]:
    """A new address for signed webhooks: the endpoint's id, and its secret, which nobody can see again. What waits is told there.

    Raises `Faults` with everything that is wrong with it. Whether a name stands for a machine of a private network is
    judged at each sending, since it may stand for something else by then.
    """
    faults = _of_entity(session, entity_id)
    faults += [f"address: {fault}" for fault in egress.faults(address, allow=allow)]
    if egress.is_inside(address, allow=allow):
        faults.append("address: must not be inside a private network")
    raise_if_any(faults)
    row = Endpoint(entity_id=entity_id, address=address, secret=signing.new_secret(), made_by=by)
    session.add(row)
    session.flush()
    audit.record(session, by, "made", f"endpoint {row.id}")
    catching_up.tell_endpoint(session, row.id)
    return row.id, row.secret


def new_secret(session: Session, endpoint_id: int, *, by: str, entity_id: str | None = None) -> str:
    """Another secret for an endpoint; the old one is forgotten at once.

    Raises LookupError for none such, or none of this entity where one is given; so do all that follow.
    """
    row = _open(session, endpoint_id, entity_id)
    row.secret = signing.new_secret()
    audit.record(session, by, "changed", f"endpoint {endpoint_id}", field="secret")
    return row.secret


def pause(session: Session, endpoint_id: int, paused: bool, *, by: str, entity_id: str | None = None) -> None:
    """Tell nothing there for a while, or go on; what was dropped meanwhile, and still counts, is told then. Twice is once."""
    if not paused:
        _catch_up(session, endpoint_id, entity_id)
    row = _open(session, endpoint_id, entity_id)
    if (row.paused_at is not None) == paused:
        return
    row.paused_at = clock.now() if paused else None
    audit.record(session, by, "paused" if paused else "resumed", f"endpoint {endpoint_id}")


def end(session: Session, endpoint_id: int, *, by: str, entity_id: str | None = None) -> None:
    """Nothing is told there any more. Ending it again changes nothing."""
    row = session.get(Endpoint, endpoint_id, with_for_update=True)
    if row is None or entity_id not in (None, row.entity_id):
        raise LookupError(f"no endpoint {endpoint_id}")
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, by, "ended", f"endpoint {endpoint_id}")


def listed(session: Session, *, entity_id: str | None = None) -> list[Row]:
    """All endpoints (of one entity, where given), with those that were ended."""
    wanted = select(Endpoint).order_by(Endpoint.entity_id, Endpoint.id)
    if entity_id is not None:
        wanted = wanted.where(Endpoint.entity_id == entity_id)
    return [
        Row(
            row.id,
            row.entity_id,
            urlsplit(row.address).hostname or "",
            row.made_by,
            row.created_at,
            row.ended_at,
            row.paused_at,
            row.unheard_since,
        )
        for row in session.scalars(wanted)
    ]


def _open(session: Session, endpoint_id: int, entity_id: str | None) -> Endpoint:
    row = session.get(Endpoint, endpoint_id, with_for_update=True)
    if row is None or row.ended_at is not None or entity_id not in (None, row.entity_id):
        raise LookupError(f"no open endpoint {endpoint_id}")
    return row


def _catch_up(session: Session, endpoint_id: int, entity_id: str | None) -> None:
    """Before its row is held: whoever sends holds a delivery first, and then its endpoint."""
    row = session.get(Endpoint, endpoint_id)
    if row is not None and row.paused_at is not None and entity_id in (None, row.entity_id):
        catching_up.tell_endpoint(session, endpoint_id)


def _of_entity(session: Session, entity_id: str) -> list[str]:
    # Its row is the lock under which endpoints are counted.
    entity = session.get(Entity, entity_id, with_for_update=True)
    if entity is None:
        return [f'entity: there is none called "{entity_id}"']
    open_ones = select(Endpoint.id).where(Endpoint.entity_id == entity_id, Endpoint.ended_at.is_(None))
    if len(session.scalars(open_ones).all()) >= MOST:
        return [f"entity: has {MOST} endpoints already; end one first"]
    return []
