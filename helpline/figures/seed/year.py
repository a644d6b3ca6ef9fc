"""The shape of a year: how many call on which day, in which hour and language. Pure; the same dice give the same year."""

from bisect import insort
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from helpline.hours import ROME, at_hour, is_holiday

LANGUAGES: Mapping[str, float] = {
    "ar": 0.20, "en": 0.15, "fr": 0.13, "bn": 0.12, "es": 0.12, "it": 0.12, "hi": 0.06, "uk": 0.05, "ru": 0.05,
}  # fmt: skip
"""How much of those who choose a language choose which: by the countries that people returned to (DOMAIN §1.1)."""

UNCHOSEN = 0.14
"""How many hang up, or say nothing, before they choose one: a quarter of all calls to such lines is none (DOMAIN §1.1)."""

WEEKDAYS = (1.25, 1.15, 1.10, 1.08, 0.95, 0.45, 0.30)
MONTHS = (1.10, 1.05, 1.05, 0.95, 1.00, 1.05, 0.90, 0.65, 1.10, 1.15, 1.10, 0.85)
HOLIDAY = 0.35
GROWTH = 0.25
"""By so much the last day of the period is busier than the first."""

HOURS = (
    0.6, 0.4, 0.3, 0.3, 0.4, 0.8, 1.5, 3.0, 5.0, 8.0, 9.5, 9.0, 7.0, 6.5, 7.0, 7.5, 7.5, 8.0, 8.5, 8.0, 6.0, 4.0, 2.2, 1.2,
)  # fmt: skip
"""By the hour of Rome: mornings, and evenings after work."""


@dataclass(frozen=True)
class Begun:
    """A call that began: when, in which language (None: in none), and whether the planted cause meets it."""

    at: datetime
    language: str | None
    planted: bool = False


@dataclass(frozen=True)
class Planted:
    """On which day, in which language, the planted cause is met; by at least so many calls."""

    day: date
    language: str = "bn"
    least: int = 24


HIT = 0.75
"""So many of the day's callers in the language meet the cause; the others walk as on any day."""


def last_tuesday(today: date) -> date:
    """The last Tuesday before this day."""
    return today - timedelta(days=(today.weekday() - 2) % 7 + 1)


def calls(
    dice: Random, first: date, last: date, count: int, planted: Planted | None
) -> Iterator[list[Begun]]:
    """The calls of these days, both included: a list for each day on which there were some, each in order of time."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    extra = _too_few(days, count, planted)
    chosen = dice.choices(range(len(days)), [_weight(day, n / len(days)) for n, day in enumerate(days)], k=count - extra)  # fmt: skip
    of_day = Counter(chosen)
    for place, day in enumerate(days):
        found = _of_day(dice, day, of_day[place], planted)
        if planted and day == planted.day:
            for _ in range(extra):
                at = at_hour(day, 9) + timedelta(seconds=dice.randrange(9 * 3600))
                insort(found, Begun(at, planted.language, planted=True), key=lambda one: one.at)
        if found:
            yield found


def _too_few(days: list[date], count: int, planted: Planted | None) -> int:
    """How many calls the day of the cause needs beside those that fall on it."""
    if planted is None:
        return 0
    expected = count * LANGUAGES[planted.language] / max(1, len(days)) * HIT
    return min(count, max(0, round(planted.least - expected)))


def _weight(day: date, gone: float) -> float:
    usual = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * (1 + GROWTH * gone)
    return usual * HOLIDAY if is_holiday(day) else usual


def _of_day(dice: Random, day: date, count: int, planted: Planted | None) -> list[Begun]:
    begins, ends = at_hour(day, 0), at_hour(day + timedelta(days=1), 0)
    hours = [begins + timedelta(hours=n) for n in range(round((ends - begins).total_seconds() / 3600))]
    weights = list(accumulate(HOURS[hour.astimezone(ROME).hour] for hour in hours))
    moments = sorted(
        hour + timedelta(seconds=dice.randrange(3600))
        for hour in dice.choices(hours, cum_weights=weights, k=count)
    )
    languages = dice.choices((*LANGUAGES, None), [*((1 - UNCHOSEN) * share for share in LANGUAGES.values()), UNCHOSEN], k=count)  # fmt: skip
    of_cause = planted.language if planted and day == planted.day else ""
    return [
        Begun(at.astimezone(UTC), language, planted=language == of_cause and dice.random() < HIT)
        for at, language in zip(moments, languages, strict=True)
    ]
