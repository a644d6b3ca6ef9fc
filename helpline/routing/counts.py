"""Counts that organisations return of their projects, month by month: handed in, looked up, with every version kept."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Subquery, func, select, tuple_
from sqlalchemy.orm import Session

from helpline import clock, personal
from helpline.people import audit
from helpline.routing import projects
from helpline.routing.counts_models import CountReturn, ReturnedCount
from helpline.routing.counts_values import Doubt, Line, Wrong, doubts, judged, months
from helpline.routing.models import Project

LONG_AGO = timedelta(days=730)
"""Of months before this nothing is asked for any more; whoever has their counts may return them all the same."""


class Refused(Exception):
    """Counts that cannot be: `faults` holds everything that is wrong with them."""

    def __init__(self, faults: list[Wrong]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class Outdated(Exception):
    """Somebody else returned counts of this month since they were looked at; `version` is the newest now (0: none)."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}")
        self.version = version


@dataclass(frozen=True)
class Returned:
    """What was returned of a project's month, at one time, by one."""

    project_id: str
    month: date
    version: int
    at: datetime
    who: str
    why: str | None
    lines: tuple[Line, ...]


def hand_in(
    session: Session,
    project_id: str,
    month: date,
    lines: Sequence[Line],
    *,
    who: str,
    why: str = "",
    empty: bool = False,
    seen: int | None = None,
) -> Returned:
    """Keep the counts of a month; what was returned of it before stays as an older version. The same again changes nothing.

    `month`: any day of it. `empty`: it is said that there was nothing, so that no line is needed. `seen`: the version
    that these replace (0: none), where that is to be made sure of. Raises `LookupError` for no such project, `Refused`,
    `Outdated`, and `ValueError` for a `why` that may not be kept (`personal.reason`).
    """
    said, month = personal.reason(why.strip()) or None, month.replace(day=1)
    project = _locked(session, project_id)
    dates = {"starts_on": project.starts_on, "ends_on": project.ends_on}
    faults = judged(lines, month=month, today=clock.in_rome().date(), empty=empty, **dates)
    if faults:
        raise Refused(faults)
    known = newest(session, project_id, month)
    version = known.version if known else 0
    kept = _kept(lines)
    if known and known.lines == kept:
        return known
    if seen is not None and seen != version:
        raise Outdated(version)
    row = CountReturn(project_id=project_id, month=month, version=version + 1, who=who, why=said)
    session.add(row)
    session.flush()
    session.add_all(
        ReturnedCount(return_id=row.id, country=line.country, what=what, people=count)
        for line in kept
        for what, count in line.people.items()
    )
    session.flush()
    audit.record(
        session, who, "returned", f"count_return {row.id}", month=f"{month:%Y-%m}", version=row.version
    )
    return Returned(project_id, month, row.version, row.at, who, said, kept)


def _locked(session: Session, project_id: str) -> Project:
    owner = session.scalar(select(Project.entity_id).where(Project.id == project_id))
    if owner is None:
        raise LookupError(f"no project {project_id}")
    projects.locked_entity(session, owner)
    return session.get_one(Project, project_id, populate_existing=True)


def _kept(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines as they are stored: in their order, without nought."""
    found = (
        Line(line.country, {what: count for what, count in sorted(line.people.items()) if count})
        for line in lines
    )
    return tuple(sorted((line for line in found if line.any), key=lambda line: line.country))


def doubtful(session: Session, project_id: str, month: date, lines: Sequence[Line]) -> list[Doubt]:
    """What looks wrong, but may be right, were these the counts of this month; the project's other months as they are."""
    month = month.replace(day=1)
    others = [
        line for each in of_projects(session, [project_id]) if each.month != month for line in each.lines
    ]
    return doubts(lines, others)


def newest(session: Session, project_id: str, month: date) -> Returned | None:
    """What counts of a project's month; None where nothing was returned."""
    found = versions(session, project_id, month, limit=1)
    return found[0] if found else None


def versions(session: Session, project_id: str, month: date, *, limit: int = 100) -> list[Returned]:
    """Everything that was returned of a project's month, the newest first."""
    wanted = (
        select(CountReturn)
        .where(CountReturn.project_id == project_id, CountReturn.month == month.replace(day=1))
        .order_by(CountReturn.version.desc())
        .limit(limit)
    )
    return _told(session, session.scalars(wanted).all())


def of_projects(
    session: Session, project_ids: Sequence[str], first: date | None = None, last: date | None = None
) -> list[Returned]:
    """What counts of these projects' months (of those between two days, where given), by project and month."""
    valid = newest_ids()
    wanted = (
        select(CountReturn)
        .join(valid, valid.c.id == CountReturn.id)
        .where(CountReturn.project_id.in_(project_ids))
        .order_by(CountReturn.project_id, CountReturn.month)
    )
    if first is not None:
        wanted = wanted.where(CountReturn.month >= first.replace(day=1))
    if last is not None:
        wanted = wanted.where(CountReturn.month <= last)
    return _told(session, session.scalars(wanted).all())


def newest_ids() -> Subquery:
    """The ids of the returns that count: of each project and month the newest. For statements of other rooms."""
    month = (CountReturn.project_id, CountReturn.month)
    last = select(*month, func.max(CountReturn.version)).group_by(*month)
    return select(CountReturn.id).where(tuple_(*month, CountReturn.version).in_(last)).subquery()


def owed(starts_on: date, ends_on: date, today: date) -> list[date]:
    """The months of a project that are over, so that their counts are due, the oldest first; not what was long ago."""
    over, since = today.replace(day=1), (today - LONG_AGO).replace(day=1)
    return [month for month in months(max(starts_on, since), min(ends_on, today)) if month < over]


def countries_before(session: Session, project_id: str) -> list[str]:
    """The countries that a project's counts were ever returned for, most often first: what its next form begins with."""
    wanted = (
        select(ReturnedCount.country)
        .join(CountReturn, CountReturn.id == ReturnedCount.return_id)
        .where(CountReturn.project_id == project_id)
        .group_by(ReturnedCount.country)
        .order_by(func.count().desc(), ReturnedCount.country)
    )
    return list(session.scalars(wanted))


def _told(session: Session, rows: Sequence[CountReturn]) -> list[Returned]:
    counts: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    wanted = select(ReturnedCount).where(ReturnedCount.return_id.in_([row.id for row in rows]))
    for one in session.scalars(wanted.order_by(ReturnedCount.country, ReturnedCount.what)):
        counts[one.return_id][one.country][one.what] = one.people
    return [
        Returned(
            row.project_id, row.month, row.version, row.at, row.who, row.why,
            tuple(Line(country, people) for country, people in counts[row.id].items()),
        )
        for row in rows
    ]  # fmt: skip
