"""Asking to be called back, on a real database: repeated and simultaneous webhooks, shared telephones."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from helpline import db
from helpline.callbacks import queue
from helpline.callbacks.models import Callback, Plan
from helpline.calls import journeys
from helpline.intake import asks
from helpline.intake.asks import Saved, TooMany
from helpline.intake.models import Ask
from helpline.phone import PhoneNumber
from tests.integration.intake_rows import FRIDAY, NUMBER, OTHER, at_once, count, number_of, said, save

pytestmark = pytest.mark.usefixtures("database")


def test_a_callback_is_saved_with_all_that_was_said():
    saved = save("CA1", said(minor=True, topic="office"))
    assert isinstance(saved, Saved)
    assert saved.promised_on == FRIDAY
    with db.transaction() as session:
        callback = queue.of_ask(session, saved.ask_id)
        assert callback is not None
        told = (
            callback.language,
            callback.window,
            callback.state,
            callback.attempts,
            callback.priority,
            callback.topic,
        )
        assert told == ("bn", "morning", "waiting", 0, "minor", "office")
        assert number_of(session, saved.ask_id) == NUMBER


def test_neither_number_nor_code_stands_in_the_database_in_clear():
    saved = save("CA1")
    with db.transaction() as session:
        rows = session.execute(text("SELECT p::text || a::text FROM plans p, asks a")).scalar_one()
        raw = session.execute(text("SELECT p.number, a.code FROM plans p, asks a")).one()
    assert NUMBER not in rows
    assert NUMBER[3:].encode() not in bytes(raw.number)
    assert saved.code.encode() not in bytes(raw.code)


def test_what_is_saved_does_not_print_its_code():
    saved = save("CA1")
    assert saved.code not in repr(saved)


def test_the_same_webhook_again_is_told_the_same_and_makes_nothing_new():
    assert save("CA1") == save("CA1")
    assert count(Ask) == count(Callback) == 1


def test_the_same_webhook_eight_times_at_once_makes_one_ask():
    answers = at_once(save, ["CA1"] * 8)
    assert len({answer.code for answer in answers}) == 1
    assert count(Ask) == count(Callback) == count(Plan) == 1


def test_a_second_number_in_the_same_call_is_a_second_ask():
    first, second = save("CA1"), save("CA1", said(OTHER))
    assert first.ask_id != second.ask_id
    assert count(Plan) == 2


def test_a_keyed_number_is_not_proved_until_somebody_calls_from_it():
    save("CA1", said(number_proved=False))
    with db.transaction() as session:
        assert session.scalars(select(Plan.number_proved)).one() is False
    save("CA2")
    save("CA3", said(number_proved=False))
    with db.transaction() as session:
        assert session.scalars(select(Plan.number_proved)).one() is True


# ---------------------------------------------------------------- shared telephones


def test_three_people_share_a_telephone_and_the_fourth_hears_of_it():
    saved = [save(f"CA{at}") for at in range(3)]
    assert len({one.code for one in saved}) == 3
    assert count(Plan) == 1
    assert save("CA9") == TooMany()
    assert save("CA1") == saved[1]


def test_eight_people_at_once_get_three_slots():
    answers = at_once(save, [f"CA{at}" for at in range(8)])
    assert sum(isinstance(answer, Saved) for answer in answers) == 3
    assert sum(isinstance(answer, TooMany) for answer in answers) == 5
    assert count(Ask) == 3
    assert count(Plan) == 1


@pytest.mark.parametrize(("slot", "constraint"), [(2, "uq_asks_open_slot"), (4, "ck_asks_slot")])
def test_the_database_itself_forbids_a_fourth_ask(slot, constraint):
    for at in range(3):
        save(f"CA{at}")
    with db.transaction() as session:
        plan_id = session.scalars(select(Plan.id)).one()
    said_too = {"code": "0192", "kind": "callback", "language": "it", "window": "any", "call_sid": "CA9"}
    fourth = Ask(plan_id=plan_id, slot=slot, **said_too)
    with pytest.raises(IntegrityError, match=constraint), db.transaction() as session:
        session.add(fourth)


def test_the_database_itself_forbids_a_second_open_plan_of_a_number():
    save("CA1")
    with pytest.raises(IntegrityError, match="uq_plans_open_number"), db.transaction() as session:
        session.add(Plan(number=NUMBER, number_hash=queue.hash_of(PhoneNumber(NUMBER))))


def test_a_place_on_the_telephone_is_free_again_when_an_ask_is_withdrawn():
    saved = [save(f"CA{at}") for at in range(3)]
    with db.transaction() as session:
        assert asks.cancel(session, asks.by_id(session, saved[1].ask_id))
    again = save("CA9")
    assert isinstance(again, Saved)
    assert again.code not in {one.code for one in saved}


def test_one_caller_makes_five_asks_a_day_and_more_the_next_day(at):
    at("2026-12-03 12:00")
    numbers = [f"+3933300001{at:02}" for at in range(7)]

    def ask(order):
        with db.transaction() as session:
            journeys.begin(session, f"CA{order}", PhoneNumber(NUMBER), None)
        return save(f"CA{order}", said(numbers[order], number_proved=False))

    assert [type(ask(order)) for order in range(6)] == [Saved] * 5 + [TooMany]
    assert isinstance(ask(3), Saved), "what was saved is told again"
    at("2026-12-04 00:05")
    assert isinstance(ask(6), Saved)


def test_nothing_said_to_be_saved_survives_a_transaction_that_failed():
    def save_and_fail():
        with db.transaction() as session:
            asks.save_callback(session, "CA1", said(), "bn", promised_on=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    assert count(Ask) == count(Plan) == 0
