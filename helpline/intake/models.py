"""Tables of what a person asked: asks, agreements, drafts of calls under way, tries of codes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base, Encrypted

SLOTS = 3
_OPEN = text("closed_at IS NULL")


class Ask(Base):
    """One thing one person asked for, found by the number of its plan and its own code.

    Telephones are shared: a plan holds three open asks at most, each in its slot, and the database refuses a fourth.
    One call makes one open ask of a kind on a plan, however often its webhook is repeated.

    `source`: `call`, or `signal` when another person gave us the number (then `call_sid` is `signal-…`, a call that
    never was), and null once it is forgotten. `region`: of an office that called, or of a signalled adult.
    """

    __tablename__ = "asks"
    __table_args__ = (
        Index("uq_asks_open_slot", "plan_id", "slot", unique=True, postgresql_where=_OPEN),
        Index("uq_asks_open_call", "call_sid", "kind", "plan_id", unique=True, postgresql_where=_OPEN),
        CheckConstraint(f"slot BETWEEN 1 AND {SLOTS}", "slot"),
        CheckConstraint("kind IN ('callback', 'request')", "kind"),
        CheckConstraint("kind = 'callback' OR agreement_id IS NOT NULL", "agreed"),
        CheckConstraint("\"window\" IN ('morning', 'afternoon', 'evening', 'any')", "window"),
        CheckConstraint("source IN ('call', 'signal')", "source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    closed_at: Mapped[datetime | None]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"), index=True)
    call_sid: Mapped[str] = mapped_column(index=True, nullable=True)
    slot: Mapped[int]
    code: Mapped[str | None] = mapped_column(Encrypted)
    kind: Mapped[str]
    language: Mapped[str]
    window: Mapped[str]
    whom: Mapped[str | None]
    promised_on: Mapped[date | None]
    waits_without_place: Mapped[bool] = mapped_column(default=False)
    number_changes: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(default="call")
    region: Mapped[str | None]


class Agreement(Base):
    """What somebody heard before they agreed (or not) that answers are passed on, and the key they pressed.

    `heard_by`: the person who read the words aloud and heard the answer, where no key was pressed. `call_sid` and
    `language` are null once they are forgotten: when what words were answered how, stays.
    """

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("call_sid", "text_version", "language", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    call_sid: Mapped[str] = mapped_column(nullable=True)
    text_version: Mapped[str]
    language: Mapped[str] = mapped_column(nullable=True)
    key: Mapped[str]
    heard_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    @property
    def agreed(self) -> bool:
        """Whether the key was the one that means yes."""
        return self.key == "1"


class Draft(Base):
    """What a caller has said so far, as encrypted JSON; gone when the call has ended."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
    call_sid: Mapped[str] = mapped_column(unique=True)
    fields: Mapped[str] = mapped_column(Encrypted, default="{}")


class CodeTry(Base):
    """One wrong pair of number and code. Numbers that nobody ever gave us are counted like all others."""

    __tablename__ = "code_tries"
    __table_args__ = (Index("ix_code_tries_number_hash", "number_hash", "rome_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    rome_day: Mapped[date]
    call_sid: Mapped[str] = mapped_column(index=True)
    number_hash: Mapped[str]
