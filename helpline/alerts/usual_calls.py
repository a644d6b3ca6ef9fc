"""How many calls usually begin in each of the hours since the last one: those of the same weekday and hour, weeks before."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import hours, line
from helpline.alerts.facts import Calls
from helpline.calls.models import Call
from helpline.figures.models import CallHour

WEEKS = 6
FEWEST = 4
"""Of fewer weeks nobody knows what is usual."""

LONGEST = timedelta(hours=24)


def calls(session: Session, now: datetime) -> Calls:
    """The last call, and what is usual from then on until now; in the hours of a day off nothing is usual."""
    last = session.scalar(select(func.max(Call.started_at)))
    if last is None or not _works(now):
        return Calls(last)
    return Calls(last, _usual(session, max(last, now - LONGEST), now))


def _works(at: datetime) -> bool:
    return hours.works(line.current().calendar, hours.today(at))


def _usual(session: Session, since: datetime, now: datetime) -> Mapping[datetime, float]:
    hour = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    before: dict[datetime, list[datetime]] = {}
    while hour <= now:
        if _works(hour):
            before[hour] = [_weeks_before(hour, weeks) for weeks in range(1, WEEKS + 1)]
        hour += timedelta(hours=1)
    first = session.scalar(select(func.min(CallHour.hour)))
    if first is None:
        return {}
    wanted = {each for eachs in before.values() for each in eachs}
    asked = select(CallHour.hour, func.sum(CallHour.calls)).where(CallHour.hour.in_(wanted))
    counted = {at: int(count) for at, count in session.execute(asked.group_by(CallHour.hour))}
    known = {hour: [counted.get(at, 0) for at in eachs if at >= first] for hour, eachs in before.items()}
    return {hour: median(counts) for hour, counts in known.items() if len(counts) >= FEWEST}


def _weeks_before(hour: datetime, weeks: int) -> datetime:
    """The same hour of the day in Rome, so many weeks earlier: where clocks changed meanwhile it is another one in UTC."""
    there = hour.astimezone(hours.ROME).replace(tzinfo=None) - timedelta(weeks=weeks)
    return there.replace(tzinfo=hours.ROME).astimezone(UTC)
