"""The one read of the matrix: all prompts in all languages as they stand with the open draft, in a fixed number of
statements, however many versions there are. Changes nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from helpline.voice import menus, newest, shipped, wav
from helpline.voice.catalogue import MASTER, PROMPTS, Catalogue
from helpline.voice.cells import Cell, Matrix, Row
from helpline.voice.composing import (
    Drafted,
    Known,
    Sound,
    Written,
    cell,
    cells,
    heard_now,
    text_hash,
    wanted_text,
)
from helpline.voice.manifest import Key, gives_way
from helpline.voice.models import (
    PromptClip,
    PromptDraftEntry,
    PromptSet,
    PromptSetClip,
    PromptSetText,
    PromptText,
    PromptVerdict,
)
from helpline.voice.sections import sections

SHIPPED = "repository"
"""The way of a recording that came with the code."""


def matrix(session: Session, repository: Catalogue, places: Mapping[str, Collection[str]]) -> Matrix:
    """The matrix as it stands. `repository`: the texts that come with this release; `places`: prompt -> the steps of the
    menu that say it."""
    known = read(session, repository)
    headings = {name: title for title, names in sections().items() for name in names}
    rows = []
    for number, prompt in enumerate(repository.names, start=1):
        english = wanted_text(known, MASTER, prompt)
        steps = tuple(dict.fromkeys(places.get(prompt, ())))
        rows.append(Row(prompt, number, headings.get(prompt, ""), english, steps, cells(known, prompt)))
    return Matrix(repository.languages, tuple(rows))


def one(session: Session, repository: Catalogue, language: str, prompt: str) -> tuple[Cell, Cell, str]:
    """One cell with the open draft, the same as callers hear it now, and the English text that holds.

    Raises `KeyError` where there is no such prompt or language.
    """
    repository.text(language, prompt)
    known = read(session, repository, prompt)
    english = wanted_text(known, MASTER, prompt)
    return cell(known, language, prompt, text_hash(english)), heard_now(known, language, prompt), english


def read(session: Session, repository: Catalogue, prompt: str | None = None) -> Known:
    """What all cells are made of, or those of one prompt: six statements."""
    number = newest.number(session)
    own, gave_way = _own(session, repository, number, prompt)
    return Known(
        repository,
        own=own,
        clips=_clips(session, number, prompt) if prompt else _clips_of_all(session, number),
        shipped=ships(),
        speech=_speech(session, prompt),
        draft=_draft(session, prompt),
        gave_way=gave_way,
    )


def _own(
    session: Session, repository: Catalogue, number: int, prompt: str | None
) -> tuple[dict[Key, Written], dict[Key, str]]:
    """The texts of the newest set that hold; and where the repository's took their place, why (`manifest.gives_way`)."""
    of, row = PromptSetText, PromptText
    wanted = (
        select(of.language, of.prompt, row.id, row.text, row.master_hash, row.repository_hash)
        .join(row, row.id == of.text_id)
        .where(of.set_id == number)
    )
    told = menus.said()
    found: dict[Key, Written] = {}
    gave_way: dict[Key, str] = {}
    for language, name, text_id, text, master_hash, written_for in session.execute(_of(wanted, of, prompt)):
        ours = repository.texts.get(language, {}).get(name)
        if why := gives_way(text, written_for, ours, told=name in told):
            gave_way[language, name] = why
        else:
            found[language, name] = Written(text_id, text, master_hash)
    return found, gave_way


_SOUND = (PromptClip.speaker, PromptClip.way, PromptClip.made_at)


@dataclass(frozen=True)
class _Played:
    """The recordings of one set. A published set never changes: it is read once in a process, not at each look."""

    number: int
    at: datetime | None
    clips: Mapping[Key, Sound]


_played = _Played(0, None, {})


