"""Information and training sessions of the network: noted in one form, listed, exported. Knows no page."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.people import accounts, audit
from helpline.routing.network_models import InformationSession

COLUMNS = ("day", "kind", "place", "region", "audience", "people", "brochures", "held_by", "by")
_COUNTS = (
    func.count(InformationSession.id),
    func.coalesce(func.sum(InformationSession.people), 0),
    func.coalesce(func.sum(InformationSession.brochures), 0),
)


@dataclass(frozen=True)
class Given:
    """What the form says of a session. `kind` and `audience` are words of `network_models`; `region` None: several."""

    day: date
    kind: str
    place: str
    region: str | None
    audience: str
    people: int
    brochures: int
    held_by: str


@dataclass(frozen=True)
class Row(Given):
    """A session that is noted; `by`: the name of who noted it, `recorded_by` their id."""

    id: int
    recorded_by: int
    by: str


@dataclass(frozen=True)
class Totals:
    """What the sessions of a period add up to."""

    sessions: int
    people: int
    brochures: int


def listed(
    session: Session, first: date, last: date, *, region: str | None = None, limit: int = 500
) -> list[Row]:
    """The sessions of a period, both days included, the newest first."""
    wanted = select(InformationSession).where(InformationSession.day.between(first, last))
    if region:
        wanted = wanted.where(InformationSession.region == region)
    wanted = wanted.order_by(InformationSession.day.desc(), InformationSession.id.desc()).limit(limit)
    found = session.scalars(wanted).all()
    names = accounts.names(session, [one.recorded_by for one in found])
    return [_row(one, names.get(one.recorded_by, "")) for one in found]


def totals(session: Session, first: date, last: date, *, region: str | None = None) -> Totals:
    """What the sessions of a period add up to; for the reports too."""
    wanted = select(*_COUNTS).where(InformationSession.day.between(first, last))
    if region:
        wanted = wanted.where(InformationSession.region == region)
    return Totals(*session.execute(wanted).one())


@dataclass(frozen=True)
class MonthLine:
    """What the sessions of one month, kind and region add up to. `month`: `2026-11`; `region` None: several."""

    month: str
    kind: str
    region: str | None
    sessions: int
    people: int
    brochures: int


def by_month(session: Session, first: date, last: date, *, region: str | None = None) -> list[MonthLine]:
    """The totals of a period (both days included) by month, kind and region, in order; they add up to `totals`."""
    month = func.to_char(InformationSession.day, "YYYY-MM")
    of = (month, InformationSession.kind, InformationSession.region)
    wanted = select(*of, *_COUNTS).where(InformationSession.day.between(first, last))
    if region:
        wanted = wanted.where(InformationSession.region == region)
    rows = session.execute(wanted.group_by(*of).order_by(month, of[1], of[2].asc().nulls_last()))
    return [MonthLine(*row) for row in rows]


def one(session: Session, session_id: int) -> Row | None:
    """A session by its id, or None."""
    found = session.get(InformationSession, session_id)
    return (
        _row(found, accounts.names(session, [found.recorded_by]).get(found.recorded_by, ""))
        if found
        else None
    )


def add(session: Session, given: Given, *, person_id: int, who: str) -> int:
    """Note a session; its id."""
    row = InformationSession(**asdict(given), recorded_by=person_id)
    session.add(row)
    session.flush()
    audit.record(session, who, "noted", f"information_session {row.id}")
    return row.id


def change(session: Session, session_id: int, given: Given, *, who: str) -> bool:
    """Put right what was noted; False when there is none such (any more)."""
    row = session.get(InformationSession, session_id, with_for_update=True)
    if row is None:
        return False
    changed = [name for name, value in asdict(given).items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, getattr(given, name))
    if changed:
        audit.record(session, who, "changed", f"information_session {session_id}", fields=" ".join(changed))
    return True


def remove(session: Session, session_id: int, *, who: str) -> bool:
    """Take a session out that never was; False when there is none such (any more)."""
    row = session.get(InformationSession, session_id, with_for_update=True)
    if row is None:
        return False
    session.delete(row)
    audit.record(session, who, "removed", f"information_session {session_id}")
    return True


def as_table(rows: Iterable[Row]) -> Iterable[Sequence[Any]]:
    """The sessions as rows of a table, in the order of `COLUMNS`."""
    for row in rows:
        where = row.kind, row.place, row.region, row.audience
        yield (row.day.isoformat(), *where, row.people, row.brochures, row.held_by, row.by)


def _row(found: InformationSession, by: str) -> Row:
    said = {field.name: getattr(found, field.name) for field in fields(Given)}
    return Row(**said, id=found.id, recorded_by=found.recorded_by, by=by)
