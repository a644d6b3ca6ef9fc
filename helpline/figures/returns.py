"""What organisations returned of their projects: counselled, with a plan, returned, helped there, by project, period and country.

People of all their cases, beside the cases that this line knows of itself. For the page and for the printed reports.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.figures import returns_told
from helpline.figures.models import CaseDay
from helpline.figures.returns_told import CountryLine, Ways
from helpline.routing import counts
from helpline.routing.counts_models import CountReturn, ReturnedCount
from helpline.routing.counts_values import KINDS, REINTEGRATED, STEPS, after, month_of, months
from helpline.routing.models import Entity, Project

FIGURES: tuple[str, ...] = (*STEPS, REINTEGRATED)
"""What is told side by side; the last is the sum of all kinds of reintegration plans."""


class Unit(StrEnum):
    """What a period is divided into."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """A month, a quarter or a year: its name (`2026-11`, `2026-Q4`, `2026`), its days, the people by figure, in all and by project."""

    name: str
    first: date
    last: date
    people: Counter[str]
    projects: Mapping[str, Counter[str]]


@dataclass(frozen=True)
class ProjectLine:
    """One project: people by figure, cases that the line knows by step in the months that were returned, and how many
    months are over (`due`) and which of them were not returned (`missing`)."""

    id: str
    name: str
    entity_id: str
    entity: str
    funder: str
    people: Counter[str]
    cases: Counter[str]
    due: int
    missing: tuple[date, ...]

    @property
    def short(self) -> tuple[str, ...]:
        """Of what fewer people were returned than the line knows cases of: that cannot be."""
        return tuple(step for step in STEPS if self.cases[step] > self.people[step])


@dataclass(frozen=True)
class Report:
    """What was returned of a period, whole months. `countries`: the small ones hidden (`returns_told`)."""

    first: date
    last: date
    unit: Unit
    periods: tuple[Period, ...]
    projects: tuple[ProjectLine, ...]
    people: Counter[str]
    cases: Counter[str]
    kinds: Mapping[str, int | None]
    countries: tuple[CountryLine, ...]

    @property
    def missing(self) -> tuple[ProjectLine, ...]:
        """The projects of which some month is over and was not returned."""
        return tuple(line for line in self.projects if line.missing)

    def exported(self) -> Mapping[tuple[str, str, str], int | None]:
        """People by figure, project and name of the period (empty: all of them), those of small groups as None: for what
        leaves the console."""
        return returns_told.by_project(
            {
                (figure, line.id, period.name): period.projects[line.id][figure]
                for period in self.periods
                for line in self.projects
                for figure in FIGURES
            }
        )


def report(
    session: Session,
    first: date,
    last: date,
    *,
    unit: Unit = Unit.MONTH,
    entity_id: str = "",
    project_id: str = "",
    leaves: bool = False,
) -> Report:
    """What was returned of these days' whole months (quarters, years); of one organisation or project where chosen.

    `leaves`: it is for something that leaves the console, so that sums of small groups are hidden too. Raises
    `ValueError` when the period ends before it begins.
    """
    if last < first:
        raise ValueError("the period ends before it begins")
    spans = tuple(_spans(first, last, unit))
    first, last = spans[0][1], spans[-1][2]
    lines = _projects(session, first, last, entity_id, project_id)
    ids = [row.id for row in lines]
    of_project: dict[str, Counter[str]] = defaultdict(Counter)
    of_period: dict[str, dict[str, Counter[str]]] = {name: defaultdict(Counter) for name, _, _ in spans}
    everything: Counter[str] = Counter()
    for project, month, what, people in _counts(session, ids, first, last):
        for figure in _figures(what):
            of_project[project][figure] += people
            of_period[_name(month, unit)][project][figure] += people
            everything[figure] += people
    returned = _returned(session, ids, first, last)
    cases = _cases(session, returned, first, last)
    today = clock.in_rome().date()
    projects = tuple(
        _line(row, of_project[row.id], cases[row.id], returned[row.id], first, last, today) for row in lines
    )
    countries, kinds = returns_told.by_country(_countries(session, ids, first, last), leaves=leaves)
    return Report(
        first, last, unit,
        tuple(Period(name, begins, ends, sum(of_period[name].values(), Counter()), of_period[name]) for name, begins, ends in spans),
        projects, everything, sum((line.cases for line in projects), Counter()), kinds, countries,
    )  # fmt: skip


def people(session: Session, first: date, last: date) -> Mapping[str, Mapping[str, int]]:
    """What a report on returns tells of each project in these whole months, alone: people by figure and project."""
    ids = [row.id for row in _projects(session, first, last, "", "")]
    found = {figure: dict.fromkeys(ids, 0) for figure in FIGURES}
    for project, _, what, count in _counts(session, ids, first, last):
        found[REINTEGRATED if what in KINDS else what][project] += count
    return found


def entities(session: Session) -> list[tuple[str, str]]:
    """Ids and names of the organisations that have a project, by name."""
    wanted = select(Entity.id, Entity.name).where(Entity.id.in_(select(Project.entity_id)))
    return [(id_, name) for id_, name in session.execute(wanted.order_by(Entity.name, Entity.id))]


def known_cases(session: Session, project_id: str, month: date) -> Mapping[str, Counter[str]]:
    """Cases of the line in a project's month: by country, how many came to each step. What an organisation sees beside its form."""
    wanted = _known(month, after(month_of(month)) - timedelta(days=1)).where(CaseDay.project_id == project_id)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for country, what, cases in session.execute(
        wanted.with_only_columns(CaseDay.country, CaseDay.what, func.sum(CaseDay.cases)).group_by(
            CaseDay.country, CaseDay.what
        )
    ):
        found[country][what] += cases
    return found


