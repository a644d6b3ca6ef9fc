"""Calls of people who want to be called back.

Promise 2 ("saved" is said only after the commit) is held here, by reading what another connection sees when the caller
has heard it."""

from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from helpline.callbacks.models import Callback, Plan
from helpline.calls.models import Call, Clip
from helpline.intake.models import Draft
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, asks_for_a_callback, one, outcome, rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_on_this_number_is_asked_for_and_the_code_is_heard_twice(
    caller: Caller, language: str
) -> None:
    caller.dials().chooses(language).presses("2").hears("callback_new", "callback_code")
    caller.presses("1").hears("number_safe", "number_safe_yes", "number_safe_other", "number_safe_no_call")
    caller.presses("1").hears("window", "window_morning", "window_afternoon", "window_evening", "window_any")
    caller.presses("1").hears("quiet", "message_offer_yes", "message_offer_no").presses("2")
    caller.hears("saved", "call_by_tomorrow", "called_from", "code_is", "code_again", "saved_again")
    assert [callback.state for callback in rows(Callback)] == ["waiting"]
    code = caller.value_after("code_is")
    assert len(code) == 4 and caller.value_after("code_again") == code
    assert caller.value_after("called_from") == "0655500000"
    caller.presses("9").hears("code_is")
    assert caller.value_after("code_is") == code
    caller.keeps_silent(2).hears("goodbye").afterwards()
    callback, call = one(Callback), one(Call)
    assert (callback.language, callback.window, callback.attempts, callback.topic) == (
        language,
        "morning",
        0,
        None,
    )
    assert (call.outcome, call.language, call.finished) == ("callback", language, True)
    assert not rows(Draft)


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_number_is_keyed_and_read_back_digit_by_digit(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("2", "1", "2").hears("number_enter")
    caller.presses("3330000456").hears("number_is", "number_right", "number_wrong")
    assert caller.value_after("number_is") == "3330000456"
    caller.presses("2").hears("number_enter").presses("0039 333 0000789".replace(" ", ""))
    assert caller.value_after("number_is") == "3330000789"
    caller.presses("1").hears("window_evening").presses("3", "2").hears("saved").hangs_up()
    plan = one(Plan)
    assert (plan.number, plan.number_proved, one(Callback).window) == ("+393330000789", False, "evening")


def test_the_number_one_calls_from_is_proved(caller: Caller) -> None:
    asks_for_a_callback(caller)
    assert (one(Plan).number, one(Plan).number_proved) == ("+393330000123", True)


def test_the_number_one_calls_from_is_proved_also_when_it_was_keyed(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "2", "3330000123", "1", "4", "2").hears("saved")
    assert one(Plan).number_proved


def test_a_short_message_is_added(caller: Caller) -> None:
    caller.dials().chooses("es").presses("2", "1", "1", "4", "1").hears("message_add").says(5).hears(
        "saved", "code_is"
    )
    caller.hangs_up()
    assert (one(Clip).kind, one(Clip).state, outcome()) == ("message", "held", "callback")


def test_silence_after_the_quiet_words_saves_without_a_message(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "1", "1").hears("quiet").keeps_silent(2).hears(
        "saved", "code_is"
    )


def test_a_caller_who_wants_no_call_is_back_in_the_main_menu_and_nothing_is_saved(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "3").hears("main_information").hangs_up()
    assert not rows(Callback) and outcome() == "gave_up"


def test_a_withheld_number_keys_another_one(caller_from: Callable[..., Caller]) -> None:
    caller = caller_from("anonymous").dials().chooses("en").presses("2", "1").hears("number_enter")
    caller.presses("3330000456#").hears("number_is", "number_right")
    assert caller.value_after("number_is") == "3330000456"
    caller.presses("1", "4", "2").hears("saved", "code_is").hangs_up()
    assert [callback.window for callback in rows(Callback)] == ["any"]
    assert one(Call).from_number is None


def test_star_clears_what_was_keyed(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "2", "333123*3330000456").hears("number_is")
    assert caller.value_after("number_is") == "3330000456"


def test_asking_twice_in_one_call_makes_one_ask_with_the_same_code(caller: Caller) -> None:
    code = asks_for_a_callback(caller)
    caller.presses("8", "2", "1", "1", "3", "2").hears("saved")
    assert caller.value_after("code_is") == code
    caller.hangs_up()
    assert one(Callback).window == "evening"


def test_silence_at_the_number_leads_to_a_message(caller: Caller) -> None:
    caller.dials().chooses("ru").presses("2", "1").keeps_silent(3).hears("leave_message").says(4)
    caller.hears("message_thanks", "goodbye").afterwards()
    assert outcome() == "message" and not rows(Callback)


def test_saved_is_said_only_when_it_was_committed(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "1", "1")

    def refuse(session: Session) -> None:
        raise ConnectionError("no commit")

    event.listen(Session, "before_commit", refuse)
    try:
        caller.presses("2").hears("leave_message").does_not_hear("saved", "code_is")
    finally:
        event.remove(Session, "before_commit", refuse)
    assert not rows(Callback)
