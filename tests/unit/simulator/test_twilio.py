"""Twilio's own package as a witness: its validator accepts our signatures, its client understands our REST side."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.exceptions import ConnectionError, ReadTimeout
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.datastructures import MultiDict

from helpline.simulator import Carrier, Mischief, signer
from helpline.simulator.server import serving
from tests.unit.simulator.application import SID, TOKEN, carrier_for, say

text = st.text(max_size=12).filter(lambda one: one.isprintable())


@settings(max_examples=50)
@given(
    fields=st.lists(st.tuples(text, text), max_size=6),
    scheme=st.sampled_from(["http", "https"]),
    port=st.sampled_from(["", ":8000", ":443"]),
    query=st.sampled_from(["", "?a=b%20c", "?name=caf%C3%A9&x=+"]),
)
def test_its_validator_accepts_our_signatures(
    fields: list[tuple[str, str]], scheme: str, port: str, query: str
) -> None:
    url = f"{scheme}://line.example{port}/voice/heard/1{query}"
    signed = signer.sign_form(TOKEN, url, fields)
    assert RequestValidator(TOKEN).validate(url, MultiDict(fields), signed)
    assert not RequestValidator("another").validate(url, MultiDict(fields), signed)


class Here(TwilioHttpClient):
    """Twilio's HTTP client, sent to the stand-in."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=60)
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *rest: Any, **more: Any) -> Any:
        there = urlsplit(url)._replace(scheme=self.base.scheme, netloc=self.base.netloc).geturl()
        return super().request(method, there, *rest, **more)


@pytest.fixture
def carrier() -> Carrier:
    documents = {"/voice/incoming": '<Record action="/said"/>', "/said": "<Hangup/>", "/out": say("Pronto")}
    return carrier_for(documents)[0]


@pytest.fixture
def client(carrier: Carrier) -> Iterator[Client]:
    with serving(carrier) as base:
        http = Here(base)
        yield Client(SID, TOKEN, http_client=http)
        http.session.close()


def test_its_client_finds_and_deletes_recordings(carrier: Carrier, client: Client) -> None:
    for _ in range(3):
        call = carrier.dial("+39800000000", "+393330000001").speak(2)
    carrier.settle()
    found = client.recordings.list(date_created_after=datetime(2020, 1, 1, tzinfo=UTC), page_size=2)
    assert len(found) == 3 and found[0].status == "completed" and found[0].duration == "2"
    (mine,) = client.recordings.list(call_sid=call.sid)
    assert client.recordings(mine.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        client.recordings(mine.sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    assert client.calls(call.sid).fetch().status == "completed"
    assert len(client.calls.list(from_="+393330000001", status="completed", limit=2)) == 2


def test_its_client_places_and_ends_calls(carrier: Carrier, client: Client) -> None:
    call = client.calls.create(
        to="+393330000001",
        from_="+390655500002",
        url="https://line.example/out",
        status_callback_event=["initiated", "completed"],
        machine_detection="Enable",
        timeout=20,
    )
    assert call.status == "queued" and call.queue_time == "0"
    assert call.update(status="canceled").status == "canceled"
    carrier.mischief = Mischief(rest=["429"])
    with pytest.raises(TwilioRestException) as busy:
        client.calls(call.sid).fetch()
    assert (busy.value.status, busy.value.code) == (429, 20429)


@pytest.mark.parametrize(("fate", "raised"), [("cut", ConnectionError), ("late", ReadTimeout)])
def test_an_answer_that_is_lost_on_the_way(
    carrier: Carrier, client: Client, fate: str, raised: type[Exception]
) -> None:
    carrier.mischief = Mischief(rest=[fate], rest_delay=2.0)
    client.http_client.timeout = 0.5
    with pytest.raises(raised):
        client.calls.create(to="+393330000001", from_="+390655500002", url="https://line.example/out")
    until(
        lambda: [call.status for call in carrier.calls.values()] == ["ringing"]
    )  # it was placed all the same


def test_a_carrier_that_is_busy_may_say_when_to_come_back(carrier: Carrier, client: Client) -> None:
    carrier.mischief = Mischief(rest=["429"], retry_after="7")
    path = f"/2010-04-01/Accounts/{SID}/Calls.json"
    answer = client.http_client.request("GET", f"https://api.twilio.com{path}", auth=(SID, TOKEN))
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "7"


def test_its_client_holds_and_redirects_who_is_in_a_conference(carrier: Carrier, client: Client) -> None:
    room = '<Dial><Conference waitUrl="">r</Conference></Dial>'
    order = {"twiml": f"<Response>{room}</Response>", "from_": "+390655500002"}
    one, two = (client.calls.create(to=f"+39333000000{n}", **order).sid for n in (1, 2))
    carrier.advance(2)
    for sid in (one, two):
        carrier.outbound.answer(carrier.calls[str(sid)])
    [found] = client.conferences.list(friendly_name="r", status="in-progress")
    assert found.participants(one).update(hold=True).hold is True
    assert [each.call_sid for each in found.participants.list(hold=True)] == [one]
    assert client.calls(one).update(url="https://line.example/out").status == "in-progress"
    assert found.participants(two).delete()
    until(lambda: client.conferences(found.sid).fetch().status == "completed")
    until(lambda: client.calls(one).fetch().status == "completed")


def until(true: Callable[[], bool]) -> None:
    """What the carrier does after its answer is soon done."""
    for _ in range(1000):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")
