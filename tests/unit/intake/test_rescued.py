"""What is saved of a call that broke off, decided from what was said so far."""

import pytest

from helpline.intake.endings import rescued

SAID = {"number": "+393330000001", "window": "morning", "whom": "self"}


def _rescued(draft, *, saved=False, agreed=True, place=True):
    return rescued(draft, saved=saved, agreed=agreed, place=place)


def test_an_agreed_request_with_a_place_is_saved_as_one():
    assert _rescued(SAID) == "request"


@pytest.mark.parametrize("missing", ["number", "window"])
def test_without_a_safe_number_and_a_time_nothing_is_saved(missing):
    assert _rescued({**SAID, missing: None}) is None
    assert _rescued({name: value for name, value in SAID.items() if name != missing}) is None


@pytest.mark.parametrize("without", [{"agreed": False}, {"place": False}])
def test_without_agreement_or_place_it_is_a_callback(without):
    assert _rescued(SAID, **without) == "callback"


@pytest.mark.parametrize("who", [{"minor": True}, {"whom": "other"}])
def test_nobody_agrees_for_a_child_or_somebody_else(who):
    assert _rescued(SAID | who) == "callback"


def test_what_was_saved_or_cancelled_in_the_call_is_not_saved_again():
    assert _rescued(SAID, saved=True) is None
    assert _rescued(SAID | {"cancelled": True}) is None
