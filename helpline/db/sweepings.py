"""When each sweep last did its work, and when it last failed: written by clocks, read by monitors."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline import clock
from helpline.db.base import Base


class Sweeping(Base):
    """One sweep, by the function that does it. `failed_at` stays until it has worked again."""

    __tablename__ = "sweepings"

    function: Mapped[str] = mapped_column(primary_key=True)
    good_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


def good(session: Session, function: str) -> None:
    """Note that a sweep has done its work just now."""
    row = {"good_at": clock.now(), "failed_at": None}
    written = insert(Sweeping).values(function=function, **row)
    session.execute(written.on_conflict_do_update(index_elements=["function"], set_=row))


def failed(session: Session, function: str) -> None:
    """Note that a sweep failed; the first moment of several failures in a row stays."""
    written = insert(Sweeping).values(function=function, failed_at=clock.now())
    kept = func.coalesce(Sweeping.failed_at, written.excluded.failed_at)
    session.execute(written.on_conflict_do_update(index_elements=["function"], set_={"failed_at": kept}))
