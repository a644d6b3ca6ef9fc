"""How webhooks travel: headers, cookies, redirects, budgets, retries, and what happens when nothing comes back."""

import base64
from typing import Any

import pytest

from helpline.simulator import Carrier, CarrierRefused, Number
from helpline.simulator.transport import Answer, Budget, Headers, NoAnswer
from tests.unit.simulator.application import SID, TOKEN, carrier_for, response, say

TO, FROM = "+39800000000", "+393330000001"
MENU = '<Gather action="/heard" numDigits="1"/>'


class Broken:
    """A network that fails as told, one failure a request, and then answers."""

    def __init__(self, *failures: NoAnswer | int) -> None:
        self.failures = list(failures)
        self.budgets: list[Budget] = []
        self.urls: list[str] = []

    def __call__(self, method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
        self.budgets.append(budget)
        self.urls.append(url)
        if self.failures and "status" not in url:
            failure = self.failures.pop(0)
            if isinstance(failure, NoAnswer):
                raise failure
            return Answer(failure, [], b"")
        return Answer(200, [("Content-Type", "text/xml")], response("<Hangup/>").encode())


def over(network: Broken, **options: Any) -> Carrier:
    return Carrier(SID, TOKEN, "https://line.example", network, **options)


UNREACHABLE = NoAnswer(11205, "ct", "no connection")
SLOW = NoAnswer(11205, "rt", "no answer in time")
HALF = NoAnswer(11206, "cut", "half an answer")


def test_headers() -> None:
    carrier, application = carrier_for({"/voice/incoming": MENU, "/heard": "<Hangup/>"})
    carrier.dial(TO, FROM).press("1")
    first, second = (asked.environ for asked in application.asked[:2])
    assert first["HTTP_USER_AGENT"] == "TwilioProxy/1.1" and first["HTTP_ACCEPT"] == "*/*"
    assert len(first["HTTP_X_TWILIO_SIGNATURE"]) == 28
    tokens = {env["HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"] for env in (first, second)}
    assert len(tokens) == 2 and all(len(token) == 36 for token in tokens)
    assert first["CONTENT_TYPE"] != second["CONTENT_TYPE"]
    assert {b"+" in one.body for one in carrier.exchanges[:2]} == {True, False}


def test_cookies_live_as_long_as_the_call() -> None:
    def page(form: dict[str, str]) -> Any:
        return 200, [("Content-Type", "text/xml"), ("Set-Cookie", "step=1; Path=/")], response(MENU).encode()

    carrier, application = carrier_for({"/voice/incoming": page, "/heard": "<Hangup/>"})
    carrier.dial(TO, FROM).press("1")
    carrier.dial(TO, FROM)
    cookies = [asked.environ.get("HTTP_COOKIE") for asked in application.asked]
    assert cookies == [None, "step=1", "step=1", None]


def test_redirects_are_followed_but_lose_the_digits() -> None:
    documents = {
        "/voice/incoming": MENU,
        "/heard": (307, [("Location", "/moved")], b""),
        "/moved": (303, [("Location", "/moved/")], b""),
        "/moved/": "<Hangup/>",
    }
    carrier, application = carrier_for(documents)
    carrier.dial(TO, FROM).press("1")
    first, moved, last = (application.forms(path)[0] for path in ("/heard", "/moved", "/moved/"))
    assert first["Digits"] == "1" and "Digits" not in moved and "Digits" not in last
    assert [one.method for one in carrier.exchanges[1:4]] == ["POST", "POST", "GET"]
    assert all(asked.genuine for asked in application.asked if asked.path != "/moved/")


def test_too_many_redirects() -> None:
    carrier, _ = carrier_for({"/voice/incoming": (302, [("Location", "/voice/incoming")], b"")})
    with pytest.raises(CarrierRefused, match="11215"):
        carrier.dial(TO, FROM)


@pytest.mark.parametrize(
    ("fragment", "failure", "attempts"),
    [
        ("", UNREACHABLE, 2),
        ("", SLOW, 1),
        ("", 500, 1),
        ("", HALF, 1),
        ("#rc=3&rp=5xx", 503, 4),
        ("#rc=3&rp=5xx", 404, 1),
        ("#rc=2&rp=ct,rt,4xx", SLOW, 3),
        ("#rc=2&rp=ct,rt,4xx", 429, 3),
        ("#rc=5&rp=all", HALF, 1),
        ("#rc=0", UNREACHABLE, 1),
    ],
)
def test_retries(fragment: str, failure: Any, attempts: int) -> None:
    network = Broken(*[failure] * 10)
    with pytest.raises(CarrierRefused):
        over(network).dial(TO, FROM, url="/voice/incoming" + fragment)
    assert network.urls == ["https://line.example/voice/incoming"] * attempts


def test_a_retry_that_helps() -> None:
    network = Broken(503, SLOW)
    call = over(network).dial(TO, FROM, url="/voice/incoming#rc=2&rp=5xx,rt")
    assert call.outcome == "completed"


def test_budgets() -> None:
    network = Broken()
    over(network).dial(TO, FROM, url="/voice/incoming#ct=250&rt=1500&tt=3000")
    assert (network.budgets[0].connect, network.budgets[0].read) == (0.25, 1.5)
    assert 2.9 < network.budgets[0].total <= 3.0
    over(network).dial(TO, FROM)
    assert network.budgets[-1].total <= 15


@pytest.mark.parametrize("fragment", ["#rc=6", "#tt=16000", "#ct=abc", "#rp=often", "#retries=3"])
def test_overrides_that_are_none(fragment: str) -> None:
    with pytest.raises(CarrierRefused, match="11100"):
        over(Broken()).dial(TO, FROM, url="/voice/incoming" + fragment)


def test_the_user_name_in_an_address_becomes_a_header() -> None:
    carrier, application = carrier_for({"/in": "<Hangup/>"})
    carrier.dial(TO, FROM, url="https://ann:w%3Ard@line.example/in")
    environ = application.asked[0].environ
    assert environ["HTTP_AUTHORIZATION"] == "Basic " + base64.b64encode(b"ann:w:rd").decode()
    assert application.asked[0].genuine


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ((500, [], b""), "11200"),
        ((200, [("Content-Type", "text/html")], b"<Response/>"), "12300"),
        ("<Shout/>", "12200"),
        ("<Play>/nothing.wav</Play>", "11200"),
    ],
)
def test_the_fallback_rescues_the_call(broken: Any, code: str) -> None:
    documents = {"/voice/incoming": MENU, "/heard": broken, "/voice/fallback": say("Un momento") + MENU}
    carrier, application = carrier_for(documents, strict=False)
    call = carrier.dial(TO, FROM).press("1")
    form = application.forms("/voice/fallback")[0]
    assert form["ErrorCode"] == code and form["ErrorUrl"] == "https://line.example/heard"
    assert form["CallStatus"] == "in-progress" and "Digits" not in form
    assert call.waiting_for == "gather" and call.heard[-1].text == "Un momento"


