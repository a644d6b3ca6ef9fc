"""What strangers cannot do: have many numbers called, fill or lock another's telephone, or be kept for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpline import clock, db
from helpline.callbacks.models import Plan
from helpline.calls import journeys
from helpline.intake import asks, endings
from helpline.intake.asks import NUMBER_CHANGES, Saved, TooMany
from helpline.intake.finding import Blocked, Found, Wrong, find
from helpline.intake.models import Ask
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from tests.integration import line_deeds
from tests.integration.calls_rows import keep

pytestmark = pytest.mark.usefixtures("database")

OWNER = PhoneNumber("+393330000001")


def number(n):
    return PhoneNumber(f"+3933300001{n:02}")


def call(sid, caller=None):
    with db.transaction() as session:
        journeys.begin(session, sid, caller, "+39800000000")
    return sid


def save(sid, to, *, proved=False):
    with db.transaction() as session:
        draft = {"number": to.e164, "number_proved": proved, "window": "any"}
        return asks.save_callback(session, sid, draft, "en", promised_on=None)


def tried(sid, to, code, *, own=False):
    with db.transaction() as session:
        return find(session, to, code, sid, own=own)


def test_one_call_makes_three_asks_and_no_more():
    call("CA1")
    assert [type(save("CA1", number(n))) for n in range(4)] == [Saved] * 3 + [TooMany]


def test_hidden_callers_share_one_days_budget():
    line_deeds.tune(hidden_asks_a_day=10)
    answers = [save(call(f"CA{n}"), number(n)) for n in range(12)]
    assert [type(answer) for answer in answers] == [Saved] * 10 + [TooMany] * 2
    assert isinstance(save(call("CB9", OWNER), OWNER, proved=True), Saved)


def test_how_much_a_caller_may_ask_for_in_a_day_is_a_setting_of_the_line():
    line_deeds.tune(new_asks_a_day=3)
    answers = [save(call(f"CB{n}", OWNER), number(n)) for n in range(4)]
    assert [type(answer) for answer in answers] == [Saved] * 3 + [TooMany]


def test_a_stranger_takes_one_place_of_a_telephone_and_its_owner_keeps_the_others():
    assert isinstance(save(call("CA1"), OWNER), Saved)
    assert isinstance(save(call("CA2"), OWNER), TooMany)
    owners = [save(call(f"CB{n}", OWNER), OWNER, proved=True) for n in range(3)]
    assert [type(saved) for saved in owners] == [Saved, Saved, TooMany]


@pytest.mark.parametrize("asked_before", [0, 1, 2])
def test_whoever_keys_a_number_hears_the_same_whatever_its_owner_asked(asked_before):
    for n in range(asked_before):
        save(call(f"CB{n}", OWNER), OWNER, proved=True)
    answers = [save(call(f"CA{n}"), OWNER) for n in range(2)]
    assert [type(answer) for answer in answers] == [Saved, TooMany]


def test_wrong_codes_of_strangers_do_not_lock_the_owner_out():
    saved = save(call("CB1", OWNER), OWNER, proved=True)
    for n in range(2):
        call(f"CA{n}")
        assert not any(isinstance(tried(f"CA{n}", OWNER, "0000"), Found) for _ in range(3))
    assert isinstance(tried(call("CA7"), OWNER, saved.code), Blocked)
    assert isinstance(tried(call("CB2", OWNER), OWNER, saved.code, own=True), Found)


def test_one_caller_does_not_go_through_the_numbers_of_others():
    answers = []
    for n in range(5):
        sid = call(f"CA{n}", OWNER)
        answers += [type(tried(sid, number(10 * n + m), "0000")) for m in range(2)]
    assert answers.count(Wrong) == 8
    assert answers[-1] is Blocked


def test_an_ask_does_not_wander_from_number_to_number():
    saved = save(call("CB1", OWNER), OWNER, proved=True)

    def change(n):
        with db.transaction() as session:
            return asks.change_number(session, asks.by_id(session, saved.ask_id), number(n), proved=False)

    answers = [type(change(n)) for n in range(NUMBER_CHANGES + 1)]
    assert answers == [Saved] * NUMBER_CHANGES + [TooMany]


def test_no_number_is_kept_for_ever_even_if_nobody_brings_the_ask_to_an_end():
    save(call("CB1", OWNER), OWNER, proved=True)
    clock.set_offset(timedelta(days=91))
    assert endings.give_up_old_asks() == 1
    clock.set_offset(timedelta(days=125))
    retention.purge_all()
    with db.transaction() as session:
        assert session.scalars(select(func.count(Plan.id)).where(Plan.number_hash.is_not(None))).one() == 0
        assert session.scalars(select(func.count(Ask.id)).where(Ask.code.is_not(None))).one() == 0


def test_one_call_that_cannot_be_settled_keeps_no_other_waiting(caplog):
    for sid, window in (("CA1", "mornign"), ("CA2", "morning")):
        call(sid, OWNER)
        with db.transaction() as session:
            keep(session, sid, number=OWNER.e164, number_proved=True, window=window)
            journeys.status(session, sid, "completed", sequence=1, seconds=9)
    clock.set_offset(timedelta(minutes=5))
    assert endings.finish_overdue_calls() == 2
    assert "what was said in CA1 could not be saved" in caplog.text
    assert OWNER.e164 not in caplog.text
    with db.transaction() as session:
        assert session.scalars(select(Ask.call_sid)).all() == ["CA2"]
    assert endings.finish_overdue_calls() == 0
