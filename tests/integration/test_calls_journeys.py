"""Calls as the carrier tells of them, in any order; and the language that is remembered of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select, text

from helpline import clock, db
from helpline.calls import memory
from helpline.calls.models import Call
from tests.integration.calls_rows import NUMBER, begin, call, rung, status

pytestmark = pytest.mark.usefixtures("database")

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
