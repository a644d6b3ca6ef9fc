"""Makes one offer, its rows and its lines, for whoever holds the entity and the request; decides for nobody."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline.db import outbox
from helpline.db.states import begin, move
from helpline.routing import deadlines
from helpline.routing.models import LIVE, Offer, Request, RequestState
from helpline.routing.values import Project


def make(
    session: Session, request: Request, project: Project, record: dict[str, Any], *, who: str, why: str
) -> Offer:
    """Offer a locked request to a project of a locked entity that has a free place, as counted under that lock.

    `record` is kept with the offer: how it was chosen. The entity is told through the outbox.
    """
    now = deadlines.moment(session)
    remind_at, expires_at = deadlines.clocks(session, [project.entity_id])[project.entity_id].answer_by(now)
    offer = Offer(
        request_id=request.id,
        project_id=project.id,
        entity_id=project.entity_id,
        made_at=now,
        remind_at=remind_at,
        expires_at=expires_at,
        why=record,
    )
    session.add(offer)
    begin(session, offer, who=who, why=why)
    request.entity_id, request.reason = project.entity_id, None
    move(session, request, RequestState.OFFERED, who=who, why=why)
    outbox.put(session, outbox.Kind.OFFER_MADE, offer.id)
    session.flush()
    return offer


def live_offer_of(session: Session, request_id: int) -> Offer | None:
    """The live offer of a request, to be read."""
    return session.scalars(select(Offer).where(Offer.request_id == request_id, text(LIVE))).one_or_none()
