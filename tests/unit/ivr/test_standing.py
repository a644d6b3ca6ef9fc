"""The two documents that stand at the carrier for when this application is down: run as the carrier would run them."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from helpline.ivr import standing
from helpline.ivr.commands import flow
from helpline.simulator.call import Call
from helpline.simulator.carrier import Carrier
from helpline.simulator.transport import Answer, Budget, Headers
from helpline.simulator.twiml import read
from helpline.voice import catalogue
from tests.leaflet import KEYS

THANKS = "https://documents.example/thanks"
TEXTS = catalogue.load().texts


def printed(thanks_url: str) -> bytes:
    """What `helpline flow outage` prints, to be kept at the carrier."""
    result = CliRunner().invoke(flow, ["outage", "--thanks-url", thanks_url])
    assert result.exit_code == 0, result.output
    return result.stdout.encode()


@pytest.fixture
def asked() -> list[str]:
    """The addresses that the carrier asked for."""
    return []


@pytest.fixture
def call(asked: list[str]) -> Callable[[], Call]:
    """Somebody dials while the application is down: only the two documents answer."""
    documents = {"https://documents.example/sorry": printed(THANKS), THANKS: printed("")}

    def answer(method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
        asked.append(url)
        return Answer(200, [("Content-Type", "text/xml")], documents.get(url, b"<Response/>"))

    carrier = Carrier("AC" + "0" * 32, "token", "https://line.example", answer, seed=1)
    return lambda: carrier.dial("+39800000000", "+393330000123", url="https://documents.example/sorry")


def said(call: Call) -> list[str]:
    return [heard.text for heard in call.heard if heard.kind == "say"]


def test_the_apology_is_heard_in_nine_languages_then_a_message_is_asked_for(call: Callable[[], Call]) -> None:
    live = call()
    sorry = [TEXTS[code]["sorry"] for code in KEYS.values()]
    assert said(live) == [*sorry, TEXTS["it"]["message_any"], TEXTS["en"]["message_any"]]
    tags = [heard.language[:2] for heard in live.heard if heard.kind == "say"]
    assert tags == [*KEYS.values(), "it", "en"]
    assert live.waiting_for == "record"


def test_a_message_may_last_two_minutes_and_no_longer(call: Callable[[], Call]) -> None:
    live = call()
    assert live.waiting is not None and live.waiting.longest == 120
    before = live.spent
    live.speak(300)
    assert 120 <= live.spent - before < 140


def test_after_the_message_the_second_document_thanks_and_ends_the_call(
    call: Callable[[], Call], asked: list[str]
) -> None:
    live = call()
    first = len(said(live))
    live.speak(8)
    assert THANKS in asked
    assert said(live)[first:] == [
        TEXTS[code][name] for code in ("it", "en") for name in ("message_thanks", "goodbye")
    ]
    assert live.ended and live.status == "completed"


def test_a_caller_who_says_nothing_is_not_kept(call: Callable[[], Call]) -> None:
    live = call().keep_silent()
    assert live.ended


@pytest.mark.parametrize("thanks_url", [THANKS, ""])
def test_neither_document_needs_the_application(thanks_url: str) -> None:
    text = printed(thanks_url)
    read(text, "text/xml")
    assert b"<Play" not in text and b"/voice/" not in text and b"/audio/" not in text
    assert text.strip() == standing.document(catalogue.load(), thanks_url)
