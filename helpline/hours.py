"""When the line is open and when it may ring people: Europe/Rome in, UTC out; pure, told the time, never asks."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from helpline.italian_holidays import italian_holidays

ROME = ZoneInfo("Europe/Rome")

FIRST_HOUR, LAST_HOUR = 7, 21
"""Hours are whole, and only these: each that a caller may hear has its own clip."""

QUIET_FROM, QUIET_UNTIL = 21, 9
"""Nobody is rung from nine in the evening to nine in the morning (DOMAIN §4.1)."""

PROMISE_DAYS = 14
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TODAY, TOMORROW, TWO_WEEKS = "today", "tomorrow", "two_weeks"
SAID_DAYS = (TODAY, TOMORROW, *WEEKDAYS, TWO_WEEKS)
"""Everything that `say_day` may answer: one clip each."""


class Status(StrEnum):
    """How the line is for one language at one moment."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"


class Window(StrEnum):
    """When a caller wants to be rung. The hours are Rome's, the end not included."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY = "any"


WINDOW_HOURS: dict[Window, tuple[int, int]] = {
    Window.MORNING: (9, 13),
    Window.AFTERNOON: (13, 17),
    Window.EVENING: (17, 21),
    Window.ANY: (QUIET_UNTIL, QUIET_FROM),
}


SLOTS_KEPT = 4096
"""Of so many languages, windows and days it is remembered when people may be rung."""

PARTS = (Window.MORNING, Window.AFTERNOON, Window.EVENING)
"""The parts of a day, one after the other."""


@dataclass(frozen=True)
class Span:
    """Whole hours of one weekday (0 = Monday), end not included, for one language or (None) for all."""

    weekday: int
    opens: int
    closes: int
    language: str | None = None


@dataclass(frozen=True)
class Closure:
    """Days on which nobody works although they are no Italian holiday: a patron's day, the 24th of December."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class From:
    """Other hours of one language, or (None) of those without hours of their own, from a day on until others begin. Without
    spans a language follows the hours of all from then on, and all have none."""

    first: date
    language: str | None
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Calendar:
    """When people answer (`opening`), when they ring (`callback`), when they are away, and on which holidays they work.

    A language with spans of its own follows those alone; every other language follows the spans for all. A closure holds
    on a day that is worked although it is a holiday, too. `opening_from`, `callback_from`: hours that begin on a day, in
    the order of their days; the spans hold before them.
    """

    opening: tuple[Span, ...] = ()
    callback: tuple[Span, ...] = ()
    closures: tuple[Closure, ...] = ()
    open_days: frozenset[date] = frozenset()
    opening_from: tuple[From, ...] = ()
    callback_from: tuple[From, ...] = ()

    def opening_on(self, day: date) -> tuple[Span, ...]:
        """The spans in which people answer, as they hold on a Roman day."""
        return _held(self.opening, self.opening_from, day)

    def callback_on(self, day: date) -> tuple[Span, ...]:
        """The spans in which people ring, as they hold on a Roman day."""
        return _held(self.callback, self.callback_from, day)

    def on(self, day: date) -> "Calendar":
        """The calendar as it would be if the hours of this day held on every day."""
        opening, callback = self.opening_on(day), self.callback_on(day)
        return replace(self, opening=opening, callback=callback, opening_from=(), callback_from=())

    @cached_property
    def known_slots(self) -> "dict[tuple[str, str, date], tuple[Slot, ...]]":
        """What `slots` has found in this calendar, which never changes: a list asks for the same few again and again."""
        return {}


@dataclass(frozen=True)
class Opening:
    """The next time that somebody answers: the Roman day and its whole hours, and how the day is said."""

    day: date
    opens: int
    closes: int
    said: str


@dataclass(frozen=True)
class Slot:
    """A stretch of time in which a person may be rung, in UTC, end not included."""

    begins: datetime
    ends: datetime


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(italian_holidays(year))


@lru_cache(maxsize=32)
def holiday_names(year: int, language: str) -> dict[date, str]:
    """The Italian holidays of a year, in their order, as they are called in Italian (`it`) or English (anything else)."""
    return {day: it if language == "it" else en for day, (it, en) in italian_holidays(year).items()}


def is_reckoned(day: date) -> bool:
    """Whether the line may be asked about a day: with what is before and after it there are clocks and calendars for it.

    The first and the last days that there are have no day before or after them.
    """
    return 2000 <= day.year < 2200


def is_holiday(day: date) -> bool:
    """Whether all of Italy has a holiday (4 October is one as of 2026)."""
    return day in _holidays(day.year)


def is_day_off(calendar: Calendar, day: date) -> bool:
    """Whether it is a holiday on which nobody works here."""
    return is_holiday(day) and day not in calendar.open_days


def works(calendar: Calendar, day: date) -> bool:
    """Whether anybody works on a day: it is no day off, and no closure holds."""
    return not is_day_off(calendar, day) and not any(closure.holds(day) for closure in calendar.closures)


def _held(spans: tuple[Span, ...], later: tuple[From, ...], day: date) -> tuple[Span, ...]:
    begun = {one.language: one.spans for one in later if one.first <= day}
    if not begun:
        return spans
    before = (span for span in spans if span.language not in begun)
    return (*before, *chain.from_iterable(begun.values()))


def _spans(spans: tuple[Span, ...], language: str, day: date) -> list[Span]:
    own = [span for span in spans if span.language == language]
    followed = own or [span for span in spans if span.language is None]
    return sorted((s for s in followed if s.weekday == day.weekday()), key=lambda s: s.opens)


def at_hour(day: date, hour: int) -> datetime:
    """The moment, in UTC, at which a Roman day has this hour."""
    return datetime.combine(day, time(hour), tzinfo=ROME).astimezone(UTC)


