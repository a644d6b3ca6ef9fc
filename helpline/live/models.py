"""Tables of who answers now: shifts, presence, callers on hold. Nothing here says how anybody worked yesterday."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base, Encrypted


class HoldState(StrEnum):
    """Where a caller on hold stands: waiting, taken by somebody, talking; then how it ended."""

    WAITING = "waiting"
    TAKEN = "taken"
    TALKING = "talking"
    DONE = "done"
    KEPT = "kept"
    LEFT = "left"
    NOBODY = "nobody"


class Went(StrEnum):
    """What a talk came to, as the person says who had it. Says nothing of them: it is read by language and day."""

    HELPED = "helped"
    WRITTEN_DOWN = "written_down"
    EMERGENCY = "emergency"
    SILENT = "silent"
    NOT_FOR_US = "not_for_us"


_S = HoldState
_LIVE = "state IN ('waiting', 'taken', 'talking')"
_WITH_SOMEBODY = "state IN ('taken', 'talking')"


class ShiftRow(Base):
    """When a person works: on a weekday (0 = Monday) of every week, or on one day; minutes of Rome's clock.

    A person with rows for a day follows those alone on it; one without languages says that the person is away.
    """

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) <> (day IS NULL)", "weekly_or_dated"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint("0 <= begins AND begins < ends AND ends <= 1440", "minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    weekday: Mapped[int | None]
    day: Mapped[date | None]
    begins: Mapped[int]
    ends: Mapped[int]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Presence(Base):
    """Somebody is there, now: gone with the row, which is deleted and never copied (DOMAIN §4.4, INL 4/2017).

    `idle_since` orders who is rung first. `doubtful`: the last ring was not taken; a second one ends the presence.
    """

    __tablename__ = "presence"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    ready: Mapped[bool] = mapped_column(default=True)
    idle_since: Mapped[datetime] = mapped_column(default=clock.now)
    doubtful: Mapped[bool] = mapped_column(default=False)


class Hold(Base):
    """A caller who waits for a person, or talks with one.

    `queued_since` is what a callback inherits, `joined_at` when this hold began. `told_at`: when place and wait were said last; `offer_due`: a telephone
    was rung in vain since. `rung_person_id`: whose telephone rings, until that leg has ended; `tried`: whom we rang in
    vain, and when, until the hold ends. `person_id`: who took the call; forgotten soon after it ended. `leg_id`: the
    newest leg. `recognised`: of which asks the person on the line has shown to be the one who asked (the ask's id as
    text), and how (`code`, `words`); `note`: what whoever took the call wrote; `outcome`: what came of it.
    """

    __tablename__ = "holds"
    __table_args__ = (
        Index("uq_holds_live_call", "call_sid", unique=True, postgresql_where=text(_LIVE)),
        Index("uq_holds_rung", "rung_person_id", unique=True, postgresql_where=text("rung_person_id IS NOT NULL")),
        Index("uq_holds_with_person", "person_id", unique=True, postgresql_where=text(_WITH_SOMEBODY)),
        Index("ix_holds_call_sid", "call_sid"),
        Index("ix_holds_live", "state", postgresql_where=text(_LIVE)),
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in HoldState)})", "state"),
        CheckConstraint(f"NOT ({_WITH_SOMEBODY}) OR person_id IS NOT NULL", "with_somebody"),
        CheckConstraint(f"outcome IN ({', '.join(repr(str(one)) for one in Went)})", "outcome"),
    )  # fmt: skip

    KIND = "hold"
    MOVES: ClassVar[dict[str, frozenset[HoldState]]] = {
        _S.WAITING: frozenset({_S.TAKEN, _S.KEPT, _S.LEFT, _S.NOBODY}),
        _S.TAKEN: frozenset({_S.WAITING, _S.TALKING, _S.DONE, _S.LEFT}),
        _S.TALKING: frozenset({_S.DONE}),
        _S.DONE: frozenset(),
        _S.KEPT: frozenset(),
        _S.LEFT: frozenset(),
        _S.NOBODY: frozenset(),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    call_sid: Mapped[str]
    language: Mapped[str]
    minor: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=HoldState.WAITING)
    queued_since: Mapped[datetime] = mapped_column(default=clock.now)
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
    offer_due: Mapped[bool] = mapped_column(default=False)
    rung_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    leg_id: Mapped[int | None] = mapped_column(index=True)
    tried: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    room: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    recognised: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    note: Mapped[str | None] = mapped_column(Encrypted)
    outcome: Mapped[str | None]
