"""Short readings for pages: names, counts, and requests in a list. Changes nothing; knows no person and no number."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from helpline.routing import deadlines
from helpline.routing.models import Entity, Offer, OfferState, Project, Request
from helpline.routing.reading import OfferRow
from helpline.routing.records import CaseReport

_LIVE = or_(
    Offer.state == OfferState.PENDING, and_(Offer.state == OfferState.ACCEPTED, Offer.ended_at.is_(None))
)


@dataclass(frozen=True)
class Listed:
    """A request in a list. `entity`: the name of who has it; `answer_by`, `contact_by`, `contacted_at`: of its live offer."""

    id: int
    language: str
    region: str | None
    country: str | None
    group: str
    urgent: bool
    waiting_since: datetime
    state: str
    outcome: str | None
    entity: str | None
    answer_by: datetime | None
    contact_by: datetime | None
    contacted_at: datetime | None


@dataclass(frozen=True)
class Report:
    """What an entity reported of an accepted case, and when."""

    at: datetime
    who: str
    outcome: str


def listed(session: Session, ids: Sequence[int]) -> Sequence[Listed]:
    """These requests, in this order."""
    wanted = (
        select(
            Request.id, Request.language, Request.region, Request.country, Request.group, Request.urgent,
            Request.waiting_since, Request.state, Request.outcome, Entity.name, Offer.expires_at, Offer.contact_by,
            Offer.contacted_at,
        )
        .outerjoin(Offer, and_(Offer.request_id == Request.id, _LIVE))
        .outerjoin(Entity, Entity.id == func.coalesce(Offer.entity_id, Request.entity_id))
        .where(Request.id.in_(ids))
    )  # fmt: skip
    rows: Any = session.execute(wanted)
    found = {row[0]: Listed(*row) for row in rows}
    return [found[id] for id in ids if id in found]


def counts(session: Session) -> dict[str, int]:
    """How many requests there are in each state."""
    rows = session.execute(select(Request.state, func.count()).group_by(Request.state))
    return {str(state): count for state, count in rows}


def live_offers(session: Session, entity_id: str) -> Sequence[OfferRow]:
    """All offers of an entity that hold a place now, pending or with an open case, the oldest first."""
    columns = [
        getattr(Offer if hasattr(Offer, field.name) else Request, field.name) for field in fields(OfferRow)
    ]
    wanted = select(*columns).join(Request, Request.id == Offer.request_id)
    rows: Any = session.execute(wanted.where(Offer.entity_id == entity_id, _LIVE).order_by(Offer.id))
    return [OfferRow(*row) for row in rows]


def is_over(session: Session, offer_id: int) -> bool:
    """Whether an offer that still stands as pending can no longer be answered: its time has passed."""
    offer = session.get(Offer, offer_id)
    if offer is None or offer.state != OfferState.PENDING:
        return False
    return deadlines.is_over(session, offer, deadlines.moment(session))


def reports(session: Session, offer_id: int) -> list[Report]:
    """What was reported of an offer's case, the oldest first."""
    wanted = select(CaseReport).where(CaseReport.offer_id == offer_id).order_by(CaseReport.id)
    return [Report(row.at, row.who, row.outcome) for row in session.scalars(wanted)]


def entity_names(session: Session) -> dict[str, str]:
    """Every entity's name, by its id, in the order of the names."""
    rows = session.execute(select(Entity.id, Entity.name).order_by(Entity.name, Entity.id))
    return {str(id): name for id, name in rows}


def project_names(session: Session) -> dict[str, str]:
    """Every project's name, by its id."""
    rows = session.execute(select(Project.id, Project.name))
    return {str(id): name for id, name in rows}
