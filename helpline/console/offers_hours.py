"""An organisation's working hours in words. Knows no page."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from flask_babel import get_locale, gettext

from helpline.hours import WEEKDAYS


def weekday(number: int, width: str = "wide") -> str:
    """A day of the week, from Monday (0), in the reader's language."""
    locale = get_locale()
    name = str(locale.days["stand-alone"][width][number]) if locale else str(number)
    return name[:1].upper() + name[1:]


def line(spans: Iterable[Mapping[str, int]] | None) -> str:
    """An organisation's working hours in a line: days that are alike together; the usual ones where it has none."""
    of = {
        day: " ".join(f"{span['opens']}–{span['closes']}" for span in spans or () if span["weekday"] == day)
        for day in range(len(WEEKDAYS))
    }
    if not any(of.values()):
        return gettext("the usual ones: %(days)s 9–17", days=_days([0, 1, 2, 3, 4]))
    lines = [(_days(list(days)), text) for text, days in groupby(of, key=lambda day: of[day]) if text]
    return ", ".join(f"{days} {text}" for days, text in lines)


def _days(numbers: list[int]) -> str:
    first, last = (weekday(number, "abbreviated") for number in (numbers[0], numbers[-1]))
    return first if first == last else f"{first}–{last}"
