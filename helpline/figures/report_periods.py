"""Months and quarters of Rome, what comes before them, and how a fund's dates divide them. Pure; told the day."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_NAME = re.compile(r"(20\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))")
_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """Days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> str:
        """As it stands in what is kept: `2026-10-01/2026-12-31`."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @property
    def months(self) -> int:
        """How many months it has, where it is of whole ones; else 0."""
        whole = self.first.day == 1 and (self.last + _DAY).day == 1
        return (
            (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1 if whole else 0
        )

    def meets(self, other: "Period") -> bool:
        """Whether some day lies in both."""
        return self.first <= other.last and other.first <= self.last

    def within(self, other: "Period") -> bool:
        """Whether all of it lies in the other one, which is longer."""
        return self != other and other.first <= self.first and self.last <= other.last


def month(year: int, number: int) -> Period:
    """A month of a year; months are counted on, before 1 and after 12."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    following = date(year + number // 12, number % 12 + 1, 1)
    return Period(date(year, number, 1), following - _DAY)


def quarter(year: int, number: int) -> Period:
    """A quarter of a year; counted on as months are."""
    begins = month(year, 3 * number - 2).first
    return Period(begins, month(begins.year, begins.month + 2).last)


def named(name: str) -> Period | None:
    """The period that is called so: `2026-11`, `2026-Q4`; None where nothing is."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    year, of_month, of_quarter = found.groups()
    return month(int(year), int(of_month)) if of_month else quarter(int(year), int(of_quarter))


def name(period: Period) -> str:
    """What a month or a quarter is called."""
    if period.months == 1:
        return f"{period.first:%Y-%m}"
    return f"{period.first.year}-Q{(period.first.month + 2) // 3}"


def months(period: Period) -> list[Period]:
    """The months of a quarter; of a month, itself."""
    return [month(period.first.year, period.first.month + more) for more in range(period.months)]


def before(period: Period) -> Period:
    """The month or quarter before it."""
    begins = month(period.first.year, period.first.month - period.months)
    return Period(begins.first, period.first - _DAY)


def a_year_before(period: Period) -> Period:
    """The same months of the year before."""
    begins = month(period.first.year - 1, period.first.month)
    return Period(begins.first, month(period.last.year - 1, period.last.month).last)


def latest(today: date, *, quarters: int = 5, of_months: int = 13) -> list[Period]:
    """Quarters, then months, the newest first: those that are complete, and last of each kind the one that runs."""
    number = (today.month + 2) // 3
    return [
        *(quarter(today.year, number - back) for back in (*range(1, quarters), 0)),
        *(month(today.year, today.month - back) for back in (*range(1, of_months), 0)),
    ]


def divided(period: Period, others: Iterable[Period]) -> list[Period]:
    """The period, cut wherever one of the others begins or ends within it."""
    cuts = {period.first}
    for other in others:
        cuts |= {day for day in (other.first, other.last + _DAY) if period.first < day <= period.last}
    begins: Sequence[date] = sorted(cuts)
    ends = [*(day - _DAY for day in begins[1:]), period.last]
    return [Period(first, last) for first, last in zip(begins, ends, strict=True)]
