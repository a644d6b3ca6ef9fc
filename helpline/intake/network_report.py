"""What the network did, by month or quarter: signals, calls of offices, meetings of Focal Points; small groups hidden.

Of people only counts leave here, and none of one to four (`small_cells`): not beside the others of its table and their
sum. Whoever holds a table by month and one by quarter can still take one from the other, so both stay with coordinators.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from helpline import small_cells
from helpline.callbacks.models import Callback
from helpline.hours import at_hour
from helpline.intake.asks import OFFICE
from helpline.intake.models import Ask
from helpline.routing import information
from helpline.routing.network_models import InformationSession, Signal

UNKNOWN = "unknown"
FIGURES = ("signals", "office_calls", "sessions", "people", "brochures")
_OF_PEOPLE = frozenset({"signals", "office_calls", "people"})


class By(StrEnum):
    """What a line is about: all of a period, or one part of it."""

    ALL = "all"
    SOURCE = "source"
    OUTCOME = "outcome"
    REGION = "region"
    LANGUAGE = "language"
    KIND = "kind"


class Unit(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"


SOURCES = ("form", "account")
OUTCOMES = ("waiting", "called", "request", "unreachable", "cancelled", "kept", "closed")
"""`request`: they asked for help to return in the talk; `kept`: nobody can be called yet; `closed`: without a call."""


@dataclass(frozen=True)
class Line:
    """One part of a period. `period`: `2026-11` or `2026-Q4`. `figures`: None is one to four people (or hidden with
    them), a missing one is not counted by this part."""

    period: str
    by: By
    value: str
    figures: Mapping[str, int | None]


def report(session: Session, year: int, unit: Unit = Unit.MONTH) -> list[Line]:
    """The lines of a year, by period and part; of a part without anything there is none."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    cells: dict[tuple[str, By, str], Counter[str]] = defaultdict(Counter)
    for figure, rows in (
        ("signals", _signals(session, first, last)),
        ("office_calls", _offices(session, first, last)),
    ):
        for month, parts, count in rows:
            for by, value in parts.items():
                cells[_period(month, unit), by, UNKNOWN if value is None else value][figure] += count
    for line in information.by_month(session, first, last):
        counts = {"sessions": line.sessions, "people": line.people, "brochures": line.brochures}
        for by, value in ((By.ALL, ""), (By.REGION, line.region or UNKNOWN), (By.KIND, line.kind)):
            cells[_period(line.month, unit), by, value].update(counts)
    return _told(cells)


def years(session: Session, now: datetime) -> list[int]:
    """The years of which there is anything, and this one; the newest first."""
    begun = session.scalar(select(func.min(Signal.created_at)))
    offices = select(Callback.created_at).where(Callback.topic == OFFICE)
    office = session.scalar(
        offices.order_by(Callback.id).limit(1)
    )  # soon met, where the least would be looked for in all
    held = session.scalar(select(func.min(InformationSession.day)))
    here = now.year
    oldest = min([here, *(moment.year for moment in (begun, office, held) if moment is not None)])
    return list(range(here, oldest - 1, -1))


def _told(cells: Mapping[tuple[str, By, str], Counter[str]]) -> list[Line]:
    """Lines in order, small groups hidden among those that one table shows beside their sum."""
    tables: dict[tuple[str, By], list[str]] = defaultdict(list)
    for period, by, value in sorted(cells, key=lambda cell: (cell[0], list(By).index(cell[1]), cell[2])):
        tables[period, by].append(value)
    lines = []
    for (period, by), values in tables.items():
        figures: dict[str, dict[str, int | None]] = {value: {} for value in values}
        for figure in _counted(by):
            counts = {value: cells[period, by, value][figure] for value in values}
            shown = small_cells.told(counts) if figure in _OF_PEOPLE else counts
            for value in values:
                figures[value][figure] = shown[value]
        lines += [Line(period, by, value, figures[value]) for value in values]
    return lines


def _counted(by: By) -> tuple[str, ...]:
    return {
        By.SOURCE: ("signals",),
        By.OUTCOME: ("signals", "office_calls"),
        By.LANGUAGE: ("signals", "office_calls"),
        By.KIND: ("sessions", "people", "brochures"),
    }.get(by, FIGURES)


