"""What is calculated from the cells of a report, from those that are shown; and where two versions of it differ. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from helpline.figures.report_periods import Period
from helpline.small_cells import FEWEST

Cell = int | float | str | None
"""A number, None (hidden), or "" (there is none)."""
ENOUGH = 2 * FEWEST
"""Of fewer lengths of time neither the median nor the other figure is told."""


def share(part: Cell, of: Cell) -> Cell:
    """What part of one number another is; hidden where either is, nothing of nought."""
    if part is None or of is None:
        return None
    return "" if not of else float(part) / float(of)


def change(now: Cell, then: Cell) -> Cell:
    """By how much of itself a number has changed; hidden where either is, nothing of nought."""
    if now is None or then is None:
        return None
    return "" if not then else (float(now) - float(then)) / float(then)


def weeks(period: Period) -> list[Period]:
    """Weeks from Monday to Sunday, the first and the last as far as they lie in the period."""
    found, day = [], period.first
    while day <= period.last:
        ends = min(period.last, day + timedelta(days=6 - day.weekday()))
        found.append(Period(day, ends))
        day = ends + timedelta(days=1)
    return found


def single_days(period: Period) -> list[Period]:
    """The days of a period, each by itself."""
    count = (period.last - period.first).days + 1
    return [Period(day, day) for day in (period.first + timedelta(days=more) for more in range(count))]


def changes(
    old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str, str, Cell, Cell]]:
    """Where two versions of a report differ: table, row, column, what it was, what it is ("" where it was not there)."""

    def cells(blocks: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, str], Cell]:
        found = {}
        for block in blocks:
            rows = [*block["rows"], *([("", block["total"])] if block["total"] else [])]
            for row, values in rows:
                for place, ((column, _), value) in enumerate(zip(block["columns"], values, strict=True)):
                    found[block["name"], row, f"{column}.{place}"] = value
        return found

    was, now = cells(old), cells(new)
    keys = [*was, *(key for key in now if key not in was)]
    return [
        (
            name,
            row,
            column.rpartition(".")[0],
            was.get((name, row, column), ""),
            now.get((name, row, column), ""),
        )
        for name, row, column in keys
        if was.get((name, row, column), "") != now.get((name, row, column), "")
    ]
