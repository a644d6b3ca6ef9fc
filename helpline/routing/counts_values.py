"""Counts of a month that an organisation returns, as values: what is counted, what is wrong, what looks wrong. Pure.

People, never a person: how many, of which country of return. No name, no date of birth, no case.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from helpline import places


class What(StrEnum):
    """What is counted of a month, each person in the month in which it was so for the first time.

    Counselling begun, plan for return and reintegration agreed, returned: as `CaseOutcome`. The others divide those
    back in their country for whom something of the plan was given, by what the plan mainly goes for.
    """

    COUNSELLED = "counselled"
    PLANS = "plans"
    RETURNED = "returned"
    BUSINESS = "business"
    EMPLOYMENT = "employment"
    TRAINING = "training"
    EDUCATION = "education"
    HOUSING = "housing"
    HEALTH = "health"
    OTHER = "other"


STEPS = (What.COUNSELLED, What.PLANS, What.RETURNED)
KINDS = tuple(what for what in What if what not in STEPS)
"""Kinds of reintegration plans. The papers of the house name none; these are the types of assistance that IOM's own
programmes report by (business, job placement, training, education, housing, medical; avr.iom.sk, «Types of assistance»)."""
REINTEGRATED = "reintegrated"
"""The sum of all kinds: with it the four steps of a case are told side by side."""
MOST = 100_000
UNKNOWN = ""
"""The country of people of whom it is not known, or not decided."""


class Why(StrEnum):
    """Why a return of counts is refused."""

    NOT_BEGUN = "not_begun"
    OVER = "over"
    FUTURE = "future"
    COUNTRY = "country"
    TWICE = "twice"
    NUMBER = "number"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Wrong:
    """One fault. `row`: of which line, from nought (None: of the whole). `field`: `month`, `lines`, `country`, or what is counted."""

    field: str
    why: Why
    row: int | None = None


@dataclass(frozen=True)
class Line:
    """The people of one country of return (two letters, or `UNKNOWN`); what is not in it is nought."""

    country: str
    people: Mapping[str, int] = field(default_factory=dict)

    @property
    def reintegrated(self) -> int:
        """All for whom a plan is carried out, of whichever kind."""
        return sum(self.people.get(kind, 0) for kind in KINDS)

    @property
    def any(self) -> bool:
        """Whether anybody is counted."""
        return any(self.people.values())


@dataclass(frozen=True)
class Doubt:
    """Counts that cannot be, of a country, from the project's beginning until now: more of `more` than of `less`."""

    country: str
    more: str
    less: str
    people: int
    of: int


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def months(first: date, last: date) -> list[date]:
    """The months of these days, both included, in their order, each by its first day."""
    found, month = [], month_of(first)
    while month <= last:
        found.append(month)
        month = after(month)
    return found


def after(month: date) -> date:
    """The first day of the month that follows."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def judged(
    lines: Sequence[Line], *, month: date, starts_on: date, ends_on: date, today: date, empty: bool = False
) -> list[Wrong]:
    """Everything that is wrong with the counts of a month. `empty`: it is said that there was nothing."""
    faults = []
    if month < month_of(starts_on):
        faults.append(Wrong("month", Why.NOT_BEGUN))
    elif month > ends_on:
        faults.append(Wrong("month", Why.OVER))
    elif month > today:
        faults.append(Wrong("month", Why.FUTURE))
    seen: set[str] = set()
    for row, line in enumerate(lines):
        if line.country != UNKNOWN and not places.is_country(line.country):
            faults.append(Wrong("country", Why.COUNTRY, row))
        elif line.country in seen:
            faults.append(Wrong("country", Why.TWICE, row))
        seen.add(line.country)
        faults += [
            Wrong(what, Why.NUMBER, row) for what, count in line.people.items() if not 0 <= count <= MOST
        ]
    if not empty and not any(line.any for line in lines):
        faults.append(Wrong("lines", Why.NOTHING))
    return faults


def doubts(lines: Iterable[Line], before: Iterable[Line]) -> list[Doubt]:
    """What looks wrong, but may be right, once these are returned beside those of the project's other months.

    Nobody returns without a plan, has a plan without counselling, or is helped there without having returned: but
    what was before the first month that was returned is not known here.
    """
    of: dict[str, Counter[str]] = {}
    for line in (*before, *lines):
        of.setdefault(line.country, Counter()).update(
            {**{str(step): line.people.get(step, 0) for step in STEPS}, REINTEGRATED: line.reintegrated}
        )
    chain = (*STEPS, REINTEGRATED)
    here = {line.country for line in lines}
    return [
        Doubt(country, more, less, counts[more], counts[less])
        for country, counts in sorted(of.items())
        for less, more in pairwise(chain)
        if country in here and counts[more] > counts[less]
    ]


def pasted(text: str, countries: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of a spreadsheet as a form holds them: `country` and what is counted, as typed, in the order of `What`.

    `countries`: codes by names in small letters; a code stands for itself. A first row of headings is left out. What is
    no country stays as it was written, to be refused beside the others.
    """
    rows = []
    for number, line in enumerate(text.splitlines()):
        cells = [
            cell.strip().strip('"')
            for cell in line.split("\t" if "\t" in line else ";" if ";" in line else ",")
        ]
        if not any(cells):
            continue
        name = cells[0].casefold()
        code = countries.get(name, cells[0].upper() if places.is_country(cells[0].upper()) else cells[0])
        heading = number == 0 and not places.is_country(code) and not any(cell.isdecimal() for cell in cells)
        if not heading:
            rows.append(
                {"country": code} | dict(zip(What, (cell or "0" for cell in cells[1:]), strict=False))
            )
    return rows
