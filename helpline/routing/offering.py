"""Offers one request as it comes in to the project that fits best; whoever came before it for that place goes first.

Lock order everywhere: entity, then request, then offer. Whoever takes a place holds the entity's row and counts under it.
"""

import json
import logging
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.hours import today
from helpline.routing import holding, making, planning, projects, snapshot
from helpline.routing.keeping import Keeper
from helpline.routing.models import UNPLACED
from helpline.routing.policy import Outcome, Wanted, fit, plan, why_not
from helpline.routing.requests import keep_waiting, locked
from helpline.routing.values import Project

log = logging.getLogger(__name__)

ROUTER = "router"
TRIES = 50
"""How often one job looks for another project after it came too late for one; the sweep goes on from there."""


def offer_request(request_id: int) -> int | None:
    """Offer a request to the project that fits best and has a place; the body of the job of that name.

    Returns the id of the offer made, or None: the request then waits with its reason, is a person's to look at, or
    had been offered, closed or cancelled already (safe to run twice). When somebody who waits longer could take that
    place, all are planned for at once. Each try is a transaction of its own.
    """
    for _ in range(TRIES):
        with db.transaction() as session:
            wanted = snapshot.wanted(session, request_id=request_id)
            if not wanted:
                return None
            ahead = holding.forecast(session)
            planned = plan(wanted, snapshot.projects(session), today(clock.now()), forecast=ahead)
            decision, keeper = planned.decision(0), Keeper(planned)
            keeper.keep_list(session)
            if decision.chosen is None:
                keep_waiting(session, request_id, decision, keeper.reason(0), who=ROUTER)
                return None
            earlier = planning.somebody_before(session, wanted[0], decision.chosen)
        if earlier:
            planning.sweep_waiting(unless=lambda: not _somebody_goes_first(request_id))
            with db.transaction() as session:
                made = making.live_offer_of(session, request_id)
                if made is not None:
                    return made.id
            continue
        with db.transaction() as session:
            record = json.loads(keeper.of_offer(0))
            done, offer_id = _take_place(session, request_id, decision.chosen, record)
            if done:
                return offer_id
    log.warning("request %s: came too late %s times; the sweep goes on", request_id, TRIES)
    return None


def _somebody_goes_first(request_id: int) -> bool:
    """Whether somebody who waits longer could take the place that this request would get now."""
    with db.transaction() as session:
        wanted = snapshot.wanted(session, request_id=request_id)
        if not wanted:
            return False
        ahead = holding.forecast(session)
        chosen = fit(wanted[0], snapshot.projects(session), today(clock.now()), forecast=ahead).chosen
        return chosen is not None and planning.somebody_before(session, wanted[0], chosen)


def _take_place(
    session: Session, request_id: int, seen: Project, record: dict[str, Any]
) -> tuple[bool, int | None]:
    """Take a place under the locks. `(False, None)`: it was gone, look again; `(True, None)`: no longer wanted."""
    projects.locked_entity(session, seen.entity_id)
    request = locked(session, request_id)
    if request is None or request.state not in UNPLACED:
        return True, None
    project = next(iter(snapshot.projects(session, project_ids=[seen.id])), None)
    wanted = snapshot.wanted(session, request_id=request_id)
    if not wanted:
        return True, None
    if project is None or why_not(wanted[0], project, today(clock.now())):
        return False, None
    offer = making.make(session, request, project, record, who=ROUTER, why=f"offered for {project.id}")
    return True, offer.id


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
    found = fit(wanted, snapshot.projects(session), _day(day), forecast=holding.forecast(session))
    return found.outcome is Outcome.PLACE


def open_project_exists(session: Session, day: date | None = None) -> bool:
    """Whether any project runs on a day (by default today in Rome)."""
    return any(project.runs_on(_day(day)) for project in snapshot.projects(session))


def _day(day: date | None) -> date:
    return day or today(clock.now())
