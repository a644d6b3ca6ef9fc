"""Tables of entities, projects, requests and offers; the database forbids two live offers of one request."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base


class RequestState(StrEnum):
    """Where a request stands (the words of DESIGN)."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    NEEDS_PERSON = "needs_person"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class OfferState(StrEnum):
    """Where an offer stands. Pending and accepted ones are live: they hold a place."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


LIVE_OFFERS = (OfferState.PENDING, OfferState.ACCEPTED)
UNPLACED = (RequestState.WAITING, RequestState.NEEDS_PERSON)
_R, _O = RequestState, OfferState


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Entity(Base):
    """An organisation that takes requests. Its row is the lock under which its places are counted."""

    __tablename__ = "entities"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    contact: Mapped[str]
    paused_reason: Mapped[str | None]


class Project(Base):
    """What one entity may take: when, how many, from where, to where, whom, in which languages (`*` = any)."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", "order"),
        CheckConstraint("places_total >= 0", "places"),
        CheckConstraint("contact_phone ~ '^[0-9]+$'", "contact_phone"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    name: Mapped[str]
    funder: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    places_total: Mapped[int]
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text))
    groups: Mapped[list[str]] = mapped_column(ARRAY(Text))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    contact_phone: Mapped[str | None]


class Request(Base):
    """What an adult asked for and agreed to have passed on; neither name nor number is kept here.

    `waiting_since` orders the queue and is never reset. `reason` says why it waits: `code`, `counts`, `says`.
    Every request rests on an agreement: the database refuses one without.
    """

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "uq_requests_live_ask",
            "ask_id",
            unique=True,
            postgresql_where=text("state NOT IN ('closed', 'cancelled')"),
        ),
        Index("ix_requests_queue", "state", text("urgent DESC"), "waiting_since", "id"),
        CheckConstraint(_one_of("state", RequestState), "state"),
        CheckConstraint("\"group\" IN ('self', 'family')", "group"),
    )

    KIND = "request"
    MOVES: ClassVar[dict[str, frozenset[RequestState]]] = {
        _R.WAITING: frozenset({_R.OFFERED, _R.NEEDS_PERSON, _R.CLOSED, _R.CANCELLED}),
        _R.NEEDS_PERSON: frozenset({_R.OFFERED, _R.WAITING, _R.CLOSED, _R.CANCELLED}),
        _R.OFFERED: frozenset({_R.ACCEPTED, _R.WAITING, _R.NEEDS_PERSON, _R.CANCELLED}),
        _R.ACCEPTED: frozenset({_R.CLOSED, _R.WAITING, _R.NEEDS_PERSON, _R.CANCELLED}),
        _R.CLOSED: frozenset[RequestState](),
        _R.CANCELLED: frozenset[RequestState](),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ask_id: Mapped[int] = mapped_column(ForeignKey("asks.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    call_sid: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    region: Mapped[str | None]
    country: Mapped[str | None]
    group: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    waiting_since: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[str] = mapped_column(default=RequestState.WAITING)
    entity_id: Mapped[str | None] = mapped_column(ForeignKey("entities.id"), index=True)
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[str | None]


class Offer(Base):
    """One request held out to one entity for one of its projects' places. `why` is how it was chosen."""

    __tablename__ = "offers"
    __table_args__ = (
        Index(
            "uq_offers_live_request",
            "request_id",
            unique=True,
            postgresql_where=text("state IN ('pending', 'accepted')"),
        ),
        Index(
            "ix_offers_live_project", "project_id", postgresql_where=text("state IN ('pending', 'accepted')")
        ),
        CheckConstraint(_one_of("state", OfferState), "state"),
    )

    KIND = "offer"
    MOVES: ClassVar[dict[str, frozenset[OfferState]]] = {
        _O.PENDING: frozenset({_O.ACCEPTED, _O.DECLINED, _O.EXPIRED, _O.WITHDRAWN}),
        _O.ACCEPTED: frozenset({_O.DECLINED, _O.WITHDRAWN}),
        _O.DECLINED: frozenset[OfferState](),
        _O.EXPIRED: frozenset[OfferState](),
        _O.WITHDRAWN: frozenset[OfferState](),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    state: Mapped[str] = mapped_column(default=OfferState.PENDING)
    why: Mapped[dict[str, Any]] = mapped_column(JSONB)
