"""What the telephone page and the terminal call a language, by its tag: own name and direction. For people's eyes only."""

from __future__ import annotations

_NAMES = {
    "it": "Italiano",
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
    "uk": "Українська",
    "ar": "العربية",
    "bn": "বাংলা",
    "hi": "हिन्दी",
}


def short(tag: str) -> str:
    """`bn-IN` and `arb` as `bn` and `ar`; an unknown tag as it is."""
    first = tag.lower().partition("-")[0]
    return "ar" if first == "arb" else first


def name(tag: str) -> str:
    """The language's own name, or the tag."""
    return _NAMES.get(short(tag), tag)


def direction(tag: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if short(tag) == "ar" else "ltr"
