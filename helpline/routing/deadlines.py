"""When an offer must be answered: moments of the database's clock, kept in rows; an outage of ours makes none pass."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from helpline import clock, hours
from helpline.hours import Calendar, Span
from helpline.routing import beats, outages
from helpline.routing.answering import WorkingHours, answer_by, worked
from helpline.routing.models import Entity, Offer

COOL_DOWN = timedelta(hours=24)
"""For so long an entity that let an offer expire is not asked about the same person again (ROUTING §3.3)."""

EXPIRIES = 3
"""So many in a row pause an entity."""

CONTACT_DAYS = 3
"""Working days in which an entity reports that it reached the person; then a coordinator looks at it."""

ANSWERS_COUNTED = 50
_USUAL = WorkingHours()


def moment(session: Session) -> datetime:
    """This moment by the database's clock, moved by the rehearsal offset: what deadlines are compared with."""
    return beats.database_time(session) + clock.offset()


def working_hours(spans: list[dict[str, int]] | None) -> WorkingHours:
    """An entity's own working hours, as its row holds them; the usual ones when it has none."""
    if not spans:
        return _USUAL
    return WorkingHours(tuple(Span(span["weekday"], span["opens"], span["closes"]) for span in spans))


@dataclass(frozen=True, slots=True)
class Clock:
    """An entity's working hours, and how long its newest answers took."""

    hours: WorkingHours
    answers: tuple[timedelta, ...]

    def answer_by(self, made_at: datetime) -> tuple[datetime, datetime]:
        """When to remind it of an offer made at a moment, and when that offer expires."""
        return answer_by(made_at, self.hours, self.answers)


def clocks(session: Session, entity_ids: Collection[str]) -> dict[str, Clock]:
    """The clock of each of these entities, as its answers make it now."""
    found = session.execute(select(Entity.id, Entity.hours).where(Entity.id == any_of(entity_ids))).all()
    answers = _answers(session, entity_ids)
    return {id: Clock(working_hours(spans), tuple(answers[id])) for id, spans in found}


def _answers(session: Session, entity_ids: Collection[str]) -> Mapping[str, list[timedelta]]:
    """How long the newest answers of each entity took, in its working time."""
    newest = func.row_number().over(partition_by=Offer.entity_id, order_by=Offer.id.desc()).label("newest")
    answered = (
        select(Offer.entity_id, Offer.answered_in, newest)
        .where(Offer.entity_id == any_of(entity_ids), Offer.answered_in.is_not(None))
        .subquery()
    )
    found: dict[str, list[timedelta]] = defaultdict(list)
    wanted = select(answered.c.entity_id, answered.c.answered_in).where(answered.c.newest <= ANSWERS_COUNTED)
    for id, seconds in session.execute(wanted):
        found[id].append(timedelta(seconds=seconds))
    return found


def any_of(ids: Collection[str]) -> ColumnElement[Any]:
    """For `column == any_of(ids)`: one value for many ids: a list of as many would be another statement each time."""
    return any_(literal(list(ids), ARRAY(Text)))


def took(entity: Entity, offer: Offer, now: datetime) -> int:
    """How many seconds of its working time an entity took until now to answer an offer."""
    return int(worked(working_hours(entity.hours), offer.made_at, now).total_seconds())


def contact_by(accepted_at: datetime) -> datetime:
    """Until when an entity reports that it reached the person: the end of the third working day after it accepted."""
    first = hours.today(accepted_at) + timedelta(days=1)
    last = hours.working_days(Calendar(), first, CONTACT_DAYS)[-1]
    return hours.at_hour(last + timedelta(days=1), 0)


def is_over(session: Session, offer: Offer, now: datetime) -> bool:
    """Whether a pending offer's time has passed at a moment of `moment`; exactly at its deadline it has.

    What passed while we were out of order has not: the tick that adds the outage to it may still be to come.
    """
    if offer.expires_at > now:
        return False
    return outages.extended(offer.expires_at, offer.made_at, beats.uncounted(session)) <= now
