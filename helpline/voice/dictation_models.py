"""Tables of recording by telephone: a call to an editor's own telephone, and what was spoken on it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base


class Dictation(Base):
    """One call on which somebody records prompts of one language. `locale`: the language in which they are guided.

    `prompt`: the one to begin with, if they came from its page.
    """

    __tablename__ = "prompt_dictations"
    __table_args__ = (Index("ix_prompt_dictations_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    language: Mapped[str]
    locale: Mapped[str]
    prompt: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]


class SpokenState(StrEnum):
    """What becomes of a recording that was spoken into a telephone."""

    SPOKEN = "spoken"
    KEPT = "kept"
    DROPPED = "dropped"
    REFUSED = "refused"
    LOST = "lost"


_S = SpokenState


class Spoken(Base):
    """One recording on such a call. `read_from`: the hash of the text that was to be read.

    `key`: what was pressed after it was heard again; `wav`: its sound, from when it was fetched until it is kept or
    dropped; `clip`: what a caller would hear, made of it as long as that; `judged_at`, `refusals`: when, and a list of
    {name, …values} for `measured.Remark`, for which it cannot be used; `token`: under which the carrier asks us for it;
    `at_carrier`: it has not been deleted there. Kept, it is a take (`take_id`).
    """

    __tablename__ = "prompt_spoken"
    __table_args__ = (
        Index("ix_prompt_spoken_dictation", "dictation_id"),
        Index("ix_prompt_spoken_at_carrier", "at", postgresql_where=text("at_carrier")),
        CheckConstraint("state in ('spoken', 'kept', 'dropped', 'refused', 'lost')", name="state"),
    )
    KIND: ClassVar = "spoken"
    MOVES: ClassVar = {
        _S.SPOKEN: frozenset({_S.KEPT, _S.DROPPED, _S.REFUSED, _S.LOST}),
        _S.KEPT: frozenset(),
        _S.DROPPED: frozenset(),
        _S.REFUSED: frozenset(),
        _S.LOST: frozenset(),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    dictation_id: Mapped[int] = mapped_column(ForeignKey("prompt_dictations.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default=SpokenState.SPOKEN)
    prompt: Mapped[str]
    read_from: Mapped[str]
    recording_sid: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    at_carrier: Mapped[bool] = mapped_column(default=True)
    key: Mapped[str | None]
    wav: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    clip: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    judged_at: Mapped[datetime | None]
    refusals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    take_id: Mapped[int | None] = mapped_column(ForeignKey("prompt_takes.id"))
