"""Whether a text may be said: as the repository's are judged, and a menu's text tells the keys that the menu has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.ivr.start import prompts_that_tell_keys
from helpline.languages import CODES
from helpline.voice import wording
from helpline.voice.catalogue import MASTER, load

TEXTS = load()


def digits(language: str) -> list[str]:
    return [TEXTS.text(language, f"digit_{n}") for n in range(10)]


@pytest.mark.parametrize("language", CODES)
def test_every_text_of_the_repository_may_be_said(language: str) -> None:
    found = {
        name: wording.faults(language, text, master=TEXTS.text(MASTER, name))
        for name, text in TEXTS.texts[language].items()
    }
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", CODES)
def test_a_key_that_is_changed_into_another_is_seen_in_every_language(language: str) -> None:
    told = prompts_that_tell_keys()
    words = digits(language)
    seen = 0
    for name in sorted(told):
        base = TEXTS.text(language, name)
        assert wording.keys_fault(base, base, words) is None
        for number, word in enumerate(words):
            other = words[(number + 4) % 10]
            if number != 1 and f" {word.lower()}" in base.lower():
                seen += (
                    wording.keys_fault(base.lower().replace(word.lower(), other.lower()), base, words)
                    is not None
                )
    assert seen > 20


@pytest.mark.parametrize("language", CODES)
def test_keys_are_told_alike_wherever_they_are_told_in_menus_and_in_calls_that_we_place(
    language: str,
) -> None:
    told = prompts_that_tell_keys()
    assert told >= {
        "main_callback", "window_morning", "saved_again", "name", "hold_offer", "hold_wait", "hold_callback",
        "callback_opening", "callback_opening_again", "take_call",
    }  # fmt: skip
    assert not told & {"no_input", "goodbye", "digit_1"}
    for name in told - {"language_help"}:  # where each language has a key of its own
        english, own = TEXTS.text(MASTER, name), TEXTS.text(language, name)
        as_english = wording.keys_told(english, digits(MASTER))
        assert wording.keys_told(own, digits(language)) - {1} == as_english - {1}, name


def test_an_article_is_no_key() -> None:
    words = digits("fr")
    base = "Si vous travaillez pour un bureau, appuyez sur quatre."
    assert wording.keys_fault("Pour les bureaux, appuyez sur quatre.", base, words) is None
    assert wording.keys_fault("Pour un bureau, appuyez sur trois.", base, words) is not None


@pytest.mark.parametrize(
    ("language", "prompt", "before", "after"),
    [
        ("uk", "about_data", "п’ять", "п'ять"),
        ("uk", "about_data", "п’ять", "пʼять"),
        ("uk", "again_and_back", "дев’ять", "дев'ять"),
        ("hi", "about_data", "पाँच", "पांच"),
        ("ar", "main_office", "أربعة", "اربعة"),
    ],
)
def test_a_digit_is_known_however_a_keyboard_writes_it(
    language: str, prompt: str, before: str, after: str
) -> None:
    base = TEXTS.text(language, prompt)
    assert before in base
    assert wording.keys_fault(base.replace(before, after), base, digits(language)) is None
    other = base.replace(before, digits(language)[7].lower())
    assert wording.keys_fault(other, base, digits(language)) is not None
    assert wording.faults(language, base.replace(before, after), master=TEXTS.text(MASTER, prompt)) == []


@pytest.mark.parametrize(
    ("language", "base", "same", "other"),
    [
        ("ar", "الضغط على الرقم ستة.", "الضغط على ست.", "الضغط على سبع."),
        ("hi", "छह दबाएँ।", "छः दबाएँ।", "सात दबाएँ।"),
        ("ru", "Нажмите один.", "Нажмите на единицу.", "Нажмите на ноль."),
    ],
)
def test_a_digit_is_known_in_its_other_form(language: str, base: str, same: str, other: str) -> None:
    assert wording.keys_fault(same, base, digits(language)) is None
    assert wording.keys_fault(other, base, digits(language)) is not None


def test_a_text_is_kept_on_one_line_in_one_form() -> None:
    assert wording.tidy("  Premete\r\n  uno.\t") == "Premete uno."
    assert wording.tidy("pourquoi\u00a0?") == "pourquoi\u00a0?"  # a space that does not break stays
    assert wording.tidy("e\u0301") == "\u00e9"


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = wording.tidy(text)
    assert wording.tidy(once) == once
    assert not set("\n\r\t") & set(once)
