"""A language that is added is missed wherever it is missing, in words; and each has a code and a key of its own."""

import pytest

from helpline.faults import Faults
from helpline.languages import LANGUAGES, Language
from helpline.voice import catalogue, complete, speech


def test_nothing_is_missing_for_the_nine() -> None:
    assert complete.faults() == []


def test_codes_and_keys_are_unique_and_keys_are_one_to_nine() -> None:
    assert len({one.code for one in LANGUAGES}) == len(LANGUAGES)
    assert sorted(one.key for one in LANGUAGES) == list("123456789")


def test_a_language_that_no_table_knows_is_told_for_each() -> None:
    assert complete.faults([Language("pt", "4", "Português", "ltr", "pt")]) == [
        "helpline/voice/voices.py: VOICES: pt: missing",
        "helpline/voice/speech.py: ESPEAK_VOICES: pt: missing",
        "helpline/voice/catalogue.py: SECONDS_A_CHARACTER: pt: missing",
        "helpline/voice/lint.py: WORDS: pt: missing",
        "helpline/voice/lint.py: EXPULSIONS: pt: missing",
        "helpline/voice/lint.py: SCRIPTS: pt: missing",
        "helpline/voice/reading.py: MOST_WORDS: pt: missing",
        "helpline/voice/reading.py: MOST_LETTERS: pt: missing",
    ]


def test_a_key_or_code_that_is_taken_or_no_key_of_ours_is_told() -> None:
    added = [Language("it", "0", "Italiano", "ltr", "it"), Language("uk", "9", "Українська", "ltr", "uk")]
    assert complete.faults([*LANGUAGES, *added]) == [
        "helpline/languages.py: code it: 2 languages have it",
        "helpline/languages.py: code uk: 2 languages have it",
        "helpline/languages.py: key 9: 2 languages have it",
        "helpline/languages.py: it: key '0': must be one of 1 to 9",
    ]


def test_a_language_without_a_voice_or_a_pace_is_told_in_words() -> None:
    with pytest.raises(
        speech.CannotSpeak, match=r"pt: espeak-ng's voice for it is not in helpline/voice/speech\.py"
    ):
        speech.espeak("pt", "Bom dia.")
    with pytest.raises(Faults, match=r"helpline/voice/catalogue\.py: SECONDS_A_CHARACTER: pt: missing"):
        catalogue.seconds("pt", "Bom dia.")
