"""What a week of the line asks for, and who is on the rota for it: reads the counts, the talks and the shifts; names nobody."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from helpline import hours
from helpline.clock import ROME
from helpline.figures import staffing
from helpline.figures.models import CallbackDay
from helpline.figures.staffing import EVERY, Gap, Hour, Language, Seen, Slot, Target
from helpline.hours import Calendar, Window, at_hour
from helpline.languages import CODES
from helpline.live import shifts

WEEK = timedelta(days=7)
ASSUMED = 12.0
"""Minutes that a talk keeps somebody, with the writing down, as long as too few talks are known (ROUTING §5)."""
WRITING = 3.0
"""Minutes of writing down and breathing after a talk, which nobody measures."""
ENOUGH = 30
"""From so many talks on, their length is what is reckoned with."""
_LAST = 1000

# The last talks of callers who waited, and of those whom we rang: from the moment at which the two talked to its end.
_TALKS = """
SELECT count(*), avg(seconds) FROM (
  SELECT least(7200, extract(epoch FROM h.ended_at - m.at)) AS seconds
    FROM (SELECT id, ended_at FROM holds WHERE state = 'done' AND ended_at IS NOT NULL ORDER BY id DESC LIMIT :last) h
    JOIN moves m ON m.kind = 'hold' AND m.subject_id = h.id AND m.to_state = 'talking'
  UNION ALL
  SELECT least(7200, extract(epoch FROM c.closed_at - m.at))
    FROM (SELECT id, closed_at FROM callbacks WHERE state = 'done' AND closed_at IS NOT NULL ORDER BY id DESC LIMIT :last) c
    JOIN moves m ON m.kind = 'callback' AND m.subject_id = c.id AND m.to_state = 'talking'
) talks WHERE seconds > 0"""

# By language and hour of the week, on Rome's clock: in which of the weeks (0 is the first) somebody asked for a person, and how many.
_ASKED = """
SELECT language, weekday, hour, array_agg(week), array_agg(asked) FROM (
  SELECT language, (day - :first) % 7 AS weekday, (day - :first) / 7 AS week, hour, sum(asked)::integer AS asked
    FROM (SELECT language, wanted_person + turned_away AS asked, (hour AT TIME ZONE 'Europe/Rome')::date AS day,
                 extract(hour FROM hour AT TIME ZONE 'Europe/Rome')::integer AS hour
            FROM call_hours
           WHERE hour >= :begins AND hour < :ends AND language = ANY(:languages) AND wanted_person + turned_away > 0) calls
   GROUP BY language, day, hour
) weeks GROUP BY language, weekday, hour"""


@dataclass(frozen=True)
class Talks:
    """How long a talk keeps somebody: `minutes`, with the writing down. `counted`: of so many talks; 0: it is assumed."""

    minutes: float
    counted: int


@dataclass(frozen=True)
class Week:
    """A week of the rota, from `monday`, against what `weeks` before `until` (a Monday) asked for. By language, `EVERY` first."""

    monday: date
    until: date
    weeks: int
    target: Target
    talks: Talks
    languages: Mapping[str, Language]
    slots: Mapping[str, Sequence[Slot]]
    gaps: Sequence[Gap]


def talks(session: Session) -> Talks:
    """How long the last talks were, of all languages together; what is assumed where there are too few."""
    count, seconds = session.execute(text(_TALKS), {"last": _LAST}).one()
    if count < ENOUGH:
        return Talks(ASSUMED, 0)
    return Talks(round(float(seconds) / 60 + WRITING, 1), count)


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def week(
    session: Session,
    calendar: Calendar,
    *,
    today: date,
    day: date,
    weeks: int,
    target: Target,
    minutes: float | None,
) -> Week:
    """The week of `day`, against the last whole `weeks` before `today`. `minutes`: of a talk; None: as long as they are."""
    until = monday_of(today)
    known = talks(session)
    target = replace(target, minutes=minutes or known.minutes)
    seen = _seen(session, calendar, until, weeks)
    asked_back = _callbacks(session, until, weeks)
    monday = monday_of(day)
    staffed = _staffed(session, monday)
    opened = {code: set(_opened(calendar, code, monday)) for code in CODES}
    rings = {code: _ringing(calendar, code, monday) for code in CODES}
    ours = {
        code: dict.fromkeys(rings[code], asked_back[code] / len(rings[code])) if rings[code] else {}
        for code in CODES
    }
    opened[EVERY] = set().union(*opened.values())
    ours[EVERY] = dict(sum((Counter(each) for each in ours.values()), Counter()))
    asked_back[EVERY] = sum(asked_back.values())
    slots = {
        code: staffing.slots(
            code, seen[code], target, staffed=staffed[code], opened=opened[code], callbacks=ours[code]
        )
        for code in (EVERY, *CODES)
    }
    return Week(
        monday, until, weeks, target, known,
        {code: staffing.language(code, seen[code], slots[code], asked_back[code], target) for code in slots},
        slots, staffing.gaps(slot for code in CODES for slot in slots[code]),
    )  # fmt: skip


def _seen(session: Session, calendar: Calendar, until: date, weeks: int) -> dict[str, Seen]:
    """Who asked for a person in each hour of these weeks, by language; days off are in none of them.

    Hours of the week in which nobody ever asked are left out.
    """
    first = until - weeks * WEEK
    bounds = {
        "first": first,
        "begins": at_hour(first, 0),
        "ends": at_hour(until, 0),
        "languages": list(CODES),
    }
    weekly = {code: [0] * weeks for code in (EVERY, *CODES)}
    found: dict[str, dict[Hour, list[int]]] = {code: {} for code in (EVERY, *CODES)}
    for language, weekday, hour, which, counts in session.execute(text(_ASKED), bounds):
        for code in (language, EVERY):
            here = found[code].setdefault((weekday, hour), [0] * weeks)
            for week, count in zip(which, counts, strict=True):
                here[week] += count
                weekly[code][week] += count
    works = [
        [
            week
            for week in range(weeks)
            if hours.works(calendar, first + week * WEEK + timedelta(days=weekday))
        ]
        for weekday in range(7)
    ]
    return {
        code: Seen(
            {hour: [counts[week] for week in works[hour[0]]] for hour, counts in asked.items()},
            tuple(weekly[code]),
        )
        for code, asked in found.items()
    }


def _callbacks(session: Session, until: date, weeks: int) -> dict[str, float]:
    """How many callbacks were asked for in a week, by language."""
    rows = session.execute(
        select(CallbackDay.language, func.sum(CallbackDay.callbacks))
        .where(CallbackDay.day >= until - weeks * WEEK, CallbackDay.day < until)
        .group_by(CallbackDay.language)
    )
    found = {language: count / weeks for language, count in rows}
    return {code: float(found.get(code, 0)) for code in CODES}


def _staffed(session: Session, monday: date) -> dict[str, dict[Hour, float]]:
    """How many people are on the rota in each hour of this week, by language."""
    found: dict[str, dict[Hour, float]] = {code: {} for code in (EVERY, *CODES)}
    for (day, hour), counts in shifts.staffed(session, _days(monday)).items():
        for code, people in counts.items():
            found[code][day.weekday(), hour] = people
    return found


def _opened(calendar: Calendar, language: str, monday: date) -> Iterator[Hour]:
    """The hours of this week in which the line is open for a language."""
    for day in _days(monday):
        for hour in hours.open_hours(calendar, language, day):
            yield day.weekday(), hour


def _ringing(calendar: Calendar, language: str, monday: date) -> list[Hour]:
    """The hours of this week in which people may be rung in a language."""
    return [
        (day.weekday(), hour)
        for day in _days(monday)
        for slot in hours.slots(calendar, language, Window.ANY, day)
        for hour in range(_hour(slot.begins), _hour(slot.ends))
    ]


def _hour(moment: datetime) -> int:
    return moment.astimezone(ROME).hour


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=days) for days in range(7)]
