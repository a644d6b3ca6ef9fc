"""Organisations of which nobody is told of their offers: no proved mailbox, and no address for webhooks that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.api.models import Endpoint
from helpline.hours import today
from helpline.routing.concerns import Concern
from helpline.routing.models import Entity, Project

_OPEN = exists().where(
    Endpoint.entity_id == Entity.id, Endpoint.ended_at.is_(None), Endpoint.paused_at.is_(None)
)
_UNTOLD = (Entity.email.is_(None) | Entity.email_proved_at.is_(None)) & ~_OPEN


@dataclass(frozen=True)
class Row:
    """One such organisation, and the first day on which a project of its own runs from today on."""

    id: str
    name: str
    since: date


def listed(session: Session) -> Sequence[Row]:
    """Those that have a project that goes on or will begin, by name."""
    here = today(clock.now())
    wanted = (
        select(Entity.id, Entity.name, Project.starts_on)
        .join(Project, Project.entity_id == Entity.id)
        .where(_UNTOLD, Project.ends_on >= here)
        .order_by(Entity.name, Entity.id, Project.starts_on)
    )
    rows: dict[str, Row] = {}
    for id, name, starts_on in session.execute(wanted):
        rows.setdefault(id, Row(id, name, starts_on))
    return list(rows.values())


def is_untold(session: Session, entity_id: str) -> bool:
    """Whether nobody of this organisation would hear of an offer, whatever projects it has."""
    return session.scalar(select(Entity.id).where(Entity.id == entity_id, _UNTOLD)) is not None


def concerns(session: Session) -> list[Concern]:
    """The same as coordinators see it beside the list of who waits."""
    now = clock.now()
    return [Concern("not_told", "entity", row.id, row.id, now) for row in listed(session)]
