"""The days that a page of figures is about: as its form says them, and the periods that are often asked for, as links."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from flask_babel import LazyString

from helpline import clock
from helpline.console.forms import Form
from helpline.console.words import lazy_gettext

Days = tuple[date, date]
"""The first and the last, both included."""
_A_DAY = timedelta(days=1)
LONGEST: Mapping[int, LazyString] = {
    3: lazy_gettext("Choose three years at most."),
    5: lazy_gettext("Choose five years at most."),
}
"""What is said of longer ones, by how many years a page shows."""


def before(days: int) -> Callable[[date], date]:
    """How a period of so many days begins, by its last day."""
    return lambda last: last - timedelta(days=days - 1)


def chosen(form: Form, begins: Callable[[date], date] = before(30), *, years: int = 3) -> Days:
    """The period of a form (`first`, `last`), which then shows it. Faults are said beside their fields: the last day before
    the first, more than `years`.

    Without a last day it goes until today; without a first it begins as `begins` says.
    """
    last = form.day("last") or clock.in_rome().date()
    first = form.day("first") or begins(last)
    if last < first:
        form.fault("last", str(_REVERSED))
    elif last - first > timedelta(days=366 * years):
        form.fault("first", str(LONGEST[years]))
    form.fill(first=first.isoformat(), last=last.isoformat())
    return first, last


def links(address: Callable[..., str], now: Days, *names: str) -> list[tuple[str, str, bool, None]]:
    """Periods that are often asked for, as `ui.chips` takes them; `now` is the one that is shown.

    `address`: of the page about other days, given `first` and `last`.
    """
    here = clock.in_rome().date()
    return [link(str(_OFTEN[name][0]), address, now, _OFTEN[name][1](here)) for name in names]


def link(text: str, address: Callable[..., str], now: Days, days: Days) -> tuple[str, str, bool, None]:
    """One of them."""
    return text, address(first=days[0].isoformat(), last=days[1].isoformat()), days == now, None


def _quarter(here: date) -> date:
    return date(here.year, 3 * ((here.month - 1) // 3) + 1, 1)


def _month_before(here: date) -> Days:
    last = here.replace(day=1) - _A_DAY
    return last.replace(day=1), last


def _quarter_before(here: date) -> Days:
    last = _quarter(here) - _A_DAY
    return _quarter(last), last


_REVERSED = lazy_gettext("The last day is before the first.")
_OFTEN: Mapping[str, tuple[LazyString, Callable[[date], Days]]] = {
    "today": (lazy_gettext("Today"), lambda here: (here, here)),
    "week": (lazy_gettext("Last 7 days"), lambda here: (before(7)(here), here)),
    "thirty": (lazy_gettext("Last 30 days"), lambda here: (before(30)(here), here)),
    "month": (lazy_gettext("This month"), lambda here: (here.replace(day=1), here)),
    "last_month": (lazy_gettext("Last month"), _month_before),
    "quarter": (lazy_gettext("This quarter"), lambda here: (_quarter(here), here)),
    "last_quarter": (lazy_gettext("Last quarter"), _quarter_before),
    "year": (lazy_gettext("This year"), lambda here: (date(here.year, 1, 1), here)),
    "last_year": (
        lazy_gettext("Last year"),
        lambda here: (date(here.year - 1, 1, 1), date(here.year - 1, 12, 31)),
    ),
}
