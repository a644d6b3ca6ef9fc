"""Rows that tests of routing begin with: entities with projects, and the asks and agreements of requests."""

from datetime import date
from secrets import token_hex
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import Base
from helpline.db import all_models as _tables  # noqa: F401 - the rows belong to tables of several rooms
from helpline.routing.models import Entity, Project, Request
from helpline.routing.requests import new_request


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def entity(session: Session, id: str, *, places: int = 1, projects: int = 1, **fields: Any) -> None:
    """An entity with projects `<id>-0`, `<id>-1`, … that run for ever and take everybody, unless told otherwise."""
    paused = fields.pop("paused_reason", None)
    session.add(Entity(id=id, name=id.upper(), contact="desk", paused_reason=paused))
    session.flush()
    anybody: dict[str, Any] = {
        "starts_on": date(2020, 1, 1), "ends_on": date(2099, 1, 1), "places_total": places,
        "regions": ["*"], "countries": ["*"], "groups": ["*"], "languages": ["*"],
    }  # fmt: skip
    for number in range(projects):
        name = f"{id}-{number}"
        session.add(Project(id=name, entity_id=id, name=name, funder="AMIF", **anybody | fields))
    session.flush()


def asks(session: Session, count: int) -> tuple[list[int], int]:
    """Ids of closed asks of one plan, and of the agreement they rest on: enough for requests to refer to."""
    plan = session.execute(
        insert(_table("plans")).values(closed_at=clock.now()).returning(_table("plans").c.id)
    ).scalar_one()
    heard = {"call_sid": f"CA{token_hex(16)}", "text_version": "r2-1", "language": "bn", "key": "1"}
    agreements = _table("agreements")
    agreement = session.execute(insert(agreements).values(**heard).returning(agreements.c.id)).scalar_one()
    ask = {
        "plan_id": plan, "agreement_id": agreement, "call_sid": "CA0", "slot": 1, "kind": "request",
        "language": "bn", "window": "any", "closed_at": clock.now(),
    }  # fmt: skip
    table = _table("asks")
    rows = session.execute(insert(table).returning(table.c.id), [ask] * count)
    return list(rows.scalars()), agreement


def requests(session: Session, count: int = 1, **fields: Any) -> list[Request]:
    """Requests of people in Rome who go back to Bangladesh, unless told otherwise."""
    ask_ids, agreement_id = asks(session, count)
    usual: dict[str, Any] = {"language": "bn", "region": "lazio", "country": "BD", "group": "self"}
    return [
        new_request(session, ask_id=ask_id, agreement_id=agreement_id, call_sid="CA0", **usual | fields)
        for ask_id in ask_ids
    ]


def mailbox(session: Session, id: str, address: str) -> None:
    """The mailbox of an entity, which it has proved to read."""
    entity = session.get_one(Entity, id)
    entity.email, entity.email_proved_at = address, clock.now()
