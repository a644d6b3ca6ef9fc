"""Conferences: who is in them and what each hears, from `<Dial><Conference>` and over REST."""

from datetime import UTC, datetime
from typing import Any

import pytest

from helpline.simulator import Call, Carrier, CarrierRefused
from helpline.simulator.rooms import Room
from tests.unit.simulator.application import Application, carrier_for, clip, say
from tests.unit.simulator.test_rest import Rest

LINE, ANNA, BERTO, CARLA = "+39800000000", "+393330000001", "+393330000002", "+393330000003"
BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EVENTS = 'statusCallback="/room" statusCallbackEvent="start end join leave mute hold modify"'


def conference(attributes: str = 'waitUrl=""', dial: str = "", after: str = "") -> str:
    return f"<Dial {dial}><Conference {attributes}>r1</Conference></Dial>{after}"


def line(**documents: Any) -> tuple[Carrier, Application]:
    """Everybody who dials comes to the document of their number's last digit, else to a plain conference."""
    pages = {"/voice/incoming": lambda form: documents.get("n" + form["From"][-1], conference())}
    others = {"/" + name.replace("_", "/"): page for name, page in documents.items()}
    return carrier_for({**pages, **others, "/room": (204, [], b"")}, clock=lambda: BEGAN)


def heard(call: Call) -> list[str]:
    return [one.text for one in call.heard]


def events(application: Application) -> list[str]:
    return [form["StatusCallbackEvent"] for form in application.forms("/room")]


def room(carrier: Carrier) -> Room:
    return carrier.rooms.all()[0]


def test_two_talk_until_one_hangs_up() -> None:
    carrier, application = line(n1=conference(f'waitUrl="" {EVENTS}', after=say("Finito")))
    anna = carrier.dial(LINE, ANNA)
    assert anna.waiting_for == "conference" and room(carrier).status == "init"
    berto = carrier.dial(LINE, BERTO)
    assert room(carrier).status == "in-progress" and set(room(carrier).members) == {anna.sid, berto.sid}
    carrier.advance(60)
    berto.hang_up()
    assert berto.ended and not anna.ended and berto.duration >= 60
    anna.hang_up(after=5)
    assert events(application) == [
        "participant-join", "participant-join", "conference-start", "participant-leave", "participant-leave",
        "conference-end",
    ]  # fmt: skip
    left, last, end = application.forms("/room")[3:]
    assert (left["CallSid"], left["ReasonParticipantLeft"]) == (berto.sid, "participant_hung_up")
    assert left["ParticipantCallStatus"] == "completed" and left["ConferenceSid"].startswith("CF")
    assert last["EndConferenceOnExit"] == "false" and "From" not in last
    assert end["ReasonConferenceEnded"] == "last-participant-left" and end["FriendlyName"] == "r1"
    assert [form["SequenceNumber"] for form in application.forms("/room")] == list("123456")
    assert all(asked.genuine for asked in application.asked)


def test_whoever_must_not_leave_ends_it_for_all_and_their_documents_go_on() -> None:
    carrier, application = line(
        n1=conference('waitUrl="" endConferenceOnExit="true"', after=say("mai")),
        n2=conference(f'waitUrl="" {EVENTS}', dial='action="/after"'),
        n3=conference(after=say("Siete ancora qui")),
        after=say("Grazie"),
    )
    berto, carla, anna = (carrier.dial(LINE, number) for number in (BERTO, CARLA, ANNA))
    anna.hang_up()
    assert heard(berto) == ["beep", "beep", "Grazie"], "two came after him; nobody beeps where all is over"
    assert heard(carla)[-1] == "Siete ancora qui" and "mai" not in heard(anna)
    assert application.forms("/after")[0]["DialCallStatus"] == "answered"
    assert "DialCallSid" not in application.forms("/after")[0]
    end = application.forms("/room")[-1]
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert end["CallSidEndingConference"] == anna.sid
    reasons = {form["CallSid"]: form["ReasonParticipantLeft"] for form in application.forms("/room")[-4:-1]}
    assert reasons[berto.sid] == reasons[carla.sid] == "moderator_ended_conference"


