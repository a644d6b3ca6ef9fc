"""Telephones are shared: three people may ask with one number, each with a code, and nobody learns of another.

Promise 3 (one ringing plan per number, three asks) is held here; that two codes are never one, in intake's tests."""

from collections.abc import Callable

import pytest

from helpline.callbacks.models import Callback, Plan
from helpline.intake.models import Ask
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, asks_for_a_callback, one, outcome, rows


def test_three_people_ask_with_one_telephone_and_the_fourth_speaks_a_message(caller: Caller) -> None:
    codes, said = set(), set()
    for language in ("bn", "ar", "hi"):
        codes.add(asks_for_a_callback(caller, language))
        said.add(
            tuple(
                sorted(
                    name.partition("/")[2] for names in caller.names for name in names if "digit" not in name
                )
            )
        )
        caller.hangs_up()
    assert len(codes) == 3 and len(said) == 1, "everybody hears the same"
    assert one(Plan).closed_at is None and [callback.language for callback in rows(Callback)] == [
        "bn",
        "ar",
        "hi",
    ]
    caller.dials().chooses("en").presses("2", "1", "1", "1", "2").hears("cannot_save", "leave_message")
    caller.does_not_hear("saved", "code_is").says(5).hears("message_thanks").hangs_up()
    assert len(rows(Ask)) == 3


def test_asking_never_tells_that_somebody_asked_before(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2")
    first = [heard.text for heard in caller.heard]
    caller.hangs_up()
    asks_for_a_callback(caller)
    caller.hangs_up().dials().chooses("en").presses("2")
    assert [heard.text for heard in caller.heard] == first


def test_each_code_opens_its_own_ask_only(caller: Caller) -> None:
    first = asks_for_a_callback(caller, window="1")
    second = asks_for_a_callback(caller.hangs_up(), window="3")
    caller.hangs_up().dials().chooses("en").presses("2", "2", "1", second, "4", "1").hears(
        "asked_cancelled"
    ).hangs_up()
    assert [callback.state for callback in rows(Callback)] == ["waiting", "cancelled"]
    caller.dials().chooses("en").presses("2", "2", "1", first).hears("state_waiting")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_redials_the_number_that_rang_hears_nothing_that_tells_what_it_is(
    redialler: Caller, language: str
) -> None:
    redialler.dials().chooses(language).hears("redial", "redial_called", "redial_other")
    redialler.does_not_hear("welcome", "main_help", "danger")
    redialler.keeps_silent().hears("no_input", "redial_called").does_not_hear("welcome")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_called_keys_the_code_after_redialling(
    caller: Caller, redialler: Caller, language: str
) -> None:
    code = asks_for_a_callback(caller, language)
    caller.hangs_up()
    redialler.dials().chooses(language).presses("1").hears("code_this_number").presses("1", code).hears(
        "state_waiting"
    )


def test_other_information_after_redialling_is_the_whole_menu(redialler: Caller) -> None:
    redialler.dials().chooses("uk").presses("2").hears("danger", "welcome", "main_information")
    redialler.presses("2", "1", "1", "4", "2").hears("saved").hangs_up()
    assert outcome() == "callback"


def test_a_day_of_asks_from_one_telephone_has_an_end(caller_from: Callable[..., Caller]) -> None:
    """Toll fraud, DOMAIN §4.3: five asks a day from one telephone, whatever numbers are keyed."""
    caller = caller_from()
    for n in range(6):
        caller.dials().chooses("en").presses("2", "1", "2", f"333000070{n}", "1", "1", "2")
        caller.hears("saved" if n < 5 else "cannot_save").hangs_up()
    assert len(rows(Callback)) == 5
