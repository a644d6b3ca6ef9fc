"""What is wrong with a text is said in the reader's language, whichever room found it."""

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from helpline.console import prompts_words, words
from helpline.voice import lint, wording
from helpline.voice.reading import Hard
from helpline.voice.sections import sections

MASTER = "Your code is: {code}."
WRONG = {
    "# and * 4": "Press # or * and 4: \u200b{code}.",
    "another value": "Your code is: {number}.",
    "no value": "Your code.",
    "not last": "{code} is your code",
    "only a value": "{code}",
    "nothing": "",
    "two values": "{code} and {code}.",
    "brace": "Your code {",
    "bad value": "Your code is: {CODE}.",
    "long": "word " * 90 + "{code}.",
    "letters": "Ваш code is: {code}.",
}


@pytest.fixture
def italian():
    app = Flask("words")
    Babel(app, default_locale="it").domain_instance = words.Words()
    with app.test_request_context(), force_locale("it"):
        yield


@pytest.mark.parametrize("reason", lint.REASONS)
def test_every_reason_of_the_lint_has_italian_words(italian, reason):
    english = str(lint.Fault(reason, "x"))
    assert prompts_words.fault(english) != english.replace('"x": ', "“x”: ")
    assert "x" in prompts_words.fault(english)


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_every_fault_of_a_text_is_said_in_italian(italian, text):
    found = wording.faults("en", text, master=MASTER)
    assert found
    for english in found:
        said = prompts_words.fault(f"en/code_is: {english}")
        assert said != english and "code_is" not in said, english


def test_a_value_that_the_code_needs_is_asked_for_in_italian(italian):
    english = wording.placeholder_fault("Ciao.", MASTER)
    assert "{code}" in prompts_words.fault(english) and prompts_words.fault(english) != english
    other = wording.placeholder_fault(MASTER, "Ciao.")
    assert prompts_words.fault(other) != other


def test_what_nobody_has_words_for_is_said_as_it_came(italian):
    assert prompts_words.fault("the moon is full") == "the moon is full"


def test_every_section_of_the_master_has_a_name(italian):
    assert set(sections()) == set(prompts_words.SECTIONS)
    assert prompts_words.section_name("opening") == "Apertura"


def test_what_is_hard_to_follow_is_a_sentence(italian):
    assert "31 parole" in prompts_words.hard_words(Hard("sentence", "…", 31, 16))
    assert "20 lettere" in prompts_words.hard_words(Hard("word", "…", 20, 12))


def test_the_outline_of_a_sound_is_drawn_on_both_sides_of_the_middle():
    assert prompts_words.wave([50, 0]) == "M0 50 L1 99 L1 101 L0 150 Z"
    assert prompts_words.wave([]) == ""
