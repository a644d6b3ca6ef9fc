"""Recordings that ship with the code: `prompts/<lang>/<prompt>.wav`, with the hash of the text each was read from in
`prompts/<lang>/recordings.toml` (`welcome = "3f2a…"`). Knows no database."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpline.languages import CODES
from helpline.voice import wav
from helpline.voice.manifest import Offer

INDEX = "recordings.toml"


@dataclass(frozen=True, slots=True)
class Recording:
    """One shipped recording: what it offers to say, and its bytes' place."""

    offer: Offer
    path: Path


def read(folder: Path, languages: Iterable[str] = CODES) -> tuple[list[Recording], list[str]]:
    """Every usable recording, and the faults of the others. A faulty one is left out: something else says its text."""
    recordings: list[Recording] = []
    faults: list[str] = []
    for language in languages:
        _read_language(folder / language, language, recordings, faults)
    return recordings, faults


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
        if not isinstance(read_from, str):
            faults.append(f"{label}/{name}.wav: {INDEX} does not say which text it was read from")
            continue
        content = path.read_bytes()
        try:
            seen = wav.inspect(content)
        except wav.NotAClip as error:
            faults.append(f"{label}/{name}.wav: {error}")
            continue
        if seen.is_silent:
            faults.append(f"{label}/{name}.wav: it is silent")
            continue
        offer = Offer(language, name, hashlib.sha256(content).hexdigest(), read_from)
        recordings.append(Recording(offer, path))
