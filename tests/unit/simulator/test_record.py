"""Recording: what a person says, what the application is told, and when."""

from datetime import timedelta
from typing import Any

import pytest

from helpline.simulator import Call, Carrier, Mischief, clips
from tests.unit.simulator.application import Application, carrier_for, say
from tests.unit.simulator.test_rest import BEGAN

TO, FROM = "+39800000000", "+393330000001"


def at_the_beep(
    attributes: str = 'timeout="2" maxLength="8"', *, before: str = "", **options: Any
) -> tuple[Call, Carrier, Application]:
    record = f'<Record action="/said" {attributes} recordingStatusCallback="/recorded"/>'
    carrier, application = carrier_for(
        {
            "/voice/incoming": before + record + say("Niente"),
            "/said": say("Grazie"),
            "/recorded": (204, [], b""),
        },
        **options,
    )
    return carrier.dial(TO, FROM), carrier, application


def test_a_message_that_ends_in_silence() -> None:
    call, carrier, application = at_the_beep()
    assert call.waiting_for == "record" and call.heard[0].text == "beep"
    call.speak(3)
    form = application.forms("/said")[0]
    assert form["RecordingDuration"] == "3" and form["Digits"] == ""
    assert form["RecordingUrl"].endswith("/Recordings/" + form["RecordingSid"])
    assert [one.text for one in call.heard] == ["beep", "Grazie"]
    recording = carrier.recordings.find(form["RecordingSid"])
    assert recording is not None and clips.read(recording.wav).seconds == 3


def test_its_callback_comes_later_and_names_no_caller() -> None:
    call, carrier, application = at_the_beep(mischief=Mischief(recording_delay=60))
    call.speak(3)
    assert call.ended and application.forms("/recorded") == []
    carrier.advance(30)
    assert application.forms("/recorded") == []
    carrier.advance(40)
    form = application.forms("/recorded")[0]
    assert form["RecordingStatus"] == "completed" and form["RecordingDuration"] == "3"
    assert form["CallSid"] == call.sid and "From" not in form and "CallStatus" not in form
    assert application.asked[-1].genuine


def test_in_real_time_it_is_ready_as_soon_for_who_has_not_waited_for_the_words_before() -> None:
    words = say("a" * 500) + '<Gather action="/x" timeout="60"/>' + say("b" * 500)
    call, carrier, application = at_the_beep(real_time=True, clock=lambda: BEGAN, before=words)
    call.keep_silent()
    call.speak(3)
    recording = carrier.recordings.find(application.forms("/said")[0]["RecordingSid"])
    assert call.spent > 60 and recording is not None
    assert recording.status(BEGAN) == "processing"
    assert recording.status(BEGAN + timedelta(seconds=2)) == "completed"


def test_a_message_is_cut_at_its_longest_and_ended_by_a_key() -> None:
    call, _, application = at_the_beep()
    call.speak(30)
    assert application.forms("/said")[0]["RecordingDuration"] == "8"
    call, _, application = at_the_beep()
    call.speak(3, key="#")
    assert application.forms("/said")[0]["Digits"] == "#"
    call, _, application = at_the_beep('finishOnKey="1"')
    call.speak(3, key="#")
    assert application.forms("/said")[0]["Digits"] == ""


def test_hanging_up_while_speaking_still_asks_for_the_action() -> None:
    call, _, application = at_the_beep()
    call.speak(4, hang_up=True)
    assert call.ended and [one.text for one in call.heard] == ["beep"]
    form = application.forms("/said")[0]
    assert form["Digits"] == "hangup" and form["CallStatus"] == "completed"
    assert application.asked[-1].path == "/voice/status"


def test_hanging_up_without_a_word() -> None:
    call, _, application = at_the_beep()
    call.hang_up()
    assert application.forms("/said")[0]["Digits"] == "hangup"
    call, _, application = at_the_beep()
    call.hang_up(after=0)
    assert application.forms("/said") == [] and len(application.forms("/voice/status")) == 1


def test_nothing_recorded_falls_through() -> None:
    call, carrier, application = at_the_beep()
    call.keep_silent()
    assert [one.text for one in call.heard] == ["beep", "Niente"]
    assert application.forms("/said") == [] and len(carrier.recordings) == 0


def test_a_recording_of_silence_may_be_kept() -> None:
    call, _, application = at_the_beep(mischief=Mischief(saves_silence=True))
    call.keep_silent()
    assert application.forms("/said")[0]["RecordingDuration"] == "2"


def test_a_key_instead_of_words() -> None:
    call, _, application = at_the_beep()
    call.press("1")
    form = application.forms("/said")[0]
    assert (form["Digits"], form["RecordingDuration"]) == ("1", "1")
    call, _, application = at_the_beep()
    call.press("1", after=0.1)
    assert application.forms("/said") == [] and call.heard[-1].text == "Niente"


def test_a_key_that_does_not_end_it() -> None:
    call, *_ = at_the_beep('finishOnKey="#"')
    call.press("5")
    assert call.waiting_for == "record" and call.lost_keys == "5"


def test_ones_own_sound() -> None:
    call, _, application = at_the_beep()
    call.speak(0, wav=clips.voice(1.5))
    assert application.forms("/said")[0]["RecordingDuration"] == "2"
    with pytest.raises(ValueError, match="RIFF"):
        at_the_beep()[0].speak(1, wav=b"mp3")


@pytest.mark.parametrize("wanted", ["completed", "completed absent"])
def test_a_recording_that_came_to_nothing(wanted: str) -> None:
    call, carrier, application = at_the_beep(
        f'timeout="2" recordingStatusCallbackEvent="{wanted}"', mischief=Mischief(recording_lost=True)
    )
    call.speak(3)
    carrier.settle()
    assert [form["RecordingStatus"] for form in application.forms("/recorded")] == (
        ["absent"] if "absent" in wanted else []
    )
