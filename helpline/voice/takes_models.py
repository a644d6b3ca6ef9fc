"""Tables of recordings as they come: the untouched original, what became of it, and several that came together."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base


class PromptOriginal(Base):
    """A recording as it was sent to us, under the SHA-256 of its bytes: never changed.

    `form`: what it is by its first bytes (`wav`, `webm` …). `content` is empty where the bytes lie in another storage.
    """

    __tablename__ = "prompt_originals"

    sha: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    form: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)


class BatchState(StrEnum):
    """How far several recordings are that came together."""

    WORKING = "working"
    DONE = "done"


class PromptBatch(Base):
    """Recordings that came together, in a ZIP or as several files. They go into the draft together, the good ones.

    `left_out`: what was not taken at all: a list of {file, name (of the remark), …its values}.
    """

    __tablename__ = "prompt_batches"
    __table_args__ = (CheckConstraint("state in ('working', 'done')", name="state"),)
    KIND: ClassVar = "batch"
    MOVES: ClassVar = {BatchState.WORKING: {BatchState.DONE}, BatchState.DONE: set()}

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=BatchState.WORKING)
    name: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]


class TakeState(StrEnum):
    """How far a recording is."""

    RECEIVED = "received"
    READY = "ready"
    REFUSED = "refused"


class PromptTake(Base):
    """One recording that somebody made of one prompt in one language, and what the worker made of it.

    `text`: what was to be read, as the speaker saw it. `way`: `browser`, `telephone` or `file`. `name`: of the file.
    `refusals`, `warnings`: lists of {name, …values}, for `measured.Remark`. `measured`: {before, after}.
    `tries`: how often a worker began with it; `tried_at`: when last.
    """

    __tablename__ = "prompt_takes"
    __table_args__ = (
        Index("ix_prompt_takes_prompt", "language", "prompt", "id"),
        Index("ix_prompt_takes_received", "made_at", postgresql_where=text("state = 'received'")),
        Index("ix_prompt_takes_batch", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        CheckConstraint("state in ('received', 'ready', 'refused')", name="state"),
        CheckConstraint("way in ('browser', 'telephone', 'file')", name="way"),
    )
    KIND: ClassVar = "take"
    MOVES: ClassVar = {
        TakeState.RECEIVED: {TakeState.READY, TakeState.REFUSED},
        TakeState.READY: set(),
        TakeState.REFUSED: set(),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=TakeState.RECEIVED)
    language: Mapped[str]
    prompt: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[str]
    way: Mapped[str]
    speaker: Mapped[str | None]
    name: Mapped[str]
    original_sha: Mapped[str] = mapped_column(ForeignKey("prompt_originals.sha"))
    clip_hash: Mapped[str | None] = mapped_column(ForeignKey("prompt_clips.hash"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("prompt_batches.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    refusals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    measured: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    judged_at: Mapped[datetime | None]