def _spans(first: date, last: date, unit: Unit) -> Iterable[tuple[str, date, date]]:
    size = _MONTHS[unit]
    begins = date(first.year, (first.month - 1) // size * size + 1, 1)
    while begins <= last:
        following = begins
        for _ in range(size):
            following = after(following)
        yield _name(begins, unit), begins, following - timedelta(days=1)
        begins = following


def _name(day: date, unit: Unit) -> str:
    if unit == Unit.YEAR:
        return f"{day:%Y}"
    return f"{day:%Y-%m}" if unit == Unit.MONTH else f"{day:%Y}-Q{(day.month + 2) // 3}"


def _figures(what: str) -> tuple[str, ...]:
    return (what, REINTEGRATED) if what in KINDS else (what,)


def _projects(session: Session, first: date, last: date, entity_id: str, project_id: str) -> list[Any]:
    wanted = (
        select(
            Project.id, Project.name, Project.entity_id, Entity.name.label("entity"), Project.funder,
            Project.starts_on, Project.ends_on,
        )
        .join(Entity, Entity.id == Project.entity_id)
        .where(Project.starts_on <= last, Project.ends_on >= first)
        .order_by(Entity.name, Project.name, Project.id)
    )  # fmt: skip
    if entity_id:
        wanted = wanted.where(Project.entity_id == entity_id)
    if project_id:
        wanted = wanted.where(Project.id == project_id)
    return list(session.execute(wanted))


def _valid(ids: Sequence[str], first: date, last: date) -> Any:
    """The returns that count, of these projects and months."""
    newest = counts.newest_ids()
    return (
        select(CountReturn.project_id, CountReturn.month)
        .join(newest, newest.c.id == CountReturn.id)
        .where(CountReturn.project_id.in_(ids), CountReturn.month.between(first, last))
    )


def _counts(session: Session, ids: Sequence[str], first: date, last: date) -> Iterable[Any]:
    wanted = (
        _valid(ids, first, last)
        .join(ReturnedCount, ReturnedCount.return_id == CountReturn.id)
        .add_columns(ReturnedCount.what, func.sum(ReturnedCount.people))
        .group_by(CountReturn.project_id, CountReturn.month, ReturnedCount.what)
    )
    return session.execute(wanted)


def _countries(session: Session, ids: Sequence[str], first: date, last: date) -> Ways:
    wanted = (
        _valid(ids, first, last)
        .join(ReturnedCount, ReturnedCount.return_id == CountReturn.id)
        .with_only_columns(ReturnedCount.country, ReturnedCount.what, func.sum(ReturnedCount.people))
        .group_by(ReturnedCount.country, ReturnedCount.what)
    )
    return {(country, what): people for country, what, people in session.execute(wanted)}


def _returned(session: Session, ids: Sequence[str], first: date, last: date) -> dict[str, set[date]]:
    found: dict[str, set[date]] = defaultdict(set)
    for project, month in session.execute(_valid(ids, first, last)):
        found[project].add(month)
    return found


def _known(first: date, last: date) -> Any:
    return select(CaseDay).where(CaseDay.day.between(month_of(first), last))


def _cases(
    session: Session, returned: Mapping[str, set[date]], first: date, last: date
) -> dict[str, Counter[str]]:
    """Cases of the line by project and step, in the months of which counts were returned."""
    month = func.date_trunc("month", CaseDay.day)
    wanted = (
        _known(first, last)
        .with_only_columns(CaseDay.project_id, month, CaseDay.what, func.sum(CaseDay.cases))
        .group_by(CaseDay.project_id, month, CaseDay.what)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for project, at, what, cases in session.execute(wanted):
        if at.date() in returned.get(project, ()):
            found[project][what] += cases
    return found


def _line(
    row: Any, people: Counter[str], cases: Counter[str], returned: set[date], first: date, last: date, today: date
) -> ProjectLine:  # fmt: skip
    inside = set(months(first, last))
    due = [month for month in counts.owed(row.starts_on, row.ends_on, today) if month in inside]
    return ProjectLine(
        row.id, row.name, row.entity_id, row.entity, row.funder, people, cases, len(due),
        tuple(month for month in due if month not in returned),
    )  # fmt: skip
