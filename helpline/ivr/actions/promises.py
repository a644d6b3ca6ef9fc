"""When we promise to call: the parts of the day that can be offered, the day by which we try, how the draft holds it."""

from datetime import date

from helpline import hours
from helpline.callbacks import windows
from helpline.ivr.caller import Caller

MOST_WINDOWS = 3


def promised_day(caller: Caller, language: str, window: str) -> date | None:
    """The day by which we try, by the calendar of this moment; None when there is none within two weeks."""
    return hours.promise(caller.line().calendar, language, window, caller.now())


def offered_windows(caller: Caller) -> tuple[str, ...]:
    """The parts of the day that the menu offers now: those in which somebody can call in the next five working days.

    Any time is always offered: who can be called at none of them is on the coordinators' list at once.
    """
    today = hours.today(caller.now())
    found = windows.offered_windows(caller.line().calendar, caller.language, today)
    return tuple(str(one) for one in hours.Window if one in found or one is hours.Window.ANY)


def refused_window(caller: Caller, window: str | None) -> str | None:
    """Why a part of the day cannot be had: `not_offered`, in the end `too_many`; None when it can."""
    if window is None or window in offered_windows(caller):
        caller.keep(window_tries=0)
        return None
    tries = caller.draft().get("window_tries", 0) + 1
    caller.keep(window_tries=tries)
    return "too_many" if tries >= MOST_WINDOWS else "not_offered"


def iso(day: date | None) -> str | None:
    """A day as the draft holds it."""
    return day.isoformat() if day else None
