"""What a coordinator does by hand: more time, pulling back, giving a place, keeping back, making urgent; each with why.

Somebody's own words are kept encrypted (`RequestNote`); lines of moves say only what was done.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db, hours
from helpline.db import outbox
from helpline.db.states import move
from helpline.people import audit
from helpline.routing import blocks, deadlines, handed_over, making, projects, snapshot
from helpline.routing.answers import GIVEN_BACK_LATE, Late, held
from helpline.routing.models import UNPLACED, Offer, OfferState, Project, Request, RequestState
from helpline.routing.requests import end_offer, keep_note, locked

LONGEST_EXTENSION = timedelta(days=14)
LONGEST_PARKING = timedelta(days=180)


class Full(Exception):
    """The project cannot be given anybody now: `reason` is `full`, `not_running`, `paused` or `said_full`."""

    def __init__(self, project_id: str, reason: str) -> None:
        """In: which project, and why not."""
        super().__init__(f"project {project_id}: {reason}")
        self.project_id, self.reason = project_id, reason


def extend(session: Session, offer_id: int, until: datetime, *, who: str, why: str) -> Offer:
    """Give an entity more time to answer, until a moment; it is told.

    Raises `LookupError`, `Late` when the offer is over, `ValueError` when that is not later than its deadline or more
    than two weeks ahead.
    """
    _, request, offer = held(session, offer_id)
    if offer.state != OfferState.PENDING:
        raise Late(offer.state)
    now = deadlines.moment(session)
    if deadlines.is_over(session, offer, now):
        raise Late(OfferState.EXPIRED)
    if not offer.expires_at < until <= now + LONGEST_EXTENSION:
        raise ValueError("later than the deadline, and at most two weeks ahead")
    pair = (offer.expires_at.isoformat(), until.isoformat())
    projects.write(session, f"offer {offer.id}", {"expires_at": pair}, who=who, why="extended")
    offer.expires_at = until
    keep_note(session, request.id, "extended", why, who=who, offer_id=offer.id)
    outbox.put(session, outbox.Kind.OFFER_EXTENDED, offer.id, int(until.timestamp()))
    session.flush()
    return offer


def withdraw(session: Session, offer_id: int, *, who: str, why: str) -> Offer:
    """Pull an offer back, also an accepted one; the request waits as long as before, and the entity is told.

    Once the person's number is forgotten (`handed_over`) the request is cancelled instead. The same entity is not asked again for a day. Twice is once. Raises `LookupError`, and `Late` when it is over.
    """
    entity, request, offer = held(session, offer_id)
    if offer.state == OfferState.WITHDRAWN:
        return offer
    if not offer.is_live:
        raise Late("closed" if offer.state == OfferState.ACCEPTED else offer.state)
    now = deadlines.moment(session)
    end_offer(session, offer, OfferState.WITHDRAWN, who=who, why="by a coordinator")
    blocks.block(
        session,
        request.id,
        entity.id,
        until=now + deadlines.COOL_DOWN,
        at=now,
        why="withdrawn by a coordinator",
    )
    request.entity_id = None
    if handed_over.is_past(offer):
        move(session, request, RequestState.CANCELLED, who=who, why=GIVEN_BACK_LATE)
    else:
        move(session, request, RequestState.WAITING, who=who, why=f"the offer to {entity.id} was pulled back")
    keep_note(session, request.id, "withdrawn", why, who=who, offer_id=offer.id)
    outbox.put(session, outbox.Kind.OFFER_WITHDRAWN, offer.id)
    return offer


def assign(session: Session, request_id: int, project_id: str, *, who: str, why: str) -> Offer:
    """Offer a request to a project chosen by hand, whatever its lists say; never more than its places.

    The entity still answers. What kept the request back (parked, held for a person) no longer does. The same again
    while that offer is live is the first one again. Raises `LookupError`, `Full`, and `Late` when the request is
    offered to somebody, accepted or over: pull that offer back first, in a transaction of its own.
    """
    owner = session.scalar(select(Project.entity_id).where(Project.id == project_id))
    if owner is None:
        raise LookupError(f"no project {project_id}")
    entity = projects.locked_entity(session, owner)
    request = _request(session, request_id)
    if request.state not in UNPLACED:
        live = making.live_offer_of(session, request_id)
        if live is not None and live.project_id == project_id and live.state == OfferState.PENDING:
            return live
        raise Late(request.state)
    (project,) = snapshot.projects(session, project_ids=[project_id])
    here = hours.today(clock.now())
    against = {
        "not_running": not project.runs_on(here),
        "paused": project.paused,
        "said_full": project.full_by_word,
        "full": project.free == 0,
    }
    for reason, holds in against.items():
        if holds:
            raise Full(project_id, reason)
    _release(session, request)
    record = {"says": f"{project_id}, chosen by hand", "how": "assigned"}
    offer = making.make(session, request, project, record, who=who, why=f"assigned to {entity.id} by hand")
    keep_note(session, request.id, "assigned", why, who=who, offer_id=offer.id)
    return offer


def park(session: Session, request_id: int, until: datetime, *, who: str, why: str) -> Request:
    """Offer a request to nobody until a moment; it keeps its place in the order.

    Raises `LookupError`, `Late` unless it waits, `ValueError` for a moment that has passed or is half a year ahead.
    """
    request = _request(session, request_id)
    if request.state not in UNPLACED:
        raise Late(request.state)
    now = deadlines.moment(session)
    if not now < until <= now + LONGEST_PARKING:
        raise ValueError("later than now, and at most half a year ahead")
    request.parked_until = until
    keep_note(session, request.id, "parked", why, who=who)
    audit.record(session, who, "parked", f"request {request.id}", until=until.date().isoformat())
    db.ring(session, "sweep_waiting")
    session.flush()
    return request


def unpark(session: Session, request_id: int, *, who: str, why: str = "") -> Request:
    """Let a request be offered again that was parked, or was held for an operator or a coordinator.

    Raises `LookupError`, and `Late` unless it waits.
    """
    request = _request(session, request_id)
    if request.state not in UNPLACED:
        raise Late(request.state)
    if _release(session, request):
        if request.state == RequestState.NEEDS_PERSON:
            move(session, request, RequestState.WAITING, who=who, why="may be offered again")
        if why:
            keep_note(session, request.id, "unparked", why, who=who)
        audit.record(session, who, "unparked", f"request {request.id}")
        db.ring(session, "offer_request", request.id)
    session.flush()
    return request


def mark_urgent(session: Session, request_id: int, *, who: str, why: str) -> Request:
    """Put a request before all that are not urgent; a person does, with a reason, never the line by itself.

    Twice is once. Raises `LookupError`, `Late` when it is over, `ValueError` without a reason.
    """
    if not why.strip():
        raise ValueError("what is urgent has a reason")
    request = _request(session, request_id)
    if request.state in (RequestState.CLOSED, RequestState.CANCELLED):
        raise Late(request.state)
    if not request.urgent:
        request.urgent = True
        keep_note(session, request.id, "urgent", why, who=who)
        audit.record(session, who, "marked_urgent", f"request {request.id}")
        db.ring(session, "offer_request", request.id)
        session.flush()
    return request


def _release(session: Session, request: Request) -> bool:
    """Whether anything kept a locked request back; it no longer does."""
    kept = request.held_for is not None or request.parked_until is not None
    request.held_for = request.parked_until = None
    if kept:
        request.reason = None
        session.flush()
    return kept


def _request(session: Session, request_id: int) -> Request:
    request = locked(session, request_id)
    if request is None:
        raise LookupError(f"no request {request_id}")
    return request
