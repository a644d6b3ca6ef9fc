"""Numbers that may not be called back are explained, three times at most, then a message: never a loop.

Only Italian fixed and mobile numbers (DOMAIN §4.3, toll fraud)."""

from collections.abc import Callable

import pytest

from helpline.callbacks.models import Callback, Plan
from helpline.calls.models import Call
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, one, outcome, rows

EXPLAINED = {
    "00447700900123": "number_foreign",
    "008801700000012": "number_foreign",
    "800000001": "number_special",
    "899000001": "number_special",
    "848000001": "number_special",
    "112": "number_short",
    "3330": "number_short",
    "1230000000": "number_not_valid",
    "99999999999999": "number_not_valid",
}


@pytest.mark.parametrize(("keyed", "explained"), EXPLAINED.items())
def test_a_number_that_cannot_be_called_is_explained_and_another_one_may_be_keyed(
    caller: Caller, keyed: str, explained: str
) -> None:
    caller.dials().chooses("en").presses("2", "1", "2", keyed).hears(
        explained, "number_again", "number_person"
    )
    caller.presses("1").hears("number_enter").presses("3330000456").hears("number_is", "number_right")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_explanation_is_in_the_language_of_the_call(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("2", "1", "2", "00447700900123").hears(
        "number_foreign", "number_again"
    )
    caller.presses("1", "112").hears("number_short").presses("1", "899000001").hears(
        "cannot_save", "leave_message"
    )
    caller.does_not_hear("number_enter").says(3).hears("message_thanks", "goodbye")
    assert caller.is_over and not rows(Callback)


@pytest.mark.parametrize(
    "from_", ["anonymous", "unknown", "Restricted", "", "+266696687", "+8801700000012", "+39800000000"]
)
def test_who_calls_from_a_number_that_cannot_be_called_keys_another_twice_at_most(
    caller_from: Callable[..., Caller], from_: str
) -> None:
    caller = (
        caller_from(from_)
        .dials()
        .chooses("bn")
        .presses("2", "1")
        .hears("number_enter")
        .does_not_hear("number_safe")
    )
    caller.presses("008801700000012").hears("number_foreign").presses("1", "00447700900124")
    caller.hears("only_italian", "open_again", "leave_message").says(4).hears("message_thanks").afterwards()
    assert caller.is_over and outcome() == "message"


def test_a_slip_of_the_finger_is_not_called_a_foreign_number(caller_from: Callable[..., Caller]) -> None:
    caller = caller_from("anonymous").dials().chooses("en").presses("2", "1", "33312").hears("number_short")
    caller.presses("1", "33345").hears("number_short").presses("1", "3330000456").hears("number_is")


def test_our_own_number_is_not_one_to_call_back(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "2", "0655500000").hears("number_special")


def test_a_foreign_caller_may_give_an_italian_number(caller_from: Callable[..., Caller]) -> None:
    caller = (
        caller_from("+447700900123").dials().chooses("en").presses("2", "1", "06 5550 0111".replace(" ", ""))
    )
    caller.hears("number_is").presses("1", "1", "2").hears("saved").hangs_up()
    assert one(Plan).number == "+390655500111" and not one(Plan).number_proved


def test_correcting_a_good_number_again_and_again_ends_in_a_message(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "2")
    for _ in range(3):
        caller.presses("3330000456").hears("number_is").presses("2").hears("number_enter")
    caller.presses("3330000456").hears("leave_message")


@pytest.mark.parametrize("keyed", ["393330000456", "00393330000456", "3330000456"])
def test_the_prefix_of_italy_may_be_keyed_or_left_out(caller: Caller, keyed: str) -> None:
    caller.dials().chooses("it").presses("2", "1", "2", keyed).hears("number_is")
    assert caller.value_after("number_is") == "3330000456"


def test_a_withheld_caller_is_asked_for_the_number_before_the_code(
    caller_from: Callable[..., Caller],
) -> None:
    caller_from("anonymous").dials().chooses("en").presses("2", "2").hears("code_number").presses(
        "3330000456"
    )
    assert one(Call).from_number is None


def test_nothing_keyed_three_times_leads_to_a_message(caller: Caller) -> None:
    caller.dials().chooses("uk").presses("2", "1", "2").keeps_silent().hears("no_input", "number_enter")
    caller.presses("#").hears("no_input").keeps_silent().hears("leave_message")
