"""Gives texts and recordings out, to a folder such as `prompts/` or to a translator's spreadsheet. Changes no table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from helpline.voice import comparing, folders, sets, tables
from helpline.voice.catalogue import MASTER, Catalogue, text_hash
from helpline.voice.comparing import Which


@dataclass(frozen=True)
class GivenOut:
    """What was written: texts that differ from what was there, recordings (`bn/welcome`)."""

    texts: tuple[str, ...]
    recordings: tuple[str, ...] = ()


def to_table(
    session: Session,
    repository: Catalogue,
    path: Path,
    *,
    which: Which,
    languages: Collection[str],
    where: Mapping[str, str],
) -> GivenOut:
    """Write a spreadsheet for translators: prompt, `where` it is heard, English, text. Raises `LookupError`, `OSError`."""
    said = comparing.manifest(session, repository, which).catalogue
    given = [
        tables.Given(
            language=language,
            prompt=prompt,
            where=where.get(prompt, ""),
            english=said.text(MASTER, prompt),
            text=said.text(language, prompt),
            version=text_hash(said.text(language, prompt)),
        )
        for language in languages
        for prompt in repository.names
    ]
    tables.write(path, given)
    return GivenOut(tuple(f"{one.language}/{one.prompt}" for one in given))


def to_folder(
    session: Session, repository: Catalogue, folder: Path, *, which: Which, languages: Collection[str]
) -> GivenOut:
    """Bring a folder's texts up to what a set says, and put the set's recordings beside them.

    Only recordings of the words that hold are given out. Raises `LookupError` for a set that is not there, `Faults` for
    files that cannot be read.
    """
    said = comparing.manifest(session, repository, which).catalogue
    changed = folders.write_texts(folder, {code: said.texts[code] for code in languages})
    held = {
        key: (clip, read_from)
        for key, (clip, read_from) in comparing.held_by(session, which).clips.items()
        if key[0] in languages and key[1] in said.texts[key[0]] and read_from == text_hash(said.text(*key))
    }
    sounds = dict(sets.fetch(session, {clip for clip, _ in held.values()}))
    written: list[str] = []
    for language in languages:
        own = {
            prompt: (sounds[clip], read_from)
            for (code, prompt), (clip, read_from) in held.items()
            if code == language and clip in sounds
        }
        if own:
            written += folders.write_recordings(folder, language, own, repository.names)
    return GivenOut(tuple(changed), tuple(written))
