"""The voices of the carrier: our table against a second transcription of its list, because a wrong pair is mute."""

import pytest

from helpline.languages import CODES
from helpline.voice.voices import VOICES


def named(prefix: str, family: str, letters: str) -> set[str]:
    return {f"Google.{prefix}-{family}-{letter}" for letter in letters}


# Transcribed by hand, second time: language of <Say> -> the voices that the carrier lists for it.
LISTED: dict[str, set[str]] = {
    "it-IT": named("it-IT", "Standard", "ABCDEF")
    | named("it-IT", "Wavenet", "ABCDEF")
    | named("it-IT", "Neural2", "ACF")
    | {"Polly.Bianca", "Polly.Carla", "Polly.Giorgio", "Polly.Bianca-Neural", "Polly.Adriano-Neural"},
    "en-GB": named("en-GB", "Standard", "ABCDFNO")
    | named("en-GB", "Wavenet", "ABCDFNO")
    | {
        "Polly.Amy",
        "Polly.Emma",
        "Polly.Brian",
        "Polly.Amy-Neural",
        "Polly.Emma-Neural",
        "Polly.Brian-Neural",
    },
    "fr-FR": named("fr-FR", "Standard", "ABCDEFG")
    | named("fr-FR", "Wavenet", "ABCDEFG")
    | {"Polly.Celine", "Polly.Lea", "Polly.Mathieu", "Polly.Lea-Neural", "Polly.Remi-Neural"},
    "es-ES": named("es-ES", "Standard", "ABCDEFGH")
    | named("es-ES", "Wavenet", "BCDEFGH")
    | {"Polly.Conchita", "Polly.Lucia", "Polly.Enrique", "Polly.Lucia-Neural", "Polly.Sergio-Neural"},
    "ru-RU": named("ru-RU", "Standard", "ABCDE")
    | named("ru-RU", "Wavenet", "ABCDE")
    | {"Polly.Tatyana", "Polly.Maxim"},
    "uk-UA": {"Google.uk-UA-Standard-A", "Google.uk-UA-Wavenet-A"},
    "ar-XA": named("ar-XA", "Standard", "ABCD") | named("ar-XA", "Wavenet", "ABCD"),
    "arb": {"Polly.Zeina"},
    "bn-IN": named("bn-IN", "Standard", "ABCD") | named("bn-IN", "Wavenet", "ABCD"),
    "hi-IN": named("hi-IN", "Standard", "ABCDEF")
    | named("hi-IN", "Wavenet", "ABCDEF")
    | named("hi-IN", "Neural2", "ABCD")
    | {"Polly.Aditi", "Polly.Kajal-Neural"},
}
SPOKEN_BY = {
    "it": {"it-IT"}, "en": {"en-GB"}, "fr": {"fr-FR"}, "es": {"es-ES"}, "ru": {"ru-RU"}, "uk": {"uk-UA"},
    "ar": {"ar-XA", "arb"}, "bn": {"bn-IN"}, "hi": {"hi-IN"},
}  # fmt: skip


@pytest.mark.parametrize("language", CODES)
def test_the_carrier_lists_our_voice_for_this_very_language(language: str) -> None:
    voice = VOICES[language]
    assert voice.language in SPOKEN_BY[language]
    assert voice.voice in LISTED[voice.language]
