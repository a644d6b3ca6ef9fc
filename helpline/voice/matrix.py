"""The one read of the matrix: all prompts in all languages as they stand with the open draft, in a fixed number of
statements, however many versions there are. Changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.voice import drafts, newest, shipped, verdicts, wav
from helpline.voice.catalogue import MASTER, PROMPTS, Catalogue
from helpline.voice.catalogue import text_hash as slow_hash
from helpline.voice.cells import Cell, Matrix, Row
from helpline.voice.drafts import Entry
from helpline.voice.manifest import Key, Offer
from helpline.voice.models import PromptClip, PromptText
from helpline.voice.sections import sections
from helpline.voice.states import Facts, Recording, State, state

SHIPPED = "repository"
"""The way of a recording that came with the code."""

text_hash = lru_cache(maxsize=8192)(slow_hash)
"""The texts of a matrix are the same ones at the next look."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A clip that is kept: what it was read from, how long it is, who spoke it, how it came, who brought it, when."""

    hash: str
    text_hash: str
    seconds: float
    speaker: str = ""
    way: str = ""
    who: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Known:
    """All that cells are made of, by language and prompt; `speech` by the hash of what is said, too."""

    own: Mapping[Key, newest.Own]
    clips: Mapping[Key, Sound]
    shipped: Mapping[Key, Sound]
    speech: Mapping[tuple[str, str, str], Sound]
    entries: Mapping[Key, Entry]
    drafted: Mapping[Key, Sound]
    said: Mapping[int | str, str | None]
    written: Mapping[int, str | None] = field(default_factory=dict)
    texts: Mapping[Key, int] = field(default_factory=dict)
    sounds: Mapping[Key, int] = field(default_factory=dict)


def matrix(session: Session, repository: Catalogue, places: Mapping[str, Collection[str]]) -> Matrix:
    """The matrix as it stands. `repository`: the texts that come with this release; `places`: prompt -> the steps of the
    menu that say it."""
    known = _read(session, repository)
    headings = {name: title for title, names in sections().items() for name in names}
    languages = repository.languages
    rows = []
    for number, prompt in enumerate(repository.names, start=1):
        cells = tuple(cell(known, repository, language, prompt) for language in languages)
        english = cells[languages.index(MASTER)].text
        steps = tuple(dict.fromkeys(places.get(prompt, ())))
        rows.append(Row(prompt, number, headings.get(prompt, ""), english, steps, cells))
    return Matrix(languages, tuple(rows))


def one(session: Session, repository: Catalogue, language: str, prompt: str) -> tuple[Cell, str]:
    """One cell, and the English text that holds. Raises `KeyError` where there is no such prompt or language."""
    repository.text(language, prompt)
    known = _read(session, repository, prompt)
    return cell(known, repository, language, prompt), wanted_text(known, repository, MASTER, prompt)


def wanted_text(known: Known, repository: Catalogue, language: str, prompt: str) -> str:
    """What holds once the draft is published."""
    entry, own = known.entries.get((language, prompt)), known.own.get((language, prompt))
    if entry is not None and entry.text is not None:
        return entry.text
    if own is None or (entry is not None and entry.drops_text):
        return repository.text(language, prompt)
    return own.text


def cell(known: Known, repository: Catalogue, language: str, prompt: str) -> Cell:
    """One cell of the matrix, out of what is known."""
    key = language, prompt
    entry = known.entries.get(key)
    text = wanted_text(known, repository, language, prompt)
    read_from = text_hash(text)
    ours = [None if entry and entry.drops_clip else known.clips.get(key), known.shipped.get(key)]
    live = next(
        (one for one in ours if one and one.text_hash == read_from),
        next((one for one in ours if one), None),
    )
    drafted = known.drafted.get(key)
    speech = known.speech.get((*key, read_from))
    stands = state(
        Facts(
            read_from,
            known.said.get(entry.text_id) if entry and entry.text_id else None,
            Recording(drafted.text_hash, known.said.get(drafted.hash)) if drafted else None,
            Recording(live.text_hash) if live else None,
            speech is not None,
        )
    )
    heard = _heard(stands, read_from, drafted, live, speech)
    shown = heard or drafted or live
    return Cell(
        language,
        prompt,
        stands,
        text,
        heard.seconds if heard else None,
        _changes(entry),
        _is_behind(known, repository, language, prompt, entry),
        shown.who if shown else None,
        shown.speaker if shown else "",
        shown.way if shown else "",
        shown.at if shown else None,
        known.texts.get(key, 0) + 1,
        known.sounds.get(key, 0) + (key in known.shipped),
    )


def _heard(
    stands: State, read_from: str, drafted: Sound | None, live: Sound | None, speech: Sound | None
) -> Sound | None:
    """The clip that callers will hear: only one of the very text, and none that somebody said no to."""
    refused = stands == State.REJECTED
    recordings = [None if refused else drafted, live, speech]
    return next((one for one in recordings if one and one.text_hash == read_from), None)


