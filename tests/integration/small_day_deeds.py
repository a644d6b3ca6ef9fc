"""One small day of the line, row by row, for tests of its figures: what each call, callback and request was.

Tuesday, 24 November 2026, looked at on Thursday. The figures of the day are reckoned by hand beside the tests
(`test_figures_by_hand`), not by any statement of ours. `A` and `B` are the two numbers that were dialled. A recording of
what assisted return is lasts 50 seconds in Bangla and 30 in Arabic.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import update

from helpline import clock, db
from helpline.callbacks.models import Attempt, Callback
from helpline.calls.models import Call, Clip, Step
from helpline.db.states import Moved
from helpline.figures import keeping
from helpline.intake.models import Ask
from helpline.live.models import Hold
from helpline.routing import offers, requests
from helpline.voice.models import PromptClip, PromptSet, PromptSetClip
from tests.integration import calls_rows, queue_rows, routing_deeds, routing_rows

DAY = date(2026, 11, 24)
A, B = "+39800000000", "+390655500000"
RECORDED = {"bn": 50, "ar": 30}

MAIN = (5, "language 1", "main", None)
AWAY = (10, "key 0", "nobody_free", "find_person=nobody_free")
PERSON = (10, "key 0", "person", "find_person=free")
SHUT = (10, "key 0", "closed", "find_person=closed")
BACK = (20, "key 2", "callback_saved", "save_callback=saved")
ASKS = (60, "key 1", "help_saved", "save_request=saved")


def told(at, key="key 1"):
    """Came to what assisted return is, so many seconds after the call was answered."""
    return (at, key, "info_what", "told")


# When it began; number dialled; language; seconds; the way after the menu of languages (seconds since the call was answered,
# what was heard, to which step, what was done); how long it waited for a person (from its tenth second), and how that ended.
CALLS = [
    ("00:10", A, "bn", 55, [MAIN, told(15)], None),  # heard 40 s of 50: four fifths
    ("08:05", A, "bn", 59, [MAIN, told(20)], None),  # heard 39 s of 50
    ("08:20", B, "ar", 36, [MAIN, told(12)], None),  # heard 24 s of 30: four fifths
    ("08:40", A, "fr", 30, [MAIN], None),
    ("08:59", A, None, 25, [], None),
    ("09:00", A, "bn", 700, [MAIN, PERSON], (9, "done")),
    ("09:10", A, "bn", 700, [MAIN, PERSON], (59, "done")),
    ("09:20", B, "bn", 700, [MAIN, PERSON], (60, "done")),
    ("09:30", A, "ar", 700, [MAIN, PERSON], (61, "done")),
    ("09:40", B, "ar", 700, [MAIN, PERSON], (120, "done")),
    ("09:50", A, "bn", 19, [MAIN, PERSON], (9, "left")),
    ("09:55", A, "ar", 21, [MAIN, PERSON], (11, "left")),
    ("10:05", B, "bn", 70, [MAIN, PERSON], (60, "left")),
    ("10:15", A, "fr", 140, [MAIN, PERSON], (120, "nobody")),
    ("10:25", A, "fr", 20, [MAIN, AWAY], None),
    ("10:30", B, "fr", 20, [MAIN, AWAY], None),
    ("10:35", A, "bn", 50, [MAIN, SHUT, (15, "key 1", "message_record", None)], None),  # a message
    ("10:45", A, "ar", 110, [MAIN, PERSON, told(80, "key 1")], (61, "nobody")),  # heard 30 s of 30
    ("11:00", A, "bn", 160, [MAIN, PERSON, (130, *BACK[1:])], (120, "kept")),  # chose to be called back
    ("11:10", A, "bn", 90, [MAIN, BACK], None),
    ("11:20", B, "bn", 90, [MAIN, BACK], None),
    ("11:30", A, "ar", 90, [MAIN, BACK], None),
    ("11:40", B, "fr", 90, [MAIN, BACK], None),
    ("11:50", A, "fr", 90, [MAIN, AWAY, BACK], None),
    ("11:55", A, "fr", 40, [MAIN, (15, "key 5", "message_record", None)], None),  # a recording of silence
    ("14:00", A, "bn", 120, [MAIN, ASKS], None),
    ("14:00", B, "bn", 120, [MAIN, ASKS], None),
    ("14:00", A, "ar", 120, [MAIN, ASKS], None),
    ("14:00", A, "ar", 120, [MAIN, ASKS], None),
    ("14:00", A, "fr", 120, [MAIN, ASKS], None),
    ("14:00", B, "fr", 120, [MAIN, ASKS], None),
    ("17:00", B, None, 0, None, None),  # ended before the line answered
    ("17:05", A, None, 30, [(10, "wrong", "language", None)], None),
    (
        "17:30",
        A,
        "bn",
        50,
        [MAIN, PERSON, (40, "key 8", "main", "leave_hold=left")],
        (30, "left"),
    ),  # back to the menu
    ("23:50", A, "fr", 30, [MAIN], None),
    ("-00:01", A, "bn", 30, [MAIN], None),  # the day before, in Rome
    ("24:05", A, "bn", 30, [MAIN], None),  # the day after
]
MESSAGE, SILENCE = 16, 24
"""Which of the calls left a recording, with somebody who speaks and without."""

# The call that asked; the day that was promised; every attempt; when the two talked; where it stands now.
CALLBACKS = [
    (18, 24, ["24 11:30"], "24 11:31", "done"),
    (19, 24, ["25 09:10", "25 15:00", "26 09:30"], None, "unreachable"),  # too late
    (20, 25, ["25 11:20", "25 17:20"], "25 17:20", "done"),  # a day later, as was promised
    (21, 25, ["26 09:30"], "26 09:31", "done"),  # too late
    (22, 25, [], None, "waiting"),  # nobody rang yet
    (23, 24, ["24 11:57"], None, "cancelled"),
]


def moment(time, day=24):
    """A moment of the day by Rome's clock, `-00:01` and `24:05` too."""
    before, hours, minutes = time.startswith("-"), *map(int, time.lstrip("-").split(":"))
    since = timedelta(hours=hours, minutes=minutes)
    return datetime(2026, 11, day, tzinfo=clock.ROME) + (-since if before else since)


