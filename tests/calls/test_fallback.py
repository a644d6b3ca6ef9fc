"""The carrier could not run one of our documents: the call is rescued in its language, with the carrier's own voices.

Promise 1 (valid TwiML in the caller's language, whatever broke behind it) is held here for the fallback."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from helpline import clock, db
from helpline.callbacks.models import Callback
from helpline.calls.models import Call, Step
from helpline.calls.steps import UNPLAYED
from helpline.config import Settings
from helpline.simulator.carrier import Carrier
from helpline.simulator.mischief import Fields
from helpline.simulator.transport import Answer, Budget, Headers, into_wsgi
from tests.calls.caller import Caller, Names
from tests.calls.ways import LANGUAGES, one, outcome
from tests.calls.wire import HEARD, SID, languages, post, said

BASE = "https://line.example.org"


@pytest.fixture
def broken_at() -> list[str]:
    """Paths whose documents the carrier cannot run, until they are taken out of the list."""
    return []


@pytest.fixture
def carrier(settings: Settings, app: Flask, broken_at: list[str]) -> Carrier:
    """A carrier that hears half of some documents, and then asks for the fallback as the real one does."""
    send = into_wsgi(app.wsgi_app)

    def half_deaf(method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
        answer = send(method, url, headers, body, budget)
        broken = any(path in url for path in broken_at)
        return Answer(200, answer.headers, b"<Response><Say") if broken else answer

    return Carrier(
        settings.account_sid,
        settings.auth_token,
        settings.public_url,
        half_deaf,
        clock=clock.now,
        strict=False,
        seed=7,
    )


def test_the_first_document_that_fails_is_said_again_and_the_call_goes_on(
    caller: Caller, broken_at: list[str]
) -> None:
    broken_at.append("/voice/incoming")
    caller.dials().hears("it/language_line", "hi/language_line").chooses("bn").hears("welcome")
    caller.presses("2", "1", "1", "1", "2").hears("saved").keeps_silent(2).hears("goodbye").afterwards()
    assert (one(Call).from_number, outcome()) == ("+393330000123", "callback")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_in_the_middle_that_fails_is_said_again_in_the_same_language(
    caller: Caller, broken_at: list[str], language: str
) -> None:
    caller.dials().chooses(language)
    broken_at.append("/welcome/")
    caller.presses("2").hears("callback_new", "callback_code")
    broken_at.clear()
    caller.presses("1", "1", "1", "2").hears("saved").hangs_up()
    assert one(Callback).language == language


def test_the_journey_says_where_what_we_sent_could_not_be_played(
    caller: Caller, broken_at: list[str], app: Flask
) -> None:
    caller.dials().chooses("bn")
    broken_at.append("/welcome/")
    caller.presses("2").hears("callback_new")
    broken_at.clear()
    caller.presses("1", "1").hangs_up()
    with db.transaction() as session:
        way = [(row.to_step, row.did or "") for row in session.scalars(select(Step).order_by(Step.turn))]
    marked = [(step, did) for step, did in way if UNPLAYED in did]
    assert marked == [("callback", f"{UNPLAYED}=12100")] and len(way) > 3


def test_where_it_cannot_be_noted_the_call_goes_on(
    caller: Caller, broken_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> bool:
        raise OperationalError("unplayed_step", None, OSError("down"))

    monkeypatch.setattr("helpline.ivr.journal.unplayed", down)
    caller.dials().chooses("bn")
    broken_at.append("/welcome/")
    caller.presses("2").hears("callback_new")


def test_what_was_saved_in_a_document_that_failed_is_told_with_its_code(
    caller: Caller, broken_at: list[str]
) -> None:
    caller.dials().chooses("en").presses("2", "1", "1", "1")
    broken_at.append("/quiet/")
    caller.presses("2").hears("saved", "code_is")
    assert len(caller.value_after("code_is")) == 4
    caller.hangs_up()
    assert one(Callback).state == "waiting"


def error_at(path: str) -> dict[str, str]:
    return {"ErrorCode": "12100", "ErrorUrl": f"{BASE}{path}"}


def test_a_document_that_never_reached_us_is_answered_with_its_question(
    carrier: Carrier, names: Names
) -> None:
    answer = post(carrier, "/voice/fallback", **error_at(f"{HEARD}/ru/window/9/1"))
    assert {"ru/window", "ru/window_morning"} <= said(answer, names) and languages(answer) == {"ru"}


def test_the_first_webhook_that_never_reached_us_begins_the_call(carrier: Carrier, names: Names) -> None:
    answer = post(carrier, "/voice/fallback", CallStatus="ringing", **error_at("/voice/incoming"))
    assert {f"{code}/language_line" for code in LANGUAGES} <= said(answer, names)
    assert (one(Call).sid, one(Call).from_number) == (SID, "+393330000123")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_of_another_version_is_the_main_menu_in_the_same_language(
    carrier: Carrier, names: Names, language: str
) -> None:
    answer = post(carrier, "/voice/fallback", **error_at(f"{HEARD}/{language}/step_of_last_year/9/1"))
    assert f"{language}/main_information" in said(answer, names) and languages(answer) == {language}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/voice/heard",
        f"{HEARD}/xx/main/1/0",
        f"{HEARD}/en/main/x/0",
        f"{HEARD}/en/main/١/0",
        "/voice/heard/0/-/main/1/0",
    ],
)
def test_any_other_address_is_the_first_menu(carrier: Carrier, names: Names, path: str) -> None:
    assert "uk/language_line" in said(post(carrier, "/voice/fallback", **error_at(path)), names)


def test_a_call_that_has_ended_is_not_rescued(carrier: Carrier) -> None:
    answer = post(carrier, "/voice/fallback", CallStatus="completed", **error_at(f"{HEARD}/en/main/3/0"))
    assert b"Say" not in answer.body


def test_clips_are_not_played_by_the_fallback_because_they_may_be_what_failed(carrier: Carrier) -> None:
    answer = post(carrier, "/voice/fallback", **error_at(f"{HEARD}/en/main/3/0"))
    assert b"<Play" not in answer.body and b"<Say" in answer.body


def test_a_fallback_repeated_says_the_same(carrier: Carrier) -> None:
    post(carrier, "/voice/incoming")
    fields: Fields = [("CallSid", SID), ("From", "anonymous"), *error_at(f"{HEARD}/hi/consent/4/0").items()]
    first, second = (carrier.forge("/voice/fallback", fields) for _ in range(2))
    assert first.body == second.body
