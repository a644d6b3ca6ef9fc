"""Spot checks of the transcribed voice table."""

import pytest

from helpline.simulator import voices


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        ("Google.it-IT-Neural2-C", "it-IT"),
        ("Google.en-GB-Wavenet-O", "en-GB"),
        ("Google.uk-UA-Wavenet-A", "uk-UA"),
        ("Google.bn-IN-Chirp3-HD-Kore", "bn-IN"),
        ("Google.ar-XA-Standard-D", "ar-XA"),
        ("Polly.Zeina", "arb"),
        ("Polly.Hala-Neural", "ar-AE"),
        ("Polly.Tatyana", "ru-RU"),
        ("Polly.Aditi", "en-IN"),
        ("Polly.Kajal-Neural", "hi-IN"),
    ],
)
def test_pairs_that_speak(voice: str, language: str) -> None:
    assert voices.fault_of(voice, language) is None


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        ("Google.it-IT-Neural2-B", "it-IT"),
        ("Google.uk-UA-Standard-B", "uk-UA"),
        ("Google.ru-RU-Neural2-A", "ru-RU"),
        ("Google.uk-UA-Chirp3-HD-Kore", "uk-UA"),
        ("Google.bn-IN-Standard-A", "bn-BD"),
        ("Google.ar-XA-Standard-A", "ar-SA"),
        ("Google.es-ES-Wavenet-A", "es-ES"),
        ("Polly.Tatyana-Neural", "ru-RU"),
        ("Polly.Zeina", "ar-AE"),
        ("alice", "it-IT"),
        ("woman", "en-US"),
        (None, "it-IT"),
        ("Polly.Bianca", None),
    ],
)
def test_pairs_that_do_not(voice: str | None, language: str | None) -> None:
    assert voices.fault_of(voice, language)
