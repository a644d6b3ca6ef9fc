"""A week of hours as people write and read it: from text to whole hours, put together where they touch, and back. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from helpline.hours import FIRST_HOUR, LAST_HOUR, QUIET_FROM, QUIET_UNTIL, WEEKDAYS, Span

Stretch = tuple[int, int]
Day = tuple[Stretch, ...]
Week = tuple[Day, ...]
"""Seven days from Monday, each with its stretches of whole hours, in order, none touching the next."""

BOUNDS: Mapping[str, Stretch] = {
    "opening": (FIRST_HOUR, LAST_HOUR),
    "callback": (QUIET_UNTIL, QUIET_FROM),
}
"""Between which hours each kind may lie: nobody is rung in the quiet hours, whatever is written here."""

EMPTY: Week = ((),) * len(WEEKDAYS)
_STRETCH = re.compile(r"([0-9]{1,2})(?:[:.]00)?[ ]*[-–—][ ]*([0-9]{1,2})(?:[:.]00)?")
MOST_STRETCHES = 6


class NotHours(ValueError):
    """A day's text that cannot be read: `shape` (no hours), `order` (the end is not after the beginning), `bounds`."""


def day(text: str, bounds: Stretch) -> Day:
    """The stretches of a day as somebody wrote them: `9-13, 14-18`; nothing for a day without hours. Raises `NotHours`."""
    parts = [part.strip() for part in re.split(r"[,;+]", text) if part.strip()]
    found = []
    for part in parts:
        match = _STRETCH.fullmatch(part)
        if match is None or len(parts) > MOST_STRETCHES:
            raise NotHours("shape")
        opens, closes = int(match[1]), int(match[2])
        if opens >= closes:
            raise NotHours("order")
        if not (bounds[0] <= opens and closes <= bounds[1]):
            raise NotHours("bounds")
        found.append((opens, closes))
    return merged(found)


def merged(stretches: Iterable[Stretch]) -> Day:
    """The same hours without overlaps: what touches or overlaps becomes one stretch."""
    found: list[Stretch] = []
    for opens, closes in sorted(stretches):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return tuple(found)


def written(stretches: Day) -> str:
    """A day as it is written: `9–13, 14–18`; nothing for one without hours."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in stretches)


def of(spans: Iterable[Span], language: str | None) -> Week:
    """The week of one language's own spans (None: of those for all)."""
    days: list[list[Stretch]] = [[] for _ in WEEKDAYS]
    for span in spans:
        if span.language == language:
            days[span.weekday].append((span.opens, span.closes))
    return tuple(merged(stretches) for stretches in days)


def spans(week: Week, language: str | None) -> list[Span]:
    """A week as spans of a language, or (None) of all."""
    return [
        Span(number, opens, closes, language)
        for number, stretches in enumerate(week)
        for opens, closes in stretches
    ]


def together(week: Week) -> list[tuple[Sequence[int], Day]]:
    """Days in a row with the same hours, in order: `([0, 1, 2, 3, 4], ((9, 18),)), ([5, 6], ())`."""
    found: list[tuple[list[int], Day]] = []
    for number, stretches in enumerate(week):
        if found and found[-1][1] == stretches:
            found[-1][0].append(number)
        else:
            found.append(([number], stretches))
    return list(found)
