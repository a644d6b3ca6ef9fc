"""Tables of who is called back: ringing plans, their callbacks, tries, notes, who is at work. Knows nothing of dialling."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.callbacks.values import Cause
from helpline.db import Base, Encrypted


class CallbackState(StrEnum):
    """Where a callback stands (the words of DESIGN)."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    RINGING = "ringing"
    TALKING = "talking"
    DONE = "done"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class Priority(StrEnum):
    """How soon a callback is due next to others; `minor` is set by the way for people under 18."""

    NORMAL = "normal"
    MINOR = "minor"
    URGENT = "urgent"


RANK = "CASE priority WHEN 'minor' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END"
WINDOWS = ("morning", "afternoon", "evening", "any")
TOPICS = ("office", "data", "other_person")

_S = CallbackState
_ENDS = frozenset({_S.CANCELLED, _S.STOPPED})
_LIVE = text("state IN ('waiting', 'claimed', 'ringing', 'talking')")
_WAITING = text("state = 'waiting'")
_ENGAGED = text("state IN ('claimed', 'ringing', 'talking')")
ENGAGED = (_S.CLAIMED, _S.RINGING, _S.TALKING)
"""States in which a person holds it."""


def _two_weeks_ahead() -> date:
    return clock.in_rome().date() + timedelta(days=14)


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Plan(Base):
    """One ringing plan: while open, the only one of its number. It holds up to three asks.

    `number_proved`: somebody called from this number; False when it was only ever keyed in.
    """

    __tablename__ = "plans"
    __table_args__ = (
        Index("uq_plans_open_number", "number_hash", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_plans_number_hash", "number_hash"),
        CheckConstraint(
            "closed_at IS NOT NULL OR (number IS NOT NULL AND number_hash IS NOT NULL)", "open_number"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    number: Mapped[str | None] = mapped_column(Encrypted)
    number_hash: Mapped[str | None]
    number_proved: Mapped[bool] = mapped_column(default=False)


class Callback(Base):
    """One call that we owe somebody. Closed states are final; what begins again follows (`follows_id`).

    A person (`holder_id`) holds it until `lease_until`, under a number that grows with every claim. It may be rung
    from `next_at`, should be by `due_on`, and waits since `queued_since`, when it could first be rung. `emptied_at`:
    since when its window has no slot any more. `followed_up`: somebody agreed to ring again.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        Index(
            "uq_callbacks_live_ask",
            "ask_id",
            unique=True,
            postgresql_where=_LIVE,
        ),
        # One telephone is rung for one ask at a time, and one person rings one telephone at a time.
        Index("uq_callbacks_engaged_plan", "plan_id", unique=True, postgresql_where=_ENGAGED),
        Index("uq_callbacks_engaged_holder", "holder_id", unique=True, postgresql_where=_ENGAGED),
        Index(
            "ix_callbacks_next",
            *("language", "window", "rank", "due_on", "queued_since", "id"),
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_callbacks_order",
            *("rank", "due_on", "queued_since", "id"),
            postgresql_where=_LIVE,
        ),
        # How many wait in each language: nothing but that is counted along it.
        Index("ix_callbacks_waiting", "language", postgresql_where=_WAITING),
        Index("ix_callbacks_state", "state", "created_at"),
        Index("ix_callbacks_created_at", "created_at", postgresql_using="brin"),
        Index("ix_callbacks_unreachable", "closed_at", postgresql_where=text("state = 'unreachable'")),
        CheckConstraint(_one_of("state", tuple(CallbackState)), "state"),
        CheckConstraint(_one_of("priority", tuple(Priority)), "priority"),
        CheckConstraint(_one_of('"window"', WINDOWS), "window"),
        CheckConstraint(_one_of("topic", TOPICS), "topic"),
    )

    KIND = "callback"
    MOVES: ClassVar[dict[str, frozenset[CallbackState]]] = {
        _S.WAITING: frozenset({_S.CLAIMED, _S.RINGING, _S.UNREACHABLE}) | _ENDS,
        # To itself: another person takes it over.
        _S.CLAIMED: frozenset({_S.CLAIMED, _S.WAITING, _S.RINGING, _S.UNREACHABLE, _S.DONE}) | _ENDS,
        _S.RINGING: frozenset({_S.WAITING, _S.CLAIMED, _S.TALKING, _S.UNREACHABLE, _S.DONE}) | _ENDS,
        _S.TALKING: frozenset({_S.TALKING, _S.WAITING, _S.UNREACHABLE, _S.DONE, _S.STOPPED}),
        _S.DONE: frozenset(),
        _S.UNREACHABLE: frozenset(),
        _S.CANCELLED: frozenset(),
        _S.STOPPED: frozenset(),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ask_id: Mapped[int] = mapped_column(ForeignKey("asks.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks.id"))
    call_sid: Mapped[str] = mapped_column(nullable=True)
    language: Mapped[str]
    window: Mapped[str]
    state: Mapped[str] = mapped_column(default=CallbackState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    priority: Mapped[str] = mapped_column(default=Priority.NORMAL)
    topic: Mapped[str | None]
    promised_on: Mapped[date | None]
    claim_no: Mapped[int] = mapped_column(default=0)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    queued_since: Mapped[datetime] = mapped_column(default=clock.now)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_on: Mapped[date] = mapped_column(default=_two_weeks_ahead)
    rank: Mapped[int] = mapped_column(SmallInteger, Computed(RANK, persisted=True))
    followed_up: Mapped[bool] = mapped_column(default=False)
    urgent_reason: Mapped[str | None] = mapped_column(Encrypted)
    emptied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Attempt(Base):
    """One try to bring two people together: from the first ring of the operator's telephone to its end and the cause."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("uq_attempts_open", "callback_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("(ended_at IS NULL) = (cause IS NULL)", "ended_with_cause"),
        CheckConstraint(_one_of("cause", tuple(Cause)), "cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"), index=True)
    claim_no: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    cause: Mapped[str | None]


class CallbackNote(Base):
    """What somebody wrote about a callback."""

    __tablename__ = "callback_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Encrypted)


class AtDesk(Base):
    """Somebody who works on the queue now: what they speak, and whose turn it is at their next claim (0 to 3).

    Live state only, written over and soon deleted: nobody's work is counted (DOMAIN §4.4).
    """

    __tablename__ = "at_desks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    turn: Mapped[int] = mapped_column(SmallInteger, default=0)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


class BarredNumber(Base):
    """A number that is not rung until a moment, unless somebody calls from it and asks."""

    __tablename__ = "barred_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)
    number_hash: Mapped[str] = mapped_column(unique=True)
    until: Mapped[datetime]
