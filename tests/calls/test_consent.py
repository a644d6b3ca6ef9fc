"""Safety: age and agreement are heard whole, a "no" stands, nobody agrees for somebody else or by silence.

Promise 4 ("Under 18: never into the ordinary intake. Nobody agrees for somebody else.") is held here."""

import pytest

from helpline.callbacks.models import Callback
from helpline.intake.models import Agreement, Ask
from helpline.routing.models import Request
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, agrees_and_skips, fields_of, goes_to_consent, one, outcome, rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_under_eighteen_a_person_calls_and_nothing_else_is_asked(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("3", "1", "1", "2").hears("minor_call", "number_safe")
    caller.presses("1").hears("window_any").presses("4").hears("saved", "code_is").does_not_hear(
        "quiet"
    ).hangs_up()
    assert fields_of(one(Callback), "priority", "language", "window") == ("minor", language, "any")
    assert not rows(Request) and not rows(Agreement)


@pytest.mark.parametrize("again", [["3"], ["1", "1", "3"]], ids=["main menu", "after a topic"])
def test_under_eighteen_stands_for_the_rest_of_the_call(caller: Caller, again: list[str]) -> None:
    caller.dials().chooses("en").presses("3", "1", "1", "2").hears("minor_call").presses("8").hears(
        "main_help"
    )
    caller.presses(*again).hears("minor_call", "number_safe").does_not_hear("help_intro", "adult")


def test_under_eighteen_stands_also_when_another_way_is_taken(caller: Caller) -> None:
    caller.dials().chooses("en").presses("3", "1", "1", "2", "8", "2", "1", "1", "1").hears(
        "saved"
    ).hangs_up()
    assert one(Callback).priority == "minor"


def test_under_eighteen_stands_also_when_another_language_is_chosen(caller: Caller) -> None:
    caller.dials().chooses("ru").presses("3", "1", "1", "2", "8", "8").chooses("uk").presses("3").hears(
        "minor_call"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_refuses_is_called_and_nothing_is_passed_on(caller: Caller, language: str) -> None:
    goes_to_consent(caller.dials().chooses(language)).presses("2").hears("not_agreed", "number_safe")
    caller.presses("1", "1").hears("quiet").presses("2").hears("saved").does_not_hear(
        "help_saved", "help_shared"
    ).hangs_up()
    assert not rows(Request) and not rows(Agreement)
    assert (one(Ask).kind, outcome()) == ("callback", "callback")


def test_who_agreed_and_then_refuses_has_refused(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("en")).presses("1").hears("region_code").presses("8")
    goes_to_consent(caller).presses("2", "1", "1", "2").hears("saved").hangs_up()
    assert not rows(Request) and one(Callback).state == "waiting"


def test_who_refused_and_then_agrees_has_agreed(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("en")).presses("2").hears("not_agreed").presses("8")
    agrees_and_skips(goes_to_consent(caller)).hears("help_saved").hangs_up()
    assert one(Request).state == "offered"


@pytest.mark.parametrize("key", ["", "7"], ids=["silence", "wrong keys"])
def test_neither_silence_nor_wrong_keys_agree(caller: Caller, key: str) -> None:
    goes_to_consent(caller.dials().chooses("ar"))
    for _ in range(3):
        caller.keeps_silent() if not key else caller.presses(key)
    caller.hears("not_agreed", "number_safe").presses("1", "1", "2").hears("saved").hangs_up()
    assert not rows(Request) and not rows(Agreement)


@pytest.mark.parametrize("key", ["", "5"], ids=["silence", "wrong keys"])
def test_neither_silence_nor_wrong_keys_are_an_age(caller: Caller, key: str) -> None:
    caller.dials().chooses("hi").presses("3", "1", "1")
    for _ in range(3):
        caller.keeps_silent() if not key else caller.presses(key)
    caller.hears("not_agreed", "number_safe").does_not_hear("consent_offer")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_agrees_for_another_person(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("3", "1", "3").hears("help_other", "number_safe")
    caller.does_not_hear("adult", "consent_offer").presses("1", "2", "2").hears("saved").hangs_up()
    assert fields_of(one(Callback), "topic", "language") == ("other_person", language)
    assert not rows(Request) and not rows(Agreement)


def test_keys_pressed_while_the_age_and_the_agreement_are_read_do_not_count_and_cut_nothing(
    caller: Caller,
) -> None:
    caller.dials().chooses("bn").presses("3", "1").presses("1111").hears("adult", "adult_yes", "adult_no")
    assert caller.call.lost_keys == "111"
    assert all(heard.whole for heard in caller.heard if heard.text), "nothing was cut short"
    caller.presses("1111").hears("consent_offer", "consent_answers", "consent_yes").does_not_hear(
        "region_code"
    )
    assert caller.call.lost_keys == "111111"
    assert not rows(Agreement)
    words = [
        h
        for h, n in zip(caller.heard, caller.names, strict=True)
        if n & {"bn/consent_offer", "bn/consent_answers"}
    ]
    assert len(words) == 2 and all(heard.whole for heard in words)


def test_a_key_during_the_options_is_heard_at_once(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("en"))
    caller.call.press("1", after=0.2)
    assert "en/region_code" in set().union(*caller.names)


def test_the_agreement_is_written_once_however_often_it_is_given(caller: Caller) -> None:
    goes_to_consent(caller.dials().chooses("en")).presses("1").hears("region_code").presses("8")
    agrees_and_skips(goes_to_consent(caller)).hears("help_saved").hangs_up()
    assert one(Agreement).key == "1" and one(Request).agreement_id == one(Agreement).id
