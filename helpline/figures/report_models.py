"""Tables of reports: what was made, what was issued under which number and version, and as which file."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base


class ReportState(StrEnum):
    """Where a report stands: the worker makes it, it can be read, it was issued (and stays as it is), it could not be made."""

    MAKING = "making"
    READY = "ready"
    ISSUED = "issued"
    FAILED = "failed"


_DRAFT = "state IN ('making', 'ready', 'failed')"


class Report(Base):
    """A report of one period. `content`: its tables as they are shown; `facts`: its numbers, also the hidden ones, and how
    they add up: what later reports must not reveal. `number` of `year`: the same for all versions of a period; `why`: what
    a later version corrects. What is issued is never changed."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("uq_reports_draft", "period", unique=True, postgresql_where=text(_DRAFT)),
        UniqueConstraint("period", "version"),
        UniqueConstraint("year", "number", "version"),
        CheckConstraint(f"state IN ({', '.join(repr(str(one)) for one in ReportState)})", "state"),
        CheckConstraint(
            "(state = 'issued') = (version IS NOT NULL AND number IS NOT NULL AND issued_at IS NOT NULL)", "issued"
        ),
        CheckConstraint("state NOT IN ('ready', 'issued') OR content IS NOT NULL", "content"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    state: Mapped[str] = mapped_column(default=ReportState.MAKING)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    as_of: Mapped[datetime | None]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    version: Mapped[int | None]
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str] = mapped_column(default="", server_default="")


class ReportFile(Base):
    """An issued report as PDF, in one language: made once, and handed out as it is."""

    __tablename__ = "report_files"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
