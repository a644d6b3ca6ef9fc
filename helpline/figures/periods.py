"""Which whole months a period is made of, and which days besides: what is read of long ones by the month. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from helpline.routing.counts_values import after, month_of


@dataclass(frozen=True)
class Parts:
    """A period in parts. `months`: the first days of its first and its last whole month (None: it has no whole one);
    `days`: the spans of days before and after, each with its first and its last day."""

    months: tuple[date, date] | None
    days: tuple[tuple[date, date], ...]


def parts(first: date, last: date) -> Parts:
    """The whole months from `first` to `last`, both included, and the days that are in none of them."""
    begins = first if first.day == 1 else after(month_of(first))
    ends = (last + timedelta(days=1)).replace(
        day=1
    )  # the month of the day after is the first that is not whole
    if begins >= ends:
        return Parts(None, ((first, last),) if first <= last else ())
    a_day = timedelta(days=1)
    days = ((first, begins - a_day), (ends, last))
    return Parts((begins, (ends - a_day).replace(day=1)), tuple(span for span in days if span[0] <= span[1]))
