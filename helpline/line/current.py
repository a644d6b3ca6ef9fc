"""The line's settings at this moment, held in each process; knows nothing of how they are edited."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, column, func, select, table
from sqlalchemy.exc import SQLAlchemyError

from helpline import clock, db
from helpline.hours import Calendar, Closure, From, Span
from helpline.line import limits
from helpline.line.articles import Article
from helpline.line.limits import Limits
from helpline.line.models import (
    ArticleRow,
    ClosedDays,
    HoursKind,
    LaterHours,
    LimitRow,
    LineVersion,
    NoticeRow,
    NumberRow,
    OpenDay,
    WeeklyHours,
)
from helpline.line.weekly import ALL

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(seconds=5)
WELCOME, NEUTRAL = "welcome", "neutral"
"""How a number of ours greets: with the line's name, or so that whoever holds a shared telephone learns nothing."""
LONGEST_PAUSE = timedelta(seconds=30)

# Projects are the routing room's, which stands above this one: their dates are read by the table's name.
_projects = table("projects", *map(column, ("id", "name", "starts_on", "ends_on", "contact_phone")))
_focal_points = table("focal_points", *map(column, ("id", "regions", "telephone", "ended_at")))


@dataclass(frozen=True)
class Notice:
    """Words for every caller from one moment until another: `texts[language]`, in the languages that it has.

    `clips[language]`: the recording of these very words. A notice that was ended early ends then.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    texts: dict[str, str] = field(hash=False)
    clips: dict[str, str] = field(hash=False, default_factory=dict)
    id: int = 0


@dataclass(frozen=True)
class ProjectDates:
    """When a project runs (both ends included), and the digits by which it may be reached."""

    id: str
    name: str
    starts_on: date
    ends_on: date
    contact_phone: str | None


@dataclass(frozen=True)
class FocalPhone:
    """By which digits offices of some regions (`*`: of all) reach a person of the network."""

    id: str
    regions: tuple[str, ...]
    telephone: str


@dataclass(frozen=True)
class Line:
    """The settings as one value. `known` is False only while a new process has never reached the database.

    `greetings`: how callers are greeted on numbers of ours besides the two of the installation (`welcome`, `neutral`).
    """

    version: int
    calendar: Calendar
    notices: tuple[Notice, ...]
    projects: tuple[ProjectDates, ...]
    known: bool = True
    focal_points: tuple[FocalPhone, ...] = ()
    articles: tuple[Article, ...] = ()
    greetings: Mapping[str, str] = field(hash=False, default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def notices_at(self, at: datetime) -> tuple[Notice, ...]:
        """The notices to be said at this moment, in the order in which they began. They end by themselves."""
        return tuple(notice for notice in self.notices if notice.starts_at <= at < notice.ends_at)

    def running(self, day: date) -> tuple[ProjectDates, ...]:
        """The projects that run on a day, by id."""
        return tuple(project for project in self.projects if project.starts_on <= day <= project.ends_on)

    def open_project_exists(self, day: date) -> bool:
        """Whether any project runs on this day. While nothing is known nobody is told that none does."""
        return not self.known or bool(self.running(day))

    def contact_phone(self, day: date) -> str | None:
        """The digits by which a project may be reached without us: one that runs on this day, else the next to begin.

        None when there is none, or none has such digits: those of a project that is over are never said.
        """
        coming = sorted((p for p in self.projects if p.starts_on > day), key=lambda p: (p.starts_on, p.id))
        return next((p.contact_phone for p in (*self.running(day), *coming) if p.contact_phone), None)

    def focal_phone(self, region: str | None) -> str | None:
        """The digits of the region's own Focal Point, else of one who is there for all regions, else None."""
        for wanted in (region, "*"):
            for one in self.focal_points:
                if wanted in one.regions:
                    return one.telephone
        return None


UNKNOWN = Line(version=0, calendar=Calendar(), notices=(), projects=(), known=False)


@dataclass
class _Held:
    line: Line
    look_again_at: datetime
    pause: timedelta
    source: Engine


