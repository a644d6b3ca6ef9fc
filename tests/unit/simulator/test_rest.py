"""The REST side, as Twilio's own client and plain HTTP meet it."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpline.simulator import Call, Carrier, Mischief, clips
from helpline.simulator.outbound import Outbound
from helpline.simulator.server import create_app
from tests.unit.simulator.application import SID, TOKEN, Application, carrier_for, say

TO, FROM, HERE = "+39800000000", "+393330000001", "+390655500002"
ROOT = f"/2010-04-01/Accounts/{SID}"
BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Rest:
    """A client with credentials. Its writes return once all is done that the carrier does after its answer."""

    def __init__(self, carrier: Carrier, token: str = TOKEN) -> None:
        app = create_app(carrier)
        self.client: FlaskClient = app.test_client()
        self.outbound: Outbound = app.extensions["outbound"]
        self.login = {"Authorization": "Basic " + base64.b64encode(f"{SID}:{token}".encode()).decode()}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(ROOT + path, headers=self.login, query_string=query)

    def post(self, path: str, **form: Any) -> TestResponse:
        return self.client.post(ROOT + path, headers=self.login, data=form, buffered=True)

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(ROOT + path, headers=self.login, buffered=True)


@pytest.fixture
def world() -> tuple[Rest, Carrier, Application]:
    documents: dict[str, Any] = {
        "/voice/incoming": '<Record action="/said" timeout="2"/>',
        "/said": "<Hangup/>",
        "/out": '<Gather action="/said" numDigits="1">' + say("Pronto") + "</Gather>",
        "/elsewhere": say("altrove"),
        "/progress": (204, [], b""),
        "/machine": (204, [], b""),
    }
    carrier, application = carrier_for(documents, clock=lambda: BEGAN)
    return Rest(carrier), carrier, application


def recorded(carrier: Carrier) -> str:
    carrier.dial(TO, FROM).speak(3)
    carrier.settle()
    return carrier.recordings.all()[0].sid


def test_credentials_are_asked_for(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    path = f"/Recordings/{recorded(carrier)}.wav"
    for headers in ({}, Rest(carrier, "wrong").login, {"Authorization": "Bearer x"}):
        answer = rest.client.get(ROOT + path, headers=headers)
        assert answer.status_code == 401 and answer.get_json()["code"] == 20003
    assert rest.client.get(ROOT[:-1] + "1" + path, headers=rest.login).status_code == 401


def test_a_recording_is_fetched_and_deleted(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    sid = recorded(carrier)
    about = rest.get(f"/Recordings/{sid}.json").get_json()
    assert (about["status"], about["duration"], about["source"]) == ("completed", "3", "RecordVerb")
    for path in (f"/Recordings/{sid}", f"/Recordings/{sid}.wav"):
        sound = rest.get(path)
        assert sound.mimetype == "audio/x-wav" and clips.read(sound.data).seconds == 3
    assert rest.delete(f"/Recordings/{sid}.json").status_code == 204
    assert rest.delete(f"/Recordings/{sid}.json").status_code == 404
    assert rest.get(f"/Recordings/{sid}.wav").status_code == 404
    assert rest.get(f"/Recordings/{sid}.json").get_json()["code"] == 20404
    kept = rest.get(f"/Recordings/{sid}.json", IncludeSoftDeleted="true").get_json()
    assert kept["status"] == "deleted"


def test_a_recording_is_not_there_at_once(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    carrier.mischief = Mischief(recording_delay=30)
    carrier.dial(TO, FROM).speak(3)
    sid = carrier.recordings.all()[0].sid
    assert rest.get(f"/Recordings/{sid}").status_code == 404
    assert rest.get(f"/Recordings/{sid}.json").get_json()["status"] == "processing"
    carrier.advance(60)
    assert rest.get(f"/Recordings/{sid}").status_code == 200


def test_lists_have_filters_and_pages(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    for _ in range(3):
        recorded(carrier)
        carrier.advance(86400)
    listed = rest.get("/Recordings.json", PageSize=2).get_json()
    assert len(listed["recordings"]) == 2 and listed["next_page_uri"]
    rest_of = rest.client.get(listed["next_page_uri"], headers=rest.login).get_json()
    assert len(rest_of["recordings"]) == 1 and rest_of["next_page_uri"] is None
    assert len(rest.get("/Recordings.json", **{"DateCreated>": "2026-11-23"}).get_json()["recordings"]) == 2
    assert len(rest.get("/Recordings.json", DateCreated="2026-11-23").get_json()["recordings"]) == 1
    first = min(carrier.calls.values(), key=lambda call: call.started)
    assert len(rest.get("/Recordings.json", CallSid=first.sid).get_json()["recordings"]) == 1
    assert rest.get("/Recordings.json", DateCreated="yesterday").status_code == 400
    assert rest.get("/Recordings.json", PageSize="many").status_code == 400
    assert len(rest.get("/Calls.json", From=FROM, Status="completed").get_json()["calls"]) == 3
    assert rest.get("/Calls.json", To=FROM).get_json()["calls"] == []
    assert len(rest.get("/Calls.json", **{"StartTime<": "2026-11-22T10:00:00Z"}).get_json()["calls"]) == 1


def test_lists_may_lag_behind(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    carrier.mischief = Mischief(list_delay=60)
    call = carrier.dial(TO, FROM)
    assert rest.get("/Calls.json").get_json()["calls"] == []
    assert rest.get(f"/Calls/{call.sid}.json").get_json()["status"] == "in-progress"
    carrier.advance(61)
    assert len(rest.get("/Calls.json").get_json()["calls"]) == 1


def placed(rest: Rest, **more: Any) -> Call:
    form: dict[str, Any] = {
        "To": FROM,
        "From": HERE,
        "Url": "https://line.example/out",
        "StatusCallback": "https://line.example/progress",
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
    }
    answer = rest.post("/Calls.json", **(form | more))
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["status"] == "queued" and answer.get_json()["direction"] == "outbound-api"
    return rest.outbound.carrier.calls[answer.get_json()["sid"]]


def test_a_call_is_placed_answered_and_reported(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, application = world
    call = placed(rest)
    assert rest.outbound.ringing == [call]
    carrier.advance(5)
    rest.outbound.answer(call)
    assert call.heard[0].text == "Pronto" and call.waiting_for == "gather"
    asked = application.forms("/out")[0]
    assert (asked["CallStatus"], asked["Direction"]) == ("in-progress", "outbound-api")
    call.press("1")
    told = application.forms("/progress")
    assert [form["CallStatus"] for form in told] == ["queued", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in told] == ["0", "1", "2", "3"]
    assert "CallDuration" in told[-1] and all(asked.genuine for asked in application.asked)


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer"])
def test_nobody_takes_the_call(world: tuple[Rest, Carrier, Application], status: str) -> None:
    rest, carrier, application = world
    call = placed(rest, Timeout="20")
    if status == "no-answer":
        carrier.advance(24)
        assert not call.ended
        carrier.advance(2)
    else:
        rest.outbound.refuse(call, status)
    assert call.ended and application.forms("/progress")[-1]["CallStatus"] == status
    assert application.forms("/out") == []


def test_one_call_a_second(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    calls = [placed(rest) for _ in range(3)]
    assert [call.status for call in calls] == ["ringing", "queued", "queued"]
    assert rest.get(f"/Calls/{calls[2].sid}.json").get_json()["queue_time"] == "2000"
    carrier.advance(1)
    assert [call.status for call in calls] == ["ringing", "ringing", "queued"]
    assert rest.post(f"/Calls/{calls[2].sid}.json", Status="canceled").get_json()["status"] == "canceled"
    assert rest.post(f"/Calls/{calls[2].sid}.json", Status="canceled").status_code == 400
    carrier.advance(5)
    assert calls[2].status == "canceled"


def test_an_answering_machine(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, application = world
    rest.outbound.answer(placed(rest, MachineDetection="DetectMessageEnd"), machine=True)
    assert application.forms("/out")[0]["AnsweredBy"] == "machine_end_beep"
    carrier.advance(2)
    call = placed(
        rest,
        MachineDetection="Enable",
        AsyncAmd="true",
        AsyncAmdStatusCallback="https://line.example/machine",
    )
    carrier.advance(2)
    rest.outbound.answer(call)
    form = application.forms("/machine")[0]
    assert form["AnsweredBy"] == "human" and form["CallSid"] == call.sid
    assert "AnsweredBy" not in application.forms("/out")[1]


def test_a_live_call_is_sent_elsewhere_or_ended(world: tuple[Rest, Carrier, Application]) -> None:
    rest, *_ = world
    call = rest.outbound.answer(placed(rest))
    rest.post(f"/Calls/{call.sid}.json", Url="https://line.example/elsewhere")
    assert [one.text for one in call.heard] == ["Pronto", "altrove"]
    rest.outbound.carrier.advance(2)
    other = rest.outbound.answer(placed(rest, Url="https://line.example/out"))
    assert rest.post(f"/Calls/{other.sid}.json", Status="completed").get_json()["status"] == "completed"
    assert rest.delete(f"/Calls/{other.sid}.json").status_code == 204
    assert rest.get(f"/Calls/{other.sid}.json").status_code == 404


def test_a_document_given_with_the_order(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    order = {"To": FROM, "From": HERE, "Twiml": f"<Response>{say('Eccomi')}</Response>"}
    sid = rest.post("/Calls.json", **order).get_json()["sid"]
    assert rest.outbound.answer(carrier.calls[sid]).heard[0].text == "Eccomi"


@pytest.mark.parametrize(
    "wrong",
    [{"To": "0655500002"}, {"Url": ""}, {"Twiml": "<Response/>"}, {"Timeout": "601"}, {"answer_url": "x"}],
)
def test_orders_that_are_refused(world: tuple[Rest, Carrier, Application], wrong: dict[str, str]) -> None:
    rest, carrier, _ = world
    form = {"To": FROM, "From": HERE, "Url": "https://line.example/out"} | wrong
    answer = rest.post("/Calls.json", **form)
    assert answer.status_code == 400 and answer.get_json()["code"] in (21205, 21211)
    assert carrier.calls == {}


def test_the_carrier_is_busy_broken_or_mute(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    carrier.mischief = Mischief(rest=["429", "500", "fine", "lost"])
    form = {"To": FROM, "From": HERE, "Url": "https://line.example/out"}
    answers = [rest.post("/Calls.json", **form) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 500, 201, 502]
    assert answers[0].get_json()["code"] == 20429
    assert len(carrier.calls) == 2, "the last one was placed, though its answer was lost"


def test_time_between_calls_is_theirs(world: tuple[Rest, Carrier, Application]) -> None:
    rest, carrier, _ = world
    call = placed(rest)
    carrier.advance(10)
    rest.outbound.answer(call).hang_up(after=5)
    assert call.duration == 5 and carrier.now() >= BEGAN + timedelta(seconds=15)
