"""Holds requests out to entities, never more than their places; knows nothing of names, numbers or telephones.

Lock order: entity, then request, then offer. Whoever takes a place holds the entity's row and counts under it;
who only gives one back need not.
"""

import logging
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db.states import move
from helpline.hours import today
from helpline.routing import snapshot
from helpline.routing.models import UNPLACED, Entity, Offer, OfferState, Request, RequestState
from helpline.routing.policy import Decision, Outcome, Project, Wanted, explain, fit, plan, why_not
from helpline.routing.requests import end_offer, keep_waiting, locked, reason_of, state_of

log = logging.getLogger(__name__)

ROUTER = "router"
TRIES = 50
"""How often one job looks for another project after it came too late for one; the sweep goes on from there."""


def offer_request(request_id: int) -> int | None:
    """Offer a request to the project that fits best and has a place; the body of the job of that name.

    Returns the id of the offer made, or None: the request then waits with its reason, is a person's to look at, or
    had been offered, closed or cancelled already (safe to run twice). Each try is a transaction of its own.
    """
    for _ in range(TRIES):
        with db.transaction() as session:
            wanted = snapshot.wanted(session, states=UNPLACED, request_id=request_id)
            if not wanted:
                return None
            decision = fit(wanted[0], snapshot.candidates(session), today(clock.now()))
            if decision.chosen is None:
                keep_waiting(session, request_id, decision, who=ROUTER)
                return None
        with db.transaction() as session:
            done, offer_id = _take_place(session, request_id, decision.chosen, decision)
            if done:
                return offer_id
    log.warning("request %s: came too late %s times; the sweep goes on", request_id, TRIES)
    return None


def _take_place(
    session: Session, request_id: int, seen: Project, decision: Decision
) -> tuple[bool, int | None]:
    """Take a place under the locks. `(False, None)`: it was gone, look again; `(True, None)`: no longer wanted."""
    session.scalars(select(Entity.id).where(Entity.id == seen.entity_id).with_for_update()).one()
    request = locked(session, request_id)
    if request is None or request.state not in UNPLACED:
        return True, None
    project = next(iter(snapshot.candidates(session, project_id=seen.id)), None)
    (wanted,) = snapshot.wanted(session, states=UNPLACED, request_id=request_id)
    if project is None or why_not(wanted, project, today(clock.now())):
        return False, None
    why = explain(decision)
    offer = Offer(
        request_id=request.id,
        project_id=project.id,
        entity_id=project.entity_id,
        why={
            "says": why,
            "taken": project.used.total,
            "places": project.limits.total,
            "others": list(decision.free),
        },
    )
    session.add(offer)
    request.entity_id, request.reason = project.entity_id, None
    move(session, request, RequestState.OFFERED, who=ROUTER, why=why)
    session.flush()
    return True, offer.id


def sweep_waiting() -> int:
    """Offer whatever waits and can be offered now, in the published order; the body of the job of that name.

    For the clock (a bell may be lost), and for whenever a place was freed or a project changed. Decides for all from
    one reading, then makes each offer under its locks. Returns how many offers were made.
    """
    with db.transaction() as session:
        waiting = select(Request.id, Request.state, Request.reason).where(Request.state.in_(UNPLACED))
        before = {id: (state, reason) for id, state, reason in session.execute(waiting)}
        wanted = snapshot.wanted(session, states=UNPLACED)
        decided = plan(wanted, snapshot.candidates(session), today(clock.now()))
    made = 0
    for one, decision in decided:
        if decision.chosen:
            made += offer_request(one.id) is not None
        elif before.get(one.id) != (state_of(decision), reason_of(decision)):
            with db.transaction() as session:
                keep_waiting(session, one.id, decision, who=ROUTER)
    return made


def accept(session: Session, offer_id: int, *, who: str) -> Offer:
    """The entity says yes, in the caller's transaction; a second yes is the first one again.

    Raises `ForbiddenMove` when the offer is over, and `LookupError` when there is none of this id.
    """
    request, offer = _held(session, offer_id)
    if offer.state != OfferState.ACCEPTED:
        move(session, offer, OfferState.ACCEPTED, who=who, why="accepted")
        move(session, request, RequestState.ACCEPTED, who=who, why="accepted")
    return offer


def decline(session: Session, offer_id: int, *, who: str, why: str) -> Offer:
    """The entity says no, in the caller's transaction: its place is free, and the request waits as long as before.

    The entity is not asked again for this request. A second no is the first one again. Raises `ForbiddenMove` when
    the offer is over otherwise, and `LookupError` when there is none of this id.
    """
    request, offer = _held(session, offer_id)
    if offer.state != OfferState.DECLINED:
        end_offer(session, offer, OfferState.DECLINED, who=who, why=why)
        move(session, request, RequestState.WAITING, who=who, why=f"declined by {offer.entity_id}: {why}")
        request.entity_id = None
    return offer


def _held(session: Session, offer_id: int) -> tuple[Request, Offer]:
    """An offer and its request, both locked, the request first."""
    request_id = session.scalar(select(Offer.request_id).where(Offer.id == offer_id))
    request = locked(session, request_id) if request_id is not None else None
    offer = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if request is None or offer is None:
        raise LookupError(f"no offer {offer_id}")
    return request, offer


def has_place(
    session: Session,
    *,
    region: str | None,
    country: str | None,
    group: str,
    language: str,
    day: date | None = None,
) -> bool:
    """Whether a project would take such a request now: asked before a caller is told that one waits (R7 or R8)."""
    wanted = Wanted(0, language, region, country, group, clock.now())
    return fit(wanted, snapshot.candidates(session), day or today(clock.now())).outcome is Outcome.PLACE


def open_project_exists(session: Session, day: date | None = None) -> bool:
    """Whether any project runs on a day (by default today in Rome)."""
    day = day or today(clock.now())
    return any(project.runs_on(day) for project in snapshot.candidates(session))
