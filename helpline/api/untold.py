"""Organisations of which nobody is told of their offers: no way is noted that is open, or nothing arrives by any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.api.models import Endpoint
from helpline.hours import today
from helpline.routing.concerns import Concern
from helpline.routing.models import Entity, Project


class Why(StrEnum):
    """`not_told`: no proved mailbox, and no open address for webhooks · `told_in_vain`: there is one, but whatever was sent
    was given up after a day, or refused for good, and nothing has arrived since."""

    NOT_TOLD = "not_told"
    TOLD_IN_VAIN = "told_in_vain"


def _open(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    ended = (Endpoint.ended_at.is_(None), Endpoint.paused_at.is_(None))
    return exists().where(Endpoint.entity_id == Entity.id, *ended, *more)


_MAILED = Entity.email.is_not(None) & Entity.email_proved_at.is_not(None)
_HEARD = (_MAILED & Entity.mail_unheard_since.is_(None)) | _open(Endpoint.unheard_since.is_(None))
_SINCE = func.greatest(  # when the last of its ways fell silent; NULL where it has none
    select(func.max(Endpoint.unheard_since))
    .where(Endpoint.entity_id == Entity.id, Endpoint.ended_at.is_(None), Endpoint.paused_at.is_(None))
    .scalar_subquery(),
    case((_MAILED, Entity.mail_unheard_since)),
)


@dataclass(frozen=True)
class Row:
    """One such organisation, the first day on which a project of its own runs from today on, why nobody is told, and
    since when nothing arrives (None where there is no way)."""

    id: str
    name: str
    since: date
    why: Why
    unheard_since: datetime | None


def listed(session: Session) -> Sequence[Row]:
    """Those that have a project that goes on or will begin, by name."""
    here = today(clock.now())
    wanted = (
        select(Entity.id, Entity.name, Project.starts_on, _SINCE)
        .join(Project, Project.entity_id == Entity.id)
        .where(~_HEARD, Project.ends_on >= here)
        .order_by(Entity.name, Entity.id, Project.starts_on)
    )
    rows: dict[str, Row] = {}
    for id, name, starts_on, unheard in session.execute(wanted):
        rows.setdefault(id, Row(id, name, starts_on, _why(unheard), unheard))
    return list(rows.values())


def why(session: Session, entity_id: str) -> Why | None:
    """Why nobody of this organisation would hear of an offer, whatever projects it has; None where somebody would."""
    found = session.execute(select(_SINCE).where(Entity.id == entity_id, ~_HEARD)).one_or_none()
    return None if found is None else _why(found[0])


def concerns(session: Session) -> list[Concern]:
    """The same as coordinators see it beside the list of who waits."""
    now = clock.now()
    return [Concern(row.why, "entity", row.id, row.id, row.unheard_since or now) for row in listed(session)]


def _why(unheard: datetime | None) -> Why:
    return Why.NOT_TOLD if unheard is None else Why.TOLD_IN_VAIN