def sid_of(place):
    """The sid of the call at a place of the list."""
    return f"CA{place:032}"


def happened(at):
    """All of it, in the order of the clock; then it is Thursday morning, and everything is counted."""
    at("2026-11-24 00:00")
    queue_rows.always()
    _recorded()
    for place, told_of in enumerate(CALLS):
        _called(place, *told_of)
    _recordings()
    callbacks = [_asked_back(at, *told_of) for told_of in CALLBACKS]
    _requested(at)
    at("2026-11-26 12:00")
    for id, (_, _, attempts, talked, state) in zip(callbacks, CALLBACKS, strict=True):
        _rang(id, attempts, talked, state)
    for place in range(len(CALLS)):
        calls_rows.finish(sid_of(place))
    keeping.count_changes()


def _recorded():
    with db.transaction() as session:
        session.add(PromptSet(id=1, published_by="nora"))
        for language, seconds in RECORDED.items():
            clip = {"language": language, "prompt": "info_what", "text_hash": "t"}
            session.add(PromptClip(hash=language, source="published", engine="", seconds=seconds, **clip))
        session.flush()
        for language in RECORDED:
            session.add(
                PromptSetClip(
                    set_id=1, language=language, prompt="info_what", clip_hash=language, text_hash="t"
                )
            )


def _called(place, time, number, language, seconds, way, waited):
    sid, began = sid_of(place), moment(time)
    turns = [] if way is None else [(0, None, "language", None), *way]
    with db.transaction() as session:
        session.add(
            Call(
                sid=sid, status="no-answer" if way is None else "completed", to_number=number, set_id=1,
                started_at=began, ended_at=began + timedelta(seconds=seconds), seconds=seconds,
            )
        )  # fmt: skip
        for turn, (after, heard, step, did) in enumerate(turns):
            session.add(
                Step(
                    call_sid=sid, turn=turn, at=began + timedelta(seconds=after), step="language", heard=heard,
                    did=did, to_step=step, to_language=language if turn and language else "-",
                )
            )  # fmt: skip
        if waited:
            _waited(session, sid, began + timedelta(seconds=10), language, *waited)


