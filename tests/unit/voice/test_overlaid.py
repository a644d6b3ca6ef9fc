"""A set's own texts on top of the repository's: nothing else changes, and nothing that could lead a caller astray."""

from hypothesis import given
from hypothesis import strategies as st

from helpline.voice.catalogue import Catalogue, placeholder, text_hash
from helpline.voice.manifest import Offer, OwnText, choose, overlaid

BASE = Catalogue(
    {
        "en": {"welcome": "Welcome.", "menu": "For help, press one.", "code": "Your code is: {code}."},
        "bn": {"welcome": "স্বাগতম।", "menu": "সাহায্যের জন্য এক চাপুন।", "code": "আপনার কোড: {code}।"},
    }
)
MENUS = {"menu"}
NEW = "সাহায্যের জন্য, এক চাপুন।"


def own(prompt: str, text: str, language: str = "bn", *, of: str | None = None) -> OwnText:
    base = BASE.texts.get(language, {}).get(prompt, "")
    return OwnText(language, prompt, text, text_hash(of if of is not None else base))


def test_without_texts_of_its_own_a_set_says_what_the_repository_says() -> None:
    assert overlaid(BASE, [], MENUS) is BASE


def test_a_text_of_its_own_wins_and_other_languages_are_shared() -> None:
    said = overlaid(BASE, [own("welcome", "নমস্কার।")], MENUS)
    assert said.text("bn", "welcome") == "নমস্কার।"
    assert said.text("bn", "menu") == BASE.text("bn", "menu")
    assert said.texts["en"] is BASE.texts["en"]


def test_a_text_of_its_own_wins_also_when_the_repository_has_changed_since() -> None:
    assert overlaid(BASE, [own("welcome", "নমস্কার।", of="older")], MENUS).text("bn", "welcome") == "নমস্কার।"


def test_what_a_menu_says_follows_the_repository_once_that_has_changed() -> None:
    assert overlaid(BASE, [own("menu", NEW)], MENUS).text("bn", "menu") == NEW
    assert overlaid(BASE, [own("menu", NEW, of="older")], MENUS) is BASE


def test_a_text_whose_value_is_another_one_now_is_not_said() -> None:
    assert overlaid(BASE, [own("code", "আপনার নম্বর: {number}।"), own("welcome", "{name}")], ()) is BASE


def test_a_prompt_that_is_no_more_is_left_out() -> None:
    assert overlaid(BASE, [own("gone", "নেই।"), own("welcome", "x", "de")], ()) is BASE


def test_a_recording_of_the_set_s_own_text_is_played_and_one_of_the_repository_s_is_not() -> None:
    said = overlaid(BASE, [own("welcome", "নমস্কার।")])
    offers = [
        Offer("bn", "welcome", "old", text_hash("স্বাগতম।")),
        Offer("bn", "welcome", "new", text_hash("নমস্কার।")),
    ]
    assert choose(said, 3, published=offers[:1], held={"old", "new"}).clip("bn", "welcome") is None
    assert choose(said, 3, published=offers[1:], held={"old", "new"}).clip("bn", "welcome") == "new"


texts = st.builds(
    OwnText,
    st.sampled_from(["en", "bn", "de"]),
    st.sampled_from(["welcome", "menu", "code", "gone"]),
    st.sampled_from(["One.", "Two: {code}.", "Three: {number}.", "স্বাগতম।"]),
    st.sampled_from(
        [None, "0" * 12, *(text_hash(text) for own in BASE.texts.values() for text in own.values())]
    ),
)


@given(st.lists(texts, max_size=8), st.sets(st.sampled_from(["welcome", "menu", "code"])))
def test_whatever_is_laid_on_top_callers_hear_all_prompts_with_the_values_they_need(
    laid: list[OwnText], menus: set[str]
) -> None:
    said = overlaid(BASE, laid, menus)
    assert {code: set(own) for code, own in said.texts.items()} == {
        code: set(own) for code, own in BASE.texts.items()
    }
    for code, own_texts in said.texts.items():
        for name, text in own_texts.items():
            base = BASE.text(code, name)
            assert placeholder(text) == placeholder(base)
            laid_here = [one for one in laid if (one.language, one.prompt) == (code, name)]
            assert text == base or text in [one.text for one in laid_here]
            if name in menus and text != base:
                assert any(one.text == text and one.repository_hash == text_hash(base) for one in laid_here)