def _changes(entry: Entry | None) -> frozenset[str]:
    if entry is None:
        return frozenset()
    told = {
        "text": entry.text_id is not None or entry.drops_text,
        "clip": entry.clip is not None,
        "drops": entry.drops_clip,
        "conflict": entry.conflict_id is not None,
    }
    return frozenset(word for word, is_so in told.items() if is_so)


def _is_behind(known: Known, repository: Catalogue, language: str, prompt: str, entry: Entry | None) -> bool:
    """Whether English says something else now than when this text was written."""
    if language == MASTER:
        return False
    english = text_hash(wanted_text(known, repository, MASTER, prompt))
    own = known.own.get((language, prompt))
    if entry is not None and entry.text_id is not None:
        written = entry.text_id
    elif own is not None and not (entry and entry.drops_text):
        written = own.id
    else:  # the repository's texts were written for each other
        return english != text_hash(repository.text(MASTER, prompt))
    return known.written.get(written, english) not in (english, None)


def _read(session: Session, repository: Catalogue, prompt: str | None = None) -> Known:
    """Everything, or what one prompt needs."""
    number = newest.number(session)
    own, clips = newest.texts(session, number), newest.clips(session, number)
    entries = {(each.language, each.prompt): each for each in drafts.entries(session)}
    if prompt is not None:
        own, entries = _only(own, prompt), _only(entries, prompt)
        clips = _only(clips, prompt)
    drafted = {key: each.clip for key, each in entries.items() if each.clip}
    sounds = _sounds(session, [*(digest for digest, _ in clips.values()), *drafted.values()])
    wrote = [each.text_id for each in entries.values() if each.text_id]
    said = verdicts.standing(session, texts=wrote, clips=list(drafted.values()))
    return Known(
        own=own,
        clips={key: sounds[digest] for key, (digest, _) in clips.items() if digest in sounds},
        shipped=ships(),
        speech=_speech(session, prompt),
        entries=entries,
        drafted={key: sounds[digest] for key, digest in drafted.items() if digest in sounds},
        said={thing: standing.verdict for thing, standing in said.items()},
        written=_written(session, [*wrote, *(each.id for each in own.values())]),
        texts=_counts(session, PromptText, prompt),
        sounds=_counts(session, PromptClip, prompt),
    )


_T = TypeVar("_T")


def _only(rows: Mapping[Key, _T], prompt: str) -> dict[Key, _T]:
    return {key: row for key, row in rows.items() if key[1] == prompt}


_SOUND = (
    PromptClip.hash, PromptClip.text_hash, PromptClip.seconds, func.coalesce(PromptClip.speaker, ""),
    func.coalesce(PromptClip.way, ""), PromptClip.made_by_id, PromptClip.made_at,
)  # fmt: skip


def _sounds(session: Session, hashes: Collection[str]) -> dict[str, Sound]:
    rows = session.execute(select(*_SOUND).where(PromptClip.hash.in_(hashes)))
    return {row[0]: Sound(*row) for row in rows}


def _speech(session: Session, prompt: str | None) -> dict[tuple[str, str, str], Sound]:
    """What engines said, the newest of each text."""
    of = PromptClip
    wanted = select(of.language, of.prompt, *_SOUND).where(of.source == "speech").order_by(of.id)
    if prompt is not None:
        wanted = wanted.where(of.prompt == prompt)
    rows = session.execute(wanted).all()
    return {(row.language, row.prompt, row.text_hash): Sound(*row[2:]) for row in rows}


def _written(session: Session, ids: Collection[int]) -> dict[int, str | None]:
    """What English said when each of these texts was written."""
    rows = session.execute(select(PromptText.id, PromptText.master_hash).where(PromptText.id.in_(ids)))
    return {row.id: row.master_hash for row in rows}


def _counts(session: Session, table: type[PromptClip | PromptText], prompt: str | None) -> dict[Key, int]:
    wanted = select(table.language, table.prompt, func.count()).group_by(table.language, table.prompt)
    if prompt is not None:
        wanted = wanted.where(table.prompt == prompt)
    return {(language, name): count for language, name, count in session.execute(wanted)}


def ships() -> Mapping[Key, Sound]:
    """The recordings that ship with the code; read again only when their files change."""
    return _ships(shipped.stamp(PROMPTS))


@lru_cache(maxsize=1)
def _ships(stamp: shipped.Stamp) -> Mapping[Key, Sound]:
    recordings, _faults = shipped.read(PROMPTS)
    return {(each.offer.language, each.offer.prompt): _sound(each.offer, each.content) for each in recordings}


def _sound(offer: Offer, content: bytes) -> Sound:
    return Sound(offer.clip, offer.text_hash, wav.inspect(content).seconds, way=SHIPPED)


def names_of(cells: Iterable[Cell]) -> set[int]:
    """The people who made these clips."""
    return {each.who for each in cells if each.who is not None}
