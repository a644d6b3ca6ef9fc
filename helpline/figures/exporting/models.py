"""Tables of exports: what was asked for and how far it is, and the pieces of the file. Nothing here names a caller."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base, EncryptedBytes


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


ALIVE = (ExportState.WAITING, ExportState.RUNNING)


class Export(Base):
    """Rows that somebody asked for as a file. `chosen`: which, as in the log's address; `words`: what people read in it.

    `upto`: no call after this one is in it. `after_at`, `after_id`: the last call that is. `calls`, `total`: how many are
    written, and how many there were at the beginning. `packed`: how far the file is; with it any worker goes on. `key`: by
    which callers get their names in this file, until it is made. `tries`: how often it was begun since the last piece.
    `why`: what it failed for.
    """

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'cancelled', 'failed')", "state"),
        CheckConstraint("what IN ('calls', 'steps')", "what"),
        CheckConstraint("form IN ('csv', 'xlsx', 'jsonl')", "form"),
        Index(
            "ix_exports_one_at_a_time",
            "by_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
        Index("ix_exports_by_id", "by_id", "id"),
    )
    KIND = "export"
    MOVES: Mapping[str, tuple[str, ...]] = {
        ExportState.WAITING: (ExportState.RUNNING, ExportState.CANCELLED),
        ExportState.RUNNING: (ExportState.DONE, ExportState.CANCELLED, ExportState.FAILED),
        ExportState.DONE: (),
        ExportState.CANCELLED: (),
        ExportState.FAILED: (),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    what: Mapped[str]
    form: Mapped[str]
    chosen: Mapped[dict[str, str]] = mapped_column(JSONB)
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)
    day: Mapped[date]
    state: Mapped[str] = mapped_column(default=ExportState.WAITING)
    worked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(default="")
    key: Mapped[bytes | None] = mapped_column(EncryptedBytes)
    upto: Mapped[int | None]
    after_at: Mapped[datetime | None]
    after_id: Mapped[int | None]
    total: Mapped[int | None]
    calls: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(default=0)
    packed: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class ExportPiece(Base):
    """A piece of an export's file, in their order. Packed already: the database does not try again."""

    __tablename__ = "export_pieces"

    export_id: Mapped[int] = mapped_column(ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
