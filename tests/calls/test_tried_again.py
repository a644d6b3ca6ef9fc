"""The first try of every webhook ends in a 500, or its answer is lost on the way: the carrier tries again, because our
documents ask it to, and the caller notices nothing."""

import pytest
from flask import Flask

from helpline import clock
from helpline.callbacks.models import Callback
from helpline.calls.models import Clip
from helpline.config import Settings
from helpline.simulator.carrier import Carrier
from helpline.simulator.transport import Answer, Budget, Headers, into_wsgi
from helpline.telephony import carrier as telephony
from tests.calls.caller import Caller
from tests.calls.standin import StandIn
from tests.calls.ways import one, outcome, rows

ASKED_FOR_BY_US = (
    "/voice/heard/",
    "/voice/recording/",
)  # the first webhook is an address kept at the carrier


@pytest.fixture(params=["before anything was done", "after all was done"])
def when(request: pytest.FixtureRequest) -> str:
    """Whether the first try reaches the application, and only its answer is lost."""
    return str(request.param)


@pytest.fixture
def failed() -> list[str]:
    """The addresses that failed once."""
    return []


@pytest.fixture
def carrier(settings: Settings, app: Flask, when: str, failed: list[str]) -> Carrier:
    """The stand-in, on a line on which every address that a document gave fails once."""
    ours = into_wsgi(app.wsgi_app)

    def once_in_vain(method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
        if url in failed or not any(part in url for part in ASKED_FOR_BY_US):
            return ours(method, url, headers, body, budget)
        failed.append(url)
        if when.startswith("after"):
            ours(method, url, headers, body, budget)
        return Answer(500, [("Content-Type", "text/plain")], b"no")

    stand_in = Carrier(
        settings.account_sid, settings.auth_token, settings.public_url, once_in_vain, clock=clock.now, seed=7
    )
    telephony.use(StandIn(stand_in))
    return stand_in


def test_a_callback_is_asked_for_once(caller: Caller, failed: list[str]) -> None:
    caller.dials().chooses("bn").presses("2", "1", "1", "1").hears("message_offer_yes").presses("2")
    caller.hears("saved").hangs_up()
    assert len(failed) >= 6 and len(rows(Callback)) == 1 and outcome() == "callback"


def test_a_message_is_recorded_once(caller: Caller, failed: list[str]) -> None:
    caller.dials().chooses("hi").presses("2", "1").keeps_silent(3).hears("leave_message").says(4)
    caller.hears("message_thanks", "goodbye").afterwards()
    assert one(Clip).state == "held" and outcome() == "message"
    assert any("/voice/recording/" in url for url in failed)


def test_a_caller_from_whom_nothing_was_recorded_is_led_on(caller: Caller, failed: list[str]) -> None:
    caller.dials().chooses("uk").presses("2", "1").keeps_silent(3).hears("leave_message").keeps_silent()
    caller.hears("goodbye")
    assert caller.is_over and failed


def test_nobody_is_sent_to_the_fallback(caller: Caller, carrier: Carrier) -> None:
    caller.dials().chooses("en").presses("1", "1").hears("info_what")
    assert {exchange.kind for exchange in carrier.exchanges} <= {"voice", "status", "media"}
    assert 500 in {exchange.status for exchange in carrier.exchanges}
