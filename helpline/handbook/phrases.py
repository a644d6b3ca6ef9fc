"""Key phrases in the nine languages, for whoever does not speak the caller's: text, how to read it aloud, what it means.
Read from files and judged together; pure, knows no sound."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpline.faults import raise_if_any
from helpline.languages import CODES

HERE = Path(__file__).parent / "phrases"
MASTER = "phrases.toml"
READ_ALOUD = frozenset({"ar", "bn", "hi", "ru", "uk"})
"""Languages in letters that an Italian reader does not read: each phrase also stands in Latin ones."""
_LATIN = "LATIN"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Meaning:
    """What one phrase says, and when it is said, in Italian and English."""

    name: str
    section: str
    says: Mapping[str, str]
    when: Mapping[str, str]


@dataclass(frozen=True)
class Section:
    """Phrases that belong together, under a heading in Italian and English. `words`: single words, in a table."""

    name: str
    titles: Mapping[str, str]
    phrases: tuple[Meaning, ...]
    words: bool = False


@dataclass(frozen=True)
class Phrase:
    """One phrase in one language; `read`: in Latin letters, for reading aloud, where the language has others."""

    language: str
    name: str
    text: str
    read: str = ""

    @property
    def text_hash(self) -> str:
        """What a sound must have been made of, to be this phrase's."""
        return sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Book:
    """All phrases: their sections in order, and by language and name what is said; `notes` by language, for the reader."""

    sections: tuple[Section, ...]
    said: Mapping[str, Mapping[str, Phrase]]
    notes: Mapping[str, Mapping[str, str]]

    @property
    def names(self) -> tuple[str, ...]:
        """The phrases' names, in their order."""
        return tuple(one.name for section in self.sections for one in section.phrases)


@cache
def book() -> Book:
    """The phrases that come with the program. Raises `Faults`: every fault of every file."""
    return read(HERE)


def read(folder: Path) -> Book:
    """The phrases of a folder. Raises `Faults` naming each file and field that is wrong, all at once."""
    faults: list[str] = []
    sections = _sections(_toml(folder / MASTER, faults), faults)
    names = [one.name for section in sections for one in section.phrases]
    faults += [
        f"{MASTER}: {name}: stands twice" for name in sorted({one for one in names if names.count(one) > 1})
    ]
    said, notes = {}, {}
    for code in CODES:
        values = _toml(folder / f"{code}.toml", faults)
        notes[code] = {locale: str(values.pop(f"note_{locale}", "")) for locale in ("it", "en")}
        faults += [f"{code}.toml: note_{locale}: missing" for locale, note in notes[code].items() if not note]
        faults += [f"{code}.toml: {name}: unknown" for name in values if name not in names]
        said[code] = {name: _phrase(code, name, values.get(name), faults) for name in names}
    raise_if_any(faults)
    return Book(tuple(sections), said, notes)


def _toml(file: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{file.name}: cannot be read: {getattr(error, 'strerror', None) or error}")
        return {}


def _sections(values: Mapping[str, Any], faults: list[str]) -> list[Section]:
    found = []
    for name, table in values.items():
        titles = {locale: str(table.get(f"title_{locale}", "")) for locale in ("it", "en")}
        faults += [f"{MASTER}: {name}: title_{locale}: missing" for locale in titles if not titles[locale]]
        rows = {key: row for key, row in table.items() if isinstance(row, dict)}
        meanings = tuple(_meaning(name, key, row, faults) for key, row in rows.items())
        found.append(Section(name, titles, meanings, words=table.get("words") is True))
    return found


def _meaning(section: str, name: str, row: Mapping[str, Any], faults: list[str]) -> Meaning:
    if not _NAME.fullmatch(name):
        faults.append(f"{MASTER}: {name}: must be small letters, digits and underscores")
    faults += [
        f"{MASTER}: {name}: {field}: unknown"
        for field in row
        if field not in {"it", "en", "when_it", "when_en"}
    ]
    faults += [f"{MASTER}: {name}: {locale}: missing" for locale in ("it", "en") if not row.get(locale)]
    if bool(row.get("when_it")) != bool(row.get("when_en")):
        faults.append(f"{MASTER}: {name}: when: must be in both languages or in none")
    says = {locale: str(row.get(locale, "")) for locale in ("it", "en")}
    return Meaning(
        name, section, says, {locale: str(row.get(f"when_{locale}", "")) for locale in ("it", "en")}
    )


def _phrase(code: str, name: str, value: Any, faults: list[str]) -> Phrase:
    """One phrase: a text, or text and reading where the letters are others."""
    both = code in READ_ALOUD
    given = value if both else [value]
    if (
        not isinstance(given, list)
        or len(given) != 1 + both
        or not all(isinstance(v, str) and v.strip() for v in given)
    ):
        wanted = "a text and how to read it" if both else "a text"
        faults.append(f"{code}.toml: {name}: " + ("missing" if value is None else f"must be {wanted}"))
        return Phrase(code, name, "")
    if both and not _is_latin(given[1]):
        faults.append(f"{code}.toml: {name}: reading: must be in Latin letters")
    return Phrase(code, name, given[0].strip(), given[1].strip() if both else "")


def _is_latin(text: str) -> bool:
    """Whether a reading has nothing but Latin letters, with whatever accents, and stops."""
    return all(
        sign.isascii() or sign in "’–" or _LATIN in unicodedata.name(sign, "") for sign in _composed(text)
    )


def _composed(text: str) -> str:
    """The text with its accents in its letters; those that no letter has stand alone, and are let pass."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if not unicodedata.combining(sign))
