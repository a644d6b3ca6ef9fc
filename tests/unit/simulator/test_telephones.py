"""The API behind the telephone pages: real messages, what is heard as sound, whom one is connected with, what is new."""

import shutil
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpline.simulator import Carrier, clips, speech
from helpline.simulator.phone import line_of
from helpline.simulator.server import create_app
from tests.unit.simulator.application import Application, carrier_for, say

DOCUMENTS: dict[str, Any] = {
    "/voice/incoming": say("Dopo il segnale") + '<Record action="/said" maxLength="5"/>',
    "/said": say("Grazie"),
    "/room": '<Dial><Conference beep="false">r</Conference></Dial>',
    "/out": say("Pronto"),
}
WAV = "audio/wav"


@pytest.fixture
def world() -> tuple[FlaskClient, Carrier, Application]:
    carrier, application = carrier_for(DOCUMENTS, strict=False)
    return create_app(carrier).test_client(), carrier, application


def dialled(desk: FlaskClient) -> str:
    return f"/standin/calls/{desk.post('/standin/calls', json={}).get_json()['id']}"


def test_a_real_message_is_kept_as_it_was_said(world: tuple[FlaskClient, Carrier, Application]) -> None:
    desk, carrier, application = world
    said = clips.make(b"\7\0" * 16000)
    call = desk.post(dialled(desk) + "/message?key=%23", data=said, content_type=WAV).get_json()
    assert call["heard"][-1]["text"] == "Grazie" and call["deeds"][-1]["what"] == "2.0"
    assert application.forms("/said")[0]["Digits"] == "#" and carrier.recordings.all()[0].wav == said


def test_a_message_ends_where_the_recording_does_and_with_the_call(
    world: tuple[FlaskClient, Carrier, Application],
) -> None:
    desk, carrier, application = world
    desk.post(dialled(desk) + "/message", data=clips.voice(9), content_type=WAV)
    assert clips.read(carrier.recordings.all()[0].wav).seconds == 5
    call = desk.post(
        dialled(desk) + "/message?hang_up=true", data=clips.voice(1), content_type=WAV
    ).get_json()
    assert call["ended"] and application.forms("/said")[1]["Digits"] == "hangup"


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"RIFF", WAV), (clips.voice(1), "text/plain"), (b"", WAV), (b"x" * 4_000_001, WAV)],
)
def test_what_is_no_message_is_refused(
    world: tuple[FlaskClient, Carrier, Application], data: bytes, kind: str
) -> None:
    desk, carrier, _ = world
    answer = desk.post(dialled(desk) + "/message", data=data, content_type=kind)
    assert answer.status_code == 400 and len(carrier.recordings) == 0


@pytest.mark.speech
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
def test_words_are_spoken_by_this_machine(world: tuple[FlaskClient, Carrier, Application]) -> None:
    desk, _, _ = world
    here = dialled(desk)
    address = desk.get(here).get_json()["heard"][0]["url"]
    spoken = desk.get(address)
    assert spoken.mimetype == WAV and spoken.data[:4] == b"RIFF" and len(spoken.data) > 10_000
    assert desk.get(here + "/said/1.wav").status_code == 404, "a beep is not words"
    assert desk.get(here + "/said/99.wav").status_code == 404


def test_without_a_voice_words_are_text_alone(
    world: tuple[FlaskClient, Carrier, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _, _ = world
    monkeypatch.setattr(shutil, "which", lambda name: None)
    speech.wav.cache_clear()
    here = dialled(desk)
    assert desk.get(here).get_json()["heard"][0]["url"] == ""
    assert desk.get(here + "/said/0.wav").status_code == 404
    speech.wav.cache_clear()


def test_with_whom_one_is_connected(world: tuple[FlaskClient, Carrier, Application]) -> None:
    desk, _, application = world
    application.documents["/voice/incoming"] = DOCUMENTS["/room"]
    first, second = dialled(desk), dialled(desk)
    assert desk.get(first).get_json()["company"] == {
        "others": 1,
        "begun": True,
        "held": False,
        "muted": False,
    }
    assert desk.get(first).get_json()["waiting_for"] == "conference"
    desk.post(second + "/hangup", json={})
    assert desk.get(second).get_json()["company"] is None
    music = desk.get(first).get_json()["heard"][0]
    assert music["kind"] == "music" and line_of(music) == "     (wait music)"


def test_who_knows_what_was_heard_is_told_nothing_twice(
    world: tuple[FlaskClient, Carrier, Application],
) -> None:
    desk, _, _ = world
    here = dialled(desk)
    seen = desk.get(here).headers["ETag"].strip('"')
    assert desk.get(f"{here}?seen={seen}").status_code == 204
    desk.post(here + "/speak", json={"seconds": 2})
    assert desk.get(f"{here}?seen={seen}").status_code == 200


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", "+393330000001"),
        ("?number=%2B39%20333%200000101&name=Amal", "+393330000101"),
        ("?number=393330000101", "+393330000101"),
    ],
)
def test_a_telephone_has_a_number_and_perhaps_a_name(
    world: tuple[FlaskClient, Carrier, Application], query: str, seen: str
) -> None:
    page = world[0].get("/telephone" + query)
    assert page.status_code == 200 and f'value="{seen}"' in page.text
    assert ("Telephone of <bdi>Amal</bdi>" in page.text) == ("Amal" in query)
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
