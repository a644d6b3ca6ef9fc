"""Tables beside offers: every change of a project, pairs not to be tried, reports, ticks of ours, free places by day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base, Encrypted


class EntityChange(Base):
    """One field of an entity, a project, or an offer's deadline that changed: when, by whom, from what to what, why.

    `about`: `entity <id>`, `project <id>`, `offer <id>`. Appended, never changed.
    """

    __tablename__ = "entity_changes"
    __table_args__ = (Index("ix_entity_changes_about", "about", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    who: Mapped[str]
    about: Mapped[str]
    field: Mapped[str]
    before: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    why: Mapped[str]


class PairBlock(Base):
    """An entity that a request is not offered to: until a moment, or (null) for good."""

    __tablename__ = "pair_blocks"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime | None]
    why: Mapped[str]


class CaseReport(Base):
    """What an entity reported of an accepted case, and when. Appended, never changed."""

    __tablename__ = "case_reports"
    __table_args__ = (Index("ix_case_reports_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    who: Mapped[str]
    outcome: Mapped[str]


class ProjectList(Base):
    """The ids of all projects that a plan was made with, in their order: what masks in records of decisions refer to."""

    __tablename__ = "project_lists"

    hash: Mapped[str] = mapped_column(primary_key=True)
    ids: Mapped[list[str]] = mapped_column(ARRAY(Text))


class RequestNote(Base):
    """Words that somebody gave as a reason about one request: encrypted, and forgotten a month after it was closed.

    `about`: what was done with them (`declined`, `withdrawn`, `assigned`, `parked`, `urgent`, `extended`,
    `to_be_called`, `taken_back`, `region_known`, `country_known`).
    """

    __tablename__ = "request_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    who: Mapped[str]
    about: Mapped[str]
    text: Mapped[str | None] = mapped_column(Encrypted)


class Heartbeat(Base):
    """When the clock and the pages were last there, by the database's own clock. One row: a gap is an outage of ours.

    `web_at`: null while no web process has ever beaten.
    """

    __tablename__ = "routing_heartbeat"
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    web_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    looked: Mapped[str | None]


class Gap(Base):
    """A time without beats of one part (`clock` or `web`); `counted` once it is added to deadlines, as part of an outage."""

    __tablename__ = "routing_gaps"
    __table_args__ = (
        CheckConstraint("part IN ('clock', 'web')", "part"),
        Index("ix_routing_gaps_uncounted", "id", postgresql_where=text("NOT counted")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    counted: Mapped[bool] = mapped_column(default=False)


class Outage(Base):
    """A time in which the clock or the pages were not there, that was added, once, to the deadlines of all offers that were pending in it."""

    __tablename__ = "routing_outages"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    offers: Mapped[int]


class FreePlaces(Base):
    """How many places a project could offer at the first tick of a Roman day; null: it has no limit."""

    __tablename__ = "free_places"

    day: Mapped[date] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"))
    free: Mapped[int | None]


class LookAhead(Base):
    """How many percent of a project's week may be kept for expected urgent ones, and what the last plan keeps. One row.

    0, or no row: nothing is kept. `held`: for each project its id, how many places, of how many, until which day.
    """

    __tablename__ = "look_ahead"
    __table_args__ = (
        CheckConstraint("id = 1", "only_one"),
        CheckConstraint("percent BETWEEN 0 AND 25", "percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    percent: Mapped[int]
    held: Mapped[list[Any]] = mapped_column(JSONB, default=list)


class MailboxProof(Base):
    """A mail with a link, by which whoever reads an entity's mailbox proves that notices of offers may go there.

    The link is made of this row's id and a keyed hash, so that no secret stands here. `email`: to which mailbox it went.
    """

    __tablename__ = "mailbox_proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    email: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    proved_at: Mapped[datetime | None]
