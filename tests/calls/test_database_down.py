"""The database goes away in the middle of calls: menus and information play on, saving leads to a message, quickly.

Promise 7 is held here (the message that the carrier keeps meanwhile: in test_recordings.py)."""

import time

import pytest

from helpline.callbacks.models import Callback
from helpline.simulator.carrier import Carrier
from tests.calls.caller import Caller, Names
from tests.calls.outage import database_down
from tests.calls.ways import LANGUAGES, asks_for_a_callback, goes_to_consent, one, outcome, rows
from tests.calls.wire import languages, post, said
from tests.servers import Servers

BUDGET = (
    12.0  # seconds: our own retries are done in six where nothing else runs; the carrier waits for fifteen
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_call_without_a_database(caller: Caller, database: Servers, language: str) -> None:
    with database_down(database):
        began = time.monotonic()
        caller.dials().hears("it/language_line", "hi/language_line").chooses(language).hears(
            "danger", "welcome"
        )
        assert time.monotonic() - began < BUDGET
        caller.presses("1").hears("about_what").presses("5").hears("info_data").presses("1", "1").hears(
            "data_notice_use"
        )
        caller.presses("8", "8").hears("main_information").presses("9").hears("main_information")
        caller.presses("2", "1").hears("number_safe").presses("1").hears("leave_message").says(5)
        caller.hears("message_thanks", "goodbye")
        assert caller.is_over
        caller.carrier.settle()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_database_goes_at_the_moment_of_saving(caller: Caller, database: Servers, language: str) -> None:
    caller.dials().chooses(language).presses("2", "1", "1", "1").hears("quiet")
    with database_down(database):
        caller.presses("2").hears("leave_message").does_not_hear("saved", "code_is")
        caller.says(5).hears("message_thanks", "goodbye")
    assert not rows(Callback)


def test_a_database_that_was_started_anew_costs_no_caller_a_sentence(
    caller: Caller, database: Servers
) -> None:
    asks_for_a_callback(caller)  # every pool has dialled
    caller.hangs_up().dials().chooses("en").presses("2", "1", "1")
    with database_down(database):
        pass
    caller.presses("1").hears("quiet")
    with database_down(database):
        pass
    caller.presses("2").hears("saved", "code_is")


def test_the_agreement_that_cannot_be_written_down_was_not_given(caller: Caller, database: Servers) -> None:
    goes_to_consent(caller.dials().chooses("en"))
    with database_down(database):
        caller.presses("1").hears("leave_message").does_not_hear("region_code")


def test_a_call_goes_on_when_the_database_is_back(caller: Caller, database: Servers) -> None:
    caller.dials().chooses("uk")
    with database_down(database):
        caller.presses("2").hears("callback_new")
    caller.presses("1", "1", "4", "2").hears("saved", "code_is").hangs_up()
    assert (one(Callback).language, outcome()) == ("uk", "callback")


def test_a_number_read_back_again_without_the_database_is_left_out_and_not_invented(
    caller: Caller, database: Servers
) -> None:
    caller.dials().chooses("en").presses("2", "1", "2", "3330000456").hears("number_is")
    with database_down(database):
        caller.presses("9").hears("number_right", "number_wrong").does_not_hear("number_is", "sorry")
        caller.presses("1").hears("leave_message")


def test_who_asks_for_a_person_is_answered(caller: Caller, database: Servers) -> None:
    caller.dials().chooses("ar")
    with database_down(database):
        caller.presses("0").hears("nobody_free", "closed_callback")


def test_a_code_cannot_be_checked_and_is_not_called_wrong(caller: Caller, database: Servers) -> None:
    code = asks_for_a_callback(caller)
    caller.hangs_up().dials().chooses("en").presses("2", "2", "1")
    with database_down(database):
        caller.presses(code).hears("leave_message").does_not_hear("code_wrong", "code_blocked")


def test_every_other_webhook_is_answered_too(carrier: Carrier, database: Servers, names: Names) -> None:
    with database_down(database):
        for path in ("/voice/status", "/voice/recording/message", "/voice/recording/name"):
            began = time.monotonic()
            post(
                carrier,
                path,
                CallStatus="completed",
                RecordingSid="RE" + "1" * 32,
                RecordingStatus="completed",
            )
            assert time.monotonic() - began < BUDGET
        failed = {"ErrorCode": "12100", "ErrorUrl": "https://line.example.org/voice/heard/0/hi/main/3/0"}
        answer = post(carrier, "/voice/fallback", **failed)
        assert languages(answer) == {"hi"} and "hi/main_information" in said(answer, names)


def test_many_webhooks_without_a_database_do_not_each_wait_for_it(caller: Caller, database: Servers) -> None:
    with database_down(database):
        caller.dials().chooses("fr")
        began = time.monotonic()
        for _ in range(10):
            caller.presses("9").hears("main_information")
        assert time.monotonic() - began < BUDGET