def today(at: datetime) -> date:
    """The day that it is in Rome."""
    return at.astimezone(ROME).date()


def status(calendar: Calendar, language: str, at: datetime) -> Status:
    """Whether somebody who speaks the language is at work at this moment.

    `HOLIDAY` on a day that all of Italy has off, from midnight to midnight, unless the line works on it; a closure of our own is `CLOSED`, since
    "today is a holiday in Italy" would be untrue.
    """
    local = at.astimezone(ROME)
    if is_day_off(calendar, local.date()):
        return Status.HOLIDAY
    if not works(calendar, local.date()):
        return Status.CLOSED
    spans = _spans(calendar.opening_on(local.date()), language, local.date())
    return Status.OPEN if any(s.opens <= local.hour < s.closes for s in spans) else Status.CLOSED


def open_hours(calendar: Calendar, language: str, day: date) -> list[int]:
    """The whole hours of a Roman day in which somebody who speaks the language is at work, in order."""
    if not works(calendar, day):
        return []
    return sorted(
        {hour for s in _spans(calendar.opening_on(day), language, day) for hour in range(s.opens, s.closes)}
    )


def open_until(calendar: Calendar, language: str, at: datetime) -> datetime | None:
    """Until when the line that is open at this moment stays so without a break; None when it is not open."""
    if status(calendar, language, at) is not Status.OPEN:
        return None
    local = at.astimezone(ROME)
    closes = local.hour
    for span in _spans(calendar.opening_on(local.date()), language, local.date()):
        if span.opens <= closes < span.closes:
            closes = span.closes
    return at_hour(local.date(), closes)


def next_opening(calendar: Calendar, language: str, at: datetime) -> Opening | None:
    """The first time after this moment at which somebody begins to answer in the language.

    None when there is none within two weeks. A day further off than six days is said `two_weeks`, since a weekday's
    name would be taken for the nearer one.
    """
    here = today(at)
    for ahead in range(PROMISE_DAYS + 1):
        day = here + timedelta(days=ahead)
        if not works(calendar, day):
            continue
        for span in _spans(calendar.opening_on(day), language, day):
            if at_hour(day, span.opens) > at:
                return Opening(day, span.opens, span.closes, say_day(day, here))
    return None


def slots(calendar: Calendar, language: str, window: Window | str, day: date) -> list[Slot]:
    """When a caller may be rung on a Roman day: callback hours, within the window, outside the quiet hours."""
    known, key = calendar.known_slots, (language, str(window), day)
    found = known.get(key)
    if found is None:
        if len(known) >= SLOTS_KEPT:
            known.clear()
        found = known[key] = tuple(_slots(calendar, language, window, day))
    return list(found)


def _slots(calendar: Calendar, language: str, window: Window | str, day: date) -> list[Slot]:
    if not works(calendar, day):
        return []
    first, last = WINDOW_HOURS[Window(window)]
    found = []
    for span in _spans(calendar.callback_on(day), language, day):
        opens, closes = max(first, span.opens, QUIET_UNTIL), min(last, span.closes, QUIET_FROM)
        if opens < closes:
            found.append(Slot(at_hour(day, opens), at_hour(day, closes)))
    return found


def next_slot(calendar: Calendar, language: str, window: Window | str, at: datetime) -> Slot | None:
    """The slot that holds this moment, or the first one after it; None when there is none within two weeks."""
    for ahead in range(PROMISE_DAYS + 1):
        for slot in slots(calendar, language, window, today(at) + timedelta(days=ahead)):
            if slot.ends > at:
                return slot
    return None


def may_ring(calendar: Calendar, language: str, window: Window | str, at: datetime) -> bool:
    """Whether a caller who asked for this window may be rung at this moment."""
    return any(slot.begins <= at < slot.ends for slot in slots(calendar, language, window, today(at)))


def promise(calendar: Calendar, language: str, window: Window | str, at: datetime) -> date | None:
    """The day by which we try: the first Roman day after today with a slot for this window and language.

    None when there is none within two weeks; what is said then is `two_weeks`, "in two weeks at most".
    """
    here = today(at)
    for ahead in range(1, PROMISE_DAYS + 1):
        day = here + timedelta(days=ahead)
        if slots(calendar, language, window, day):
            return day
    return None


def say_day(day: date | None, here: date) -> str:
    """The name of the clip that says a day to somebody for whom today is `here`.

    A weekday's name only for days two to six ahead, since a week ahead it would be today's; anything else (further
    off, unknown, or past, which nobody should be promised) is `two_weeks`.
    """
    ahead = -1 if day is None else (day - here).days
    if ahead in (0, 1):
        return (TODAY, TOMORROW)[ahead]
    return WEEKDAYS[day.weekday()] if day is not None and 2 <= ahead <= 6 else TWO_WEEKS


def part_of_day(at: datetime) -> Window:
    """The part of the Roman day that holds a moment; a moment in the quiet hours belongs to the nearer end of the day."""
    hour = at.astimezone(ROME).hour
    return next((part for part in PARTS if hour < WINDOW_HOURS[part][1]), Window.EVENING)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether a day counts where days are promised: Monday to Friday, no holiday, no closure of ours."""
    return day.weekday() < 5 and works(calendar, day)


def working_days(calendar: Calendar, first: date, count: int) -> list[date]:
    """All days from the first one until so many working days have passed, with the days off between them.

    A line that is closed for months has fewer: nobody looks further than ten weeks.
    """
    found: list[date] = []
    for ahead in range(FURTHEST_DAYS):
        day = first + timedelta(days=ahead)
        found.append(day)
        count -= is_working_day(calendar, day)
        if count <= 0:
            break
    return found


FURTHEST_DAYS = 70
