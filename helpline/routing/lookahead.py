"""Which urgent requests are to be expected until the week ends, from the weeks that were; pure, and off by default."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from helpline.hours import ROME, at_hour, today
from helpline.routing.values import MOST_KEPT, Expected, Forecast, Project

WEEKS = 8
"""No forecast from fewer: a bad one keeps places from people who wait."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An urgent request that came once: when, and what the filters look at."""

    at: datetime
    wanted: Expected


def expected(
    arrived: Iterable[Arrived], now: datetime, *, first_at: datetime | None, percent: int = MOST_KEPT
) -> Forecast | None:
    """The urgent ones to be expected between now and Monday, as they came in the same days of the last eight weeks.

    `first_at`: when the first request of all came; None is answered when that is less than eight whole weeks ago.
    Of what came in all eight remainders of a week, put in order by what they wanted, every eighth is expected.
    """
    here = today(now)
    monday = here - timedelta(days=here.weekday())
    if first_at is None or today(first_at) > monday - timedelta(weeks=WEEKS):
        return None
    local = now.astimezone(ROME)
    since_monday = (local.weekday(), local.time())
    oldest, newest = at_hour(monday - timedelta(weeks=WEEKS), 0), at_hour(monday, 0)
    later = [
        one.wanted for one in arrived if oldest <= one.at < newest and _since_monday(one.at) >= since_monday
    ]
    later.sort(key=lambda one: (one.region or "", one.country or "", one.group, one.language))
    return Forecast(
        id=f"{here.isoformat()} {local:%H:%M}: {len(later)} urgent in {WEEKS} weeks",
        until=monday + timedelta(weeks=1),
        expected=tuple(later[WEEKS // 2 :: WEEKS]),
        percent=percent,
    )


def week_of(project: Project) -> int:
    """A project's places of the week: those of its week where it counts by weeks, else those that it has left now."""
    return project.limits.per_week if project.limits.per_week is not None else project.free or 0


def kept_at_most(project: Project, percent: int = MOST_KEPT) -> int:
    """How many of a project's places may be kept for expected urgent ones: of its week so many percent, whole ones only."""
    return week_of(project) * min(percent, MOST_KEPT) // 100


def _since_monday(at: datetime) -> tuple[int, time]:
    local = at.astimezone(ROME)
    return local.weekday(), local.time()
