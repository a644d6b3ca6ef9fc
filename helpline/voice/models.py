"""Tables of what callers hear: texts, clips, the draft, published sets; not of what callers said (that is `calls`)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from helpline import clock
from helpline.db import Base


class PromptClip(Base):
    """One clip, under the SHA-256 of its bytes: never changed, only added. No personal data: our own prompts.

    `way`: how it came (a browser, a telephone, a file, an engine). `original_sha`: what was sent to us, untouched.
    `speaker`: the name under which whoever spoke it wants to be kept. `measured`: what the judge of sounds found.
    `wav` is empty where the bytes lie in another storage.
    """

    __tablename__ = "prompt_clips"
    __table_args__ = (
        Index("ix_prompt_clips_prompt", "language", "prompt"),
        Index("ix_prompt_clips_speech", "language", "prompt", postgresql_where=text("source = 'speech'")),
        CheckConstraint("source in ('published', 'speech')", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(unique=True)
    wav: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    language: Mapped[str]
    prompt: Mapped[str]
    text_hash: Mapped[str]
    source: Mapped[str]
    engine: Mapped[str]
    seconds: Mapped[float]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    way: Mapped[str | None]
    original_sha: Mapped[str | None]
    speaker: Mapped[str | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    measured: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))


class PromptText(Base):
    """One text that somebody wrote here for a prompt, or that a release brought: never changed, only added.

    `repository_hash`: what the repository said there when it was written; `master_hash`: what English said then.
    `origin`: `console`, `import` (a translator's file), `repository` (a release).
    """

    __tablename__ = "prompt_texts"
    __table_args__ = (
        Index("ix_prompt_texts_prompt", "language", "prompt"),
        CheckConstraint("origin in ('console', 'import', 'repository')", name="origin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    prompt: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[str]
    repository_hash: Mapped[str | None]
    master_hash: Mapped[str | None]
    origin: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class PromptSet(Base):
    """One published set. Set 0 is not here: it is what the repository holds.

    `languages`: those that this publishing changed. `restores`: the set whose rows were taken again, in a roll back.
    """

    __tablename__ = "prompt_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(default="", server_default="")
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'"))
    restores: Mapped[int | None] = mapped_column(ForeignKey("prompt_sets.id"))


class PromptSetClip(Base):
    """Which recording a set plays for one prompt in one language, and the hash of the text it was read from."""

    __tablename__ = "prompt_set_clips"

    set_id: Mapped[int] = mapped_column(ForeignKey("prompt_sets.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    prompt: Mapped[str] = mapped_column(primary_key=True)
    clip_hash: Mapped[str] = mapped_column(ForeignKey("prompt_clips.hash"))
    text_hash: Mapped[str]


class PromptSetText(Base):
    """Which text of its own a set has for one prompt in one language; without a row the repository's holds."""

    __tablename__ = "prompt_set_texts"

    set_id: Mapped[int] = mapped_column(ForeignKey("prompt_sets.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    prompt: Mapped[str] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("prompt_texts.id"))


class PromptDraftEntry(Base):
    """What the one open draft changes about one prompt in one language; a row that changes nothing keeps its revision.

    `revision` grows with every change and never begins anew, so that whoever saves an older one is told.
    `drops_text`: the repository's text shall hold again; `drops_clip`: no recording of ours shall be played.
    `conflict_id`: the repository's new text, which came while another text of ours holds: somebody has to decide.
    """

    __tablename__ = "prompt_draft"
    __table_args__ = (
        CheckConstraint("text_id IS NULL OR NOT drops_text", name="one_text"),
        CheckConstraint("clip_hash IS NULL OR NOT drops_clip", name="one_clip"),
    )

    language: Mapped[str] = mapped_column(primary_key=True)
    prompt: Mapped[str] = mapped_column(primary_key=True)
    text_id: Mapped[int | None] = mapped_column(ForeignKey("prompt_texts.id"))
    drops_text: Mapped[bool] = mapped_column(default=False)
    clip_hash: Mapped[str | None] = mapped_column(ForeignKey("prompt_clips.hash"))
    drops_clip: Mapped[bool] = mapped_column(default=False)
    conflict_id: Mapped[int | None] = mapped_column(ForeignKey("prompt_texts.id"))
    revision: Mapped[int] = mapped_column(default=0)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class ScheduleState(StrEnum):
    """Where a publishing stands that shall happen later."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    CANCELLED = "cancelled"


_S = ScheduleState


class PromptSchedule(Base):
    """A publishing that shall happen at a moment, with the changes as they were when it was asked for.

    `entries`: a list of {language, prompt, text_id, drops_text, clip_hash, drops_clip, revision}.
    `faults`: why nothing was published, one sentence each.
    """

    __tablename__ = "prompt_schedules"
    __table_args__ = (
        Index("ix_prompt_schedules_due", "due_at", postgresql_where=text("state = 'waiting'")),
        CheckConstraint("state in ('waiting', 'published', 'refused', 'cancelled')", name="state"),
    )
    KIND: ClassVar = "schedule"
    MOVES: ClassVar = {
        _S.WAITING: {_S.PUBLISHED, _S.REFUSED, _S.CANCELLED},
        _S.PUBLISHED: set(),
        _S.REFUSED: set(),
        _S.CANCELLED: set(),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=_S.WAITING)
    due_at: Mapped[datetime]
    note: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    set_id: Mapped[int | None] = mapped_column(ForeignKey("prompt_sets.id"))
    faults: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)


class PromptVerdict(Base):
    """What somebody said of one clip or one text after hearing or reading it; the newest one counts."""

    __tablename__ = "prompt_verdicts"
    __table_args__ = (
        Index("ix_prompt_verdicts_clip", "clip_hash", postgresql_where=text("clip_hash IS NOT NULL")),
        Index("ix_prompt_verdicts_text", "text_id", postgresql_where=text("text_id IS NOT NULL")),
        CheckConstraint("(clip_hash IS NULL) <> (text_id IS NULL)", name="about_one"),
        CheckConstraint("verdict in ('approved', 'rejected')", name="verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clip_hash: Mapped[str | None] = mapped_column(ForeignKey("prompt_clips.hash"))
    text_id: Mapped[int | None] = mapped_column(ForeignKey("prompt_texts.id"))
    verdict: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    why: Mapped[str] = mapped_column(default="")


class PromptEditing(Base):
    """Somebody has a prompt open: a soft notice for others, gone after a few minutes without a sign."""

    __tablename__ = "prompt_editing"

    language: Mapped[str] = mapped_column(primary_key=True)
    prompt: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


class PromptSeen(Base):
    """The repository's text of one prompt as the last release found it: so the next one knows what it changes."""

    __tablename__ = "prompt_seen"

    language: Mapped[str] = mapped_column(primary_key=True)
    prompt: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    before: Mapped[str | None]
    changed_at: Mapped[datetime | None]


class PromptFormer(Base):
    """What the repository said of one prompt until a release changed it: so that a set can be heard again as it was."""

    __tablename__ = "prompt_formers"
    __table_args__ = (Index("ix_prompt_formers_until", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    prompt: Mapped[str]
    text: Mapped[str]
    until: Mapped[datetime]
