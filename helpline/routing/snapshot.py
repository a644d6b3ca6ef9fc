"""Reads projects and requests into the values that the policy decides on; changes nothing, locks nothing."""

from collections.abc import Collection

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import array_agg
from sqlalchemy.orm import Session

from helpline.routing.models import LIVE_OFFERS, Entity, Offer, OfferState, Project, Request
from helpline.routing.policy import Candidate, Wanted

# Columns rather than objects: both are read for every request that comes in, and always as the database has them now.
_TAKEN = (
    select(func.count())
    .where(and_(Offer.project_id == Project.id, Offer.state.in_(LIVE_OFFERS)))
    .correlate(Project)
    .scalar_subquery()
)
_PROJECTS = (
    select(
        Project.id, Project.entity_id, Project.starts_on, Project.ends_on, Project.places_total, _TAKEN,
        Project.regions, Project.countries, Project.groups, Project.languages, Entity.paused_reason,
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
    Request.urgent, _DECLINED_BY,
)  # fmt: skip


def candidates(session: Session, *, project_id: str | None = None) -> list[Candidate]:
    """Every project (or the one named), its places taken counted now from its live offers."""
    found = _PROJECTS if project_id is None else _PROJECTS.where(Project.id == project_id)
    return [
        Candidate(
            id=id,
            entity_id=entity_id,
            starts_on=starts_on,
            ends_on=ends_on,
            places=places,
            taken=taken,
            regions=tuple(regions),
            countries=tuple(countries),
            groups=tuple(groups),
            languages=tuple(languages),
            paused=paused_reason is not None,
        )
        for id, entity_id, starts_on, ends_on, places, taken, regions, countries, groups, languages, paused_reason
        in session.execute(found)
    ]  # fmt: skip


def wanted(session: Session, *, states: Collection[str], request_id: int | None = None) -> list[Wanted]:
    """The requests in these states (or the one named, if it is in one), with the entities that declined each."""
    found = _REQUESTS.where(Request.state.in_(states))
    if request_id is not None:
        found = found.where(Request.id == request_id)
    return [
        Wanted(
            id=id,
            language=language,
            region=region,
            country=country,
            group=group,
            waiting_since=waiting_since,
            urgent=urgent,
            declined_by=frozenset(declined_by or ()),
        )
        for id, language, region, country, group, waiting_since, urgent, declined_by in session.execute(found)
    ]
