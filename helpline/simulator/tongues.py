"""What the telephone page and the terminal know of a language, by its tag: own name, direction, a voice of this machine.
For people's eyes and ears only."""

from __future__ import annotations

from typing import NamedTuple


class Tongue(NamedTuple):
    """A language: its own name, espeak-ng's voice, and in which direction it is written."""

    name: str
    voice: str
    direction: str = "ltr"


TONGUES = {
    "it": Tongue("Italiano", "it"),
    "en": Tongue("English", "en-gb"),
    "fr": Tongue("Français", "fr-fr"),
    "es": Tongue("Español", "es"),
    "ru": Tongue("Русский", "ru"),
    "uk": Tongue("Українська", "uk"),
    "ar": Tongue("العربية", "ar", "rtl"),
    "bn": Tongue("বাংলা", "bn"),
    "hi": Tongue("हिन्दी", "hi"),
}


def short(tag: str) -> str:
    """`bn-IN` and `arb` as `bn` and `ar`; an unknown tag as it is."""
    first = tag.lower().partition("-")[0]
    return "ar" if first == "arb" else first


def name(tag: str) -> str:
    """The language's own name, or the tag."""
    known = TONGUES.get(short(tag))
    return known.name if known else tag


def direction(tag: str) -> str:
    """`rtl` or `ltr`."""
    known = TONGUES.get(short(tag))
    return known.direction if known else "ltr"
