"""One deed for many requests: first what would become of each, then each in a transaction of its own, with what became of it.

What is refused for one changes nothing for the others, and is said beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.hours import today
from helpline.routing import coordinating, deadlines, snapshot
from helpline.routing.answers import Late
from helpline.routing.coordinating import LONGEST_PARKING, Full
from helpline.routing.models import UNPLACED, Request

MOST = 200
"""So many at once: whoever chooses more has not looked at them."""
GONE = "gone"


@dataclass(frozen=True)
class Result:
    """What became, or would become, of one request. `refused`: empty where it is done; else why not: the state in which it
    is by now, `gone`, or why the project takes nobody (`full`, `not_running`, `paused`, `said_full`)."""

    request_id: int
    refused: str = ""


def may_park_until(session: Session, until: datetime) -> bool:
    """Whether anything can be parked until then: later than now, and at most half a year ahead."""
    now = deadlines.moment(session)
    return now < until <= now + LONGEST_PARKING


def before_parking(session: Session, ids: Sequence[int]) -> list[Result]:
    """What would become of each, in the order in which places are given."""
    return [Result(id, refused) for id, refused in _standing(session, ids)]


def before_assigning(session: Session, ids: Sequence[int], project_id: str) -> list[Result]:
    """What would become of each: as many get a place as are free, first come those who would be planned first.

    Raises LookupError for no such project.
    """
    found = snapshot.projects(session, project_ids=[project_id])
    if not found:
        raise LookupError(f"no project {project_id}")
    (project,) = found
    against = (
        "not_running" if not project.runs_on(today(clock.now()))
        else "paused" if project.paused else "said_full" if project.full_by_word else ""
    )  # fmt: skip
    results, left = [], project.free
    for id, state in _standing(session, ids):
        refused = state or against or ("full" if left == 0 else "")
        left = left - 1 if left is not None and not refused else left
        results.append(Result(id, refused))
    return results


def park(ids: Sequence[int], until: datetime, *, who: str, why: str) -> list[Result]:
    """Park each until then, with this reason. Raises ValueError, before anything is done, for a moment that cannot be."""
    with db.transaction(durable=False) as session:
        if not may_park_until(session, until):
            raise ValueError("later than now, and at most half a year ahead")
    return _each(ids, lambda session, id: coordinating.park(session, id, until, who=who, why=why))


def assign(ids: Sequence[int], project_id: str, *, who: str, why: str) -> list[Result]:
    """Offer each to this project, with this reason, as long as it has places."""
    return _each(ids, lambda session, id: coordinating.assign(session, id, project_id, who=who, why=why))


def _each(ids: Sequence[int], act: Callable[[Session, int], object]) -> list[Result]:
    results = []
    for id in ids[:MOST]:
        refused = ""
        try:
            with db.transaction() as session:
                act(session, id)
        except Late as late:
            refused = str(late.state)
        except Full as full:
            refused = full.reason
        except LookupError:
            refused = GONE
        results.append(Result(id, refused))
    return results


def _standing(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    """Each with the state that forbids it; those that are not there come last."""
    wanted = (
        select(Request.id, Request.state)
        .where(Request.id.in_(list(ids)[:MOST]))
        .order_by(Request.urgent.desc(), Request.waiting_since, Request.id)
    )
    found = [(id, "" if state in UNPLACED else str(state)) for id, state in session.execute(wanted)]
    there = {id for id, _ in found}
    return found + [(id, GONE) for id in list(ids)[:MOST] if id not in there]
