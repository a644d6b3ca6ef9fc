"""What a process knew of the sets comes back from its file, and what several sets share stands there once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.voice.manifest import Offer, OwnText
from helpline.voice.remembered import NEVER, dumped, loaded
from helpline.voice.sets import Stored

words = st.text(max_size=6)
offers = st.lists(st.builds(Offer, words, words, words, words, words), max_size=4).map(tuple)
texts = st.lists(st.builds(OwnText, words, words, words, st.none() | words), max_size=4).map(tuple)


@given(st.dictionaries(st.integers(1, 9), st.tuples(offers, texts), max_size=3), offers, st.integers(0, 9))
def test_what_was_known_comes_back(
    sets: dict[int, tuple[tuple[Offer, ...], tuple[OwnText, ...]]], speech: tuple[Offer, ...], current: int
) -> None:
    stored = Stored(
        NEVER,
        current,
        {n: held for n, (held, _) in sets.items()},
        speech,
        {n: own for n, (_, own) in sets.items()},
    )
    assert loaded(dumped(stored)) == stored


@given(
    st.binary(max_size=60)
    | st.sampled_from([b"{}", b"[]", b"null", b'{"current": 1, "published": {}, "speech": []}'])
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own is one
        loaded(content)


def test_fifty_sets_that_differ_little_need_little_room() -> None:
    same = tuple(Offer("it", f"prompt_{n}", f"{n:064x}", "0" * 12) for n in range(1000))
    one = len(dumped(Stored(NEVER, 1, {1: same}, ())))
    fifty = {number: (*same[1:], Offer("it", "prompt_0", f"{number:064x}", "0" * 12)) for number in range(50)}
    assert len(dumped(Stored(NEVER, 1, fifty, ()))) < 3 * one
