"""The key phrases: all of them in all nine languages, in their own script, with a reading, and nothing that must not be said."""

import re

import pytest

from helpline.faults import Faults
from helpline.handbook import phrases
from helpline.languages import CODES
from helpline.voice import wording

SCRIPTS = {
    "ar": "[\u0600-\u06ff]",
    "bn": "[\u0980-\u09ff]",
    "hi": "[\u0900-\u097f]",
    "ru": "[а-яё]",
    "uk": "[а-яіїєґ]",
}


def test_every_phrase_is_there_in_all_nine_languages_in_its_script_with_a_reading():
    book = phrases.book()
    assert set(book.said) == set(CODES)
    for code in CODES:
        assert tuple(book.said[code]) == book.names
        for phrase in book.said[code].values():
            assert bool(phrase.read) == (code in phrases.READ_ALOUD), (code, phrase.name)
            assert re.search(SCRIPTS.get(code, "[a-zà-ÿ]"), phrase.text.lower()), (code, phrase.name)
            assert code not in SCRIPTS or not re.search("[a-z]", phrase.text.lower()), (code, phrase.name)
        assert all(book.notes[code].values())


def test_no_phrase_says_what_must_never_be_said():
    book = phrases.book()
    wrong = {
        (code, name): found
        for code in CODES
        for name, phrase in book.said[code].items()
        if (
            found := wording.faults(
                code, phrase.text, master="" if code == "en" else book.said["en"][name].text
            )
        )
    }
    assert wrong == {}


def test_what_is_said_before_the_code_names_nothing_of_the_matter():
    book = phrases.book()
    for name in (
        "somebody_asked",
        "speak_with",
        "mistake",
        "safe_now",
        "code_please",
        "code_needed",
        "call_again",
    ):
        for locale in ("it", "en"):
            said = next(one for s in book.sections for one in s.phrases if one.name == name).says[locale]
            assert not re.search(
                r"ritorn|torn|return|help|aiut|Italia|paese|country|line|linea|asil|asyl", said, re.IGNORECASE
            )


def test_digits_and_days_are_those_that_the_line_itself_says():
    from helpline.voice import catalogue

    texts = catalogue.load()
    for code in CODES:
        for digit in range(10):
            assert phrases.book().said[code][f"digit_{digit}"].text == texts.text(code, f"digit_{digit}"), (
                code
            )
    days = ("today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for code in CODES:
        for day in days:
            assert phrases.book().said[code][day].text == texts.text(code, f"day_{day}"), (code, day)


def test_every_fault_of_bad_phrases_is_told(tmp_path):
    (tmp_path / phrases.MASTER).write_text(
        '[a]\ntitle_it = "A"\nx = { it = "x", en = "x", when_it = "solo" }\nY = { it = "y" }\n'
    )
    for code in CODES:
        (tmp_path / f"{code}.toml").write_text('note_it = "n"\nnote_en = "n"\nx = "x"\nz = "z"\n')
    (tmp_path / "ar.toml").write_text('note_it = "n"\nx = ["نعم", "نعم"]\n')
    (tmp_path / "bn.toml").unlink()
    with pytest.raises(Faults) as told:
        phrases.read(tmp_path)
    said = "\n".join(told.value.faults)
    for wanted in (
        "phrases.toml: a: title_en: missing", "phrases.toml: x: when:", "phrases.toml: Y: en: missing", "phrases.toml: Y: must be",
        "it.toml: z: unknown", "it.toml: Y: missing", "ar.toml: x: reading: must be in Latin", "ar.toml: note_en: missing",
        "bn.toml: cannot be read", "hi.toml: x: must be a text and how to read it",
    ):  # fmt: skip
        assert wanted in said, wanted
