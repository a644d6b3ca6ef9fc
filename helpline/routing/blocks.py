"""Which entities a request is not offered to: for good, or until a moment. Knows nothing of why they said no."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline.hours import today
from helpline.routing.models import UNPLACED, Request
from helpline.routing.records import PairBlock


@dataclass
class Blocked:
    """The entities that one request is not offered to: for good with the day, and for now."""

    for_good: dict[str, date] = field(default_factory=dict)
    for_now: set[str] = field(default_factory=set)


def block(
    session: Session, request_id: int, entity_id: str, *, until: datetime | None, at: datetime, why: str
) -> None:
    """Do not offer a request to an entity, until a moment or (None) for good. What is for good stays so."""
    row = {"request_id": request_id, "entity_id": entity_id, "until": until, "at": at, "why": why}
    new = insert(PairBlock).values(**row)
    session.execute(
        new.on_conflict_do_update(
            index_elements=["request_id", "entity_id"],
            set_={"until": new.excluded.until, "at": new.excluded.at, "why": new.excluded.why},
            where=PairBlock.until.is_not(None),
        )
    )


def of_waiting(session: Session, now: datetime, *, request_id: int | None = None) -> Mapping[int, Blocked]:
    """What holds at a moment for everything that waits (or for the one request named), by the request's id."""
    holds = or_(PairBlock.until.is_(None), PairBlock.until > now)
    wanted = select(PairBlock.request_id, PairBlock.entity_id, PairBlock.until, PairBlock.at).where(holds)
    if request_id is None:
        waits = select(Request.id).where(Request.id == PairBlock.request_id, Request.state.in_(UNPLACED))
        wanted = wanted.where(waits.exists())
    else:
        wanted = wanted.where(PairBlock.request_id == request_id)
    found: dict[int, Blocked] = defaultdict(Blocked)
    for id, entity_id, until, at in session.execute(wanted):
        if until is None:
            found[id].for_good[entity_id] = today(at)
        else:
            found[id].for_now.add(entity_id)
    return found
