"""What the line promises (C5): if nobody answers, we leave no message and send no text. Nobody can allow one either."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import helpline
from helpline import db
from helpline.phone import PhoneNumber
from helpline.simulator.carrier import Carrier
from helpline.telephony import legs
from helpline.telephony.models import TO_WHO_ASKED, Leg, Purpose
from tests.calls import entity, wire
from tests.calls.caller import Caller, Names
from tests.calls.dialled import CALLER, MEDIATOR, Desk, leg, mediator, takes
from tests.integration import queue_rows

HERE = Path(helpline.__file__).parent
Telephone = Callable[..., Caller]
pytestmark = pytest.mark.usefixtures("unpaced")


@pytest.fixture(params=["our own", "an organisation's"])
def rung(request: pytest.FixtureRequest, telephone: Telephone, at: Callable[[str], object]) -> Leg:
    """Who asked is being rung, by one of ours or for an organisation; the leg."""
    own, person = telephone(MEDIATOR), telephone(CALLER)
    if request.param == "our own":
        Desk(mediator("bn"), queue_rows.asked("bn", number=CALLER)).claims().calls()
        takes(own)
        person.rings()
        return leg(Purpose.CALLBACK_CALLER)
    member = entity.a_member()
    entity.rings_them(entity.an_offer(member), member, own, person)
    return leg(Purpose.OFFER_PERSON)


def answered(carrier: Carrier, rung: Leg, **more: str) -> wire.Answer:
    return wire.post(carrier, f"/voice/leg/{rung.id}", rung.sid, **more)


@pytest.mark.parametrize("by", ["machine_start", "machine_end_beep", "fax"])
def test_a_machine_hears_nothing_whatever_is_asked_for_on_its_call(
    by: str, rung: Leg, carrier: Carrier, names: Names
) -> None:
    hears = [answered(carrier, rung, AnsweredBy=by)]
    for stage in ("opening", "opening_again"):
        hears += [
            wire.post(carrier, f"/voice/leg/{rung.id}/key/{stage}", rung.sid, Digits=key) for key in "12"
        ]
    hears += [wire.post(carrier, f"/voice/leg/{rung.id}/left", rung.sid)]
    assert {answer.body for answer in hears} == {hears[0].body} and b"<Hangup" in hears[0].body
    assert wire.said(hears[0], names) == set() and b"<Play" not in hears[0].body


def test_who_hangs_up_while_the_carrier_still_listens_for_a_machine_leaves_no_last_words_on_it(
    rung: Leg, carrier: Carrier, telephone: Telephone, names: Names, work: Callable[[], None]
) -> None:
    wire.post(carrier, f"/voice/leg/{rung.id}/status", rung.sid, CallStatus="in-progress")
    own = next(one for one in carrier.calls.values() if one.to == MEDIATOR)
    own.hang_up()
    with db.transaction() as session:
        legs.farewell(session, rung.id)
        assert session.get_one(Leg, rung.id).wanted == "end"
    assert wire.said(wire.post(carrier, f"/voice/leg/{rung.id}/left", rung.sid), names) == set()
    work()
    call = carrier.calls[rung.sid or ""]
    assert call.ended and call.heard == []


def test_whom_the_carrier_is_not_sure_of_is_a_person_who_may_keep_silent(
    rung: Leg, carrier: Carrier, names: Names
) -> None:
    assert wire.said(answered(carrier, rung, AnsweredBy="unknown"), names) == {"bn/callback_opening"}
    assert wire.said(answered(carrier, rung), names) == {"bn/callback_opening"}


def test_a_call_to_who_asked_is_never_placed_without_looking_for_a_machine(database: object) -> None:
    for purpose in Purpose:
        with db.transaction() as session:
            placed = legs.place(session, purpose, 1, PhoneNumber(CALLER), language="bn")
            assert (
                placed.detect_machine == (purpose in TO_WHO_ASKED) == purpose.endswith(("caller", "person"))
            )


def test_there_is_no_text_message_and_no_recording_on_a_call_that_we_place() -> None:
    of_carrier = [file.read_text("utf-8") for file in sorted((HERE / "telephony").glob("*.py"))]
    texts = re.compile(r"\.messages\b|\bSms\b|<Message|/Messages|send_digits")
    assert [found for text in of_carrier for found in texts.findall(text)] == []
    hooks = ast.parse((HERE / "ivr" / "legs.py").read_text("utf-8"))
    used = {
        node.attr
        for node in ast.walk(hooks)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "twiml"
    }
    assert used == {"CONTENT_TYPE", "EMPTY", "Piece", "join", "key", "keys", "last_words", "record", "wait"}
    record = re.compile(r"import .*\bRecord\b")
    recording = [file for file in HERE.rglob("*.py") if record.search(file.read_text("utf-8"))]
    who = {str(file.relative_to(HERE)) for file in recording}
    assert who == {"ivr/legs.py", "voice/dictation.py"}, (
        "only who speaks prompts is recorded on a call of ours"
    )
    assert Purpose.PROMPT_EDITOR not in TO_WHO_ASKED
