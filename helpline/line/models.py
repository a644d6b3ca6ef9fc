"""Tables of the line's settings: hours, closures, days, numbers, limits, notices, and the versions that say who changed what."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base
from helpline.hours import FIRST_HOUR, LAST_HOUR


class HoursKind(StrEnum):
    """What the hours are for: answering callers, or ringing them back."""

    OPENING = "opening"
    CALLBACK = "callback"


class WeeklyHours(Base):
    """A span of whole hours on one weekday (0 = Monday), for one language or (null) for all."""

    __tablename__ = "hours"
    __table_args__ = (
        CheckConstraint("kind IN ('opening', 'callback')", "kind"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint(f"{FIRST_HOUR} <= opens AND opens < closes AND closes <= {LAST_HOUR}", "whole_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    weekday: Mapped[int]
    language: Mapped[str | None]
    opens: Mapped[int]
    closes: Mapped[int]


class LaterHours(Base):
    """Other hours of a kind from a day on, for one language or (`*`) for all: spans as a version keeps them. Once the day has
    come they hold, until the hours of that kind are changed again."""

    __tablename__ = "later_hours"
    __table_args__ = (CheckConstraint("kind IN ('opening', 'callback')", "kind"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    spans: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class ClosedDays(Base):
    """Days off that are no Italian holiday, both ends included."""

    __tablename__ = "closures"
    __table_args__ = (CheckConstraint("first <= last", "order"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[date]
    last: Mapped[date]


class OpenDay(Base):
    """An Italian holiday on which the line works all the same, with the hours of its weekday."""

    __tablename__ = "open_days"

    day: Mapped[date] = mapped_column(primary_key=True)


class NumberRow(Base):
    """A number of ours besides the two of the installation, in E.164, and how callers are greeted on it."""

    __tablename__ = "own_numbers"
    __table_args__ = (CheckConstraint("greeting IN ('welcome', 'neutral')", "greeting"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    greeting: Mapped[str]


class LimitRow(Base):
    """A limit that is not as it usually is (`line.limits`)."""

    __tablename__ = "line_limits"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class FundingPeriod(Base):
    """From when until when a fund, or a project that pays for the line, runs; both days included. Reports say so."""

    __tablename__ = "funding_periods"
    __table_args__ = (CheckConstraint("first <= last", "order"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]


class NoticeRow(Base):
    """Words said to every caller from one moment until another, in the languages that it has.

    `clips`: the recording of these very words, by language; `ended_at`: somebody ended it early; `revision` rises with
    each change of words and times.
    """

    __tablename__ = "notices"
    __table_args__ = (CheckConstraint("starts_at < ends_at", "order"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)
    id: Mapped[int] = mapped_column(Identity(), unique=True)
    ended_at: Mapped[datetime | None]
    clips: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    revision: Mapped[int] = mapped_column(default=0, server_default="0")


class ArticleRow(Base):
    """What may be said on the telephone, as this installation has it: by locale, with its dates."""

    __tablename__ = "articles"

    name: Mapped[str] = mapped_column(primary_key=True)
    as_of: Mapped[date]
    checked_on: Mapped[date]
    check_by: Mapped[date | None]
    titles: Mapped[dict[str, str]] = mapped_column(JSONB)
    sources: Mapped[dict[str, str]] = mapped_column(JSONB)
    paragraphs: Mapped[dict[str, list[str]]] = mapped_column(JSONB)


class LineVersion(Base):
    """One change of the settings: when, who, from which source, why if that was said, and each field before and after.

    The newest id is the version that web processes compare, to know whether what they hold is still true.
    """

    __tablename__ = "line_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    who: Mapped[str]
    source: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    why: Mapped[str | None]
