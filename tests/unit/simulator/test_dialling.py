"""`<Dial>` of numbers: who is rung, the whisper, who answers first, what the dialler is told, and how it ends."""

from datetime import UTC, datetime
from typing import Any

import pytest

from helpline.simulator import Call, Carrier, CarrierRefused, NotPossible
from tests.unit.simulator.application import Application, carrier_for, say
from tests.unit.simulator.test_rest import Rest

LINE, ANNA, ONE, TWO = "+39800000000", "+393330000001", "+393330000011", "+393330000012"
BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PRESS = '<Gather action="/pressed" numDigits="1">' + say("Per rispondere premi uno") + "</Gather><Hangup/>"


def dial(inside: str = f'<Number url="/whisper">{ONE}</Number>', attributes: str = "") -> str:
    return f'<Dial action="/after" {attributes}>{inside}</Dial>'


def dialled(document: str, from_: str = ANNA, **documents: Any) -> tuple[Carrier, Application, Call]:
    pages: dict[str, Any] = {
        "/voice/incoming": document,
        "/whisper": PRESS,
        "/pressed": say("Ecco"),
        "/after": say("Finito"),
        "/progress": (204, [], b""),
        "/machine": (204, [], b""),
    }
    more = {f"/{name}": page for name, page in documents.items()}
    carrier, application = carrier_for(pages | more, clock=lambda: BEGAN)
    return carrier, application, carrier.dial(LINE, from_)


def test_whisper_key_talk_and_the_end() -> None:
    carrier, application, anna = dialled(dial(attributes='callerId="+390655500002"'))
    assert anna.waiting_for == "dial"
    [leg] = carrier.outbound.ringing
    assert (leg.to, leg.from_, leg.direction, leg.parent) == (ONE, "+390655500002", "outbound-dial", anna.sid)
    carrier.outbound.answer(leg)
    assert leg.heard[0].text == "Per rispondere premi uno" and anna.waiting_for == "dial"
    leg.press("1")
    assert leg.waiting_for == anna.waiting_for == "bridge"
    carrier.advance(60)
    leg.hang_up()
    form = application.forms("/after")[0]
    assert form["DialCallStatus"] == "completed" and form["DialCallSid"] == leg.sid
    assert int(form["DialCallDuration"]) >= 60 and form["DialBridged"] == "true"
    assert anna.heard[-1].text == "Finito" and anna.ended
    shown = Rest(carrier).get("/Calls.json", ParentCallSid=anna.sid).get_json()["calls"]
    assert [one["sid"] for one in shown] == [leg.sid] and shown[0]["parent_call_sid"] == anna.sid


def test_who_does_not_press_the_key_is_not_connected() -> None:
    carrier, application, anna = dialled(dial())
    [leg] = carrier.outbound.ringing
    carrier.outbound.answer(leg).keep_silent()
    assert leg.ended and anna.ended
    assert application.forms("/after")[0]["DialBridged"] == "false"


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer"])
def test_nobody_answers(status: str) -> None:
    carrier, application, _ = dialled(dial(attributes='timeout="20"'))
    [leg] = carrier.outbound.ringing
    if status == "no-answer":
        carrier.advance(19)
        assert not leg.ended
        carrier.advance(2)
    else:
        carrier.outbound.refuse(leg, status)
    assert application.forms("/after")[0]["DialCallStatus"] == status
    assert "DialCallDuration" not in application.forms("/after")[0]


def test_the_first_who_answers_has_the_call() -> None:
    carrier, _, anna = dialled(dial(f"<Number>{ONE}</Number><Number>{TWO}</Number>"))
    one, two = carrier.outbound.ringing
    carrier.outbound.answer(two)
    assert one.status == "canceled" and anna.waiting_for == two.waiting_for == "bridge"
    with pytest.raises(NotPossible, match="does not ring"):
        carrier.outbound.answer(one)


def test_one_after_the_other() -> None:
    carrier, application, _ = dialled(
        dial(f"<Number>{ONE}</Number><Number>{TWO}</Number>", 'sequential="true"')
    )
    [one] = carrier.outbound.ringing
    carrier.outbound.refuse(one)
    [two] = carrier.outbound.ringing
    assert two.to == TWO and application.forms("/after") == []
    carrier.outbound.answer(two)
    assert two.waiting_for == "bridge"


def test_the_caller_has_enough_while_it_rings_and_while_they_talk() -> None:
    carrier, application, anna = dialled(dial())
    [leg] = carrier.outbound.ringing
    anna.hang_up()
    assert leg.status == "canceled" and application.forms("/after") == []
    anna = carrier.dial(LINE, ANNA)
    [leg] = carrier.outbound.ringing
    carrier.outbound.answer(leg).press("1")
    anna.hang_up(after=30)
    assert leg.ended and leg.status == "completed" and leg.duration >= 30


def test_a_star_a_time_limit_and_a_dial_without_action() -> None:
    plain = f'<Dial hangupOnStar="true" timeLimit="60">{ONE}</Dial>' + say("E poi")
    carrier, _, anna = dialled(plain)
    leg = carrier.outbound.answer(carrier.outbound.ringing[0])
    anna.press("5*")
    assert anna.heard[-1].text == "E poi" and anna.lost_keys == "5" and leg.ended
    anna = carrier.dial(LINE, ANNA)
    leg = carrier.outbound.answer(carrier.outbound.ringing[0])
    leg.press("7")
    carrier.advance(61)
    assert anna.heard[-1].text == "E poi" and leg.ended and leg.lost_keys == "7"


def test_what_becomes_of_a_number_is_told() -> None:
    number = (
        '<Number statusCallback="/progress" statusCallbackEvent="initiated ringing answered completed" '
        f'machineDetection="Enable" amdStatusCallback="/machine">{ONE}</Number>'
    )
    carrier, application, _ = dialled(dial(number))
    carrier.outbound.answer(carrier.outbound.ringing[0], machine=True).hang_up()
    told = application.forms("/progress")
    assert [form["CallStatus"] for form in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert application.forms("/machine")[0]["AnsweredBy"] == "machine_start"
    assert {form["Direction"] for form in told} == {"outbound-dial"}


def test_a_bridged_call_is_sent_elsewhere() -> None:
    carrier, application, anna = dialled(dial(), away=say("Altrove"))
    leg = carrier.outbound.answer(carrier.outbound.ringing[0])
    leg.press("1")
    Rest(carrier).post(f"/Calls/{leg.sid}.json", Url="https://line.example/away")
    assert leg.heard[-1].text == "Altrove" and leg.ended
    assert anna.ended and application.forms("/after")[0]["DialCallStatus"] == "completed"


@pytest.mark.parametrize(
    ("document", "from_", "said"),
    [
        (dial(), "anonymous", "13214"),
        (dial(attributes='record="record-from-answer"'), ANNA, "does not run"),
        (dial(attributes='answerOnBridge="true"'), ANNA, "does not run"),
        ("<Dial><Queue>q</Queue></Dial>", ANNA, "runs no queue"),
        ("<Enqueue>q</Enqueue>", ANNA, "runs no queue"),
    ],
)
def test_what_is_understood_but_not_run(document: str, from_: str, said: str) -> None:
    with pytest.raises(CarrierRefused, match=said):
        dialled(document, from_)


def test_a_whisper_may_not_dial() -> None:
    carrier, _, _ = dialled(dial(), whisper=f"<Dial>{TWO}</Dial>")
    with pytest.raises(CarrierRefused, match="13320"):
        carrier.outbound.answer(carrier.outbound.ringing[0])
