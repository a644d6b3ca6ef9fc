"""The texts of this repository: nine languages of the same prompts, worded well, none too long for one breath."""

import shutil

import pytest

from helpline.languages import CODES
from helpline.voice import catalogue, lint, speech, wav

DIGITS = {f"digit_{digit}" for digit in range(10)}


@pytest.fixture(scope="module")
def texts() -> catalogue.Catalogue:
    return catalogue.load()


def test_all_nine_languages_say_the_same_prompts(texts: catalogue.Catalogue) -> None:
    assert texts.languages == CODES
    assert set(texts.names) >= DIGITS
    for language in CODES:
        assert set(texts.texts[language]) == set(texts.names)


def test_no_text_says_what_must_not_be_said(texts: catalogue.Catalogue) -> None:
    assert [str(finding) for finding in lint.lint(texts.texts)] == []


def test_no_text_is_too_long_for_one_breath(texts: catalogue.Catalogue) -> None:
    too_long = {
        f"{language}/{name}": round(catalogue.seconds(language, text), 1)
        for language, own in texts.texts.items()
        for name, text in own.items()
        if catalogue.seconds(language, text) > catalogue.LONGEST
    }
    assert too_long == {}


@pytest.mark.speech
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", CODES)
def test_the_longest_texts_take_as_long_as_estimated(texts: catalogue.Catalogue, language: str) -> None:
    by_length = sorted(texts.names, key=lambda name: catalogue.seconds(language, texts.text(language, name)))
    for name in by_length[-4:]:
        text = catalogue.stem(texts.text(language, name))
        spoken = wav.inspect(speech.speak("espeak", language, prompt=name, text=text)).seconds
        assert catalogue.seconds(language, text) == pytest.approx(spoken, rel=0.15), name
