"""What a person on the telephone can do, and what time does meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from helpline.simulator import Call, CarrierRefused, NotPossible, clips
from tests.unit.simulator.application import Application, carrier_for, clip, say

TO, FROM = "+39800000000", "+393330000001"


def gather(attributes: str, inside: str = "") -> str:
    return f'<Gather action="/heard" {attributes}>{inside}</Gather>'


def dialled(incoming: str, **documents: object) -> tuple[Call, Application]:
    pages: dict[str, object] = {"/voice/incoming": incoming, "/heard": say("bene"), "/said": say("grazie")}
    pages |= {f"/{name}": page for name, page in documents.items()}
    carrier, application = carrier_for(pages)
    return carrier.dial(TO, FROM), application


def heard(call: Call) -> list[str]:
    return [one.text or one.kind for one in call.heard]


def test_a_call_from_dialling_to_hanging_up() -> None:
    call, application = dialled(say("Benvenuti") + gather('numDigits="1"', say("Premi uno.")))
    assert call.waiting_for == "gather"
    call.press("1")
    assert (call.waiting_for, call.outcome, call.status) == ("ended", "completed", "completed")
    assert heard(call) == ["Benvenuti", "Premi uno.", "bene"]
    assert all(one.whole and one.language == "it-IT" for one in call.heard)
    first, second, last = application.asked
    assert (first.form["CallStatus"], second.form["CallStatus"]) == ("ringing", "in-progress")
    assert second.form["Digits"] == "1" and second.form["FinishedOnKey"] == ""
    assert second.form["msg"] == "Gather End"
    assert last.path == "/voice/status"
    assert last.form["CallStatus"] == "completed"
    assert int(last.form["CallDuration"]) == call.duration > 0
    assert last.form["Duration"] == "1" and last.form["SequenceNumber"] == "0"
    assert all(asked.genuine for asked in application.asked)


def test_a_key_cuts_the_words_of_a_menu_but_not_those_before_it() -> None:
    call, _ = dialled(say("Da ascoltare") + gather('numDigits="1"', say("a" * 20) + say("b" * 20)))
    call.press("1", after=0.5)
    assert [one.whole for one in call.heard] == [True, False, False, True]
    call, _ = dialled(gather('numDigits="1"', say("a" * 20) + say("b" * 20)))
    call.press("1", after=2.5)
    assert [one.whole for one in call.heard] == [True, False, True]


def test_words_that_may_not_be_cut() -> None:
    call, _ = dialled(gather('numDigits="1" bargeIn="false"', say("a" * 20)))
    call.press("1", after=0.5)
    assert call.waiting_for == "gather" and call.lost_keys == "1"


def test_silence_falls_through_to_the_next_verb() -> None:
    call, application = dialled(gather('numDigits="1" timeout="7"', say("Premi.")) + say("Niente"))
    call.keep_silent()
    assert heard(call) == ["Premi.", "Niente"] and call.ended
    assert application.forms("/heard") == []
    assert call.heard[1].at == pytest.approx(call.heard[0].seconds + 7)


def test_silence_with_an_action_for_it() -> None:
    call, application = dialled(gather('actionOnEmptyResult="true" timeout="3"'))
    call.keep_silent()
    assert application.forms("/heard")[0]["Digits"] == ""
    assert application.forms("/heard")[0]["FinishedOnKey"] == ""


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "finished"),
    [
        ("", "123#", "123", "#"),
        ("", "123", "123", ""),
        ('finishOnKey=""', "12#", "12#", ""),
        ('finishOnKey="*"', "1#2*", "1#2", "*"),
        ('numDigits="5"', "00184", "00184", ""),
        ('numDigits="5"', "001#", "001", "#"),
        ('numDigits="1"', "12", "1", ""),
    ],
)
def test_how_keys_are_gathered(attributes: str, keys: str, digits: str, finished: str) -> None:
    call, application = dialled(gather(attributes))
    call.press(keys)
    form = application.forms("/heard")[0]
    assert (form["Digits"], form["FinishedOnKey"]) == (digits, finished)


def test_the_finish_key_alone_is_silence() -> None:
    call, application = dialled(gather("") + say("Niente"))
    call.press("#")
    assert application.forms("/heard") == [] and heard(call) == ["Niente"]
    call, application = dialled(gather('actionOnEmptyResult="true"'))
    call.press("#")
    assert application.forms("/heard")[0]["FinishedOnKey"] == "#"


def test_the_second_of_several_keys_follows_the_first_that_cut_long_words_short() -> None:
    call, application = dialled(gather('timeout="6"', say("Parole " * 80)))
    call.press("1", after=0.5, more=True).press("5", more=True).press("#")
    assert application.forms("/heard")[0]["Digits"] == "15" and call.lost_keys == ""


def test_keys_one_by_one_and_slow_fingers() -> None:
    call, application = dialled(gather('timeout="6"'))
    call.press("3", more=True).press("3", more=True)
    assert call.waiting is not None and call.waiting.digits == "33"
    call.keep_silent()
    assert application.forms("/heard")[0]["Digits"] == "33"
    call, application = dialled(gather('timeout="6"'), heard=gather(""))
    call.press("12", gap=7.0)
    assert [form["Digits"] for form in application.forms("/heard")] == ["1", "2"]


def test_each_key_begins_the_time_anew() -> None:
    call, application = dialled(gather('timeout="6"'))
    call.press("123", gap=5.0)
    assert application.forms("/heard")[0]["Digits"] == "123"


def test_a_key_too_many_is_lost_in_words_and_counts_in_the_next_menu() -> None:
    menu = gather('numDigits="1"', say("Premi."))
    call, application = dialled(menu, heard=say("Da ascoltare tutto") + menu)
    call.press("12")
    assert call.lost_keys == "2" and len(application.forms("/heard")) == 1
    call, application = dialled(menu, heard=lambda form: menu if form["Digits"] == "1" else say("due"))
    call.press("12")
    assert [form["Digits"] for form in application.forms("/heard")] == ["1", "2"]
    assert not call.heard[1].whole


def test_clips_are_fetched_and_known_by_what_they_say() -> None:
    call, application = dialled(
        gather('numDigits="1"', "<Play>/clip.wav</Play>"),
        **{"clip.wav": clip("Namaste", "hi", "hi/welcome", 3)},
    )
    one = call.heard[0]
    assert (one.kind, one.text, one.language, one.name) == ("play", "Namaste", "hi", "hi/welcome")
    assert one.seconds == 3 and one.url == "https://line.example/clip.wav"
    fetched = application.asked[-1]
    assert "HTTP_X_TWILIO_SIGNATURE" not in fetched.environ and fetched.form == {}


@pytest.mark.parametrize(
    "page",
    [
        (404, [], b""),
        (404, [("Content-Type", "audio/wav")], clips.voice(1)),
        b"ID3",
        (200, [("Content-Type", "audio/mpeg")], clips.voice(1)),
        (302, [("Location", "/other.wav")], b""),
    ],
)
def test_what_cannot_be_played_is_refused(page: object) -> None:
    with pytest.raises(CarrierRefused, match="Play"):
        dialled("<Play>/clip.wav</Play>", **{"clip.wav": page})


def test_addresses_are_relative_to_the_document() -> None:
    carrier, application = carrier_for(
        {
            "/voice/incoming": '<Redirect method="GET">steps/one?a=%20b</Redirect>',
            "/voice/steps/one": "<Hangup/>",
        }
    )
    carrier.dial(TO, FROM)
    asked = application.asked[1]
    assert asked.path == "/voice/steps/one" and asked.form["a"] == " b" and "CallSid" in asked.form
    assert asked.environ["REQUEST_METHOD"] == "GET"


def test_hanging_up() -> None:
    call, application = dialled(gather('numDigits="1"', say("a" * 30)))
    call.hang_up(after=1.0)
    assert call.ended and not call.heard[0].whole
    assert application.asked[-1].form["CallStatus"] == "completed"
    assert call.hang_up() is call
    with pytest.raises(NotPossible, match="ended"):
        call.press("1")


def test_hanging_up_at_the_last_key() -> None:
    call, application = dialled(gather('numDigits="1"'), heard=say("mai sentito"))
    call.press("1", hang_up=True)
    assert call.ended and call.heard == [] and len(application.forms("/heard")) == 1
    assert len(application.forms("/voice/status")) == 1


def test_rejected() -> None:
    call, application = dialled('<Reject reason="busy"/>')
    assert (call.status, call.outcome) == ("busy", "rejected")
    assert "CallDuration" not in application.asked[-1].form


def test_a_loop_that_never_waits_is_refused() -> None:
    with pytest.raises(CarrierRefused, match="never wait"):
        dialled("<Redirect>/voice/incoming</Redirect>")


def test_withheld_and_foreign_callers_and_parameters_nobody_has_seen() -> None:
    carrier, application = carrier_for({"/voice/incoming": "<Hangup/>"})
    carrier.dial(TO, "anonymous")
    carrier.dial(TO, "+8801700000012")
    carrier.dial(TO, FROM)
    hidden, foreign, italian = application.forms("/voice/incoming")
    assert hidden["From"] == hidden["Caller"] == "anonymous" and hidden["FromCountry"] == ""
    assert foreign["FromCountry"] == "BD"
    assert italian["FromCity"] == "Forlì" and italian["CallerZip"] == "" and italian["ToCountry"] == "IT"
    assert italian["ApiVersion"] == "2010-04-01" and italian["Direction"] == "inbound"
    assert "ParameterOfTomorrow" in italian


def test_the_calls_own_clock_moves_on() -> None:
    began = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    carrier, _ = carrier_for({"/voice/incoming": '<Pause length="90"/>'}, clock=lambda: began)
    call = carrier.dial(TO, FROM)
    assert (call.at - began).total_seconds() == 90
    assert carrier.now() == call.at


def test_what_falls_due_happens_at_its_own_moment() -> None:
    began = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    carrier, _ = carrier_for({}, clock=lambda: began)
    seen: list[datetime] = []
    for wait in (40, 5):
        carrier.at(began + timedelta(seconds=wait), lambda: seen.append(carrier.now()))
    carrier.advance(30)
    carrier.settle()
    assert [(moment - began).total_seconds() for moment in seen] == [5, 40]


def test_what_is_not_possible() -> None:
    call, _ = dialled(gather('numDigits="1"'))
    with pytest.raises(NotPossible, match="recording"):
        call.speak(2)
    with pytest.raises(NotPossible, match="no such keys"):
        call.press("A")
