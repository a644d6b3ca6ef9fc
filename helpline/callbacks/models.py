"""Tables of who is called back: the ringing plan of a number and its callbacks. Knows nothing of dialling."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
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


WINDOWS = ("morning", "afternoon", "evening", "any")
TOPICS = ("office", "data", "other_person")

_S = CallbackState
_ENDS = frozenset({_S.CANCELLED, _S.STOPPED})


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
    """One call that we owe somebody. Closed states are final; what begins again follows (`follows_id`)."""

    __tablename__ = "callbacks"
    __table_args__ = (
        Index(
            "uq_callbacks_live_ask",
            "ask_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'claimed', 'ringing', 'talking')"),
        ),
        Index("ix_callbacks_state", "state", "created_at"),
        CheckConstraint(_one_of("state", tuple(CallbackState)), "state"),
        CheckConstraint(_one_of("priority", tuple(Priority)), "priority"),
        CheckConstraint(_one_of('"window"', WINDOWS), "window"),
        CheckConstraint(_one_of("topic", TOPICS), "topic"),
    )

    KIND = "callback"
    MOVES: ClassVar[dict[str, frozenset[CallbackState]]] = {
        _S.WAITING: frozenset({_S.CLAIMED, _S.RINGING, _S.UNREACHABLE}) | _ENDS,
        _S.CLAIMED: frozenset({_S.WAITING, _S.RINGING}) | _ENDS,
        _S.RINGING: frozenset({_S.WAITING, _S.TALKING, _S.UNREACHABLE, _S.DONE}) | _ENDS,
        _S.TALKING: frozenset({_S.WAITING, _S.DONE, _S.STOPPED}),
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
    call_sid: Mapped[str]
    language: Mapped[str]
    window: Mapped[str]
    state: Mapped[str] = mapped_column(default=CallbackState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    priority: Mapped[str] = mapped_column(default=Priority.NORMAL)
    topic: Mapped[str | None]
    promised_on: Mapped[date | None]
