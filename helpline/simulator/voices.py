"""Which voice may speak which language: copied by hand from TWILIO.md §4, never from the helpline's own table."""

from __future__ import annotations

_CHIRP = ("Aoede", "Charon", "Fenrir", "Kore", "Leda", "Orus", "Puck", "Zephyr")

# language: (kind, letters) as Google names its voices
_GOOGLE: dict[str, tuple[tuple[str, str], ...]] = {
    "it-IT": (("Standard", "ABCDEF"), ("Wavenet", "ABCDEF"), ("Neural2", "ACF"), ("Chirp3-HD", "")),
    "en-GB": (
        ("Standard", "ABCDFNO"),
        ("Wavenet", "ABCDFNO"),
        ("Neural2", "ABCDFNO"),
        ("Chirp3-HD", ""),
    ),
    "fr-FR": (("Standard", "ABCDEFG"), ("Wavenet", "ABCDEFG"), ("Neural2", "ABCDEFG"), ("Chirp3-HD", "")),
    "es-ES": (("Standard", "ABCDEFGH"), ("Wavenet", "BCDEFGH"), ("Neural2", "ABCDEFGH"), ("Chirp3-HD", "")),
    "ru-RU": (("Standard", "ABCDE"), ("Wavenet", "ABCDE"), ("Chirp3-HD", "")),
    "uk-UA": (("Standard", "A"), ("Wavenet", "A")),
    "ar-XA": (("Standard", "ABCD"), ("Wavenet", "ABCD"), ("Chirp3-HD", "")),
    "bn-IN": (("Standard", "ABCD"), ("Wavenet", "ABCD"), ("Chirp3-HD", "")),
    "hi-IN": (("Standard", "ABCDEF"), ("Wavenet", "ABCDEF"), ("Neural2", "ABCD"), ("Chirp3-HD", "")),
}

# Only names that the table spells out; "…" in it is not a licence to guess.
_POLLY: dict[str, tuple[str, ...]] = {
    "it-IT": ("Bianca", "Carla", "Giorgio", "Bianca-Neural", "Adriano-Neural", "Bianca-Generative"),
    "en-GB": (
        "Amy",
        "Emma",
        "Brian",
        "Amy-Neural",
        "Emma-Neural",
        "Brian-Neural",
        "Amy-Generative",
    ),
    "en-US": (
        "Joanna",
        "Matthew",
        "Joanna-Neural",
        "Matthew-Neural",
        "Joanna-Generative",
        "Matthew-Generative",
    ),
    "fr-FR": (
        "Celine",
        "Lea",
        "Mathieu",
        "Lea-Neural",
        "Remi-Neural",
        "Lea-Generative",
        "Rémi-Generative",
    ),
    "es-ES": (
        "Conchita",
        "Lucia",
        "Enrique",
        "Lucia-Neural",
        "Sergio-Neural",
        "Lucia-Generative",
        "Sergio-Generative",
    ),
    "ru-RU": ("Tatyana", "Maxim"),
    "arb": ("Zeina",),
    "ar-AE": ("Hala-Neural", "Zayd-Neural"),
    "hi-IN": ("Aditi", "Kajal-Neural", "Kajal-Generative"),
    "en-IN": ("Aditi",),
}


def _pairs() -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for language, kinds in _GOOGLE.items():
        for kind, letters in kinds:
            for one in letters or _CHIRP:
                found.add((f"Google.{language}-{kind}-{one}", language))
    for language, names in _POLLY.items():
        found.update((f"Polly.{name}", language) for name in names)
    return frozenset(found)


PAIRS = _pairs()


def fault_of(voice: str | None, language: str | None) -> str | None:
    """Why `<Say voice language>` would be mute or wrong, or None when the pair is a good one."""
    if not voice or not language:
        return "<Say> without voice and language speaks American English"
    if (voice, language) in PAIRS:
        return None
    return f"<Say> is mute with voice={voice!r} and language={language!r}"


def longest_text(voice: str) -> int:
    """How many characters one `<Say>` may hold with this voice (TWILIO.md §3)."""
    return 3000 if voice.startswith("Polly.") else 5000 if voice.startswith("Google.") else 4000
