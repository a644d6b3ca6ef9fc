"""The hours of a week as the tables keep them: what holds on a day, what begins later, and how either is written. Judges nothing."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.line.models import HoursKind, LaterHours, WeeklyHours

ALL = "*"
"""The scope of the hours of every language that has none of its own."""


@dataclass(frozen=True, order=True)
class Hours:
    """A span of the week as files and versions give it."""

    weekday: int
    opens: int
    closes: int
    language: str


def holding(session: Session, kind: HoursKind, day: date) -> list[Hours]:
    """All hours of a kind as they hold on a day, in the order of a settings file."""
    held: dict[str, list[Hours]] = {}
    for row in session.scalars(select(WeeklyHours).where(WeeklyHours.kind == kind)):
        scope = row.language or ALL
        held.setdefault(scope, []).append(Hours(row.weekday, row.opens, row.closes, scope))
    begun = select(LaterHours).where(LaterHours.kind == kind, LaterHours.first <= day)
    for later in session.scalars(begun.order_by(LaterHours.first)):
        held[later.scope] = [Hours(**span) for span in later.spans]
    return sorted(span for spans in held.values() for span in spans)


def begun(session: Session, kind: HoursKind, day: date) -> list[tuple[date, str]]:
    """The days and scopes of later hours of a kind that have begun by a day, in their order."""
    found = select(LaterHours.first, LaterHours.scope).where(LaterHours.kind == kind, LaterHours.first <= day)
    return [(first, scope) for first, scope in session.execute(found.order_by(LaterHours.first))]


def coming(session: Session, kind: HoursKind, day: date) -> dict[tuple[date, str], list[Hours]]:
    """What begins after a day, by its day and scope, in the order of the days."""
    found = select(LaterHours).where(LaterHours.kind == kind, LaterHours.first > day)
    return {
        (row.first, row.scope): sorted(Hours(**span) for span in row.spans)
        for row in session.scalars(found.order_by(LaterHours.first, LaterHours.scope))
    }


def hold(session: Session, kind: HoursKind, spans: list[Hours], day: date) -> None:
    """Let these be all hours of a kind as of this day, which is today; what begins later stays."""
    session.execute(delete(WeeklyHours).where(WeeklyHours.kind == kind))
    session.execute(delete(LaterHours).where(LaterHours.kind == kind, LaterHours.first <= day))
    session.add_all(
        WeeklyHours(
            kind=kind,
            weekday=span.weekday,
            language=None if span.language == ALL else span.language,
            opens=span.opens,
            closes=span.closes,
        )
        for span in spans
    )


def hold_from(session: Session, kind: HoursKind, first: date, scope: str, spans: list[Hours] | None) -> None:
    """Let these be the hours of a scope from a later day on; None: nothing begins on that day."""
    same = (LaterHours.kind == kind, LaterHours.first == first, LaterHours.scope == scope)
    session.execute(delete(LaterHours).where(*same))
    if spans is not None:
        session.add(LaterHours(kind=kind, first=first, scope=scope, spans=[asdict(span) for span in spans]))
