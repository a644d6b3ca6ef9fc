"""Calls as the carrier tells of them, in any order; what is remembered; what becomes of a call that is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text

from helpline import clock, db
from helpline.callbacks.models import Callback
from helpline.calls import clips, journeys, memory
from helpline.calls.models import Call, Step
from helpline.intake import asks, drafts
from helpline.intake.endings import finish_call, finish_overdue_calls
from helpline.intake.models import Ask, Draft
from helpline.phone import PhoneNumber
from helpline.routing.models import Entity, Project, Request
from helpline.telephony import carrier

pytestmark = pytest.mark.usefixtures("database")

NUMBER = PhoneNumber("+393330000001")
SID = "CA" + "0" * 31 + "1"


def begin(sid=SID, number=NUMBER):
    with db.transaction() as session:
        return journeys.begin(session, sid, number, "+39800000000")


def status(word, sequence=None, seconds=None, sid=SID):
    with db.transaction() as session:
        return journeys.status(session, sid, word, sequence=sequence, seconds=seconds)


def call(sid=SID):
    with db.transaction() as session:
        return session.scalars(select(Call).where(Call.sid == sid)).one()


def walk(*steps, sid=SID):
    with db.transaction() as session:
        for turn, (step, heard, to_step) in enumerate(steps):
            did = "told" if to_step.startswith("info_") else None
            session.add(Step(call_sid=sid, turn=turn, step=step, heard=heard, did=did, to_step=to_step))


def finish(sid=SID):
    with db.transaction() as session:
        return finish_call(session, sid)


def rung(valkey):
    return valkey.llen("rq:queue:ring")


# ---------------------------------------------------------------- begin and status


def test_the_first_webhook_eight_times_at_once_is_one_call():
    with ThreadPoolExecutor(8) as pool:
        calls = list(pool.map(lambda _: begin(), range(8)))
    assert len({one.id for one in calls}) == 1


def test_the_callers_number_is_encrypted_and_its_hash_is_not_the_one_of_plans():
    begin()
    with db.transaction() as session:
        row = session.execute(text("SELECT c::text FROM calls c")).scalar_one()
    assert NUMBER.e164 not in row
    assert call().from_number == NUMBER.e164
    assert call().from_hash not in {None, db.keyed_hash("number", NUMBER.e164)}


def test_a_withheld_caller_leaves_no_hash():
    begin(number=None)
    assert (call().from_number, call().from_hash) == (None, None)


EVENTS = [("ringing", 0, None), ("in-progress", 1, None), ("completed", 2, 61)]


@pytest.mark.parametrize("order", list(permutations(EVENTS)))
def test_in_whatever_order_events_come_the_call_ends_completed(order, valkey):
    for event in order:
        status(*event)
    begin()
    assert (call().status, call().seconds) == ("completed", 61)
    assert call().from_number == NUMBER.e164, "the first webhook, coming last, still tells who called"
    assert rung(valkey) == 1


@pytest.mark.parametrize("late", ["ringing", "in-progress", "failed", "no-answer"])
def test_a_final_status_stays(late):
    status("completed", 2, 61)
    assert not status(late, 9, 0)
    assert (call().status, call().seconds) == ("completed", 61)


def test_an_older_event_of_the_same_rank_changes_nothing():
    assert status("in-progress", 5)
    assert not status("in-progress", 5)
    assert not status("in-progress", 4)
    assert not status("ringing", 6)
    assert call().last_sequence == 5


def test_a_word_the_carrier_never_used_before_changes_nothing():
    begin()
    assert not status("teleported", 7)
    assert call().status == "ringing"


def test_an_event_without_a_call_is_no_call():
    assert not status("completed", sid="")
    with db.transaction() as session:
        assert session.scalars(select(func.count(Call.id))).one() == 0


def test_the_beginning_of_a_call_that_was_told_late_is_counted_back():
    status("completed", 2, 600)
    assert clock.now() - call().started_at >= timedelta(seconds=600)


# ---------------------------------------------------------------- the language


def test_a_language_is_remembered_for_a_year(at):
    at("2026-03-01 12:00")
    with db.transaction() as session:
        memory.remember(session, NUMBER, "hi")
        memory.remember(session, NUMBER, "bn")
    at("2027-02-28 12:00")
    with db.transaction() as session:
        assert memory.recall(session, NUMBER) == "bn"
    at("2027-03-02 12:00")
    with db.transaction() as session:
        assert memory.recall(session, NUMBER) is None


def test_a_language_no_longer_offered_is_not_recalled():
    with db.transaction() as session:
        memory.remember(session, NUMBER, "ru")
        assert memory.recall(session, NUMBER, offered=("it", "en")) is None
        session.execute(text("UPDATE remembered SET language = 'xx'"))
        assert memory.recall(session, NUMBER) is None


def test_a_withheld_number_remembers_nothing_and_a_forgotten_one_too():
    with db.transaction() as session:
        memory.remember(session, None, "bn")
        assert memory.recall(session, None) is None
        memory.remember(session, NUMBER, "bn")
        memory.forget(session, NUMBER)
        assert memory.recall(session, NUMBER) is None


# ---------------------------------------------------------------- endings

SAID = {"number": NUMBER.e164, "number_proved": True, "window": "evening", "whom": "self", "country": "BD"}


def keep(**fields):
    with db.transaction() as session:
        drafts.keep(session, SID, **fields)


def open_project():
    with db.transaction() as session:
        session.add(Entity(id="entity", name="Entity", contact="nobody"))
        session.flush()
        today = clock.in_rome().date()
        everything = {name: ["*"] for name in ("regions", "countries", "groups", "languages")}
        session.add(
            Project(
                id="project",
                entity_id="entity",
                name="Project",
                funder="Fund",
                starts_on=today,
                ends_on=today + timedelta(days=9),
                places_total=1,
                **everything,
            )
        )


def agree():
    with db.transaction() as session:
        agreement = asks.record_agreement(session, SID, "v1", "bn", "1")
    keep(way="help", age="adult", consent="yes", agreement_id=agreement)


def kinds():
    with db.transaction() as session:
        return list(session.scalars(select(Ask.kind)))


def ended(*, language="bn"):
    begin()
    if language:
        with db.transaction() as session:
            session.add(Step(call_sid=SID, turn=1, step="language", to_step="welcome", to_language=language))
    status("completed", 2, 30)


def test_an_incomplete_call_with_number_and_window_becomes_a_callback():
    keep(**SAID)
    ended()
    assert finish() == "callback"
    assert kinds() == ["callback"]
    with db.transaction() as session:
        assert session.scalars(select(Ask.language)).one() == "bn"
        assert session.scalars(select(func.count(Draft.id))).one() == 0


def test_an_incomplete_request_that_was_agreed_and_has_a_place_becomes_a_request():
    open_project()
    agree()
    keep(**SAID)
    ended()
    assert finish() == "request"
    with db.transaction() as session:
        assert session.scalars(select(Request.country)).one() == "BD"


def test_an_agreed_request_without_a_place_becomes_a_callback():
    agree()
    keep(**SAID)
    ended()
    assert finish() == "callback"
    assert kinds() == ["callback"]


@pytest.mark.parametrize("missing", ["number", "window"])
def test_a_call_without_number_or_window_leaves_nothing(missing):
    keep(**{name: value for name, value in SAID.items() if name != missing})
    walk(("language", "language bn", "main"))
    ended()
    assert finish() == "gave_up"
    assert kinds() == []
    with db.transaction() as session:
        assert session.scalars(select(func.count(Draft.id))).one() == 0


def test_who_cancelled_in_the_call_is_not_saved_at_its_end():
    keep(**SAID, cancelled=True)
    ended()
    finish()
    assert kinds() == []


def test_a_childs_broken_call_is_a_callback_that_says_so():
    keep(**SAID, way="help", age="minor")
    ended()
    assert finish() == "callback"
    with db.transaction() as session:
        assert session.scalars(select(Callback.priority)).one() == "minor"


def test_what_was_saved_in_the_call_is_not_saved_again_at_its_end():
    keep(**SAID)
    ended()
    with db.transaction() as session:
        asks.save_callback(session, SID, SAID, "bn", promised_on=None)
    assert finish() == "callback"
    assert kinds() == ["callback"]


def test_finishing_twice_at_once_saves_once():
    keep(**SAID)
    ended()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: finish(), range(4))) == {"callback"}
    assert kinds() == ["callback"]


def test_a_call_nobody_told_us_of_still_saves_what_was_said():
    keep(**SAID)
    assert finish() is None
    assert kinds() == ["callback"]


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ([], "refused"),
        ([("language", "silence", "language_help"), ("language_help", "silence", "message_any")], "silent"),
        ([("language", "language bn", "welcome"), ("welcome", "silence", "welcome")], "gave_up"),
        ([("language", "language bn", "welcome"), ("about", "key 1", "info_what")], "information"),
    ],
)
def test_the_outcome_of_a_call_in_which_nothing_was_asked(steps, word):
    walk(*steps)
    ended(language=None)
    assert finish() == word
    assert call().outcome == word


def test_a_message_is_an_outcome_and_a_recording_of_nothing_is_not():
    walk(("language", "key 0", "message_any"))
    ended()
    with db.transaction() as session:
        clips.announced(session, SID, "message", "RE1", 0)
    assert finish() == "gave_up"
    with db.transaction() as session:
        journeys.begin(session, "CA2", NUMBER, None)
        journeys.status(session, "CA2", "completed")
        clips.announced(session, "CA2", "message", "RE2", 4)
    assert finish("CA2") == "message"


def test_a_message_that_comes_to_light_after_the_call_was_finished_is_counted(at):
    at("2026-12-01 12:00")
    walk(("language", "key 0", "message_any"))
    ended()
    assert finish() == "gave_up"
    with db.transaction() as session:
        clips.completed(session, SID, "RE1", 9)
    at("2026-12-01 12:03")
    assert finish_overdue_calls() == 1
    assert call().outcome == "message"
    assert finish_overdue_calls() == 0


def test_a_message_in_which_nobody_spoke_after_all_is_not_counted(at, monkeypatch):
    at("2026-12-01 12:00")
    walk(("language", "key 0", "message_any"))
    with db.transaction() as session:
        clips.announced(session, SID, "message", "RE1", 9)
    ended()
    assert finish() == "message"
    silent = SimpleNamespace(recording=lambda sid: b"", delete_recording=lambda sid: None)
    monkeypatch.setattr(carrier, "_carrier", silent)
    at("2026-12-04 12:00")
    clips.fetch_clip("RE1")
    assert finish_overdue_calls() == 1
    assert call().outcome == "gave_up"


def test_a_call_whose_bell_was_lost_is_finished_by_the_sweep(valkey, at):
    at("2026-12-01 12:00")
    keep(**SAID)
    ended()
    valkey.flushdb()
    assert finish_overdue_calls() == 0, "its job may be about to run"
    at("2026-12-01 12:03")
    assert finish_overdue_calls() == 1
    assert call().outcome == "callback"
    assert finish_overdue_calls() == 0
