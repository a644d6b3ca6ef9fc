"""Tables of entities, projects, requests and offers; the database forbids two live offers of one request."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
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


class DeclineReason(StrEnum):
    """Why an entity says no, which decides what follows.

    `no_place_now`: it has no place until it says otherwise, the next one is asked · `not_our_territory`,
    `not_eligible_here`: never this pair again, the next one is asked · `cannot_reach`: an operator rings the person ·
    `other`: a coordinator looks at it.
    """

    NO_PLACE_NOW = "no_place_now"
    NOT_OUR_TERRITORY = "not_our_territory"
    CANNOT_REACH = "cannot_reach"
    NOT_ELIGIBLE_HERE = "not_eligible_here"
    OTHER = "other"


class CaseOutcome(StrEnum):
    """What an entity reports of an accepted case. The first three are steps; the others close it."""

    CONTACTED = "contacted"
    COUNSELLING_BEGUN = "counselling_begun"
    PLAN_MADE = "plan_made"
    RETURNED = "returned"
    WITHDREW = "withdrew"
    NOT_ELIGIBLE = "not_eligible"
    UNREACHABLE = "unreachable"


STEPS = (CaseOutcome.CONTACTED, CaseOutcome.COUNSELLING_BEGUN, CaseOutcome.PLAN_MADE)
LIVE_OFFERS = (OfferState.PENDING, OfferState.ACCEPTED)
"""States in which an offer may be live: an accepted one is so until its case has ended (`Offer.is_live`)."""

LIVE = "(state = 'pending' OR (state = 'accepted' AND ended_at IS NULL))"
UNPLACED = (RequestState.WAITING, RequestState.NEEDS_PERSON)
_R, _O = RequestState, OfferState


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Entity(Base):
    """An organisation that takes requests. Its row is the lock under which its places are counted.

    `full_since`: it said that it has no place, until it says otherwise. `unanswered`: offers in a row that it let
    expire. `hours`: when it answers, spans of the week (null: the usual ones). `email`: an office's, for notices of
    offers, which name nobody; they go there once somebody who reads it has proved it (`email_proved_at`).
    `mail_unheard_since`: a mail was given up there, and none has arrived since.
    """

    __tablename__ = "entities"
    __table_args__ = (CheckConstraint("unanswered >= 0", "unanswered"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    contact: Mapped[str]
    email: Mapped[str | None]
    email_proved_at: Mapped[datetime | None]
    mail_unheard_since: Mapped[datetime | None]
    hours: Mapped[list[dict[str, int]] | None] = mapped_column(JSONB(none_as_null=True))
    paused_reason: Mapped[str | None]
    full_since: Mapped[datetime | None]
    unanswered: Mapped[int] = mapped_column(default=0)


class Project(Base):
    """What one entity may take: when, how many, from where, to where, whom, in which languages (`*` = any).

    Each limit is optional: `places_total` for its life (a begun case keeps its place for ever), `open_cases` at the
    same time, `per_week` in an ISO week of Rome. What may be offered is the least of what they leave.
    """

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", "order"),
        CheckConstraint("places_total >= 0", "places"),
        CheckConstraint("open_cases >= 0", "open_cases"),
        CheckConstraint("per_week >= 0", "per_week"),
        CheckConstraint("contact_phone ~ '^[0-9]+$'", "contact_phone"),
        UniqueConstraint("id", "entity_id"),  # what offers refer to
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("entities.id"), index=True)
    name: Mapped[str]
    funder: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    places_total: Mapped[int | None]
    open_cases: Mapped[int | None]
    per_week: Mapped[int | None]
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text))
    groups: Mapped[list[str]] = mapped_column(ARRAY(Text))
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    contact_phone: Mapped[str | None]
    paused_reason: Mapped[str | None]


class Request(Base):
    """What an adult asked for and agreed to have passed on; neither name nor number is kept here.

    `waiting_since` orders the queue and is never reset. `reason` says why it waits: `code`, `counts`, `says`, and the
    `record` of the decision. `held_for`: `operator` or `coordinator`, who must act before it is offered again;
    `parked_until`: a coordinator keeps it back. `entity_id` is that of its last offer. Every request rests on an agreement: the database refuses one without.
    """

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "uq_requests_live_ask",
            "ask_id",
            unique=True,
            postgresql_where=text("state NOT IN ('closed', 'cancelled')"),
        ),
        Index(
            "ix_requests_queue",
            "state",
            text("urgent DESC"),
            "waiting_since",
            "id",
            postgresql_where=text("state IN ('waiting', 'needs_person')"),
        ),
        Index("ix_requests_created_at", "created_at", postgresql_using="brin"),
        Index("ix_requests_follows_id", "follows_id", postgresql_where=text("follows_id IS NOT NULL")),
        CheckConstraint(_one_of("state", RequestState), "state"),
        CheckConstraint("\"group\" IN ('self', 'family')", "group"),
        CheckConstraint("held_for IN ('operator', 'coordinator')", "held_for"),
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
    # Null once they are forgotten, long after the end: nothing that goes on is without them.
    call_sid: Mapped[str] = mapped_column(nullable=True)
    language: Mapped[str] = mapped_column(nullable=True)
    region: Mapped[str | None]
    country: Mapped[str | None]
    group: Mapped[str] = mapped_column(nullable=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    waiting_since: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[str] = mapped_column(default=RequestState.WAITING)
    entity_id: Mapped[str | None]
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[str | None]
    held_for: Mapped[str | None]
    parked_until: Mapped[datetime | None]


class Offer(Base):
    """One request held out to one entity for one of its projects' places. `why` is how it was chosen.

    It holds its place while it is pending, and once accepted until `ended_at`; a case that was begun (`begun_at`) keeps
    its place in the project's total for ever. `expires_at` and `contact_by` are moments of the database's clock.
    `answered_in`: seconds of the entity's working time until it answered. `declined_for` is a `DeclineReason`.
    """

    __tablename__ = "offers"
    __table_args__ = (
        Index("uq_offers_live_request", "request_id", unique=True, postgresql_where=text(LIVE)),
        Index(
            "ix_offers_counted",
            "project_id",
            postgresql_where=text(f"{LIVE} OR begun_at IS NOT NULL OR accepted_at IS NOT NULL"),
        ),
        Index("ix_offers_due", "expires_at", postgresql_where=text("state = 'pending'")),
        Index("ix_offers_entity", "entity_id", text("id DESC")),
        CheckConstraint(_one_of("state", OfferState), "state"),
        CheckConstraint(_one_of("declined_for", DeclineReason), "declined_for"),
        CheckConstraint(_one_of("outcome", CaseOutcome), "outcome"),
        CheckConstraint("(state = 'accepted') <= (accepted_at IS NOT NULL)", "accepted"),
        # One check says that the project is there and that the entity is its own.
        ForeignKeyConstraint(["project_id", "entity_id"], ["projects.id", "projects.entity_id"]),
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
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(default=lambda: clock.now() + timedelta(days=1))
    accepted_at: Mapped[datetime | None]
    contact_by: Mapped[datetime | None]
    contacted_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    project_id: Mapped[str]
    entity_id: Mapped[str]
    state: Mapped[str] = mapped_column(default=OfferState.PENDING)
    declined_for: Mapped[str | None]
    outcome: Mapped[str | None]
    answered_in: Mapped[int | None]
    why: Mapped[dict[str, Any]] = mapped_column(JSONB)

    @property
    def is_live(self) -> bool:
        """Whether it holds a place at this moment."""
        return self.state == OfferState.PENDING or (
            self.state == OfferState.ACCEPTED and self.ended_at is None
        )