def _clips_of_all(session: Session, number: int) -> Mapping[Key, Sound]:
    """The recordings of a set; of the newest one from memory, where this process has read it before."""
    global _played
    at = session.scalar(select(PromptSet.published_at).where(PromptSet.id == number))
    held = _played
    if (held.number, held.at) != (number, at):
        held = _played = _Played(number, at, _clips(session, number, None))
    return held.clips


def _clips(session: Session, number: int, prompt: str | None) -> dict[Key, Sound]:
    of = PromptSetClip
    wanted = (
        select(of.language, of.prompt, of.clip_hash, of.text_hash, PromptClip.seconds, *_SOUND)
        .join(PromptClip, PromptClip.hash == of.clip_hash)
        .where(of.set_id == number)
    )
    return {(row[0], row[1]): Sound(*row[2:]) for row in session.execute(_of(wanted, of, prompt))}


def _speech(session: Session, prompt: str | None) -> dict[tuple[str, str, str], Sound]:
    """What engines said, the newest of each text."""
    of = PromptClip
    wanted = select(of.language, of.prompt, of.hash, of.text_hash, of.seconds, *_SOUND).where(
        of.source == "speech"
    )
    rows = session.execute(_of(wanted, of, prompt).order_by(of.id))
    return {(row[0], row[1], row.text_hash): Sound(*row[2:]) for row in rows}


def _draft(session: Session, prompt: str | None) -> dict[Key, Drafted]:
    """What the draft changes, with the newest verdict on each thing."""
    of, said = PromptDraftEntry, _verdicts(session)
    clip, text = aliased(PromptClip), aliased(PromptText)
    wanted = (
        select(
            of.language, of.prompt, of.drops_text, of.drops_clip, of.conflict_id,
            text.id, text.text, text.master_hash,
            clip.hash, clip.text_hash, clip.seconds, clip.speaker, clip.way, clip.made_at,
        )
        .outerjoin(text, text.id == of.text_id)
        .outerjoin(clip, clip.hash == of.clip_hash)
        .where(or_(of.text_id.is_not(None), of.drops_text, of.clip_hash.is_not(None), of.drops_clip, of.conflict_id.is_not(None)))
    )  # fmt: skip
    found = {}
    for language, name, drops_text, drops_clip, conflict_id, *rest in session.execute(
        _of(wanted, of, prompt)
    ):
        text_id, digest = rest[0], rest[3]
        found[language, name] = Drafted(
            Written(*rest[:3]) if text_id is not None else None,
            drops_text,
            Sound(*rest[3:]) if digest is not None else None,
            drops_clip,
            conflict_id is not None,
            said.get(text_id),
            said.get(digest),
        )
    return found


def _verdicts(session: Session) -> dict[int | str | None, str]:
    """The newest verdict on each text and clip of the draft."""
    of = PromptVerdict
    rows = session.execute(
        select(of.text_id, of.clip_hash, of.verdict)
        .where(
            or_(
                of.text_id.in_(select(PromptDraftEntry.text_id)),
                of.clip_hash.in_(select(PromptDraftEntry.clip_hash)),
            )
        )
        .order_by(of.id)
    )
    return {row.text_id if row.text_id is not None else row.clip_hash: row.verdict for row in rows}


def _of(wanted: Any, table: Any, prompt: str | None) -> Any:
    """Of one prompt alone, where one is named; a select's type lists its columns, and here comes each."""
    return wanted if prompt is None else wanted.where(table.prompt == prompt)


def ships() -> Mapping[Key, Sound]:
    """The recordings that ship with the code; read again only when their files change."""
    return _ships(shipped.stamp(PROMPTS))


@lru_cache(maxsize=1)
def _ships(stamp: shipped.Stamp) -> Mapping[Key, Sound]:
    recordings, _faults = shipped.read(PROMPTS)
    return {
        (one.offer.language, one.offer.prompt): Sound(
            one.offer.clip, one.offer.text_hash, wav.inspect(one.content).seconds, way=SHIPPED
        )
        for one in recordings
    }
