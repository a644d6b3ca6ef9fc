"""Tables of the clips that say prompts and of the published sets; not of what callers said (that is `calls`)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base


class PromptClip(Base):
    """One clip, under the SHA-256 of its bytes: never changed, only added. No personal data: our own prompts."""

    __tablename__ = "prompt_clips"
    __table_args__ = (
        Index("ix_prompt_clips_prompt", "language", "prompt"),
        CheckConstraint("source in ('published', 'speech')", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(unique=True)
    wav: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    language: Mapped[str]
    prompt: Mapped[str]
    text_hash: Mapped[str]
    source: Mapped[str]
    engine: Mapped[str]
    seconds: Mapped[float]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class PromptSet(Base):
    """One published set. Set 0 is not here: it is what the repository holds."""

    __tablename__ = "prompt_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by: Mapped[str]


class PromptSetClip(Base):
    """Which recording a set plays for one prompt in one language, and the hash of the text it was read from."""

    __tablename__ = "prompt_set_clips"

    set_id: Mapped[int] = mapped_column(ForeignKey("prompt_sets.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    prompt: Mapped[str] = mapped_column(primary_key=True)
    clip_hash: Mapped[str] = mapped_column(ForeignKey("prompt_clips.hash"))
    text_hash: Mapped[str]
