"""The keys of the nine languages are fixed for ever: the code, and what callers hear, say what the leaflets say."""

import re

import pytest

from helpline import languages
from helpline.voice import catalogue
from tests.leaflet import KEY_OF, KEYS, OWN_NAMES


def test_the_keys_and_names_are_those_of_the_leaflets() -> None:
    assert {one.key: one.code for one in languages.LANGUAGES} == KEYS
    assert {one.code: one.own_name for one in languages.LANGUAGES} == OWN_NAMES


def test_the_languages_are_heard_in_the_order_of_their_keys() -> None:
    assert tuple(KEYS.values()) == languages.CODES


@pytest.mark.parametrize(("key", "code"), KEYS.items())
def test_a_key_chooses_its_language_and_a_language_knows_its_key(key: str, code: str) -> None:
    chosen, named = languages.by_key(key), languages.by_code(code)
    assert chosen is named and chosen is not None and (chosen.key, chosen.code) == (key, code)


@pytest.mark.parametrize("key", ["0", "*", "#", "", "10"])
def test_no_other_key_chooses_a_language(key: str) -> None:
    assert languages.by_key(key) is None


@pytest.mark.parametrize("code", OWN_NAMES)
def test_what_a_language_says_in_the_first_menu_is_its_name_and_its_own_key(code: str) -> None:
    texts = catalogue.load().texts[code]
    words = re.findall(r"[^\s:,.।]+", texts["language_line"])
    assert words == [OWN_NAMES[code], texts[f"digit_{KEY_OF[code]}"]]
