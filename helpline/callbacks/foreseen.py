"""What a change of the calendar would do to those who wait for a call: counted by what they chose, before anybody saves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import hours
from helpline.callbacks import windows
from helpline.callbacks.models import Callback, CallbackState
from helpline.hours import Calendar


@dataclass(frozen=True)
class Falls:
    """So many who wait for a call in a language and a part of the day could no longer be rung by the day they were promised;
    `ever`: nor in the five working days to come."""

    language: str
    window: str
    by: date
    count: int
    ever: bool


def falls(session: Session, before: Calendar, after: Calendar, now: datetime) -> list[Falls]:
    """Whose window would fall away by this change, those who wait longest first."""
    wanted = (
        select(Callback.language, Callback.window, Callback.due_on, func.count())
        .where(Callback.state == CallbackState.WAITING)
        .group_by(Callback.language, Callback.window, Callback.due_on)
        .order_by(Callback.due_on, Callback.language, Callback.window)
    )
    here = hours.today(now)
    found = []
    for language, window, due_on, count in session.execute(wanted):
        by = max(due_on, here)
        if _any(before, language, window, now, by) and not _any(after, language, window, now, by):
            later = any(slot.ends > now for slot in windows.slots(after, language, window, here))
            found.append(Falls(language, str(window), by, count, not later))
    return found


def _any(calendar: Calendar, language: str, window: str, now: datetime, by: date) -> bool:
    """Whether somebody could be rung from now until the end of that day."""
    return any(
        slot.ends > now
        for day in _days(hours.today(now), by)
        for slot in hours.slots(calendar, language, window, day)
    )


def _days(first: date, last: date) -> Iterator[date]:
    for ahead in range(min((last - first).days, hours.PROMISE_DAYS) + 1):
        yield first + timedelta(days=ahead)