def test_it_begins_with_somebody_who_starts_it() -> None:
    waits = conference('waitUrl="/music" startConferenceOnEnter="false"')
    carrier, _ = line(n1=waits, n2=waits, music=say("Attendete"))
    anna, berto = carrier.dial(LINE, ANNA), carrier.dial(LINE, BERTO)
    assert room(carrier).status == "init" and heard(anna) == heard(berto) == ["Attendete"]
    carrier.dial(LINE, CARLA)
    assert room(carrier).status == "in-progress"
    assert not anna.heard[0].whole, "the words of waiting stop where the talk begins"


def test_what_is_heard_while_waiting_does_not_repeat_itself_unless_it_says_so() -> None:
    page = "<Play>/ring.wav</Play>"
    once, again = conference('waitUrl="/once"'), conference('waitUrl="/again" waitMethod="GET"')
    carrier, application = line(
        n1=once,
        once=page,
        again=page + '<Redirect method="GET">/again</Redirect>',
        **{"ring.wav": clip("", "", "ring", 4)},
    )
    anna = carrier.dial(LINE, ANNA)
    carrier.advance(30)
    assert len(anna.heard) == 1
    anna.hang_up()
    application.documents["/voice/incoming"] = again
    berto = carrier.dial(LINE, BERTO)
    carrier.advance(10)
    assert [round(one.at) for one in berto.heard] == [0, 4, 8]
    carrier.settle()
    assert not berto.ended, "nobody waits for a music to end"


@pytest.mark.parametrize(("attributes", "music"), [("", ["wait music"]), ('waitUrl=""', [])])
def test_the_carriers_own_music_or_silence(attributes: str, music: list[str]) -> None:
    carrier, _ = line(n1=conference(attributes))
    assert heard(carrier.dial(LINE, ANNA)) == music


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("<Redirect>/wait</Redirect>", "nothing to hear"),
        ('<Gather action="/x"/>', "13320"),
        ((500, [], b""), "500"),
    ],
)
def test_a_wait_document_that_cannot_be_run_lets_nobody_in(document: Any, said: str) -> None:
    carrier, _ = line(n1=conference('waitUrl="/wait"'), wait=document)
    with pytest.raises(CarrierRefused, match=said):
        carrier.dial(LINE, ANNA)
    assert room(carrier).members == {}


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ('participantLabel="a"', "16025"),
        ('maxParticipants="2"', "full"),
        ('record="record-from-start"', "does not run"),
        ('coach="CA1"', "does not run"),
    ],
)
def test_who_is_not_let_in(attributes: str, said: str) -> None:
    carrier, _ = line(n1=conference('waitUrl="" participantLabel="a"'), n3=conference(attributes))
    carrier.dial(LINE, ANNA)
    carrier.dial(LINE, BERTO)
    with pytest.raises(CarrierRefused, match=said):
        carrier.dial(LINE, CARLA)


def test_a_callback_address_without_events_tells_nothing_and_is_refused() -> None:
    carrier, _ = line(n1=conference('waitUrl="" statusCallback="/room"'))
    with pytest.raises(CarrierRefused, match="tells nothing"):
        carrier.dial(LINE, ANNA)


@pytest.mark.parametrize(
    ("beep", "comes", "goes"), [("true", 1, 2), ("false", 0, 0), ("onEnter", 1, 1), ("onExit", 0, 1)]
)
def test_beeps(beep: str, comes: int, goes: int) -> None:
    carrier, _ = line(n2=conference(f'waitUrl="" beep="{beep}"'))
    anna, berto = carrier.dial(LINE, ANNA), carrier.dial(LINE, BERTO)
    assert heard(anna).count("beep") == comes
    berto.hang_up()
    assert heard(anna).count("beep") == goes


