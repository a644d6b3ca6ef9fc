"""The carrier repeats, reorders and delays: every webhook twice, one after the other or at once, makes one call.

Promise 2 (the same webhook twice, at once or out of order, makes one call, one request, one answer) and promise 5 (late
events never overwrite a newer state) are held here."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from helpline.callbacks.models import Callback
from helpline.calls.models import Call, Clip, Step
from helpline.intake.models import Agreement, Ask, CodeTry
from helpline.routing.models import Offer, Request
from helpline.simulator.carrier import Carrier
from tests.calls.caller import Caller
from tests.calls.ways import asks_for_a_callback, asks_for_help, fields_of, one, outcome, rows


@pytest.fixture(params=["sequential", "parallel"])
def twice(request: pytest.FixtureRequest, carrier: Carrier) -> Carrier:
    carrier.mischief.duplicate = request.param
    return carrier


def test_a_callback_asked_for_through_repeated_webhooks_is_one(caller: Caller, twice: Carrier) -> None:
    code = asks_for_a_callback(caller, "bn")
    caller.keeps_silent(2).hears("goodbye").afterwards()
    assert (one(Call).outcome, one(Callback).state, one(Ask).code) == ("callback", "waiting", code)
    assert twice.disagreements == []


def test_a_request_made_through_repeated_webhooks_is_one_with_one_offer(
    caller: Caller, twice: Carrier
) -> None:
    asks_for_help(caller, "ar")
    caller.keeps_silent(2).afterwards()
    assert one(Request).state == one(Offer).state.replace("pending", "offered")
    assert (one(Agreement).key, outcome(), twice.disagreements) == ("1", "request", [])


def test_a_message_left_through_repeated_webhooks_is_one(caller: Caller, twice: Carrier) -> None:
    caller.dials().presses("0").says(4).hears("it/message_thanks").afterwards()
    assert (one(Clip).state, outcome(), twice.disagreements) == ("held", "message", [])


def test_a_wrong_code_keyed_through_repeated_webhooks_is_one_try(caller: Caller, twice: Carrier) -> None:
    caller.dials().chooses("en").presses("2", "2", "1", "9631").hears("code_wrong")
    assert len(rows(CodeTry)) == 1


def test_a_number_keyed_through_repeated_webhooks_is_one_try(caller: Caller, twice: Carrier) -> None:
    caller.dials().chooses("en").presses("2", "1", "2", "112", "1", "112").hears(
        "number_short", "number_again"
    )


def test_the_webhook_that_saves_sent_eight_times_at_once_says_the_same_eight_times(
    caller: Caller, carrier: Carrier
) -> None:
    asks_for_a_callback(caller)
    saving = carrier.exchanges[-1]
    with ThreadPoolExecutor(8) as threads:
        answers = {answer.body for answer in threads.map(carrier.replay, [saving] * 8)}
    assert saving.answer and answers == {saving.answer.body}
    assert len(rows(Ask)) == 1


def test_the_first_answer_counts_when_two_keys_arrive_for_one_question(
    caller: Caller, carrier: Carrier
) -> None:
    """Two different answers to the same document: the second is told what the first was told."""
    caller.dials().chooses("en").presses("1")
    asked = carrier.exchanges[-1]
    other = carrier.forge(
        asked.url, [(name, "2" if name == "Digits" else value) for name, value in asked.fields]
    )
    assert asked.answer and other.body == asked.answer.body
    assert [step.to_step for step in rows(Step)][-1] == "about"


def test_old_webhooks_played_again_change_nothing_and_the_call_goes_on(
    caller: Caller, carrier: Carrier
) -> None:
    caller.dials().chooses("ru").presses("2", "1", "1")
    before = [fields_of(step, "turn", "step", "to_step", "says") for step in rows(Step)]
    for exchange in [sent for sent in carrier.exchanges if sent.kind == "voice"]:
        answer = carrier.replay(exchange)
        assert exchange.answer and answer.body == exchange.answer.body
    assert [fields_of(step, "turn", "step", "to_step", "says") for step in rows(Step)] == before
    caller.presses("3", "2").hears("saved").hangs_up()
    assert one(Callback).window == "evening"


def test_an_old_webhook_after_the_call_tells_no_code(caller: Caller, carrier: Carrier) -> None:
    code = asks_for_a_callback(caller)
    saving = carrier.exchanges[-1]
    caller.hangs_up()
    answer = carrier.replay(saving)
    assert answer.status == 200 and code not in answer.body.decode()
    assert len(rows(Callback)) == 1 and one(Call).finished


def test_statuses_that_come_last_first_do_not_take_back_the_end(caller: Caller, carrier: Carrier) -> None:
    carrier.mischief.reorder = True
    asks_for_a_callback(caller)
    caller.hangs_up()
    ended = next(sent for sent in carrier.exchanges if sent.kind == "status")
    for status, number in (("in-progress", "0"), ("ringing", "1"), ("failed", "9")):
        fields = [
            (name, {"CallStatus": status, "SequenceNumber": number}.get(name, value))
            for name, value in ended.fields
        ]
        assert carrier.forge("/voice/status", fields).status == 200
    assert (one(Call).status, one(Call).outcome) == ("completed", "callback")


def test_a_status_lost_on_the_way_is_made_up_for_when_it_comes_late(
    caller: Caller, carrier: Carrier, at: Callable[[str], datetime], work: Callable[[], None]
) -> None:
    carrier.mischief.drop = {"status"}
    caller.dials().chooses("hi").presses("2", "1", "1", "1").hangs_up()
    assert not rows(Callback), "nobody told us that the call has ended"
    at("2026-11-18 12:00")
    carrier.forge(
        "/voice/status", [("CallSid", caller.call.sid), ("CallStatus", "completed"), ("CallDuration", "61")]
    )
    work()
    assert one(Callback).language == "hi"


def test_the_end_told_twice_ends_once(caller: Caller, carrier: Carrier, work: Callable[[], None]) -> None:
    caller.dials().chooses("hi").presses("2", "1", "1", "1").hangs_up()
    carrier.replay(next(sent for sent in carrier.exchanges if sent.kind == "status"))
    work()
    assert len(rows(Callback)) == 1
