"""Tables of what happened: calls, their steps, what callers said aloud, remembered languages."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base, Encrypted, EncryptedBytes


class ClipState(StrEnum):
    """Where a caller's recording stands: told of by the carrier, kept by us, nothing in it, forgotten."""

    ANNOUNCED = "announced"
    HELD = "held"
    ABSENT = "absent"
    DELETED = "deleted"


class Call(Base):
    """One call, by the carrier's sid. `from_hash` is another key than the one plans are found by."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_unfinished", "started_at", postgresql_where=text("NOT finished")),
        Index("ix_calls_started_at", "started_at"),
        Index("ix_calls_from_hash", "from_hash"),
        Index(
            "ix_calls_language", "language", "started_at", "id", postgresql_where=text("language IS NOT NULL")
        ),
        Index(
            "ix_calls_outcome", "outcome", "started_at", "id", postgresql_where=text("outcome IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    language: Mapped[str | None]
    outcome: Mapped[str | None]
    from_number: Mapped[str | None] = mapped_column(Encrypted)
    from_hash: Mapped[str | None]
    to_number: Mapped[str | None]
    set_id: Mapped[int | None]
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int | None]
    last_sequence: Mapped[int | None]
    finished: Mapped[bool] = mapped_column(default=False)


class Step(Base):
    """One answered turn of a call: where it was, what was heard, where it went.

    `heard` is `key 8`, `digits 10`, `silence`, `wrong`: never the digits of a number or a code. `did` names actions
    and their outcomes (`save_callback=saved`). `kept` holds words of menus
    (`{"window": "morning"}`), which the key and the step say as well, until the draft takes them in. `says` holds names of prompts, never values.
    """

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("call_sid", "turn"),
        Index("ix_steps_at", "at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    call_sid: Mapped[str]
    turn: Mapped[int]
    step: Mapped[str]
    language: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    heard: Mapped[str | None]
    did: Mapped[str | None]
    kept: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    to_step: Mapped[str | None]
    to_language: Mapped[str | None]
    to_tries: Mapped[int | None]
    says: Mapped[list[Any] | None] = mapped_column(JSONB)


class Clip(Base):
    """Something a caller said after a tone. `at_carrier`: their copy has not been deleted yet, as far as we know.

    A recording in which nobody speaks is absent: it is not a message.
    """

    __tablename__ = "clips"
    __table_args__ = (
        Index("ix_clips_owed", "at", postgresql_where=text("at_carrier")),
        CheckConstraint("kind IN ('message', 'name', 'country')", "kind"),
        CheckConstraint("state IN ('announced', 'held', 'absent', 'deleted')", "state"),
        CheckConstraint("state <> 'held' OR audio IS NOT NULL", "held_audio"),
        CheckConstraint("state = 'held' OR audio IS NULL", "audio_held"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    call_sid: Mapped[str] = mapped_column(index=True)
    recording_sid: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="message")
    state: Mapped[str] = mapped_column(default=ClipState.ANNOUNCED)
    seconds: Mapped[int | None]
    audio: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    at_carrier: Mapped[bool] = mapped_column(default=True)


class Remembered(Base):
    """The language last used from a number, until it expires."""

    __tablename__ = "remembered"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    number_hash: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    expires_at: Mapped[datetime]
