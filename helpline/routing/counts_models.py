"""Tables of the counts that organisations return: one return for each project, month and version; nothing is ever changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base
from helpline.routing.counts_values import What


class CountReturn(Base):
    """That somebody returned the counts of a project's month. The highest version of a month is the one that counts."""

    __tablename__ = "count_returns"
    __table_args__ = (
        UniqueConstraint("project_id", "month", "version"),
        CheckConstraint("version >= 1", "version"),
        CheckConstraint("extract(day FROM month) = 1", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    month: Mapped[date]
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    who: Mapped[str]
    why: Mapped[str | None]


class ReturnedCount(Base):
    """How many people of one country of return (empty: not known) one return counts of one thing; nought has no row."""

    __tablename__ = "returned_counts"
    __table_args__ = (
        CheckConstraint(f"what IN ({', '.join(repr(str(one)) for one in What)})", "what"),
        CheckConstraint("people > 0", "people"),
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("count_returns.id"), primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int]
