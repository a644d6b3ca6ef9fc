"""The cells of the matrix: which text holds, which clip would be heard, what is stale or behind."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.voice import cells as matrix_cells
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.cells import BEHIND, DRAFTED, MUTE, Matrix, Row, Wanted, chosen, plain
from helpline.voice.composing import Drafted, Known, Sound, Written, cells, wanted_text
from helpline.voice.states import State

OURS = Catalogue({"en": {"hello": "Hello."}, "bn": {"hello": "নমস্কার।"}})
EN, BN = ("en", "hello"), ("bn", "hello")
KNOWN = Known(OURS)


def sound(text, hash="a" * 64, **told):
    return Sound(hash, text_hash(text), 1.5, **told)


def cell(known, language="bn"):
    return {one.language: one for one in cells(known, "hello")}[language]


def test_with_nothing_at_all_the_repositorys_text_is_said_by_nobody():
    found = cell(KNOWN)
    assert (found.state, found.text, found.seconds, found.mute) == (State.MISSING, "নমস্কার।", None, True)


def test_the_drafts_text_holds_before_the_sets_and_the_sets_before_the_repositorys():
    own = replace(KNOWN, own={BN: Written(1, "own", None)})
    assert cell(own).text == "own"
    assert cell(replace(own, draft={BN: Drafted(Written(2, "drafted", None))})).text == "drafted"
    assert cell(replace(own, draft={BN: Drafted(drops_text=True)})).text == "নমস্কার।"
    with pytest.raises(KeyError):
        wanted_text(KNOWN, "bn", "nothing")


def test_a_recording_of_the_repository_is_heard_where_the_published_one_is_stale():
    known = replace(KNOWN, clips={BN: sound("older")}, shipped={BN: sound("নমস্কার।", "b" * 64)})
    assert (cell(known).state, cell(known).mute) == (State.LIVE, False)
    both_stale = replace(known, shipped={BN: sound("oldest")})
    assert (cell(both_stale).state, cell(both_stale).mute) == (State.STALE, True)


def test_what_was_rejected_is_not_heard_but_what_was_heard_before_is():
    refused = Drafted(clip=sound("নমস্কার।", "c" * 64), clip_verdict="rejected")
    known = replace(KNOWN, draft={BN: refused})
    assert (cell(known).state, cell(known).mute) == (State.REJECTED, True)
    assert cell(replace(known, clips={BN: sound("নমস্কার।")})).mute is False


def test_a_recording_that_the_draft_takes_away_leaves_speech_of_the_very_text():
    known = replace(
        KNOWN,
        clips={BN: sound("নমস্কার।")},
        draft={BN: Drafted(drops_clip=True)},
        speech={(*BN, text_hash("নমস্কার।")): sound("নমস্কার।", way="speech")},
    )
    found = cell(known)
    assert (found.state, found.draft, found.way) == (State.SPEECH, {"drops"}, "speech")


def test_a_translation_is_behind_when_english_says_something_else_than_when_it_was_written():
    english = replace(KNOWN, draft={EN: Drafted(Written(1, "Hello there.", None))})
    assert cell(english).behind and not cell(english, "en").behind
    after = {**english.draft, BN: Drafted(Written(2, "new", text_hash("Hello there.")))}
    assert not cell(replace(english, draft=after)).behind
    earlier = {BN: Written(3, "own", text_hash("Hello."))}
    assert cell(replace(english, own=earlier)).behind and not cell(replace(KNOWN, own=earlier)).behind
    assert not cell(replace(english, own={BN: Written(1, "own", None)})).behind, (
        "nobody knows what English said"
    )


texts = st.sampled_from(["Hello.", "Hi.", "Hey."])
clips = st.none() | st.builds(sound, texts, st.sampled_from(["a" * 64, "b" * 64]))


@given(
    own=st.none() | texts, drafted=st.none() | texts, drops_text=st.booleans(), live=clips, ships=clips, clip=clips,
    drops=st.booleans(), verdict=st.sampled_from([None, "approved", "rejected"]), speech=st.none() | texts,
)  # fmt: skip
def test_whatever_there_is_a_clip_is_promised_only_of_the_text_that_holds(
    own, drafted, drops_text, live, ships, clip, drops, verdict, speech
):
    draft = Drafted(
        Written(2, drafted, None) if drafted else None, drops_text and not drafted, clip, drops and not clip, False,
        None, verdict if clip else None,
    )  # fmt: skip
    known = Known(
        OURS,
        own={EN: Written(1, own, None)} if own else {},
        clips={EN: live} if live else {},
        shipped={EN: ships} if ships else {},
        draft={EN: draft},
        speech={(*EN, text_hash(speech)): sound(speech)} if speech else {},
    )
    found = cell(known, "en")
    current = {text_hash(found.text)}
    sounds = [None if drops and not clip else live, ships, None if verdict == "rejected" and clip else clip]
    heard = any(one is not None and one.text_hash in current for one in sounds) or speech == found.text
    assert found.mute is not heard
    assert (found.state in {State.LIVE, State.REVIEW}) <= (not found.mute)
    assert (found.state == State.MISSING) <= found.mute


def row(prompt="hello", number=1, **told):
    made = replace(cells(KNOWN, prompt)[0], **told)
    return Row(prompt, number, "opening", "Hello.", ("greet",), (made,))


def test_what_is_asked_for_narrows_and_the_rest_does_not():
    matrix = Matrix(
        ("en",), (row(), row("hello", 2, state=State.LIVE, seconds=1.0, text="Ça va ?", behind=True))
    )
    numbers = [
        [found.number for found in chosen(matrix, wanted)]
        for wanted in (
            Wanted(), Wanted(state="live"), Wanted(state=MUTE), Wanted(state=BEHIND), Wanted(state=DRAFTED),
            Wanted(step="greet"), Wanted(step="other"), Wanted(section="else"), Wanted(words="ca VA"), Wanted(words="2"),
        )
    ]  # fmt: skip
    assert numbers == [[1, 2], [2], [1], [2], [], [1, 2], [], [], [2], [2]]
    [one] = matrix.progress()
    assert (one.of, one.finished, one.mute) == (2, 1, 1)


def test_where_one_language_is_shown_it_is_one_that_has_what_is_asked_for():
    stale = row(state=State.STALE, language="hi").cells
    rows = [row(), Row("hello", 1, "opening", "Hello.", (), (*row(language="it").cells, *stale))]
    first = matrix_cells.first_with
    assert first(rows, "stale", ("it", "en", "hi")) == "hi"
    assert first(rows, MUTE, ("en", "it", "hi")) == "en" and first(rows, "live", ("it", "hi")) is None


def test_words_are_found_without_accents_or_vowel_signs():
    assert plain("Être") == "etre" and plain("مَرْحَبًا") == plain("مرحبا")
    assert matrix_cells.narrowed(row(), "en", ("en",)).cells[0].language == "en"
