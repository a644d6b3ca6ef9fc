"""Reads projects and requests into the values that the policy decides on; changes nothing, locks nothing."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from helpline.routing.models import LIVE_OFFERS, Entity, Offer, OfferState, Project, Request
from helpline.routing.policy import Candidate, Wanted


def candidates(session: Session, *, project_id: str | None = None) -> list[Candidate]:
    """Every project (or the one named) with its places taken, counted now from its live offers."""
    rows = session.execute(_projects(project_id))
    return [_candidate(project, paused_reason, taken) for project, paused_reason, taken in rows]


def _projects(project_id: str | None) -> Select[Project, str | None, int]:
    live = and_(Offer.project_id == Project.id, Offer.state.in_(LIVE_OFFERS))
    taken = select(func.count()).where(live).correlate(Project).scalar_subquery()
    found = select(Project, Entity.paused_reason, taken).join(Entity, Entity.id == Project.entity_id)
    if project_id is not None:
        found = found.where(Project.id == project_id)
    return found.order_by(Project.id).execution_options(populate_existing=True)


def _candidate(project: Project, paused_reason: str | None, taken: int) -> Candidate:
    return Candidate(
        id=project.id,
        entity_id=project.entity_id,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        places=project.places_total,
        taken=taken,
        regions=tuple(project.regions),
        countries=tuple(project.countries),
        groups=tuple(project.groups),
        languages=tuple(project.languages),
        paused=paused_reason is not None,
    )


def wanted(session: Session, requests: Iterable[Request]) -> list[Wanted]:
    """Requests as the policy sees them, with the entities that declined each."""
    requests = list(requests)
    declined: dict[int, set[str]] = defaultdict(set)
    said_no = select(Offer.request_id, Offer.entity_id).where(
        Offer.state == OfferState.DECLINED, Offer.request_id.in_([request.id for request in requests])
    )
    for request_id, entity_id in session.execute(said_no):
        declined[request_id].add(entity_id)
    return [_wanted(request, frozenset(declined[request.id])) for request in requests]


def _wanted(request: Any, declined_by: frozenset[str]) -> Wanted:
    return Wanted(
        id=request.id,
        language=request.language,
        region=request.region,
        country=request.country,
        group=request.group,
        waiting_since=request.waiting_since,
        urgent=request.urgent,
        declined_by=declined_by,
    )
