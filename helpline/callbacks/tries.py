"""What becomes of a callback after a try, and when to try again: pure; knows no table and not what time it is.

Only what the caller's side did costs one of the three tries. They are made in different parts of the day where the
caller's window allows it, over three working days (DOMAIN §4.1).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from helpline import hours
from helpline.callbacks.windows import MARGIN, slots
from helpline.hours import Calendar, Slot

TRIES = 3
"""So many tries that failed on the caller's side; then the callback is closed."""

TRY_DAYS = 3
"""The tries go over so many working days."""

WRONG_MOMENTS = 2
NETWORK_FAILURES = 5

DELAYS = {
    "busy": timedelta(hours=1),
    "no_answer": timedelta(hours=4),
    "machine": timedelta(hours=4),
    "refused": timedelta(hours=12),
    "wrong_moment": timedelta(hours=1),
    "wrong_person": timedelta(hours=4),
}
"""After which outcome of the caller's side to wait how long, at least. Each of them costs a try."""

_SAME_DAY = frozenset({"busy", "wrong_moment"})
_NETWORK_PAUSE = timedelta(minutes=10)


class Settled(StrEnum):
    """What becomes of a callback after an attempt."""

    AGAIN = "again"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"
    BARRED = "barred"


def settle(cause: str, attempts: int, *, proved: bool, wrong_moments: int = 0, failures: int = 0) -> Settled:
    """What becomes of a callback. The counts include this very attempt.

    `proved`: somebody once called from this number. Where it was only keyed, "I did not ask for a call" may come from
    anybody: it is stopped, and the number barred (DOMAIN §6, V1).
    """
    if cause in {"wrong_moment", "wrong_person"} and not proved:
        return Settled.BARRED
    if cause == "wrong_moment" and wrong_moments >= WRONG_MOMENTS:
        return Settled.STOPPED
    if attempts >= TRIES or (cause == "network" and failures >= NETWORK_FAILURES):
        return Settled.UNREACHABLE
    return Settled.AGAIN


def next_try(
    outcome: str,
    attempts: int,
    tried_at: datetime,
    window: str,
    language: str,
    calendar: Calendar,
    now: datetime,
    *,
    first_at: datetime | None = None,
    failures: int = 1,
) -> datetime | None:
    """When to try again after a try that ended so; None when the tries are used up, or there is no slot in sight.

    `attempts` counts this one, if it costs any; `first_at`: when the first of them was made; `failures`: how often
    the network has failed. What only our side or the network spoilt is tried again soon. What the caller's side did
    is tried again after a delay by outcome, on another working day (but for a busy line and a wrong moment), in
    another part of the day where the window has one; the last try not before the third working day.
    """
    if outcome == "network":
        if failures >= NETWORK_FAILURES:
            return None
        return _first(calendar, language, window, max(now, tried_at + _NETWORK_PAUSE * 3 ** (failures - 1)))
    if outcome not in DELAYS:
        return _first(calendar, language, window, now)
    if attempts >= TRIES:
        return None
    earliest = max(now, tried_at + DELAYS[outcome])
    first_day = _first_day(outcome, attempts, tried_at, first_at or tried_at, calendar)
    if outcome == "wrong_moment":
        earliest = max(earliest, _end_of_part(tried_at))
    pieces = list(_pieces(calendar, language, window, max(first_day, hours.today(earliest)), earliest))
    tried = hours.part_of_day(tried_at)
    before = {tried, hours.part_of_day(first_at or tried_at)}
    for wanted in (lambda part: part not in before, lambda part: part != tried, lambda part: True):
        for piece in pieces:
            if wanted(hours.part_of_day(piece.begins)):
                return piece.begins
    return _first(
        calendar, language, window, hours.at_hour(max(first_day, hours.today(earliest)), 0), earliest
    )


def _first_day(
    outcome: str, attempts: int, tried_at: datetime, first_at: datetime, calendar: Calendar
) -> date:
    """The first day on which the next try may be made."""
    here = hours.today(tried_at)
    day = here if outcome in _SAME_DAY else _working_day_after(calendar, here, 1)
    if attempts == TRIES - 1:
        day = max(day, _working_day_after(calendar, hours.today(first_at), TRY_DAYS - 1))
    return day


def _working_day_after(calendar: Calendar, day: date, count: int) -> date:
    return hours.working_days(calendar, day + timedelta(days=1), count)[-1]


def _end_of_part(at: datetime) -> datetime:
    _, end = hours.WINDOW_HOURS[hours.part_of_day(at)]
    return hours.at_hour(hours.today(at), end)


def _pieces(calendar: Calendar, language: str, window: str, day: date, earliest: datetime) -> Iterable[Slot]:
    """The slots of the three working days from a day on, cut where the parts of the day meet, from a moment on."""
    for slot in slots(calendar, language, window, day, TRY_DAYS):
        for part in hours.PARTS:
            first, last = hours.WINDOW_HOURS[part]
            here = hours.today(slot.begins)
            begins = max(slot.begins, hours.at_hour(here, first), earliest)
            ends = min(slot.ends, hours.at_hour(here, last))
            if begins + MARGIN < ends:
                yield Slot(begins, ends)


def _first(
    calendar: Calendar, language: str, window: str, at: datetime, not_before: datetime | None = None
) -> datetime | None:
    """The first moment, from one on, at which there is a slot within two weeks."""
    at = max(at, not_before or at)
    slot = hours.next_slot(calendar, language, window, at)
    return max(at, slot.begins) if slot else None
