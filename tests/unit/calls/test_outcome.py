"""A call's outcome: the first word that applies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.calls.journeys import Facts, outcome

WORDS = ["request", "callback", "live", "message", "information"]


@given(st.builds(Facts))
def test_it_is_the_first_that_applies(facts):
    applying = [word for word in WORDS if getattr(facts, word)]
    last = "gave_up" if facts.pressed else "silent" if facts.answered else "refused"
    assert outcome(facts) == [*applying, last][0]


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (Facts(request=True, callback=True, message=True), "request"),
        (Facts(callback=True, message=True, information=True, pressed=True), "callback"),
        (Facts(message=True, information=True), "message"),
        (Facts(information=True, pressed=True, answered=True), "information"),
        (Facts(pressed=True, answered=True), "gave_up"),
        (Facts(answered=True), "silent"),
        (Facts(), "refused"),
    ],
)
def test_examples(facts, word):
    assert outcome(facts) == word
