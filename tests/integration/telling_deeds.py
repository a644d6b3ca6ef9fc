"""What tests of telling entities do and look at: endpoints, what happens to offers, deliveries."""

from sqlalchemy import select

from helpline import db
from helpline.api import endpoints, telling
from helpline.api.models import Delivery
from helpline.db import outbox


def endpoint(receiver, settings, path="/hooks"):
    """An address at which the entity is told, of a program that runs here; its id and its secret."""
    address = f"http://127.0.0.1:{receiver.server_port}{path}"
    with db.transaction() as session:
        return endpoints.add(
            session, entity_id="ente", address=address, by="test", allow=settings.webhook_allow
        )


def happened(kind, offer, key=""):
    """Something that happened to the offer: put down to be told, and committed."""
    with db.transaction() as session:
        return outbox.put(session, kind, offer, key)


def told(kind, offer):
    """The deliveries of something that happened now."""
    telling.tell_entity(happened(kind, offer))
    return rows()


def rows():
    """All deliveries as they are now, oldest first."""
    with db.transaction() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))
