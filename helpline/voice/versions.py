"""All that is known of one prompt in one language: every text and every clip there ever was, who made it, what others said
of it, and which published set had it. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.voice import drafts, matrix, newest, verdicts
from helpline.voice.catalogue import MASTER, Catalogue, text_hash
from helpline.voice.cells import Cell
from helpline.voice.drafts import Entry
from helpline.voice.models import PromptClip, PromptSetClip, PromptSetText, PromptText
from helpline.voice.verdicts import Standing

MOST = 50
"""So many versions of each are shown; all are kept."""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One text. `id` None: the repository's. `is_wanted`: it holds once the draft is published; `is_live`: callers hear
    it now. `sets`: the first and the last published set that had it. `gave_way`: the newest set has it, and the
    repository's is said in its place (`manifest.gives_way`), else empty."""

    id: int | None
    text: str
    origin: str
    by_id: int | None
    at: datetime | None
    is_wanted: bool
    is_live: bool
    standing: Standing
    sets: tuple[int, int] | None
    gave_way: str = ""


@dataclass(frozen=True, slots=True)
class ClipVersion:
    """One clip. `is_current`: it says the text that holds once the draft is published; `in_draft`: it stands there;
    `is_published`: the newest set has it; `is_heard`: callers hear it now."""

    hash: str
    seconds: float
    engine: str
    source: str
    way: str
    speaker: str
    by_id: int | None
    at: datetime | None
    original: str | None
    measured: Mapping[str, Any]
    is_current: bool
    in_draft: bool
    is_published: bool
    is_heard: bool
    standing: Standing
    sets: tuple[int, int] | None

    @property
    def is_speech(self) -> bool:
        """Whether an engine made it."""
        return self.source == "speech"


@dataclass(frozen=True)
class Everything:
    """One cell with all its versions, newest first. `now`: the same as callers hear it today; `english`: the text that
    holds there; `repository`: what the code says."""

    cell: Cell
    now: Cell
    entry: Entry
    english: str
    repository: str
    number: int
    texts: Sequence[TextVersion]
    clips: Sequence[ClipVersion]

    @property
    def wanted(self) -> TextVersion:
        """The text that holds once the draft is published."""
        return next(each for each in self.texts if each.is_wanted)

    @property
    def live(self) -> TextVersion:
        """The text that callers hear now."""
        return next(each for each in self.texts if each.is_live)

    def clip(self, hash: str | None) -> ClipVersion | None:
        """The clip of this hash."""
        return next((each for each in self.clips if each.hash == hash), None)

    @property
    def drafted(self) -> ClipVersion | None:
        """The recording in the draft."""
        return self.clip(self.entry.clip)

    @property
    def playing(self) -> ClipVersion | None:
        """The recording of the newest set, heard or not."""
        return next((each for each in self.clips if each.is_published), None)

    @property
    def heard(self) -> ClipVersion | None:
        """The clip that callers hear now; None where the carrier's voice speaks, or a recording of the program."""
        return next((each for each in self.clips if each.is_heard), None)

    @property
    def gave_way(self) -> TextVersion | None:
        """The text of the newest set in whose place the repository's is said."""
        return next((each for each in self.texts if each.gave_way), None)

    @property
    def speech(self) -> ClipVersion | None:
        """What an engine made of the text that holds."""
        return next((each for each in self.clips if each.is_speech and each.is_current), None)

    def people(self) -> set[int]:
        """Everybody who is named on it."""
        found = {each.by_id for each in self.texts} | {each.by_id for each in self.clips} | {self.entry.by_id}
        found |= {each.standing.by_id for each in self.texts} | {each.standing.by_id for each in self.clips}
        return {one for one in found if one is not None}


def everything(session: Session, repository: Catalogue, language: str, prompt: str) -> Everything:
    """One prompt in one language. Raises `KeyError` where there is no such prompt or language."""
    cell, now, english = matrix.one(session, repository, language, prompt)
    entry = drafts.entry(session, language, prompt)
    return Everything(
        cell,
        now,
        entry,
        english if language != MASTER else cell.text,
        repository.text(language, prompt),
        repository.names.index(prompt) + 1,
        _texts(session, repository, entry, cell),
        _clips(session, entry, cell, now),
    )


def _texts(session: Session, repository: Catalogue, entry: Entry, cell: Cell) -> list[TextVersion]:
    of = PromptText
    own = newest.text(session, cell.language, cell.prompt)
    rows = session.execute(
        select(of.id, of.text, of.origin, of.by_id, of.at)
        .where(of.language == cell.language, of.prompt == cell.prompt)
        .order_by(of.id.in_([own.id if own else 0, entry.text_id or 0]).desc(), of.id.desc())
        .limit(MOST)
    ).all()
    rows = sorted(rows, key=lambda row: -row.id)  # what holds is among them, however old
    standing = verdicts.standing(session, texts=[row.id for row in rows])
    had = {
        text_id: (first, last)
        for text_id, first, last in session.execute(
            select(PromptSetText.text_id, func.min(PromptSetText.set_id), func.max(PromptSetText.set_id))
            .where(PromptSetText.text_id.in_([row.id for row in rows]))
            .group_by(PromptSetText.text_id)
        )
    }
    base = repository.text(cell.language, cell.prompt)
    gave_way = own.gives_way(cell.prompt, base) if own else ""
    live = own.id if own and not gave_way else None
    wanted = entry.text_id or (None if entry.drops_text else live)
    found = [
        TextVersion(
            *row, row.id == wanted, row.id == live, standing[row.id], had.get(row.id),
            gave_way if own and row.id == own.id else "",
        )
        for row in rows
    ]  # fmt: skip
    return [
        *found,
        TextVersion(None, base, "repository", None, None, wanted is None, live is None, Standing(), None),
    ]


def _clips(session: Session, entry: Entry, cell: Cell, now: Cell) -> list[ClipVersion]:
    of = PromptClip
    playing = newest.clip(session, cell.language, cell.prompt)
    rows = session.execute(
        select(
            of.hash, of.text_hash, of.seconds, of.engine, of.source, of.way, of.speaker, of.made_by_id, of.made_at,
            of.original_sha, of.measured,
        )
        .where(of.language == cell.language, of.prompt == cell.prompt)
        .order_by(of.id.desc())
        .limit(MOST)
    ).all()  # fmt: skip
    hashes = [row.hash for row in rows]
    standing = verdicts.standing(session, clips=hashes)
    had = {
        digest: (first, last)
        for digest, first, last in session.execute(
            select(PromptSetClip.clip_hash, func.min(PromptSetClip.set_id), func.max(PromptSetClip.set_id))
            .where(PromptSetClip.clip_hash.in_(hashes))
            .group_by(PromptSetClip.clip_hash)
        )
    }
    wanted = text_hash(cell.text)
    return [
        ClipVersion(
            row.hash, row.seconds, row.engine, row.source, row.way or "", row.speaker or "", row.made_by_id,
            row.made_at, row.original_sha, row.measured or {}, row.text_hash == wanted, row.hash == entry.clip,
            row.hash == playing, row.hash == now.clip, standing[row.hash], had.get(row.hash),
        )
        for row in rows
    ]  # fmt: skip