def _period(month: str, unit: Unit) -> str:
    if unit == Unit.MONTH:
        return month
    year, number = month.split("-")
    return f"{year}-Q{(int(number) + 2) // 3}"


Rows = Iterable[tuple[str, dict[By, str | None], int]]


def _signals(session: Session, first: date, last: date) -> Rows:
    month, source = _month(Signal.created_at), case((Signal.verified, "account"), else_="form")
    without = case((and_(Signal.closed_at.is_(None), Signal.number.is_not(None)), "kept"), else_="closed")
    outcome = case((Signal.ask_id.is_(None), without), (Ask.kind == "request", "request"), else_=_of_calls())
    parts = (source, outcome, Signal.region, Signal.language)
    wanted = select(month, *parts, func.count()).outerjoin(Ask, Ask.id == Signal.ask_id)
    wanted = wanted.where(_within(Signal.created_at, first, last)).group_by(month, *parts)
    for at, source_is, outcome_is, region, language, count in session.execute(wanted):
        yield at, {By.ALL: "", By.SOURCE: source_is, By.OUTCOME: outcome_is, By.REGION: region, By.LANGUAGE: language}, count  # fmt: skip


def _offices(session: Session, first: date, last: date) -> Rows:
    """Each office that pressed 4 and asked to be called, once, however often it was tried."""
    # Few were begun again: what these came to is found at once, and not for each of all.
    newest = func.array_agg(aggregate_order_by(Callback.state, Callback.id.desc()))[1]
    begun = select(
        Callback.ask_id, func.bool_or(Callback.state == "done").label("talked"), newest.label("state")
    )
    again = begun.where(Callback.follows_id.is_not(None)).group_by(Callback.ask_id).subquery()
    state = func.coalesce(again.c.state, Callback.state)
    outcome = case(*_ends(or_(Callback.state == "done", again.c.talked), state), else_="waiting")
    month, parts = _month(Callback.created_at), (outcome, Ask.region, Callback.language)
    wanted = select(month, *parts, func.count()).join(Ask, Ask.id == Callback.ask_id)
    wanted = (
        wanted.outerjoin(again, again.c.ask_id == Callback.ask_id)
        .where(
            Callback.topic == OFFICE, Callback.follows_id.is_(None), _within(Callback.created_at, first, last)
        )
        .group_by(month, *parts)
    )
    for at, outcome_is, region, language, count in session.execute(wanted):
        yield at, {By.ALL: "", By.OUTCOME: outcome_is, By.REGION: region, By.LANGUAGE: language}, count


def _of_calls() -> ColumnElement[str]:
    """What became of the calls that an ask made: one talk is enough, else what the last one came to."""
    of_ask = Callback.__table__.alias("of_ask")
    talked = exists().where(of_ask.c.ask_id == Ask.id, of_ask.c.state == "done")
    last = select(of_ask.c.state).where(of_ask.c.ask_id == Ask.id).order_by(of_ask.c.id.desc()).limit(1)
    state = last.correlate(Ask).scalar_subquery()
    return case(
        *_ends(talked.correlate(Ask), state),
        (and_(state.is_(None), Ask.closed_at.is_not(None)), "called"),
        else_="waiting",
    )


def _ends(talked: ColumnElement[bool], state: ColumnElement[Any]) -> list[tuple[ColumnElement[bool], str]]:
    """How the calls of an ask ended: one talk is enough, else the state of the last."""
    return [
        (talked, "called"),
        (state == "unreachable", "unreachable"),
        (state.in_(("cancelled", "stopped")), "cancelled"),
    ]


def _month(moment: Any) -> ColumnElement[str]:
    in_rome = func.timezone(literal("Europe/Rome", String), moment)
    return func.to_char(in_rome, "YYYY-MM")


def _within(moment: Any, first: date, last: date) -> ColumnElement[bool]:
    return and_(moment >= at_hour(first, 0), moment < at_hour(last + timedelta(days=1), 0))
