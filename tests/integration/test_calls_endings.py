"""What becomes of a call that is over: what is saved of one that broke off, and the word for how it ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from helpline import clock, db
from helpline.callbacks.models import Callback
from helpline.calls import clips, journeys
from helpline.calls.models import Step
from helpline.intake import agreements, asks
from helpline.intake.endings import finish_overdue_calls
from helpline.intake.models import Ask, Draft
from helpline.routing.models import Entity, Project, Request
from helpline.telephony import carrier
from tests.integration.calls_rows import NUMBER, SID, begin, call, finish, status, walk
from tests.integration.calls_rows import keep as keep_in_draft

pytestmark = pytest.mark.usefixtures("database")

SAID = {"number": NUMBER.e164, "number_proved": True, "window": "evening", "whom": "self", "country": "BD"}


def keep(**fields):
    with db.transaction() as session:
        keep_in_draft(session, SID, **fields)


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
        agreement = agreements.record(session, SID, "v1", "bn", "1")
    keep(way="help", age="adult", consent="yes", agreement_id=agreement)


def kinds():
    with db.transaction() as session:
        return list(session.scalars(select(Ask.kind).order_by(Ask.id)))


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
