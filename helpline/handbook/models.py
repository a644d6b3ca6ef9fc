"""Tables of the manual: the sound of key phrases, and the house's own pages with each version of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base


class PhraseClip(Base):
    """How one text of a key phrase sounds, made by an engine; kept as long as the phrase has this text. No personal data."""

    __tablename__ = "phrase_clips"

    language: Mapped[str] = mapped_column(primary_key=True)
    phrase: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(index=True)
    engine: Mapped[str]
    seconds: Mapped[float]
    wav: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class HousePage(Base):
    """A page of the house's own: beside a chapter, or (without `chapter`) a chapter of its own.

    `revision` is the number of its newest version.
    """

    __tablename__ = "handbook_pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    chapter: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1)


class HouseVersion(Base):
    """One version of such a page: never changed, only added. A language without text is empty; `gone`: it was taken away."""

    __tablename__ = "handbook_versions"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("handbook_pages.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title_it: Mapped[str]
    title_en: Mapped[str]
    text_it: Mapped[str]
    text_en: Mapped[str]
    gone: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
