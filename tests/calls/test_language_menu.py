"""The first menu: nine languages, each in its own voice, keys fixed for ever, and what follows when nobody answers.

Promise 1 (the caller's language, never another) is held here and in every `hears` after `chooses`."""

import pytest

from helpline.calls.models import Clip
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, one, outcome

LINES = [f"{code}/language_line" for code in LANGUAGES]


def test_every_language_says_its_own_name_in_its_own_voice_in_the_order_of_the_keys(caller: Caller) -> None:
    caller.dials()
    assert caller.names == [{line} for line in LINES]
    assert [caller.language_of(heard) for heard in caller.heard] == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_chosen_and_kept_through_silence_wrong_keys_and_goodbye(
    caller: Caller, language: str
) -> None:
    caller.dials().chooses(language)
    caller.hears("danger", "welcome", "free_call", "person_any_time", "again_and_back", "main_information")
    caller.keeps_silent().hears("no_input", "main_information")
    caller.presses("8").hears("main_information", "main_callback", "main_help", "main_office", "main_person")
    caller.presses("6").hears("wrong_key", "main_information", "main_person")
    caller.keeps_silent(2).hears("difficult_call", "difficult_callback", "difficult_message")
    caller.presses("2").hears("leave_message").keeps_silent().hears("goodbye")
    assert caller.is_over


def test_a_caller_who_wants_a_person_hears_how_within_twenty_seconds_of_choosing(caller: Caller) -> None:
    for language in LANGUAGES:
        caller.dials().chooses(language).hears("person_any_time")
        chosen = caller.heard[0].at
        person = next(
            h
            for h, names in zip(caller.heard, caller.names, strict=True)
            if f"{language}/person_any_time" in names
        )
        assert person.at + person.seconds - chosen < 20, language
        caller.call.hang_up()


def test_an_impatient_caller_who_keys_bangla_twice_is_in_the_main_menu_and_not_back_at_the_languages(
    caller: Caller,
) -> None:
    caller.dials().chooses("bn").presses("8").hears("main_information", "main_person")


def test_who_understands_no_menu_is_helped_in_italian_and_english_and_leaves_a_message(
    caller: Caller,
) -> None:
    caller.dials().keeps_silent().hears(*LINES).keeps_silent().hears("it/language_help", "en/language_help")
    caller.keeps_silent().hears("it/message_any", "en/message_any").says(6)
    caller.hears("it/message_thanks", "en/message_thanks", "en/goodbye").afterwards()
    assert one(Clip).kind == "message" and outcome() == "message"


def test_a_language_may_still_be_chosen_after_the_help(caller: Caller) -> None:
    caller.dials().keeps_silent(2).chooses("uk").hears("welcome")


def test_zero_in_the_first_menu_leads_to_a_message(caller: Caller) -> None:
    caller.dials().presses("0").hears("it/message_any", "en/message_any").says().hears("it/message_thanks")


def test_star_and_hash_in_the_first_menu_choose_nothing(caller: Caller) -> None:
    caller.dials().presses("#").hears(*LINES).presses("*").hears("it/language_help", "en/language_help")


def test_silence_in_the_first_menu_reached_from_the_main_menu_goes_back_there_in_the_same_language(
    caller: Caller,
) -> None:
    caller.dials().chooses("ru").presses("8", "8")
    caller.language = ""
    caller.hears(*LINES).keeps_silent(2)
    caller.language = "ru"
    caller.hears("main_information", "main_person")


@pytest.mark.parametrize(("first", "then"), [*zip(LANGUAGES, LANGUAGES[1:] + LANGUAGES[:1], strict=True)])
def test_another_language_is_chosen_later_in_the_call(caller: Caller, first: str, then: str) -> None:
    caller.dials().chooses(first).presses("8", "8").chooses(then).hears("welcome").presses("2").hears(
        "callback_new"
    )


def test_a_call_that_is_hung_up_at_once_is_silent(caller: Caller) -> None:
    caller.dials().hangs_up()
    assert outcome() == "silent"


def test_a_call_in_which_only_a_language_was_chosen_gave_up(caller: Caller) -> None:
    caller.dials().chooses("hi").hangs_up()
    assert outcome() == "gave_up"


def test_the_call_is_only_called_free_on_the_free_number(redialler: Caller) -> None:
    redialler.dials().chooses("fr").presses("2").hears("welcome").does_not_hear("free_call")
