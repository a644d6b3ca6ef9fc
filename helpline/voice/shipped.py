"""Recordings that ship with the code: `prompts/<lang>/<prompt>.wav`, with the hash of the text each was read from in
`prompts/<lang>/recordings.toml` (`welcome = "3f2a…"`). Knows no database."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpline.languages import CODES
from helpline.voice import wav
from helpline.voice.catalogue import LONGEST, Catalogue
from helpline.voice.manifest import Offer, is_current

INDEX = "recordings.toml"
Stamp = tuple[tuple[str, int, int], ...]
_HASH = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Recording:
    """One shipped recording: what it offers to say, and its bytes."""

    offer: Offer
    content: bytes


def stamp(folder: Path, languages: Iterable[str] = CODES) -> Stamp:
    """What changes whenever a recording, or the list of them, is added, replaced or deleted; reads no content."""
    files = [
        path for language in languages for name in ("*.wav", INDEX) for path in (folder / language).glob(name)
    ]
    told = ((str(path), path.stat()) for path in sorted(files))
    return tuple((path, told_of.st_mtime_ns, told_of.st_size) for path, told_of in told)


def read(folder: Path, languages: Iterable[str] = CODES) -> tuple[list[Recording], list[str]]:
    """Every usable recording, and the faults of the others. A faulty one is left out: something else says its text."""
    recordings: list[Recording] = []
    faults: list[str] = []
    for language in languages:
        _read_language(folder / language, language, recordings, faults)
    return recordings, faults


def judge(recordings: Iterable[Recording], catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """The faults of usable recordings against the texts (no such prompt), and those whose text has changed since."""
    faults, stale = [], []
    for offer in (recording.offer for recording in recordings):
        label = f"prompts/{offer.language}/{offer.prompt}.wav"
        if offer.prompt not in catalogue.texts.get(offer.language, {}):
            faults.append(f"{label}: there is no such prompt")
        elif not is_current(catalogue, offer):
            stale.append(f"{label}: stale: its text has changed, so it is not played; record it again")
    return faults, stale


def _read_language(folder: Path, language: str, recordings: list[Recording], faults: list[str]) -> None:
    label = f"prompts/{language}"
    index: dict[str, object] = {}
    if (folder / INDEX).exists():
        try:
            index = tomllib.loads((folder / INDEX).read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{label}/{INDEX}: cannot be read: {error}")
    files = {path.stem: path for path in sorted(folder.glob("*.wav"))}
    faults.extend(f"{label}/{INDEX}: {name}: there is no {name}.wav" for name in index if name not in files)
    for name, path in files.items():
        read_from = index.get(name)
        if read_from is None:
            faults.append(f"{label}/{name}.wav: {INDEX} does not say which text it was read from")
            continue
        if not isinstance(read_from, str) or not _HASH.fullmatch(read_from):
            faults.append(f"{label}/{INDEX}: {name}: must be the hash of a text, twelve digits 0-9 a-f")
            continue
        try:
            content = path.read_bytes()
            seen = wav.inspect(content)
        except (OSError, wav.NotAClip) as error:
            faults.append(f"{label}/{name}.wav: {getattr(error, 'strerror', error)}")
            continue
        if seen.is_silent:
            faults.append(f"{label}/{name}.wav: it is silent")
            continue
        if seen.seconds > LONGEST:
            faults.append(f"{label}/{name}.wav: lasts {seen.seconds:.1f} seconds, more than {LONGEST:.0f}")
            continue
        offer = Offer(language, name, hashlib.sha256(content).hexdigest(), read_from)
        recordings.append(Recording(offer, content))
