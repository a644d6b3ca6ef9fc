"""How a thing changes state: by a table of moves, each leaving a line; knows no particular thing."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline import clock
from helpline.db.base import Base


class ForbiddenMove(Exception):
    """A change of state that the thing's table of moves does not hold."""


class Moved(Base):
    """One change of state: of what, when, by whom, from, to and why. Appended, never changed."""

    __tablename__ = "moves"
    __table_args__ = (
        Index("ix_moves_thing", "kind", "subject_id"),
        Index("ix_moves_at", "at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    who: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    why: Mapped[str]


def begin(session: Session, thing: Any, *, who: str, why: str) -> None:
    """Write the first line of a thing that was added to the session: how it came to the state it has.

    Flushes, since the line names the thing by its id. The thing's class gives `KIND` (a word).
    """
    session.flush()
    _write(session, thing, None, who=who, why=why)


def move(session: Session, thing: Any, to: StrEnum, *, who: str, why: str) -> None:
    """Change `thing.state` and write the line that says so, in the caller's transaction.

    The thing's class gives `KIND` (a word) and `MOVES` (state -> states it may become). The row should be locked
    by the caller where others may race. Raises `ForbiddenMove` when the table does not hold this move.
    """
    current = thing.state
    if to not in thing.MOVES[current]:
        raise ForbiddenMove(f"{thing.KIND} {thing.id}: {current} may not become {to}")
    thing.state = to
    _write(session, thing, current, who=who, why=why)


def _write(session: Session, thing: Any, before: str | None, *, who: str, why: str) -> None:
    line = {"from_state": before, "to_state": thing.state, "who": who, "why": why}
    session.add(Moved(kind=thing.KIND, subject_id=thing.id, **line))
