"""Information: five topics, how the data are used, and the right to have them; in all nine languages."""

import pytest

from helpline.callbacks.models import Callback
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, one, outcome

NEXT = ("next_callback", "next_help", "next_person", "next_back")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_topics_are_heard_in_one_call(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("1")
    caller.hears("about_what", "about_who", "about_steps", "about_effects", "about_data")
    caller.presses("1").hears("info_what", "next_more", *NEXT).presses("1")
    caller.presses("2").hears(
        "info_who_countries", "info_who_not", "info_who_papers", "info_who_children", *NEXT
    )
    caller.presses("8").hears("about_what").presses("3").hears("info_steps_before", "info_steps_after", *NEXT)
    caller.presses("1", "4").hears("info_effects", *NEXT)
    caller.presses("1", "5").hears("info_data", "data_more", *NEXT)
    caller.presses("1").hears("data_intro", "data_notice", "data_rights")
    caller.presses("1").hears("data_notice_use", "data_notice_time", "data_notice_rights", *NEXT)
    caller.hangs_up()
    assert outcome() == "information"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_for_their_data_is_called_about_it(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("1", "5", "1", "2").hears("data_rights_call", "number_safe")
    caller.presses("1", "2", "2").hears("saved", "code_is").hangs_up()
    callback = one(Callback)
    assert (callback.topic, callback.language, callback.window) == ("data", language, "afternoon")


def test_from_a_topic_one_may_ask_to_be_called(caller: Caller) -> None:
    caller.dials().chooses("en").presses("1", "3", "2").hears("callback_new")


def test_from_a_topic_one_may_ask_for_help_to_return(caller: Caller) -> None:
    caller.dials().chooses("en").presses("1", "4", "3").hears("help_intro")


def test_from_a_topic_one_may_ask_for_a_person(caller: Caller) -> None:
    caller.dials().chooses("en").presses("1", "2", "0").hears("nobody_free")


def test_a_topic_is_heard_again_with_nine(caller: Caller) -> None:
    caller.dials().chooses("en").presses("1", "1", "9").hears("info_what", "next_more")


def test_silence_after_a_topic_says_the_options_and_not_the_topic_again(caller: Caller) -> None:
    caller.dials().chooses("en").presses("1", "1").keeps_silent().hears(
        "no_input", "next_more"
    ).does_not_hear("info_what")


def test_eight_leads_from_the_topics_to_the_main_menu_and_from_there_to_the_languages(caller: Caller) -> None:
    caller.dials().chooses("en").presses("1", "8").hears("main_information", "main_person")