def test_keys_are_lost_but_a_star_may_lead_out() -> None:
    carrier, _ = line(
        n1=conference(after=say("mai")), n2=conference(dial='hangupOnStar="true"', after=say("Uscito"))
    )
    anna, berto = carrier.dial(LINE, ANNA), carrier.dial(LINE, BERTO)
    anna.press("1*")
    assert anna.lost_keys == "1*" and anna.waiting_for == "conference"
    anna.keep_silent()
    berto.press("*")
    assert heard(berto)[-1] == "Uscito" and not anna.ended


def test_a_conference_may_have_an_end_in_time() -> None:
    carrier, _ = line(n1=conference(dial='timeLimit="60"', after=say("Tempo scaduto")))
    anna, berto = carrier.dial(LINE, ANNA), carrier.dial(LINE, BERTO)
    carrier.advance(59)
    assert not anna.ended
    carrier.advance(2)
    assert heard(anna)[-1] == "Tempo scaduto" and not berto.ended


# ------------------------------------------------------------ over REST


def test_a_waiting_call_is_sent_from_a_menu_into_the_conference() -> None:
    hold = '<Gather action="/key" timeout="8">' + say("a" * 130) + "</Gather>"
    carrier, _ = line(n1=hold, join=conference())
    rest, anna = Rest(carrier), carrier.dial(LINE, ANNA)
    berto = carrier.dial(LINE, BERTO)
    answer = rest.post(f"/Calls/{anna.sid}.json", Url="https://line.example/join")
    assert answer.get_json()["status"] == "in-progress"
    assert anna.waiting_for == "conference" and not anna.heard[0].whole
    assert set(room(carrier).members) == {anna.sid, berto.sid}


