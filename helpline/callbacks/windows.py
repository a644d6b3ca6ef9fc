"""Which parts of which days can be offered, are open now, or have no slot left: pure, from the calendar alone."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from helpline import hours
from helpline.hours import Calendar, Slot, Window

OFFERED_DAYS = 5
"""A window is offered when it has a slot in so many working days."""

MARGIN = timedelta(minutes=5)
"""Nobody is given out who could no longer be rung by the time that two telephones have been picked up."""


def slots(
    calendar: Calendar, language: str, window: str, from_day: date, days: int = OFFERED_DAYS
) -> list[Slot]:
    """When a caller may be rung from a day on until so many working days have passed, that day included."""
    found = hours.working_days(calendar, from_day, days)
    return [slot for day in found for slot in hours.slots(calendar, language, window, day)]


def offered_windows(calendar: Calendar, language: str, today: date) -> tuple[str, ...]:
    """The windows that the line may offer: those with a slot in the five working days after today."""
    tomorrow = today + timedelta(days=1)
    return tuple(str(window) for window in Window if slots(calendar, language, window, tomorrow))


def closing_pairs(calendar: Calendar, languages: Iterable[str], now: datetime) -> frozenset[tuple[str, str]]:
    """The languages and windows without any slot in what is left of today and the five working days after it."""
    here = hours.today(now)
    return frozenset(
        (language, str(window))
        for language in languages
        for window in Window
        if not any(slot.ends > now for slot in hours.slots(calendar, language, window, here))
        and not slots(calendar, language, window, here + timedelta(days=1))
    )


def may_give_out(calendar: Calendar, language: str, window: str, now: datetime) -> bool:
    """Whether somebody with this language and window may be rung now and still could be in a few minutes."""
    return all(hours.may_ring(calendar, language, window, at) for at in (now, now + MARGIN))


def open_pairs(calendar: Calendar, languages: Iterable[str], now: datetime) -> list[tuple[str, str]]:
    """The languages and windows in which people may be given out at this moment."""
    return [
        (language, str(window))
        for language in languages
        for window in Window
        if may_give_out(calendar, language, window, now)
    ]


def queued_since(calendar: Calendar, language: str, window: str, at: datetime) -> datetime:
    """The first moment from which a caller could be rung who asks at this one."""
    slot = hours.next_slot(calendar, language, window, at)
    return max(at, slot.begins) if slot else at


def due_on(calendar: Calendar, language: str, window: str, at: datetime) -> date:
    """The day by which to ring somebody whom no day was promised; every callback has one, so none waits for ever."""
    promised = hours.promise(calendar, language, window, at)
    return promised or hours.today(at) + timedelta(days=hours.PROMISE_DAYS)


def first_moment(calendar: Calendar, language: str, window: str, day: date, now: datetime) -> datetime | None:
    """When to ring somebody on an agreed day, or on the next one with a slot; None: none within two weeks of it."""
    at = max(now, hours.at_hour(day, 0))
    slot = hours.next_slot(calendar, language, window, at)
    return max(at, slot.begins) if slot else None
