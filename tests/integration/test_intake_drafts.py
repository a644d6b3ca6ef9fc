"""What was said so far in a call, on a real database: kept, hidden, forgotten, and shared by webhooks at once."""

import pytest
from sqlalchemy import select, text

from helpline import clock, db
from helpline.calls.models import Step
from helpline.calls.steps import COLUMNS
from helpline.intake import drafts
from tests.integration.calls_rows import draft_of, keep
from tests.integration.intake_rows import NUMBER, at_once

pytestmark = pytest.mark.usefixtures("database")


def step(turn, **values):
    row = dict.fromkeys(COLUMNS) | {
        "at": clock.now(),
        "call_sid": "CA1",
        "turn": turn,
        "step": "main",
        "tries": 0,
    }
    return [(row | values)[name] for name in COLUMNS]


def test_a_draft_keeps_what_was_said_and_forgets_it():
    assert draft_of("CA1") == {}
    with db.transaction() as session:
        keep(session, "CA1", number=NUMBER, window="any")
    with db.transaction() as session:
        whole = {"number": NUMBER, "window": "morning", "country": None}
        assert keep(session, "CA1", window="morning", country=None) == whole
        assert NUMBER.encode() not in bytes(session.execute(text("SELECT fields FROM drafts")).scalar_one())
    assert draft_of("CA1") == whole
    with db.transaction() as session:
        drafts.drop(session, "CA1")
    assert draft_of("CA1") == {}


def test_two_webhooks_of_a_call_at_once_both_leave_their_fields():
    def say(name):
        with db.transaction() as session:
            keep(session, "CA1", **{name: 1})

    names = [f"field{at}" for at in range(8)]
    at_once(say, names)
    assert draft_of("CA1") == dict.fromkeys(names, 1)


def test_answers_written_with_their_steps_at_once_are_all_kept():
    def say(turn):
        return drafts.put_with_step(step(turn), "CA1", drafts.Held(), {f"field{turn}": turn})

    assert at_once(say, range(8)) == [True] * 8, "each a turn of its own, each from an empty draft"
    assert draft_of("CA1") == {f"field{turn}": turn for turn in range(8)}


def test_an_answer_to_a_turn_that_was_answered_changes_nothing():
    assert drafts.put_with_step(step(1), "CA1", drafts.peek("CA1"), {"window": "morning"})
    assert not drafts.put_with_step(step(1), "CA1", drafts.peek("CA1"), {"window": "evening"})
    assert draft_of("CA1") == {"window": "morning"}


def test_words_that_a_menu_kept_are_taken_in_once():
    drafts.put_with_step(
        step(1, kept={"window": "morning", "way": "callback"}), "CA1", drafts.Held(), {"a": 1}
    )
    assert draft_of("CA1")["window"] == "morning"
    drafts.put_with_step(step(2), "CA1", drafts.peek("CA1"), {"window": "evening"})
    held = draft_of("CA1")
    assert (held["window"], held["way"], held["a"]) == ("evening", "callback", 1), "what is said later wins"
    with db.transaction() as session:
        assert len(session.scalars(select(Step)).all()) == 2
