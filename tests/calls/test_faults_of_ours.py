"""A fault in our own code, at any action: the caller is led on in the same language, and the log names no value.

Promise 8 (no number, name, code in a log) is held here for calls, whole ones and those in which something breaks."""

import logging
import re
from typing import Any

import pytest

from helpline.intake import codes
from helpline.ivr import actions, values
from helpline.simulator.carrier import Carrier
from tests.calls.caller import Caller
from tests.calls.outage import database_down
from tests.calls.ways import LANGUAGES, agrees_and_skips, asks_for_a_callback, goes_to_consent
from tests.servers import Servers

SECRETS = ("3330000123", "3330000456", "7391", "00185", "20100")
WORDS_OF_A_FAULT = "the caller said 3330000456 and 7391"


def breaks(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    real = actions.run

    def run(action: str, *more: Any) -> str:
        if action == name:
            raise LookupError(WORDS_OF_A_FAULT)
        return real(action, *more)

    monkeypatch.setattr(actions, "run", run)


def tells_nothing(log: pytest.LogCaptureFixture) -> None:
    written = [record.getMessage() + (record.exc_text or "") for record in log.records]
    for secret in SECRETS:
        assert not [line for line in written if re.search(rf"(?<!\d){secret}(?!\d)", line)]
    assert not [line for line in written if "3330000" in line]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(codes, "draw", lambda taken=(): "7391")
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_while_saving_leads_to_a_message(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    caller.dials().chooses(language).presses("2", "1", "1", "1")
    breaks(monkeypatch, "save_callback")
    caller.presses("2").hears("leave_message").does_not_hear("saved").says(3).hears(
        "message_thanks", "goodbye"
    )


@pytest.mark.parametrize(
    ("action", "keys", "heard"),
    [
        ("use_this_number", ["2", "1", "1"], "leave_message"),
        ("check_number", ["2", "1", "2", "3330000456"], "leave_message"),
        ("use_keyed_number", ["2", "1", "2", "3330000456", "1"], "leave_message"),
        ("number_purpose", ["2", "1", "1"], "leave_message"),
        ("window_purpose", ["2", "1", "1", "1"], "leave_message"),
        ("check_code", ["2", "2", "1", "7391"], "leave_message"),
        ("remember_minor", ["3"], "help_intro"),
        ("record_agreement", ["3", "1", "1", "1", "1"], "leave_message"),
        ("check_postal_code", ["3", "1", "1", "1", "1", "1", "00185"], "leave_message"),
    ],
)
def test_a_fault_in_any_action_leads_on_and_is_logged_without_values(
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    log: pytest.LogCaptureFixture,
    action: str,
    keys: list[str],
    heard: str,
) -> None:
    breaks(monkeypatch, action)
    caller.dials().chooses("ru").presses(*keys).hears(heard)
    assert [record for record in log.records if "LookupError" in record.getMessage()], (
        "the fault is in the log"
    )
    tells_nothing(log)


def test_a_repeated_webhook_hears_what_was_heard_after_the_fault(
    caller: Caller, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.dials().chooses("en").presses("2", "1", "1", "1")
    with monkeypatch.context() as patch:
        breaks(patch, "save_callback")
        caller.presses("2").hears("leave_message")
    failed = carrier.exchanges[-1]
    assert failed.answer and carrier.replay(failed).body == failed.answer.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_when_nothing_helps_the_apology_is_in_the_language_of_the_call(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture, language: str
) -> None:
    caller.dials().chooses(language)

    def broken(*_: object, **__: object) -> None:
        raise LookupError(WORDS_OF_A_FAULT)

    monkeypatch.setattr(values, "speak", broken)
    monkeypatch.setattr(values, "shape", lambda *_: None)
    caller.presses("1").hears("sorry")
    assert caller.is_over
    tells_nothing(log)


def test_whole_calls_leave_no_number_code_or_key_in_the_log(
    caller: Caller, database: Servers, log: pytest.LogCaptureFixture
) -> None:
    code = asks_for_a_callback(caller)
    assert code == "7391"
    caller.hangs_up().dials().chooses("en").presses("2", "2", "1", code, "3", "2", "3330000456", "1")
    caller.hears("asked_changed").hangs_up().dials().chooses("bn")
    goes_to_consent(caller).presses("1", "1", "00185", "1", "1", "1", "1").says(2).hears(
        "help_saved"
    ).hangs_up()
    with database_down(database):
        caller.dials().chooses("fr").presses("2", "1", "2", "3330000456").hears("leave_message").says(2)
    tells_nothing(log)
    assert log.records


def test_a_fault_in_the_status_webhook_is_no_error_page(
    caller: Caller, carrier: Carrier, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError(WORDS_OF_A_FAULT)

    monkeypatch.setattr("helpline.calls.journeys.status", broken)
    agrees_and_skips(goes_to_consent(caller.dials().chooses("en"))).call.hang_up()
    assert {exchange.status for exchange in carrier.exchanges if exchange.kind == "status"} == {200}
    tells_nothing(log)
