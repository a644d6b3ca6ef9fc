"""How moments, spans and numbers are shown: in Europe/Rome, with Latin digits, in the reader's language."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from helpline import clock
from helpline.console.words import gettext, language, ngettext

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SOON = 90 * _MINUTE
NOTHING = "–"
"""Stands where there is no figure."""


def in_rome(moment: datetime) -> datetime:
    """The moment on Rome's clocks."""
    return moment.astimezone(clock.ROME)


def clock_time(moment: datetime) -> str:
    """`14:05`"""
    return in_rome(moment).strftime("%H:%M")


def day(moment: datetime | date) -> str:
    """`today`, `yesterday`, `tomorrow`, else `Mon 23 Nov`, with the year where it is another one."""
    which = in_rome(moment).date() if isinstance(moment, datetime) else moment
    today = clock.in_rome().date()
    match (which - today).days:
        case 0:
            return gettext("today")
        case 1:
            return gettext("tomorrow")
        case -1:
            return gettext("yesterday")
    return _dated(which, "EEE d MMM" if which.year == today.year else "EEE d MMM y", language())


def long_day(moment: datetime | date) -> str:
    """`Monday 23 November 2026`"""
    which = in_rome(moment).date() if isinstance(moment, datetime) else moment
    return _dated(which, "EEEE d MMMM y", language())


def exact_day(which: date) -> str:
    """`Mon 23 Nov 2026`, also of today: for tables that somebody prints."""
    return _dated(which, "EEE d MMM y", language())


def month_year(month: date) -> str:
    """`November 2026`"""
    return _dated(month, "LLLL y", language())


@lru_cache(maxsize=1024)
def _dated(which: date, pattern: str, reader: str) -> str:
    """Kept, since a list names few days many times."""
    if which.day == 1 and reader == "it":
        pattern = pattern.replace("d MMM", "d'º' MMM")
    return str(format_date(which, pattern, locale=Locale(reader)))


def when(moment: datetime) -> str:
    """`today 14:05`"""
    return f"{day(moment)} {clock_time(moment)}"


def span(length: timedelta | float) -> str:
    """`4 min`, `3 h`, `2 days`: the one unit that matters."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if seconds < _SOON:
        return gettext("%(count)s min", count=number(int(seconds // _MINUTE)))
    if seconds < 2 * _DAY:
        hours = int(seconds // _HOUR)
        return ngettext("%(count)s h", "%(count)s h", hours, count=number(hours))
    days = int(seconds // _DAY)
    return ngettext("%(count)s day", "%(count)s days", days, count=number(days))


def ago(moment: datetime) -> str:
    """`3 h ago`, `in 20 min`, `just now`."""
    seconds = (clock.now() - moment).total_seconds()
    if abs(seconds) < _MINUTE:
        return gettext("just now")
    if seconds < 0:
        return gettext("in %(span)s", span=span(-seconds))
    return gettext("%(span)s ago", span=span(seconds))


def playing_time(seconds: float) -> str:
    """`1:07`, as players show it."""
    return f"{int(seconds) // _MINUTE}:{int(seconds) % _MINUTE:02d}"


def number(value: float) -> str:
    """`1.234` in Italian, `1,234` in English."""
    return _written(value, language())


def percent(part: float | None) -> str:
    """`22,7 %`, `7,0 %`: always with one decimal, so that what stands in one column can be compared; a dash for nothing."""
    return NOTHING if part is None else f"{tenths(round(100 * part, 1) + 0.0)}\u00a0%"


def tenths(value: float) -> str:
    """`3,5`, `7,0`: always with one decimal."""
    return decimals(value)


def decimals(value: float, places: int = 1) -> str:
    """`3,5`, `7,0`; with two places `1,03`, `1,00`: always so many, so that what stands in one column can be compared."""
    return _decimals(value, places, language())


def change(part: float) -> str:
    """`+3,5 %`, `−0,4 %`, `0,0 %`: by how much of itself something has changed."""
    rounded = round(100 * part, 1)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{percent(abs(rounded) / 100)}"


@lru_cache(maxsize=1024)
def _decimals(value: float, places: int, reader: str) -> str:
    return str(format_decimal(value, f"#,##0.{'0' * places}", locale=Locale(reader)))


@lru_cache(maxsize=1024)
def _written(value: float, reader: str) -> str:
    return str(format_decimal(value, locale=Locale(reader)))


FILTERS = {
    "month_year": month_year,
    "ago": ago,
    "clock_time": clock_time,
    "day": day,
    "decimals": decimals,
    "long_day": long_day,
    "number": number,
    "percent": percent,
    "playing_time": playing_time,
    "span": span,
    "when": when,
}
