"""Finding words in the manual: without accents, whatever the script, by the beginnings of words; and where they stand, to
mark them. Pure: knows no page and no chapter."""

import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

LONGEST = 80
"""So many signs of what is asked for are looked at."""
_AROUND = 70
_STEM = 5
_IN_TITLE, _IN_HEADING, _IN_TEXT = 6, 4, 1


@dataclass(frozen=True)
class Entry:
    """A part of the manual that can be found: where it is, and its words."""

    address: str
    title: str
    heading: str
    text: str
    kind: str = "chapter"
    language: str | None = None


@dataclass(frozen=True)
class Piece:
    """A stretch of words; `marked` where it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Hit:
    """An entry in which all words were found: its worth, and a stretch of its text with the words marked."""

    entry: Entry
    worth: int
    heading: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@dataclass
class _Folded:
    """A text without accents, and for each sign of it the place in the text that it came from."""

    signs: str = ""
    places: "array[int]" = field(default_factory=lambda: array("I"))


def terms(asked: str) -> list[str]:
    """The words that are looked for: small letters, no accents, without the last vowel or `s` that changes with number
    and gender."""
    words = "".join(sign if sign.isalnum() else " " for sign in _fold(asked[:LONGEST]).signs).split()
    return list(dict.fromkeys(_stem(word) for word in words))


def found(entries: Iterable[Entry], asked: str, *, most: int = 40) -> list[Hit]:
    """The entries in which every word stands, the best first; none where nothing was asked for."""
    wanted = terms(asked)
    if not wanted:
        return []
    hits = [hit for entry in entries if (hit := _hit(entry, wanted))]
    return sorted(hits, key=lambda hit: -hit.worth)[:most]


def _hit(entry: Entry, wanted: Sequence[str]) -> Hit | None:
    title, heading, text = _fold(entry.title), _fold(entry.heading), _fold(entry.text)
    worth = 0
    for word in wanted:
        here = (
            _IN_TITLE * bool(_at(title.signs, word))
            + _IN_HEADING * bool(_at(heading.signs, word))
            + min(len(_at(text.signs, word)), 4) * _IN_TEXT
        )
        if not here:
            return None
        worth += here
    shown = _spans(heading, wanted)
    return Hit(
        entry, worth, tuple(_pieces(entry.heading, shown)), tuple(_excerpt(entry.text, _spans(text, wanted)))
    )


@lru_cache(maxsize=4096)
def _fold(text: str) -> _Folded:
    folded = _Folded()
    signs = []
    for place, sign in enumerate(text):
        if sign.isascii():
            signs.append(sign.lower())
            folded.places.append(place)
            continue
        for part in unicodedata.normalize("NFKD", sign.casefold()):
            if not unicodedata.category(part).startswith("M"):
                signs.append("'" if part == "’" else part)
                folded.places.append(place)
    folded.signs = "".join(signs)
    return folded


def _stem(word: str) -> str:
    return word[:-1] if len(word) >= _STEM and word[-1] in "aeious" else word


def _at(signs: str, word: str) -> list[int]:
    """Where words begin with this one."""
    found_at, place = [], signs.find(word)
    while place >= 0:
        if place == 0 or not signs[place - 1].isalnum():
            found_at.append(place)
        place = signs.find(word, place + 1)
    return found_at


def _spans(folded: _Folded, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """From where to where the words stand in the text itself, each whole, in order, none within another."""
    spans: list[tuple[int, int]] = []
    for start in sorted(at for word in wanted for at in _at(folded.signs, word)):
        end = start
        while end < len(folded.signs) and folded.signs[end].isalnum():
            end += 1
        first, last = folded.places[start], folded.places[end - 1] + 1
        if spans and first < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterable[Piece]:
    place = 0
    for start, end in spans:
        if start > place:
            yield Piece(text[place:start])
        yield Piece(text[start:end], marked=True)
        place = end
    if place < len(text):
        yield Piece(text[place:])


def _excerpt(text: str, spans: Sequence[tuple[int, int]]) -> Iterable[Piece]:
    """Some words before the first that was found, and after it."""
    if not text:
        return
    first = spans[0][0] if spans else 0
    start = 0 if first <= _AROUND else text.rfind(" ", 0, first - _AROUND) + 1
    end = len(text) if len(text) <= first + 3 * _AROUND else text.find(" ", first + 3 * _AROUND)
    end = len(text) if end < 0 else end
    within = [
        (max(at, start) - start, min(till, end) - start) for at, till in spans if at < end and till > start
    ]
    if start:
        yield Piece("… ")
    yield from _pieces(text[start:end], within)
    if end < len(text):
        yield Piece(" …")