def _waited(session, sid, since, language, seconds, state):
    until = since + timedelta(seconds=seconds)
    talked = state == "done"
    hold = Hold(
        call_sid=sid, language=language, state=state, queued_since=since, joined_at=since,
        ended_at=until + timedelta(minutes=9) if talked else until,
    )  # fmt: skip
    session.add(hold)
    session.flush()
    if talked:
        who = {"who": "caller", "from_state": "taken", "why": "came into the room"}
        session.add(Moved(kind="hold", subject_id=hold.id, at=until, to_state="talking", **who))


def _recordings():
    with db.transaction() as session:
        for place, state in ((MESSAGE, "deleted"), (SILENCE, "absent")):
            session.add(Clip(call_sid=sid_of(place), recording_sid=f"RE{place}", state=state))


def _asked_back(at, place, promised, *_):
    time, _, language, *_ = CALLS[place]
    at(f"2026-11-24 {time}")
    return queue_rows.asked(language, call=sid_of(place), promised_on=date(2026, 11, promised))


def _rang(id, attempts, talked, state):
    with db.transaction() as session:
        for number, when in enumerate(attempts, 1):
            day, time = when.split()
            began = moment(time, int(day))
            session.add(
                Attempt(
                    callback_id=id, claim_no=number, began_at=began, ended_at=began + timedelta(minutes=2),
                    cause="connected" if talked and when == attempts[-1] else "no_answer",
                )
            )  # fmt: skip
        if talked:
            day, time = talked.split()
            who = {"who": "amina", "from_state": "ringing", "why": "connected"}
            session.add(
                Moved(kind="callback", subject_id=id, at=moment(time, int(day)), to_state="talking", **who)
            )
        session.execute(update(Callback).where(Callback.id == id).values(state=state))


def _requested(at):
    """Nineteen requests, of which six were said to the line itself and the others to people who called back."""
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=20, regions=["lazio"], countries=["BD", "MA"])
        routing_rows.entity(session, "sud", places=1, regions=["lombardia"], countries=["BD"])
    at("2026-11-24 14:00")
    with db.transaction() as session:
        bangla = _new(session, 5, [25, 26], "bn", "lazio", "BD")
        (morocco,) = _new(session, 1, [27], "ar", "lazio", "MA")
        senegal = _new(session, 5, [28], "ar", "lazio", "SN")  # nobody takes people who go to Senegal
        north = _new(session, 4, [], "ar", "lombardia", "MA")  # nor to Morocco from there
        never = _new(session, 2, [29, 30], "fr", "lombardia", "SN")
        taken_back, full = _new(session, 2, [], "bn", "lombardia", "BD")  # where there is one place
    act = routing_deeds.act
    at("2026-11-24 14:05")
    for id in never:
        act(_taken_back, id)
    offered = {}
    for time, ids in (
        ("14:10", bangla[:2]), ("14:20", bangla[2:4]), ("14:30", bangla[4:]), ("14:45", [morocco, *senegal, *north]),
        ("15:00", [taken_back, full]),
    ):  # fmt: skip
        at(f"2026-11-24 {time}")
        offered |= {id: offers.offer_request(id) for id in ids}
    act(offers.accept, offered[bangla[0]], who="dario")  # at 15:00
    act(offers.decline, offered[bangla[4]], reason="other", who="dario")
    act(_taken_back, taken_back)
    at("2026-11-24 15:40")
    act(offers.accept, offered[morocco], who="dario")
    at("2026-11-24 16:34")
    act(offers.accept, offered[bangla[1]], who="dario")
    at("2026-11-26 10:00")
    act(offers.report, offered[morocco], "returned", who="dario")


def _new(session, count, places, language, region, country):
    """New requests; the first of them were asked for in these calls. Their ids."""
    made = routing_rows.requests(session, count, language=language, region=region, country=country)
    session.flush()
    for request, place in zip(made, places, strict=False):
        session.get_one(Ask, request.ask_id).call_sid = sid_of(place)
    return [request.id for request in made]


def _taken_back(session, id):
    requests.withdraw(session, requests.locked(session, id), who="caller", why="wants it no more")
