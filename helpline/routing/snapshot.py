"""Reads projects and requests into the values that the policy decides on; changes nothing, locks nothing."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import array_agg
from sqlalchemy.orm import Session

from helpline.routing.models import LIVE_OFFERS, Entity, Offer, OfferState, Project, Request
from helpline.routing.policy import Limits, Used, Wanted
from helpline.routing.policy import Project as Candidate

# Columns rather than objects: both are read for every request that comes in, and always as the database has them now.
# Each column bears the name of the field it goes to.
_TAKEN = (
    select(func.count())
    .where(and_(Offer.project_id == Project.id, Offer.state.in_(LIVE_OFFERS)))
    .correlate(Project)
    .scalar_subquery()
)
_PROJECTS = (
    select(
        Project.id, Project.entity_id, Project.starts_on, Project.ends_on, Project.places_total.label("places"),
        _TAKEN.label("taken"), Project.regions, Project.countries, Project.groups, Project.languages,
        Entity.paused_reason.is_not(None).label("paused"),
    )
    .join(Entity, Entity.id == Project.entity_id)
    .order_by(Project.id)
)  # fmt: skip
_DECLINED_BY = (
    select(array_agg(Offer.entity_id))
    .where(Offer.request_id == Request.id, Offer.state == OfferState.DECLINED)
    .correlate(Request)
    .scalar_subquery()
)
_REQUESTS = select(
    Request.id, Request.language, Request.region, Request.country, Request.group, Request.waiting_since,
    Request.urgent, _DECLINED_BY.label("declined_by"),
)  # fmt: skip
# What the database gives as a list, or as nothing where the list would be empty.
_LISTS: dict[str, Callable[[Any], Any]] = dict.fromkeys(
    ("regions", "countries", "groups", "languages"), tuple
)
_LISTS["declined_by"] = lambda entities: frozenset(entities or ())


def candidates(session: Session, *, project_id: str | None = None) -> list[Candidate]:
    """Every project (or the one named), its places taken counted now from its live offers."""
    found = _PROJECTS if project_id is None else _PROJECTS.where(Project.id == project_id)
    projects = []
    for fields in _values(session, found):
        places, taken = fields.pop("places"), fields.pop("taken")
        projects.append(Candidate(limits=Limits(total=places), used=Used(total=taken), **fields))
    return projects


def wanted(session: Session, *, states: Collection[str], request_id: int | None = None) -> list[Wanted]:
    """The requests in these states (or the one named, if it is in one), with the entities that declined each."""
    found = _REQUESTS.where(Request.state.in_(states))
    if request_id is not None:
        found = found.where(Request.id == request_id)
    return [Wanted(**fields) for fields in _values(session, found)]


def _values(session: Session, found: Select[Any]) -> list[dict[str, Any]]:
    """The fields of each row, as the values want them."""
    return [
        {name: _LISTS[name](value) if name in _LISTS else value for name, value in row.items()}
        for row in session.execute(found).mappings()
    ]
