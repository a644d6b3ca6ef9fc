"""The figures of a period, read from the counts: calls by what came of them, waits, callbacks, requests, what was missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, func, select, tuple_
from sqlalchemy.orm import Session

from helpline import small_cells
from helpline.clock import ROME
from helpline.figures import counting, spans
from helpline.figures.models import (
    NEVER_OFFERED,
    NONE,
    CallbackDay,
    CallDay,
    CallHour,
    RequestDay,
    Spread,
)
from helpline.figures.spans import Counts
from helpline.hours import at_hour
from helpline.routing.counts_values import after, month_of

HOURLY = 2
"""Periods of so many days are told by the hour; up to `DAILY` by the day; longer ones by the month, unless a unit is chosen."""
DAILY = 62
MOST: Mapping[str, int] = {"hour": 14, "day": 366, "month": 3660}
"""So many days can be told by a unit that is chosen."""
UNPLACED = ("waiting", "needs_person")
_OF_REQUESTS = ("state", "entity_id", "region", "country", "why")
_BY_MOMENT, _BY_LANGUAGE = 0b011, 0b101
"""How the database says by which of moment, language and number a row is a sum: a bit for each that it is not."""
_NAMED = 5
SPREADS = Counts("spread_days", "spread_months", ("what", "value"), ("count",))
SUMS = tuple(column.name for column in CallDay.__table__.columns if not column.primary_key)


@dataclass(frozen=True)
class Told:
    """A length of time: how many there were, the median, and what nine in ten were at most; None where there were none."""

    count: int
    median: int | None
    ninth: int | None


@dataclass
class Calls:
    """Sums of some calls, by outcome and of what else is counted of them."""

    outcomes: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)

    @property
    def offered(self) -> int:
        """All calls: the sum of all outcomes."""
        return self.outcomes.total()

    def add(self, outcome: str, sums: Mapping[str, int]) -> None:
        """Count these calls among them."""
        self.outcomes[outcome] += sums["calls"]
        self.sums.update(sums)

    def share(self, part: str, whole: str) -> float | None:
        """What part of one sum another is; None of nothing."""
        return self.sums[part] / self.sums[whole] if self.sums[whole] else None

    def served(self, part: str) -> float | None:
        """What part of those who asked for a person while somebody was there this sum is; None where nobody did."""
        asked = self.sums["wanted_person"] - self.sums["nobody"]
        return self.sums[part] / asked if asked else None


@dataclass(frozen=True)
class Moment:
    """An hour, a day or a month of the period, by what it is called, and its calls. `first` and `last`: its days."""

    name: str
    first: date
    last: date
    calls: Calls


@dataclass(frozen=True)
class Overview:
    """The figures of a period, both days included. `languages`, `numbers`: the same calls, by them."""

    first: date
    last: date
    unit: str
    calls: Calls
    moments: tuple[Moment, ...]
    languages: Mapping[str, Calls]
    numbers: Mapping[str, Calls]
    spreads: Mapping[Spread, Told]
    callbacks: Mapping[str, Mapping[str, int]]
    attempts: int
    late: int
    requests: Mapping[str, Mapping[str, int | None]]
    unplaced: Mapping[str, Mapping[str, int | None]]


def overview(
    session: Session, first: date, last: date, *, language: str = "", number: str = "", unit: str = ""
) -> Overview:
    """The figures of a period; of one language, or one number of ours (calls only), where that is chosen.

    `unit`: `hour`, `day` or `month`; by the length of the period where none is chosen. Raises `ValueError` when it ends
    before it begins, and where it is too long for the unit (`MOST`).
    """
    if last < first:
        raise ValueError("the period ends before it begins")
    days = (last - first).days + 1
    unit = unit or ("hour" if days <= HOURLY else "day" if days <= DAILY else "month")
    if days > MOST[unit]:
        raise ValueError(f"too many days to be told by the {unit}")
    everything = Calls()
    languages: dict[str, Calls] = defaultdict(Calls)
    numbers: dict[str, Calls] = defaultdict(Calls)
    moments = {
        name: Moment(name, begins, ends, Calls()) for name, begins, ends in _moments(first, last, unit)
    }
    for row in _rows(session, first, last, unit, language, number):
        outcome, sums = row.outcome or "refused", dict(zip(SUMS, row[_NAMED:], strict=True))
        if row.grouped == _BY_MOMENT:
            moments[_name(row.at, unit)].calls.add(outcome, sums)
            everything.add(outcome, sums)
        elif row.grouped == _BY_LANGUAGE:
            languages[row.language].add(outcome, sums)
        else:
            numbers[row.number].add(outcome, sums)
    callbacks, attempts, late = _callbacks(session, first, last, language)
    requests, unplaced = _requests(session, first, last, language)
    return Overview(
        first, last, unit, everything, tuple(moments.values()),
        dict(sorted(languages.items(), key=lambda each: (-each[1].offered, each[0]))), dict(sorted(numbers.items())),
        _spreads(session, first, last, language), callbacks, attempts, late, requests, unplaced,
    )  # fmt: skip


def _rows(session: Session, first: date, last: date, unit: str, language: str, number: str) -> Iterable[Any]:
    table: type[CallHour] | type[CallDay] = CallHour if unit == "hour" else CallDay
    given = counting.moments(first, last)
    when = (
        (CallHour.hour >= given["begins"]) & (CallHour.hour < given["ends"])
        if unit == "hour"
        else CallDay.day.between(first, last)
    )
    at = (
        CallHour.hour
        if unit == "hour"
        else CallDay.day
        if unit == "day"
        else func.date_trunc("month", CallDay.day)
    )
    asked = select(
        at.label("at"), table.language, table.number, table.outcome,
        *[func.sum(getattr(table, name)).label(name) for name in SUMS],
    ).where(when)  # fmt: skip
    if language:
        asked = asked.where(table.language == language)
    if number:
        asked = asked.where(table.number == number)
    # First by all four together, which are far fewer than there are rows; these are then added up in three ways.
    each = asked.group_by(at, table.language, table.number, table.outcome).subquery().c
    by = (each.at, each.language, each.number)
    told = select(
        func.grouping(*by).label("grouped"),
        *by,
        each.outcome,
        *[func.sum(each[name]).cast(BigInteger) for name in SUMS],
    )
    return session.execute(told.group_by(func.grouping_sets(*(tuple_(one, each.outcome) for one in by))))


def _moments(first: date, last: date, unit: str) -> Iterable[tuple[str, date, date]]:
    """Every hour, day or month of the period, also those in which nobody called. A day has 23, 24 or 25 hours."""
    if unit == "hour":
        at, ends = at_hour(first, 0), at_hour(last + timedelta(days=1), 0)
        while at < ends:
            here = at.astimezone(ROME).date()
            yield _name(at, unit), here, here
            at += timedelta(hours=1)
        return
    day = first
    while day <= last:
        following = day + timedelta(days=1)
        if unit == "month":
            following = after(month_of(day))
        yield _name(day, unit), day, min(last, following - timedelta(days=1))
        day = following


def _name(at: Any, unit: str) -> str:
    if unit == "hour":
        return at.astimezone(ROME).isoformat(timespec="minutes")
    return at.strftime("%Y-%m") if unit == "month" else at.isoformat()


def _spreads(session: Session, first: date, last: date, language: str) -> dict[Spread, Told]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    which, given = ("language = :language", {"language": language}) if language else ("TRUE", {})
    for what, value, count in spans.added_up(session, SPREADS, [(first, last)], which, given=given):
        found[what].append((value, count))
    return {what: told(sorted(found[what])) for what in Spread}


def told(counts: Sequence[tuple[int, int]]) -> Told:
    """The median and the 90th percentile of values in their order, each with how often it was seen (nearest rank)."""
    total = sum(count for _, count in counts)

    def at(part: float) -> int | None:
        left = max(1, -int(-part * total // 1))
        for value, count in counts:
            left -= count
            if left <= 0:
                return value
        return None

    return Told(total, at(0.5), at(0.9))


def _callbacks(
    session: Session, first: date, last: date, language: str
) -> tuple[dict[str, dict[str, int]], int, int]:
    """Callbacks by state, by what they are about and by where they came from; tries; and first tries after the promised day."""
    asked = select(
        CallbackDay.state, CallbackDay.topic, CallbackDay.source,
        func.sum(CallbackDay.callbacks), func.sum(CallbackDay.attempts), func.sum(CallbackDay.late),
    ).where(CallbackDay.day.between(first, last))  # fmt: skip
    if language:
        asked = asked.where(CallbackDay.language == language)
    by: dict[str, Counter[str]] = {"state": Counter(), "topic": Counter(), "source": Counter()}
    attempts = late = 0
    for state, topic, source, count, tries, too_late in session.execute(
        asked.group_by(CallbackDay.state, CallbackDay.topic, CallbackDay.source)
    ):
        by["state"][state] += count
        by["topic"][topic] += count
        by["source"][source] += count
        attempts, late = attempts + tries, late + too_late
    return {name: dict(counts.most_common()) for name, counts in by.items()}, attempts, late


def _requests(
    session: Session, first: date, last: date, language: str
) -> tuple[dict[str, dict[str, int | None]], dict[str, dict[str, int | None]]]:
    """Requests by state, organisation, region and country; and those without a place (they wait, or were taken back before
    anybody was asked) by reason, region and country.

    By region and country groups of fewer than five people are hidden, and as many with them as it takes (`small_cells`);
    where all are fewer, there is one row without a name, by organisation too.
    """
    without = RequestDay.state.in_(UNPLACED) | (RequestDay.why == NEVER_OFFERED)
    columns = [getattr(RequestDay, name) for name in _OF_REQUESTS]
    asked = select(
        *columns,
        func.sum(RequestDay.requests).label("requests"),
        func.coalesce(func.sum(RequestDay.requests).filter(without), 0).label("without"),
    ).where(RequestDay.day.between(first, last))
    if language:
        asked = asked.where(RequestDay.language == language)
    # First by all five together, as calls are.
    each = asked.group_by(*columns).subquery().c
    by = [each[name] for name in _OF_REQUESTS]
    told = select(
        func.grouping(*by),
        *by,
        func.sum(each.requests).cast(BigInteger),
        func.sum(each.without).cast(BigInteger),
    )
    every: dict[str, Counter[str]] = {name: Counter() for name in _OF_REQUESTS}
    unplaced: dict[str, Counter[str]] = {name: Counter() for name in _OF_REQUESTS}
    for grouped, *values, count, few in session.execute(told.group_by(func.grouping_sets(*by))):
        # A bit for each column, the first the highest; that of the one by which is counted is not set.
        which_one = next(at for at in range(len(by)) if not grouped >> (len(by) - 1 - at) & 1)
        name, value = _OF_REQUESTS[which_one], values[which_one]
        every[name][value] += count
        if few:
            unplaced[name][value] += few
    every["entity_id"].pop(NONE, None)
    return (
        _shown({name: every[name] for name in ("state", "entity_id", "region", "country")}),
        _shown({name: unplaced[name] for name in ("why", "region", "country")}),
    )


def _shown(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, int | None]]:
    return {name: _AS.get(name, small_cells.largest_first)(each) for name, each in counts.items()}


_AS = {
    "region": small_cells.in_order,
    "country": small_cells.in_order,
    "entity_id": small_cells.without_names,
}