def test_a_call_is_sent_out_of_a_conference_or_ended_there() -> None:
    carrier, application = line(n1=conference(f'waitUrl="" {EVENTS}'), out=say("Arrivederci"))
    rest = Rest(carrier)
    anna, berto = carrier.dial(LINE, ANNA), carrier.dial(LINE, BERTO)
    rest.post(f"/Calls/{anna.sid}.json", Url="https://line.example/out")
    assert heard(anna)[-1] == "Arrivederci" and anna.ended
    assert application.forms("/room")[-1]["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert rest.post(f"/Calls/{berto.sid}.json", Status="completed").get_json()["status"] == "completed"
    assert berto.ended and room(carrier).status == "completed"
    gone = rest.post(f"/Calls/{berto.sid}.json", Url="https://line.example/out")
    assert (gone.status_code, gone.get_json()["code"]) == (400, 21220)


def test_participants_are_held_muted_and_put_out() -> None:
    wav = clip("", "", "hold", 3)
    carrier, application = line(
        n1=conference(f'waitUrl="" participantLabel="chi-chiama" {EVENTS}', after=say("Fuori")),
        music="<Play>/hold.wav</Play>" + say("Un momento"),
        **{"hold.wav": wav},
    )
    rest = Rest(carrier)
    anna, berto = carrier.dial(LINE, ANNA), carrier.dial(LINE, BERTO)
    there = f"/Conferences/{room(carrier).sid}/Participants"
    held = rest.post(f"{there}/chi-chiama.json", Hold="true", HoldUrl="https://line.example/music")
    assert held.get_json()["hold"] is True and held.get_json()["label"] == "chi-chiama"
    assert heard(anna)[-1] == "Un momento"
    assert application.asked[-2].environ["REQUEST_METHOD"] == "GET", "HoldMethod is GET unless it is said"
    assert [one["call_sid"] for one in rest.get(f"{there}.json", Hold="true").get_json()["participants"]] == [
        anna.sid
    ]
    carrier.advance(2)
    assert rest.post(f"{there}/{anna.sid}.json", Hold="false").get_json()["hold"] is False
    assert not anna.heard[-1].whole
    assert rest.post(f"{there}/{berto.sid}.json", Hold="true").status_code == 200
    assert heard(berto)[-1] == "hold music"
    assert rest.post(f"{there}/{berto.sid}.json", Hold="false", Muted="true").get_json()["muted"] is True
    assert rest.post(f"{there}/{berto.sid}.json", EndConferenceOnExit="true").status_code == 200
    assert rest.delete(f"{there}/{anna.sid}.json").status_code == 204
    assert heard(anna)[-1] == "Fuori" and anna.ended
    assert rest.get(f"{there}/{anna.sid}.json").status_code == 404
    assert rest.get(f"{there}/{berto.sid}.json").get_json()["status"] == "connected"
    assert events(application)[3:] == [
        "participant-hold", "participant-unhold", "participant-hold", "participant-mute", "participant-unhold",
        "participant-modify", "participant-leave",
    ]  # fmt: skip


def test_conferences_are_found_by_name_and_ended() -> None:
    carrier, application = line(n1=conference(f'waitUrl="" {EVENTS}', after=say("Finito")))
    rest = Rest(carrier)
    anna, berto = carrier.dial(LINE, ANNA), carrier.dial(LINE, BERTO)
    assert rest.get("/Conferences.json", FriendlyName="r2").get_json()["conferences"] == []
    [found] = rest.get("/Conferences.json", FriendlyName="r1", Status="in-progress").get_json()["conferences"]
    assert rest.get(f"/Conferences/{found['sid']}.json").get_json()["status"] == "in-progress"
    ended = rest.post(f"/Conferences/{found['sid']}.json", Status="completed").get_json()
    assert (ended["status"], ended["reason_conference_ended"]) == ("completed", "conference-ended-via-api")
    assert heard(anna)[-1] == "Finito" and berto.ended
    assert application.forms("/room")[-2]["ReasonParticipantLeft"] == "conference_ended_via_api"
    assert rest.post(f"/Conferences/{found['sid']}.json", Status="completed").status_code == 200
    assert rest.get(f"/Conferences/{found['sid']}/Participants.json").get_json()["participants"] == []
    assert carrier.dial(LINE, ANNA).waiting_for == "conference"
    assert len(rest.get("/Conferences.json", FriendlyName="r1").get_json()["conferences"]) == 2


@pytest.mark.parametrize(
    ("method", "path", "form", "status"),
    [
        ("get", "/Conferences/CF0.json", {}, 404),
        ("post", "/Conferences/{room}.json", {"AnnounceUrl": "https://line.example/a"}, 400),
        ("post", "/Conferences/{room}/Participants/{call}.json", {"AnnounceUrl": "x"}, 400),
        ("post", "/Conferences/{room}/Participants/{call}.json", {}, 400),
        ("post", "/Conferences/{room}/Participants/CA0.json", {"Hold": "true"}, 404),
        ("get", "/Conferences/{room}/Participants.json", {"PageSize": "many"}, 400),
    ],
)
def test_what_the_rest_side_of_conferences_refuses(
    method: str, path: str, form: dict[str, str], status: int
) -> None:
    carrier, _ = line()
    anna = carrier.dial(LINE, ANNA)
    answer = getattr(Rest(carrier), method)(path.format(room=room(carrier).sid, call=anna.sid), **form)
    assert answer.status_code == status and "code" in answer.get_json()


def test_conferences_want_credentials_and_share_the_fate_of_all_requests() -> None:
    carrier, _ = line()
    carrier.dial(LINE, ANNA)
    assert Rest(carrier, "wrong").get("/Conferences.json").status_code == 401
    carrier.mischief.rest = ["429", "lost"]
    rest, path = Rest(carrier), f"/Conferences/{room(carrier).sid}.json"
    assert rest.get(path).get_json()["code"] == 20429
    assert rest.post(path, Status="completed").status_code == 502
    assert room(carrier).status == "completed", "it was done, though the answer was lost"
