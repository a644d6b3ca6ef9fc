"""With which of the carrier's voices each language is spoken where there is no clip; a pair not in the carrier's list
would be mute, so a test compares this table with a second transcription. Knows no prompt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """What `<Say>` is told: `voice` (the carrier's name of it) and `language` (the code that belongs to it)."""

    voice: str
    language: str


# One voice a language, for sentences and digits alike. Arabic is modern standard (the only others are of the Gulf).
# For Spanish the carrier's list as transcribed names voices only for es-ES: a Latin American one is to be added with
# its name checked in the carrier's console, because a wrong pair says nothing at all.
VOICES: dict[str, Voice] = {
    "it": Voice("Polly.Bianca-Neural", "it-IT"),
    "en": Voice("Polly.Amy-Neural", "en-GB"),
    "fr": Voice("Polly.Lea-Neural", "fr-FR"),
    "es": Voice("Polly.Lucia-Neural", "es-ES"),
    "ru": Voice("Google.ru-RU-Wavenet-A", "ru-RU"),
    "uk": Voice("Google.uk-UA-Wavenet-A", "uk-UA"),
    "ar": Voice("Google.ar-XA-Wavenet-A", "ar-XA"),
    "bn": Voice("Google.bn-IN-Wavenet-A", "bn-IN"),
    "hi": Voice("Google.hi-IN-Neural2-A", "hi-IN"),
}
