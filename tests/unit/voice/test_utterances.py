"""What is played for a prompt: something always, in the one language always, in the fixed order of preference."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.languages import CODES
from helpline.voice.catalogue import Catalogue, stem, text_hash
from helpline.voice.manifest import Manifest, Offer, choose
from helpline.voice.utterances import Clip, Spoken, utterances
from helpline.voice.voices import VOICES

MASTER = {
    "welcome": "Welcome {0}.",
    "code_is": "The code {0} is: {{code}}.",
    "day_is": "The day {0} is: {{day}}",
    "day_monday": "Monday {0}",
    **{f"digit_{digit}": f"{digit} {{0}}." for digit in range(10)},
}
CATALOGUE = Catalogue({code: {name: text.format(code) for name, text in MASTER.items()} for code in CODES})
NAMES = tuple(MASTER)
VALUES: Mapping[str, str] = {"code": "4729", "day": "day_monday"}


def manifest(*keys: tuple[str, str]) -> Manifest:
    return Manifest(0, CATALOGUE, {(language, name): f"{language}/{name}" for language, name in keys})


def said(text: str, language: str) -> Spoken:
    return Spoken(text, VOICES[language].voice, VOICES[language].language)


def test_a_prompt_with_a_clip_is_played() -> None:
    assert utterances(manifest(("bn", "welcome")), "bn", "welcome") == [Clip("bn/welcome")]


def test_a_prompt_without_one_is_said_in_its_own_language() -> None:
    assert utterances(manifest(("hi", "welcome")), "bn", "welcome") == [said("Welcome bn.", "bn")]


def test_a_value_comes_last_in_clips_of_its_own() -> None:
    full = manifest(("ru", "code_is"), *(("ru", f"digit_{digit}") for digit in range(10)))
    assert utterances(full, "ru", "code_is", VALUES) == [
        Clip("ru/code_is"), Clip("ru/digit_4"), Clip("ru/digit_7"), Clip("ru/digit_2"), Clip("ru/digit_9"),
    ]  # fmt: skip


def test_a_number_with_a_digit_missing_is_said_whole_by_one_voice() -> None:
    part = manifest(("ru", "code_is"), *(("ru", f"digit_{digit}") for digit in range(9)))
    assert utterances(part, "ru", "code_is", VALUES) == [
        Clip("ru/code_is"), said("4 ru, 7 ru, 2 ru, 9 ru", "ru"),
    ]  # fmt: skip


def test_what_stands_before_the_value_is_said_without_it() -> None:
    one = manifest(("ar", "day_monday"))
    assert utterances(one, "ar", "day_is", VALUES) == [said("The day ar is:", "ar"), Clip("ar/day_monday")]


def test_arabic_digits_are_parted_by_an_arabic_comma() -> None:
    assert utterances(manifest(), "ar", "code_is", {"code": "12"})[1] == said("1 ar، 2 ar", "ar")


def test_a_telephone_number_is_said_without_its_plus() -> None:
    assert utterances(manifest(), "en", "code_is", {"code": "+39 06"})[1] == said(
        "3 en, 9 en, 0 en, 6 en", "en"
    )


def test_a_value_may_be_several_names() -> None:
    many = utterances(manifest(), "en", "day_is", {"day": ("day_monday", "digit_1")})
    assert many[1:] == [said("Monday en", "en"), said("1 en.", "en")]


@pytest.mark.parametrize("values", [None, {}, {"code": ""}, {"day": "day_monday"}])
def test_a_value_that_is_not_given_is_an_error_not_a_silence(values: Mapping[str, str] | None) -> None:
    with pytest.raises(KeyError, match="code_is"):
        utterances(manifest(), "en", "code_is", values)


def test_a_prompt_without_a_text_is_an_error_not_a_silence() -> None:
    with pytest.raises(KeyError, match="en/farewell"):
        utterances(manifest(), "en", "farewell")


@given(
    st.sampled_from(CODES),
    st.sampled_from(NAMES),
    st.sets(st.tuples(st.sampled_from(CODES), st.sampled_from(NAMES))),
    st.from_regex(r"\A\+?[0-9]{1,12}\Z"),
)
def test_never_silence_and_never_another_language(
    language: str, prompt: str, keys: set[tuple[str, str]], code: str
) -> None:
    pieces = utterances(manifest(*keys), language, prompt, {"code": code, "day": "day_monday"})
    words = []
    for piece in pieces:
        if isinstance(piece, Clip):
            own, _, name = piece.hash.partition("/")
            assert own == language
            words.append(stem(CATALOGUE.text(language, name)))
        else:
            assert (piece.voice, piece.language) == (VOICES[language].voice, VOICES[language].language)
            assert piece.text.strip()
            words.append(piece.text)
    heard = " ".join(words)
    assert heard.startswith(stem(CATALOGUE.text(language, prompt)))
    if prompt == "code_is":
        assert [sign for sign in heard.split(":")[1] if sign.isdigit()] == list(code.removeprefix("+"))
    if prompt == "day_is":
        assert heard.endswith(f"Monday {language}")


def offer(clip: str, *, text: str | None = None, engine: str = "recording", prompt: str = "welcome") -> Offer:
    return Offer("it", prompt, clip, text_hash(text or CATALOGUE.text("it", prompt)), engine)


def chosen(**offers: list[Offer]) -> str | None:
    held = {each.clip for several in offers.values() for each in several}
    return choose(CATALOGUE, 3, held=held, **offers).clip("it", "welcome")


def test_published_is_before_shipped_before_speech_before_the_carrier() -> None:
    published, shipped, speech = (
        [offer("p")],
        [offer("s")],
        [offer("g", engine="gtts"), offer("e", engine="espeak")],
    )
    assert chosen(published=published, shipped=shipped, speech=speech) == "p"
    assert chosen(shipped=shipped, speech=speech) == "s"
    assert chosen(speech=speech) == "g"
    assert chosen(speech=speech[1:]) == "e"
    assert chosen() is None


def test_a_recording_of_an_older_text_is_never_played() -> None:
    stale, shipped = [offer("p", text="Press two.")], [offer("s")]
    assert chosen(published=stale, shipped=shipped) == "s"
    assert chosen(published=stale) is None


def test_only_clips_that_are_at_hand_are_named() -> None:
    offers = {"published": [offer("p")], "speech": [offer("g", engine="gtts")]}
    assert choose(CATALOGUE, 3, held={"g"}, **offers).clip("it", "welcome") == "g"
    assert choose(CATALOGUE, 3, held=set(), **offers).clip("it", "welcome") is None


def test_a_clip_of_a_prompt_that_is_no_more_is_passed_over() -> None:
    gone = Offer("it", "gone", "x", "0" * 12)
    assert choose(CATALOGUE, 3, published=[gone], held={"x"}).clips == {}