def test_a_fallback_that_fails_too_ends_the_call() -> None:
    carrier, application = carrier_for({"/voice/incoming": (500, [], b"")}, strict=False)
    call = carrier.dial(TO, FROM)
    assert (call.outcome, call.ended, call.heard[-1].voice) == ("application error", True, "carrier")
    assert len(application.forms("/voice/fallback")) == 1
    assert len(application.forms("/voice/status")) == 1


def test_no_fallback_configured() -> None:
    carrier, _ = carrier_for({}, strict=False, number=Number(fallback=""))
    assert carrier.dial(TO, FROM).outcome == "application error"


def test_strict_calls_raise_instead() -> None:
    carrier, application = carrier_for({"/voice/incoming": "<Shout/>", "/voice/fallback": "<Hangup/>"})
    with pytest.raises(CarrierRefused, match=r"12200 in https://line.example/voice/incoming: .*Shout"):
        carrier.dial(TO, FROM)
    assert application.forms("/voice/fallback") == []
    assert carrier.dial(TO, FROM, strict=False).outcome == "completed"


def test_answers_to_status_callbacks_are_judged() -> None:
    carrier, _ = carrier_for({"/voice/incoming": "<Hangup/>", "/voice/status": (200, [], b"ok")})
    with pytest.raises(CarrierRefused):
        carrier.dial(TO, FROM)
    assert carrier.dial(TO, FROM, strict=False).outcome == "completed"


def test_replaying_and_forging() -> None:
    carrier, application = carrier_for({"/voice/incoming": "<Hangup/>"})
    carrier.dial(TO, FROM)
    old = carrier.exchanges[0]
    assert carrier.replay(old).status == 200
    assert application.asked[-1].form == application.asked[0].form and application.asked[-1].genuine
    carrier.forge("/voice/incoming", [("CallSid", "CA1")])
    assert application.asked[-1].genuine
    carrier.forge("/voice/incoming", [("CallSid", "CA1")], signature="")
    assert "HTTP_X_TWILIO_SIGNATURE" not in application.asked[-1].environ
    carrier.forge("/voice/incoming", [("CallSid", "CA1")], signature="AAAA")
    assert not application.asked[-1].genuine
