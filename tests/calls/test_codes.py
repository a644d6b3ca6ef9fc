"""A code: hear the state of what was asked, change the time or the number, cancel; and what a stranger learns (nothing).

Codes as in DOMAIN §6: three wrong tries in a call, five a day for a number, ten ever, then only a person."""

from collections.abc import Callable
from datetime import datetime

import pytest

from helpline.callbacks.models import Callback, Plan
from helpline.intake.models import Ask
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, THIS_NUMBER, asks_for_a_callback, asks_for_help, fields_of, one, rows


def comes_with(caller: Caller, code: str, language: str = "en") -> Caller:
    """Dial again and key a code for the number one calls from."""
    return caller.dials().chooses(language).presses("2", "2", THIS_NUMBER, code)


def wrong(code: str) -> str:
    return "9631" if code != "9631" else "9632"


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_a_code_the_state_is_heard_and_the_time_the_number_and_all_of_it_changed(
    caller: Caller, language: str
) -> None:
    code = asks_for_a_callback(caller, language)
    caller.hangs_up().dials().chooses(language).presses("2", "2").hears(
        "code_this_number", "code_other_number"
    )
    caller.presses("1").hears("code_enter").presses(code)
    caller.hears("state_waiting", "asked_keep", "asked_time", "asked_number", "asked_cancel")
    caller.presses("2").hears("window", "window_any").presses("3").hears(
        "asked_changed", "call_by_tomorrow", "saved_again"
    )
    assert one(Callback).window == "evening"
    caller.hangs_up()
    comes_with(caller, code, language).presses("3").hears("number_safe").presses("2", "3330000456", "1")
    caller.hears("asked_changed").hangs_up()
    assert [plan.number for plan in rows(Plan) if plan.closed_at is None] == ["+393330000456"]
    caller.dials().chooses(language).presses("2", "2", "2").hears("code_number").presses("3330000456")
    caller.hears("code_enter").presses(code).hears("state_waiting").presses("4").hears(
        "cancel_yes", "cancel_no"
    )
    caller.presses("1").hears("asked_cancelled", "saved_again").hangs_up()
    assert one(Callback).state == "cancelled"
    assert one(Ask).closed_at is not None


def test_keeping_everything_as_it_is_ends_the_call(caller: Caller) -> None:
    code = asks_for_a_callback(caller)
    comes_with(caller.hangs_up(), code).presses("1").hears("goodbye")
    assert one(Callback).state == "waiting"


def test_a_cancellation_may_be_thought_better_of(caller: Caller) -> None:
    code = asks_for_a_callback(caller)
    comes_with(caller.hangs_up(), code).presses("4", "2").hears("state_waiting").hangs_up()
    assert one(Callback).state == "waiting"


def test_what_was_cancelled_is_closed_for_good(caller: Caller) -> None:
    code = asks_for_a_callback(caller)
    comes_with(caller.hangs_up(), code).presses("4", "1").hears("asked_cancelled").hangs_up()
    comes_with(caller, code).hears("state_done", "closed_callback").does_not_hear(
        "asked_time", "asked_cancel"
    )
    caller.presses("2").hears("number_safe")


def test_a_request_that_was_offered_says_so(caller: Caller) -> None:
    code = asks_for_help(caller)
    comes_with(caller.hangs_up(), code).hears("state_offered")


def test_a_number_changed_for_one_ask_is_not_used_for_the_next(caller: Caller) -> None:
    """Whoever begins to change a number, goes back and asks for a new call, asks for a new call."""
    code = asks_for_a_callback(caller)
    comes_with(caller.hangs_up(), code).presses("3").hears("number_safe").presses("8").hears("main_callback")
    caller.presses("2", "1", "2", "3330000456", "1").hears("window").presses("2", "2").hears(
        "saved"
    ).hangs_up()
    assert sorted(plan.number or "" for plan in rows(Plan)) == ["+393330000123", "+393330000456"]
    assert [fields_of(callback, "window", "state") for callback in rows(Callback)] == [
        ("morning", "waiting"),
        ("afternoon", "waiting"),
    ]


def test_an_unknown_number_and_a_wrong_code_hear_the_same(caller_from: Callable[..., Caller]) -> None:
    known, unknown = caller_from(), caller_from("+393330000777")
    code = asks_for_a_callback(known)
    known.hangs_up()
    heard = []
    for somebody in (known, unknown):
        comes_with(somebody, wrong(code)).hears("code_wrong", "code_try_again", "code_new_call")
        heard.append([(h.kind, h.text) for h in somebody.heard])
        somebody.hangs_up()
    assert heard[0] == heard[1]


def test_keyed_nonsense_and_a_foreign_number_hear_the_same_as_a_wrong_code(caller: Caller) -> None:
    heard = []
    for number in ("12", "00447700900123", "3330000888"):
        caller.dials().chooses("en").presses("2", "2", "2", number, "9631").hears("code_wrong")
        heard.append([h.text for h in caller.heard])
        caller.hangs_up()
    assert heard[0] == heard[1] == heard[2]


def test_three_wrong_codes_in_a_call_lead_to_a_person_and_the_right_one_no_longer_helps(
    caller: Caller,
) -> None:
    code = asks_for_a_callback(caller)
    comes_with(caller.hangs_up(), wrong(code)).presses("1", "1", wrong(code)).hears("code_wrong")
    caller.presses("1", "1", wrong(code)).hears("code_blocked", "nobody_free").presses(
        "8", "2", "2", "1", code
    )
    caller.hears("code_blocked")


def test_five_wrong_codes_in_a_day_block_a_number_until_tomorrow_and_ten_for_ever(
    caller: Caller, at: Callable[[str], datetime]
) -> None:
    code = asks_for_a_callback(caller)
    for day, most in (("18", 5), ("19", 5)):
        for n in range(most):
            at(f"2026-11-{day} 11:00")
            comes_with(caller.hangs_up(), wrong(code))
            caller.hears("code_wrong" if n + 1 < most else "code_blocked")
        comes_with(caller.hangs_up(), code).hears("code_blocked")
    at("2026-11-20 11:00")
    comes_with(caller.hangs_up(), code).hears("code_blocked")


def test_too_few_digits_are_said_to_be_missing(caller: Caller) -> None:
    caller.dials().chooses("hi").presses("2", "2", "1", "12").hears("too_few_digits", "code_enter")
