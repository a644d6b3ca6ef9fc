"""What a test can make go wrong."""

import itertools

import pytest

from helpline.simulator import Mischief
from tests.unit.simulator.application import carrier_for, say

TO, FROM = "+39800000000", "+393330000001"
MENU = '<Gather action="/heard" numDigits="1"/>'


@pytest.mark.parametrize("how", ["sequential", "parallel"])
def test_every_webhook_twice(how: str) -> None:
    carrier, application = carrier_for(
        {"/voice/incoming": MENU, "/heard": say("bene")}, mischief=Mischief(duplicate=how)
    )
    call = carrier.dial(TO, FROM).press("1")
    assert [one.text for one in call.heard] == ["bene"]
    for path in ("/voice/incoming", "/heard", "/voice/status"):
        first, second = application.forms(path)
        assert first == second
    tokens = [asked.environ["HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"] for asked in application.asked]
    assert len(set(tokens)) == 6
    assert carrier.disagreements == []


def test_different_answers_to_the_same_webhook_are_found() -> None:
    count = itertools.count()
    carrier, _ = carrier_for(
        {"/voice/incoming": lambda form: say(f"numero {next(count)}")},
        mischief=Mischief(duplicate="sequential"),
    )
    carrier.dial(TO, FROM)
    (pair,) = carrier.disagreements
    assert "numero 0" in pair[0].text and "numero 1" in pair[1].text


def test_lost_callbacks() -> None:
    carrier, application = carrier_for({"/voice/incoming": "<Hangup/>"}, mischief=Mischief(drop={"status"}))
    carrier.dial(TO, FROM)
    carrier.mischief = Mischief(drop=lambda kind, fields: dict(fields)["From"] == FROM)
    carrier.dial(TO, FROM)
    assert application.forms("/voice/status") == []
    carrier.dial(TO, "anonymous")
    assert len(application.forms("/voice/status")) == 1


def test_status_callbacks_out_of_order() -> None:
    carrier, application = carrier_for({"/voice/incoming": "<Hangup/>"}, mischief=Mischief(reorder=True))
    calls = [carrier.dial(TO, FROM), carrier.dial(TO, FROM)]
    assert application.forms("/voice/status") == []
    carrier.settle()
    assert [form["CallSid"] for form in application.forms("/voice/status")] == [calls[1].sid, calls[0].sid]


def test_a_wrong_signature() -> None:
    carrier, application = carrier_for(
        {"/voice/incoming": "<Hangup/>"}, mischief=Mischief(wrong_signature=True)
    )
    carrier.dial(TO, FROM)
    assert not any(asked.genuine for asked in application.asked)
