"""What is saved of a call that broke off, decided from what was said so far."""

import pytest

from helpline.intake.endings import rescued

SAID = {
    "number": "+393330000001",
    "window": "morning",
    "way": "help",
    "whom": "self",
    "age": "adult",
    "consent": "yes",
    "agreement_id": 1,
}


def _rescued(draft, *, saved=False, place=True):
    return rescued(draft, saved=saved, place=place)


def test_an_agreed_request_with_a_place_is_saved_as_one():
    assert _rescued(SAID) == "request"


@pytest.mark.parametrize("missing", ["number", "window"])
def test_without_a_safe_number_and_a_time_nothing_is_saved(missing):
    assert _rescued({**SAID, missing: None}) is None
    assert _rescued({name: value for name, value in SAID.items() if name != missing}) is None


def test_without_a_place_it_is_a_callback():
    assert _rescued(SAID, place=False) == "callback"


@pytest.mark.parametrize(
    "without",
    [{"consent": "no"}, {"agreement_id": None}, {"age": "minor"}, {"whom": "other"}, {"way": "callback"}],
)
def test_without_the_callers_own_agreement_it_is_a_callback(without):
    assert _rescued(SAID | without) == "callback"


def test_what_was_saved_or_cancelled_in_the_call_is_not_saved_again():
    assert _rescued(SAID, saved=True) is None
    assert _rescued(SAID | {"cancelled": True}) is None