_held: _Held | None = None


def current() -> Line:
    """The settings, at most five seconds old.

    While the database does not answer, what was last read goes on being true (promise 7), and the next try comes
    after a growing pause, so that callers do not wait for it. Never raises because of the database.
    """
    global _held
    now = clock.now()
    source = db.engine()
    if _held and _held.source is not source:
        _held = None
    if _held and timedelta(0) < _held.look_again_at - now <= LONGEST_PAUSE:
        return _held.line
    old = _held.line if _held else UNKNOWN
    try:
        with db.quick() as connection:
            _held = _Held(read(connection, known=old), now + FRESH_FOR, FRESH_FOR, source)
    except SQLAlchemyError as error:
        pause = min(_held.pause * 2, LONGEST_PAUSE) if _held else FRESH_FOR
        log.warning("the line's settings cannot be read (%s); the last known stay", type(error).__name__)
        _held = _Held(old, now + pause, pause, source)
    return _held.line


def forget() -> None:
    """Let the next `current()` read the settings anew."""
    global _held
    _held = None


def read(connection: Connection, *, known: Line | None = None) -> Line:
    """Read the settings; `known` is given back as it is when its version is still the newest."""
    version = connection.scalar(select(func.max(LineVersion.id))) or 0
    if known and known.known and known.version == version:
        return known
    return Line(
        version=version,
        calendar=calendar(connection),
        notices=tuple(
            Notice(
                row.name,
                row.starts_at,
                min(row.ends_at, row.ended_at or row.ends_at),
                row.texts,
                row.clips,
                row.id,
            )
            for row in connection.execute(
                select(NoticeRow.__table__).order_by(NoticeRow.starts_at, NoticeRow.name)
            )
        ),
        projects=tuple(
            ProjectDates(row.id, row.name, row.starts_on, row.ends_on, row.contact_phone)
            for row in connection.execute(select(_projects).order_by(_projects.c.id))
        ),
        focal_points=tuple(
            FocalPhone(row.id, tuple(row.regions), row.telephone)
            for row in connection.execute(
                select(_focal_points).where(_focal_points.c.ended_at.is_(None)).order_by(_focal_points.c.id)
            )
        ),
        articles=tuple(
            Article(**row) for row in connection.execute(select(ArticleRow.__table__)).mappings().all()
        ),
        greetings={row.number: row.greeting for row in connection.execute(select(NumberRow.__table__))},
        limits=limits.of({row.name: row.value for row in connection.execute(select(LimitRow.__table__))}),
    )


def calendar(connection: Connection) -> Calendar:
    """The hours, also those that begin later, the closures and worked holidays as they are written down now."""
    spans: dict[str, list[Span]] = {kind: [] for kind in HoursKind}
    for row in connection.execute(select(WeeklyHours.__table__).order_by(WeeklyHours.id)):
        spans[row.kind].append(_span(row))
    later: dict[str, list[From]] = {kind: [] for kind in HoursKind}
    for row in connection.execute(select(LaterHours.__table__).order_by(LaterHours.first, LaterHours.scope)):
        later[row.kind].append(_from(row))
    closures = connection.execute(select(ClosedDays.__table__).order_by(ClosedDays.first, ClosedDays.name))
    return Calendar(
        opening=tuple(spans[HoursKind.OPENING]),
        callback=tuple(spans[HoursKind.CALLBACK]),
        closures=tuple(Closure(row.first, row.last) for row in closures),
        open_days=frozenset(connection.scalars(select(OpenDay.day))),
        opening_from=tuple(later[HoursKind.OPENING]),
        callback_from=tuple(later[HoursKind.CALLBACK]),
    )


def _span(row: Row[Any]) -> Span:
    return Span(row.weekday, row.opens, row.closes, row.language)


def _from(row: Row[Any]) -> From:
    language = None if row.scope == ALL else row.scope
    spans = (Span(one["weekday"], one["opens"], one["closes"], language) for one in row.spans)
    return From(row.first, language, tuple(spans))
