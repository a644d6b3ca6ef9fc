"""How hard a text is to follow: a warning, in all nine languages, about what is long."""

import pytest

from helpline.languages import CODES
from helpline.voice import catalogue, complete, reading
from helpline.voice.reading import hard

TEXTS = catalogue.load().texts


def test_a_long_sentence_and_a_long_word_are_told_with_how_long_they_may_be():
    text = "We will call you. " + "one two three four " * 5 + "five. Internationalisation, please."
    found = hard("en", text)
    assert [(one.kind, one.length, one.most) for one in found] == [("sentence", 21, 16), ("word", 20, 12)]
    assert found[0].what.startswith("one two") and found[1].what == "Internationalisation"


@pytest.mark.parametrize(
    ("language", "plain"),
    [
        ("bn", "আপনি কি বাড়ি ফিরতে চান?"),  # signs above and below letters are none
        ("hi", "हम आपको फ़ोन करेंगे।"),
        ("fr", "L’organisation vous rappelle."),  # the article is a word of its own to the ear
        ("en", "Your code is: {a_very_long_placeholder_that_nobody_says}."),
        ("xx", "a" * 90),
    ],
)
def test_what_is_no_longer_to_the_ear_is_not_counted(language, plain):
    assert hard(language, plain) == []


def test_the_sentences_end_with_the_full_stop_of_their_script():
    assert hard("hi", "एक दो तीन चार पाँच छह सात आठ नौ दस। " * 4) == []
    assert hard("ar", "هل تريد أن نتصل بك غدا في الصباح أو في المساء؟ " * 3) == []


@pytest.mark.parametrize("language", CODES)
def test_of_the_texts_that_were_found_plain_hardly_any_is_called_hard(language):
    called = [name for name, text in TEXTS[language].items() if hard(language, text)]
    assert len(called) <= 0.06 * len(TEXTS[language]), called
    assert any(hard(language, text * 4) for text in TEXTS[language].values()), "it never warns"


def test_a_language_that_is_missing_here_is_told():
    assert {"helpline/voice/reading.py: MOST_WORDS", "helpline/voice/reading.py: MOST_LETTERS"} <= set(
        complete.TABLES
    )
    assert set(reading.MOST_WORDS) == set(reading.MOST_LETTERS) == set(CODES)
