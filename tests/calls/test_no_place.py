"""When no project has room, or none is open: the caller decides whether the request waits (R8).

Promise 4's "no entity fits: a coordinator's list with the reason, never a refusal to the caller" is held here."""

from collections.abc import Callable

import pytest

from helpline import db
from helpline.callbacks.models import Callback
from helpline.intake import asks, reaching
from helpline.intake.models import Ask
from helpline.people.accounts import Who
from helpline.routing import concerns
from helpline.routing.answers import Late
from helpline.routing.models import Offer, Request
from tests.calls import world
from tests.calls.caller import Caller
from tests.calls.dialled import do
from tests.calls.ways import LANGUAGES, agrees_and_skips, asks_for_help, goes_to_consent, one, outcome, rows


@pytest.fixture
def asked(caller: Caller) -> Caller:
    """Somebody who answered everything while all places are taken."""
    world.set_places(0)
    caller.dials().chooses("bn")
    return agrees_and_skips(goes_to_consent(caller)).hears("no_place", "no_place_yes", "no_place_no")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_is_said_before_anything_is_saved_and_the_request_waits_if_the_caller_agrees(
    caller: Caller, language: str
) -> None:
    world.set_places(0)
    agrees_and_skips(goes_to_consent(caller.dials().chooses(language))).hears(
        "no_place", "no_place_yes", "no_place_no"
    )
    assert not rows(Request)
    caller.presses("1").hears("help_saved", "code_is").hangs_up()
    request = one(Request)
    assert request.state in {"waiting", "needs_person"} and request.reason is not None
    assert one(Ask).waits_without_place and not rows(Offer) and outcome() == "request"


def test_one_of_ours_calls_to_explain_by_the_day_that_was_said(asked: Caller) -> None:
    asked.presses("1").hears("help_saved").hangs_up()
    callback, request = one(Callback), one(Request)
    assert (callback.ask_id, callback.promised_on) == (one(Ask).id, one(Ask).promised_on)
    assert (callback.state, callback.language, request.held_for) == ("waiting", "bn", None)


def test_a_coordinator_has_somebody_called_whose_organisation_lets_the_promised_day_pass(
    caller: Caller, at: Callable[[str], object]
) -> None:
    cora = Who(7, "Cora", "cora", ("coordinator",), (), None, "it")
    at("2026-11-18 10:00")
    asks_for_help(caller, "bn")
    caller.hangs_up()
    request = one(Request)
    assert (request.state, rows(Callback)) == ("offered", [])
    assert [one.kind for one in do(concerns.found)] == ["promise_before_answer"]
    at("2026-11-20 10:00")
    assert [(one.kind, one.id) for one in do(concerns.found)] == [("promise_passed", str(request.id))]
    with pytest.raises(ValueError, match="reason"):
        do(reaching.call_them, request.id, cora, why=" ")
    assert do(reaching.call_them, request.id, cora, why="no answer yet")
    assert not do(reaching.call_them, request.id, cora, why="again"), "one call is owed, not two"
    callback = one(Callback)
    assert (callback.ask_id, callback.state, one(Request).state) == (one(Ask).id, "waiting", "offered")
    with db.transaction() as session:
        asks.cancel(session, session.get_one(Ask, callback.ask_id))
    with pytest.raises(Late):
        do(reaching.call_them, request.id, cora, why="too late")


def test_who_takes_the_request_back_is_not_called_to_explain(asked: Caller) -> None:
    code = asked.presses("1").value_after("code_is")
    asked.hangs_up().dials().chooses("bn").presses("2", "2", "1", code, "4", "1").hears("asked_cancelled")
    assert one(Callback).state == "cancelled" and one(Request).state == "cancelled"


def test_who_cancels_leaves_nothing_behind(asked: Caller) -> None:
    asked.presses("2").hears("help_cancelled", "saved_again").hangs_up()
    assert not rows(Request) and not rows(Callback) and not rows(Ask)
    assert outcome() == "gave_up"


def test_silence_becomes_a_callback_and_nothing_is_passed_on(asked: Caller) -> None:
    asked.keeps_silent(3).hears("saved", "code_is").does_not_hear("help_saved", "help_shared").hangs_up()
    assert not rows(Request) and one(Callback).state == "waiting" and outcome() == "callback"


def test_hanging_up_at_the_question_becomes_a_callback(asked: Caller) -> None:
    asked.hangs_up()
    assert not rows(Request) and one(Callback).language == "bn"


def test_a_place_that_goes_while_the_caller_answers_is_said(caller: Caller) -> None:
    world.set_places(1)
    goes_to_consent(caller.dials().chooses("en")).presses("1").keeps_silent(2).presses("1", "1", "1").hears(
        "name"
    )
    world.set_places(0)
    caller.presses("1").hears("no_place").does_not_hear("help_saved")


def test_with_the_code_the_reason_is_heard(asked: Caller) -> None:
    code = asked.presses("1").value_after("code_is")
    asked.hangs_up().dials().chooses("bn").presses("2", "2", "1", code).hears("state_no_place")
    world.set_places(5)


def test_a_country_nobody_serves_waits_with_its_reason(caller: Caller) -> None:
    world.set_places(5, countries=["MA"])
    agrees_and_skips(goes_to_consent(caller.dials().chooses("bn"))).hears("no_place").presses("1").hangs_up()
    request = one(Request)
    assert request.country == "BD" and request.reason is not None
