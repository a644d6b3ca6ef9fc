"""Words for every caller from one moment until another: made, changed, ended early, each change a version of the line's
settings with who, when and why. How they may be worded, and the audit, are `voice.notices`'s; knows a clip by its hash."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.line import loading
from helpline.line.models import LineVersion, NoticeRow

LONGEST = timedelta(days=90)
"""A notice is news: what holds for longer is a text."""
MOST_AT_ONCE = 3
PROMPT = "notice_"
"""How a notice is named where recordings are: `notice_12`."""
SOURCE = "console"
FIRST = "it"
"""The language that a notice is always in; in the others it may be left out, or only be spoken."""


class Standing(StrEnum):
    """Whether callers hear a notice."""

    COMING = "coming"
    NOW = "now"
    OVER = "over"


class Wrong(StrEnum):
    """Why a notice cannot be heard at these times."""

    ORDER = "order"
    PAST = "past"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"


class Overtaken(Exception):
    """Somebody else changed this notice since it was shown; nothing was saved."""


@dataclass(frozen=True)
class Given:
    """What somebody wants callers to hear: words in some languages, from a moment until another."""

    texts: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Kept:
    """A notice as it stands. `ended_at`: when it was ended early. `clips`: the recording of its words, by language."""

    id: int
    name: str
    texts: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    revision: int
    clips: Mapping[str, str] = field(default_factory=dict)

    @property
    def until(self) -> datetime:
        """When it is heard no more."""
        return min(self.ends_at, self.ended_at) if self.ended_at else self.ends_at

    @property
    def prompt(self) -> str:
        """Its name where recordings are."""
        return f"{PROMPT}{self.id}"

    def standing(self, at: datetime) -> Standing:
        """Whether it is heard at this moment."""
        if at >= self.until:
            return Standing.OVER
        return Standing.NOW if at >= self.starts_at else Standing.COMING


@dataclass(frozen=True)
class Change:
    """One change of a notice: when, by whom, why, and the fields that it changed."""

    at: datetime
    who: str
    why: str | None
    fields: tuple[str, ...]


def listed(session: Session) -> list[Kept]:
    """All notices, those that begin last first."""
    rows = session.scalars(select(NoticeRow).order_by(NoticeRow.starts_at.desc(), NoticeRow.id.desc()))
    return [_kept(row) for row in rows]


def one(session: Session, notice_id: int) -> Kept:
    """One notice. Raises `LookupError`."""
    return _kept(_row(session, notice_id))


def named(session: Session, prompt: str) -> Kept | None:
    """The notice that recordings call so (`notice_12`), or None."""
    number = prompt.removeprefix(PROMPT)
    if number == prompt or not (number.isascii() and number.isdecimal() and len(number) < len(str(2**31))):
        return None
    try:
        return one(session, int(number))
    except LookupError:
        return None


def first(kept: Kept) -> str:
    """The language in which a notice is shown to whoever says it in one in which nothing is written: Italian."""
    return FIRST if FIRST in kept.texts else next(iter(kept.texts))


def history(session: Session, kept: Kept) -> list[Change]:
    """Every change of a notice, newest first."""
    what = _about(kept.name)
    rows = session.scalars(
        select(LineVersion).where(LineVersion.changes.has_key(what)).order_by(LineVersion.id.desc())
    )
    return [Change(row.at, row.who, row.why, tuple(row.changes[what])) for row in rows]


def wrong(session: Session, given: Given, notice_id: int | None = None) -> dict[str, Wrong]:
    """What is wrong with the times of a notice, by field (`starts`, `ends`); empty when it can be heard."""
    if given.starts_at >= given.ends_at:
        return {"ends": Wrong.ORDER}
    if given.ends_at <= clock.now():
        return {"ends": Wrong.PAST}
    if given.ends_at - given.starts_at > LONGEST:
        return {"ends": Wrong.TOO_LONG}
    others = [one for one in listed(session) if one.id != notice_id]
    # As many at once as ever: at the beginning of one of them, or of this one.
    for moment in (given.starts_at, *(one.starts_at for one in others)):
        at_once = [one for one in others if one.starts_at <= moment < one.until]
        if given.starts_at <= moment < given.ends_at and len(at_once) >= MOST_AT_ONCE:
            return {"starts": Wrong.TOO_MANY}
    return {}


def save(
    session: Session,
    given: Given,
    *,
    who: str,
    why: str | None = None,
    notice_id: int | None = None,
    revision: int = 0,
) -> tuple[int, bool]:
    """Make a notice, or change one; its id, and whether anything changed. From the next call on it is heard so.

    A changed text loses its recording; an ended notice that is changed is heard again at its times. Its times and words
    were judged before (`wrong`, `voice.notices`). Raises `Overtaken`, `LookupError`.
    """
    loading.lock(session)
    texts = {code: text for code, text in given.texts.items() if text}
    fields: dict[str, Any] = {"texts": texts, "starts_at": given.starts_at, "ends_at": given.ends_at}
    if notice_id is None:
        name = f"{given.starts_at.astimezone(clock.ROME):%Y-%m-%d}-{secrets.token_hex(3)}"
    else:
        row = _row(session, notice_id)
        if row.revision != revision:
            raise Overtaken(f"notice {notice_id} was changed meanwhile")
        name, fields["ended_at"] = row.name, None
        fields["clips"] = {
            code: clip for code, clip in row.clips.items() if _same_words(code, row.texts, texts)
        }
    changes: dict[str, Any] = {}
    loading.upsert(session, NoticeRow, {"name": name}, fields, changes, _about(name))
    session.flush()
    saved = session.scalars(select(NoticeRow).where(NoticeRow.name == name)).one()
    if changes:
        _changed(session, saved, changes, who=who, why=why)
    return saved.id, bool(changes)


def end(session: Session, notice_id: int, *, who: str, why: str) -> bool:
    """Let callers hear a notice no more, from now on; False when it is over. Raises `LookupError`."""
    loading.lock(session)
    row = _row(session, notice_id)
    now = clock.now()
    if _kept(row).standing(now) is Standing.OVER:
        return False
    changes: dict[str, Any] = {}
    loading.upsert(session, NoticeRow, {"name": row.name}, {"ended_at": now}, changes, _about(row.name))
    _changed(session, row, changes, who=who, why=why)
    return True


def put_clip(session: Session, notice_id: int, language: str, clip: str, text: str, *, who: str) -> bool:
    """Let a recording say a notice in one language; False when it was read from other words than today's (empty: nobody has
    written any in this language, and whoever spoke it said what the others say).

    Raises `LookupError`.
    """
    loading.lock(session)
    row = _row(session, notice_id)
    if row.texts.get(language, "") != text:
        return False
    changes: dict[str, Any] = {}
    clips = row.clips | {language: clip}
    loading.upsert(session, NoticeRow, {"name": row.name}, {"clips": clips}, changes, _about(row.name))
    if changes:
        _changed(session, row, changes, who=who, why=None, revises=False)
    return True


def put_speech(
    session: Session, notice_id: int, clips: Mapping[str, str], texts: Mapping[str, str], *, who: str
) -> int:
    """Let an engine's speech of these texts say a notice where nothing else does; in how many languages it does now.

    What was recorded meanwhile stays, and of a text that was changed nothing is taken. One version for all languages.
    """
    loading.lock(session)
    row = _row(session, notice_id)
    fresh = {
        code: clip
        for code, clip in clips.items()
        if code not in row.clips and row.texts.get(code) == texts[code]
    }
    changes: dict[str, Any] = {}
    if fresh:
        together = {**row.clips, **fresh}
        loading.upsert(session, NoticeRow, {"name": row.name}, {"clips": together}, changes, _about(row.name))
        _changed(session, row, changes, who=who, why=None, revises=False)
    return len(fresh)


def _changed(
    session: Session,
    row: NoticeRow,
    changes: dict[str, Any],
    *,
    who: str,
    why: str | None,
    revises: bool = True,
) -> None:
    if revises:
        row.revision += 1
    loading.new_version(session, changes, who=who, source=SOURCE, why=why)


def _same_words(code: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether a recording still says what is written. One for which nothing was, said what the other languages say."""
    return before.get(code) == after.get(code) and (code in before or dict(before) == dict(after))


def _row(session: Session, notice_id: int) -> NoticeRow:
    wanted = select(NoticeRow).where(NoticeRow.id == notice_id).execution_options(populate_existing=True)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise LookupError(f"no notice {notice_id}")
    return row


def _about(name: str) -> str:
    return f"notice {name}"


def _kept(row: NoticeRow) -> Kept:
    return Kept(
        row.id, row.name, row.texts, row.starts_at, row.ends_at, row.ended_at, row.revision, row.clips
    )
