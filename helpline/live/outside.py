"""Shifts that a change of the opening hours would leave outside of them: pure, from the rota and two calendars. Says when and
in which language, never who."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from helpline.hours import ROME, Calendar, Status, status
from helpline.live.plan import Shift

AHEAD_DAYS = 14
_STEP = 30
"""Shifts begin and end at half hours at the finest; hours are whole."""


@dataclass(frozen=True, order=True)
class Outside:
    """From a minute until another of a day somebody would be on shift for a language while the line is closed for it."""

    day: date
    begins: int
    ends: int
    language: str
    people: int


def outside(
    shifts: Collection[Shift], before: Calendar, after: Calendar, first: date, languages: Iterable[str]
) -> list[Outside]:
    """What would newly lie outside the opening hours in the two weeks from a day on."""
    found = []
    for ahead in range(AHEAD_DAYS):
        day = first + timedelta(days=ahead)
        own = {shift.person_id for shift in shifts if shift.day == day}
        of_day = [
            shift
            for shift in shifts
            if shift.day == day
            or (shift.day is None and shift.weekday == day.weekday() and shift.person_id not in own)
        ]
        for language in languages:
            working = [shift for shift in of_day if language in shift.languages]
            if working:
                found += _of_day(working, before, after, day, language)
    return sorted(found)


def _of_day(
    working: list[Shift], before: Calendar, after: Calendar, day: date, language: str
) -> list[Outside]:
    found: list[Outside] = []
    for minute in range(0, 24 * 60, _STEP):
        there = len({shift.person_id for shift in working if shift.begins <= minute < shift.ends})
        at = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ROME)
        lost = there and (
            status(before, language, at) is Status.OPEN and status(after, language, at) is not Status.OPEN
        )
        if not lost:
            continue
        last = found[-1] if found else None
        if last and last.ends == minute and last.people == there:
            found[-1] = Outside(day, last.begins, minute + _STEP, language, there)
        else:
            found.append(Outside(day, minute, minute + _STEP, language, there))
    return found
