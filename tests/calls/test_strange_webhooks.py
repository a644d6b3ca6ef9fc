"""Webhooks that no telephone makes: parameters nobody saw before, nothing where something was, steps of another version.

Promise 1 (every webhook with a good signature gets 200 and valid TwiML in the caller's language) is held here."""

import pytest

from helpline.calls.models import Call
from helpline.intake.models import Draft
from helpline.simulator.carrier import Carrier
from tests.calls.caller import Caller, Names
from tests.calls.ways import LANGUAGES, one, rows
from tests.calls.wire import HEARD, SID, languages, post, said

ALL_LINES = {f"{code}/language_line" for code in LANGUAGES}


def test_unknown_empty_and_foreign_parameters_are_no_trouble(carrier: Carrier, names: Names) -> None:
    more = {
        "FromCity": "",
        "FromState": "Köln",
        "CallerCity": "ঢাকা",
        "StirVerstat": "TN-Validation-Passed-A",
        "X": "€" * 500,
    }
    assert said(post(carrier, "/voice/incoming", **more), names) >= ALL_LINES
    assert "bn/welcome" in said(
        post(carrier, f"{HEARD}/-/language/1/0", Digits="8", FinishedOnKey="", **more), names
    )


@pytest.mark.parametrize(
    "from_", ["", "anonymous", "Unknown", "+266696687", "client:somebody", "sip:x@example.org", "日本"]
)
def test_whatever_stands_where_a_number_should_the_menu_is_heard(
    carrier: Carrier, names: Names, from_: str
) -> None:
    assert said(post(carrier, "/voice/incoming", From=from_), names) >= ALL_LINES
    assert one(Call).from_number is None


def test_calls_without_a_name_share_nothing(carrier: Carrier, names: Names) -> None:
    """Two calls without CallSid: the second must not hear what the first keyed."""
    post(carrier, "/voice/incoming", sid=None)
    first = post(carrier, f"{HEARD}/bn/number_enter/5/0", sid=None, Digits="3330000456")
    second = post(carrier, f"{HEARD}/hi/number_enter/5/0", sid=None, Digits="3330000789")
    assert languages(first) == {"bn"} and languages(second) == {"hi"}
    assert "hi/leave_message" in said(second, names)
    assert not rows(Draft) and not rows(Call)


@pytest.mark.parametrize(
    "path", ["/voice/status", "/voice/recording/message", "/voice/recording/name", "/voice/fallback"]
)
def test_a_webhook_of_nothing_is_answered(carrier: Carrier, path: str) -> None:
    answer = carrier.forge(path, [])
    assert answer.status == 200 and answer.body.startswith(b"<?xml")
    assert not rows(Call)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_that_this_version_does_not_know_leads_to_the_main_menu_in_the_same_language(
    carrier: Carrier, names: Names, language: str
) -> None:
    answer = post(carrier, f"{HEARD}/{language}/step_of_last_year/7/1", Digits="1")
    assert languages(answer) == {language} and f"{language}/main_information" in said(answer, names)


@pytest.mark.parametrize(
    "step", ["main", "window", "callback_saved", "number_enter", "name", "step_of_last_year"]
)
def test_a_language_that_this_version_does_not_know_leads_to_the_first_menu(
    carrier: Carrier, names: Names, step: str
) -> None:
    assert said(post(carrier, f"{HEARD}/xx/{step}/7/0", Digits="1"), names) == ALL_LINES


def test_a_set_of_prompts_that_is_gone_is_no_trouble(carrier: Carrier, names: Names) -> None:
    assert "uk/about_what" in said(post(carrier, "/voice/heard/4711/uk/main/3/0", Digits="1"), names)


@pytest.mark.parametrize("digits", ["A", "D", "a", "w", "!", "١", "८", " ", "", "\x00", "%"])
def test_what_is_no_key_of_a_telephone_is_silence(carrier: Carrier, names: Names, digits: str) -> None:
    answer = post(carrier, f"{HEARD}/en/main/3/0", Digits=digits)
    assert {"en/no_input", "en/main_information"} <= said(answer, names)


def test_keys_among_other_letters_count(carrier: Carrier, names: Names) -> None:
    assert "en/about_what" in said(post(carrier, f"{HEARD}/en/main/3/0", Digits="A1D"), names)


@pytest.mark.parametrize("step", ["main", "number_enter", "code_enter", "region_digits", "language", "name"])
def test_thousands_of_digits_are_answered(carrier: Carrier, step: str) -> None:
    post(carrier, f"{HEARD}/en/{step}/3/0", Digits="7" * 40_000)


@pytest.mark.parametrize(
    "path",
    [
        f"{HEARD}/en/main/99999999999999999999/0",
        f"{HEARD}/en/main/3/99999999999999999999",
        f"{HEARD}/en/main/401/0",
    ],
)
def test_numbers_beyond_all_bounds_are_answered_in_the_language(carrier: Carrier, path: str) -> None:
    assert languages(post(carrier, path, Digits="1")) == {"en"}


@pytest.mark.parametrize("sid", ["x", "CA" + "0" * 2000, "CA\x00", "ক" * 34])
def test_a_strange_name_of_a_call_is_answered(carrier: Carrier, sid: str) -> None:
    post(carrier, "/voice/incoming", sid)
    post(carrier, f"{HEARD}/en/main/3/0", sid, Digits="1")
    post(carrier, "/voice/status", sid, CallStatus="completed")


@pytest.mark.parametrize("status", ["", "teapot", "COMPLETED", "in_progress"])
def test_a_status_nobody_knows_changes_nothing(carrier: Carrier, status: str) -> None:
    post(carrier, "/voice/incoming")
    post(carrier, "/voice/status", CallStatus=status)
    assert one(Call).status == "ringing"


def test_a_call_whose_first_webhook_was_lost_is_answered_and_counted(
    caller: Caller, carrier: Carrier, names: Names
) -> None:
    assert "fr/welcome" in said(post(carrier, f"{HEARD}/-/language/1/0", Digits="3"), names)
    assert "fr/about_what" in said(post(carrier, f"{HEARD}/fr/welcome/2/0", Digits="1"), names)
    post(carrier, "/voice/status", CallStatus="completed", CallDuration="20")
    caller.afterwards()
    assert (one(Call).sid, one(Call).language, one(Call).outcome) == (SID, "fr", "gave_up")


def test_a_trailing_slash_is_no_redirect_on_which_the_keys_would_be_lost(
    carrier: Carrier, names: Names
) -> None:
    assert "en/about_what" in said(post(carrier, f"{HEARD}/en/main/3/0/", Digits="1"), names)


def test_zero_turn_and_silence_at_a_step_that_needs_a_draft(carrier: Carrier, names: Names) -> None:
    """Repeating what was keyed, of a call of which nothing is known: nothing is invented."""
    answer = post(carrier, f"{HEARD}/en/number_confirm/9/0", Digits="9")
    assert {"en/number_right", "en/number_wrong"} <= said(answer, names)
    assert "en/leave_message" in said(post(carrier, f"{HEARD}/en/number_confirm/10/0", Digits="1"), names)
