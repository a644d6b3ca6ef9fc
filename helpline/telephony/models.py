"""Tables of the calls that we place: legs, the rooms in which people meet, the pace of calling, who interprets."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base, Encrypted


class Purpose(StrEnum):
    """Why we call: decides who is asked what to say (`scripts`), and what `subject_id` names."""

    CALLBACK_OPERATOR = "callback_operator"
    CALLBACK_CALLER = "callback_caller"
    LIVE_OPERATOR = "live_operator"
    INTERPRETER = "interpreter"
    OFFER_MEMBER = "offer_member"
    OFFER_PERSON = "offer_person"
    PROMPT_EDITOR = "prompt_editor"


TO_WHO_ASKED = frozenset({Purpose.CALLBACK_CALLER, Purpose.OFFER_PERSON})
"""Calls to somebody who asked for one: no message is left there, so the carrier looks for a machine before any word."""


class LegState(StrEnum):
    """Where a leg stands; never back, except that a plain "not now" of the carrier leads from asked to intended."""

    INTENDED = "intended"
    ASKED = "asked"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Cause(StrEnum):
    """How a leg ended.

    `refused`: picked up, and not wanted, or nothing pressed; `gave_up`: picked up, and hung up before a key;
    `failed`: the number cannot be reached; `network`: the carrier or we could not; `canceled`: taken back by us.
    """

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"
    MACHINE = "machine"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    NETWORK = "network"


_S = LegState
_LATER = frozenset({_S.RINGING, _S.ANSWERED, _S.ENDED})
_ONCE = (Purpose.CALLBACK_OPERATOR, Purpose.CALLBACK_CALLER)


def _one_of(column: str, words: tuple[StrEnum, ...]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Leg(Base):
    """One call that we place, meant before it is asked for: what was not heard of the carrier's answer is looked up.

    `to_number` is forgotten when the leg ends. `key`: what was pressed at first, empty for nothing. `wanted`: what the
    carrier must still be asked about a leg that lives (`end`, `farewell`). `settled`: its end was taken in by whoever
    it was for. `recognised`: how the person on it showed to be the one who asked (`code`, `words`). `set_id`: the set of
    prompts that the call began with. An attempt has one leg of each kind, ever: the database refuses a second dialling.
    """

    __tablename__ = "legs"
    __table_args__ = (
        Index("ix_legs_subject", "purpose", "subject_id"),
        Index(
            "uq_legs_once",
            "purpose",
            "subject_id",
            unique=True,
            postgresql_where=text(_one_of("purpose", _ONCE)),
        ),
        Index("ix_legs_alive", "state", postgresql_where=text("state <> 'ended'")),
        Index("ix_legs_unsettled", "ended_at", postgresql_where=text("state = 'ended' AND NOT settled")),
        CheckConstraint(_one_of("purpose", tuple(Purpose)), "purpose"),
        CheckConstraint(_one_of("state", tuple(LegState)), "state"),
        CheckConstraint(_one_of("cause", tuple(Cause)), "cause"),
        CheckConstraint("(state = 'ended') = (cause IS NOT NULL)", "ended_how"),
        CheckConstraint("wanted IN ('end', 'farewell')", "wanted"),
        CheckConstraint("recognised IN ('code', 'words')", "recognised"),
    )

    KIND = "leg"
    MOVES: ClassVar[dict[str, frozenset[LegState]]] = {
        _S.INTENDED: frozenset({_S.ASKED, _S.ENDED}),
        _S.ASKED: _LATER | {_S.INTENDED},
        _S.RINGING: _LATER - {_S.RINGING},
        _S.ANSWERED: frozenset({_S.ENDED}),
        _S.ENDED: frozenset(),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    purpose: Mapped[str]
    subject_id: Mapped[int]
    to_number: Mapped[str | None] = mapped_column(Encrypted)
    language: Mapped[str]
    room: Mapped[str | None]
    ring_seconds: Mapped[int]
    detect_machine: Mapped[bool]
    state: Mapped[str] = mapped_column(default=LegState.INTENDED)
    cause: Mapped[str | None]
    sid: Mapped[str | None] = mapped_column(unique=True)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    key: Mapped[str | None]
    wanted: Mapped[str | None]
    recognised: Mapped[str | None]
    set_id: Mapped[int | None]
    settled: Mapped[bool] = mapped_column(default=False)


class Room(Base):
    """A conference in which two people meet, and an interpreter: named by an opaque word.

    `sid` is the carrier's name for it, told when the second person comes in. `guest_sid`: the call of the person we
    serve; `guest_wanted`: where that call shall be (`join`: fetched in from where it waits; `held`, `back`), until it
    is so. `says`: the prompt that a fetched guest hears first; `set_id`: the set of prompts that their call began with.
    """

    __tablename__ = "rooms"
    __table_args__ = (
        Index("ix_rooms_wanted", "changed_at", postgresql_where=text("guest_wanted IS NOT NULL")),
        CheckConstraint("guest_wanted IN ('join', 'held', 'back')", "guest_wanted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    name: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    says: Mapped[str | None]
    sid: Mapped[str | None]
    guest_sid: Mapped[str | None]
    guest_wanted: Mapped[str | None]
    guest_held: Mapped[bool] = mapped_column(default=False)
    set_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]


class Pace(Base):
    """When the next call of the whole installation may be asked for. One row."""

    __tablename__ = "pace"

    id: Mapped[int] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


class Interpreter(Base):
    """Somebody outside who interprets, and may be rung as the third in a talk; of a settings file, found again by `name`."""

    __tablename__ = "interpreters"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    name: Mapped[str] = mapped_column(unique=True)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    phone: Mapped[str] = mapped_column(Encrypted)
    note: Mapped[str | None] = mapped_column(Encrypted)
    disabled_at: Mapped[datetime | None]
