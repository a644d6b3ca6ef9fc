"""What tests of routing do and look at: a market, requests that are offered, what became of them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from helpline import db
from helpline.db.outbox import Kind, Leaving
from helpline.routing import offers
from helpline.routing.models import Entity, Offer, Request
from tests.integration import routing_rows as rows

WHO = "person 7"


def market(**places: int) -> None:
    """Entities, each with one project of so many places."""
    with db.transaction() as session:
        for id, count in places.items():
            rows.entity(session, id, places=count)


def offered(count: int = 1, **fields: Any) -> list[tuple[int, int]]:
    """New requests, each with the id of the offer that was made of it."""
    with db.transaction() as session:
        ids = [request.id for request in rows.requests(session, count, **fields)]
    return [(id, offers.offer_request(id) or 0) for id in ids]


def request(id: int) -> Request:
    """The request as it is now."""
    with db.transaction() as session:
        return session.get_one(Request, id)


def offer(id: int) -> Offer:
    """The offer as it is now."""
    with db.transaction() as session:
        return session.get_one(Offer, id)


def entity(id: str) -> Entity:
    """The entity as it is now."""
    with db.transaction() as session:
        return session.get_one(Entity, id)


def act(do: Callable[..., Any], *words: Any, **more: Any) -> Any:
    """One act in a transaction of its own."""
    with db.transaction() as session:
        return do(session, *words, **more)


def told(offer_id: int) -> list[str]:
    """What was put down to be told of this offer, in its order; other kinds keep other ids in the same column."""
    with db.transaction() as session:
        of_offers = Leaving.kind.in_(list(Kind))
        found = select(Leaving.kind).where(of_offers, Leaving.offer_id == offer_id).order_by(Leaving.id)
        return list(session.scalars(found))
