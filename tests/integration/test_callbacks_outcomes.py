"""How it went: what costs a try, when it is tried again, what is closed, and whose telephone is never rung again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db, hours
from helpline.callbacks import desk
from helpline.callbacks.desk import NotNow
from helpline.callbacks.models import Callback, CallbackNote
from helpline.faults import Faults
from helpline.intake import asks
from helpline.intake.endings import close_settled_asks
from helpline.people.models import AuditLine
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from tests.integration import queue_rows as rows
from tests.integration.queue_rows import asked, claimed, do, go_to, later, of, person, rung, talked

pytestmark = pytest.mark.usefixtures("database")

NUMBER = "+393330000001"


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always(days=range(5))


@pytest.mark.parametrize("cause", ["operator_no_key", "operator_unreached", "network"])
def test_what_is_not_the_callers_doing_costs_no_try(cause):
    one = asked()
    since = of(one).queued_since
    assert rung(one, person(), cause).state == "waiting"
    assert (of(one).attempts, of(one).queued_since, of(one).holder_id) == (0, since, None)


@pytest.mark.parametrize("cause", ["busy", "no_answer", "machine", "refused"])
def test_what_is_the_callers_doing_costs_one_of_three(cause, at):
    one, amina = asked(), person()
    days = []
    for attempt in range(1, 4):
        days.append(hours.today(clock.now()))
        done = rung(one, amina, cause)
        assert of(one).attempts == attempt
        if done.next_at:
            assert hours.today(done.next_at) >= days[-1]
            go_to(at, done.next_at)
    assert (done.state, of(one).state) == ("unreachable", "unreachable")
    assert days[-1] - days[0] >= timedelta(days=2), "over three working days"


def test_three_tries_fall_into_different_parts_of_the_day(at):
    one, amina = asked(), person()
    parts = []
    for _ in range(3):
        parts.append(hours.part_of_day(clock.now()))
        done = rung(one, amina, "no_answer")
        if done.next_at:
            go_to(at, done.next_at)
    assert len(set(parts)) == 3


def test_a_morning_person_is_tried_in_mornings_only(at):
    one, amina = asked(window="morning"), person()
    done = rung(one, amina, "no_answer")
    assert done.next_at.astimezone(clock.ROME).strftime("%A %H:%M") == "Wednesday 09:00"
    go_to(at, done.next_at + timedelta(hours=5))
    assert do(desk.claim_next, amina) is None
    with pytest.raises(NotNow) as caught:
        do(desk.attempt_began, one, claimed(one, amina).claim_no)
    assert caught.value.next_at.astimezone(clock.ROME).strftime("%A %H:%M") == "Thursday 09:00"


def test_nobody_is_rung_in_the_quiet_hours_whatever_the_calendar_says(at):
    rows.always(7, 21)
    one, amina = asked(), person()
    for moment in ("2026-11-25 08:59", "2026-11-24 21:00"):
        at(moment)
        assert do(desk.claim_next, amina) is None
        claim = claimed(one, amina)
        assert not do(desk.may_ring, one)
        with pytest.raises(NotNow):
            do(desk.attempt_began, one, claim.claim_no)
        do(desk.release, one, amina, claim.claim_no)


def test_a_network_that_always_fails_is_not_tried_for_ever(at):
    one, amina = asked(), person()
    for _ in range(5):
        done = rung(one, amina, "network")
        if done.next_at:
            go_to(at, done.next_at + timedelta(minutes=1))
    assert (done.state, of(one).attempts) == ("unreachable", 0)


def test_what_the_operator_takes_back_stays_with_them():
    one, amina = asked(), person()
    assert rung(one, amina, "taken_back").state == "claimed"
    assert (of(one).holder_id, of(one).attempts) == (amina.id, 0)


def test_the_end_of_an_attempt_told_twice_counts_once():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    attempt = do(desk.attempt_began, one, claim.claim_no)
    assert do(desk.attempt_began, one, claim.claim_no) == attempt
    first = do(desk.attempt_ended, attempt, "no_answer")
    assert do(desk.attempt_ended, attempt, "busy") == first
    do(desk.attempt_answered, attempt)
    assert (of(one).attempts, of(one).state) == (1, "waiting")
    assert [event.why for event in do(desk.history, one) if event.kind == "attempt"] == ["no_answer"]


def test_a_late_end_does_not_undo_what_the_holder_said():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    attempt = do(desk.attempt_began, one, claim.claim_no)
    do(desk.attempt_answered, attempt)
    do(desk.finish, one, amina, claim.claim_no, "helped")
    assert do(desk.attempt_ended, attempt, "no_answer").state == "done"


def test_after_a_talk_only_a_person_says_how_it_went():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    attempt = do(desk.attempt_began, one, claim.claim_no)
    do(desk.attempt_answered, attempt)
    assert do(desk.attempt_ended, attempt, "network").state == "talking"
    assert (of(one).holder_id, of(one).attempts) == (amina.id, 0)
    later(minutes=30)
    (concern,) = do(desk.coordinators_list)
    assert (concern.kind, concern.row.id) == ("no_outcome", one)
    assert do(desk.finish, one, amina, claim.claim_no, "helped", note="went well").state == "done"
    assert do(desk.coordinators_list) == []


def test_the_moment_is_wrong_for_the_right_person_who_says_when():
    one, amina = asked(proved=False), person()
    friday = date(2026, 11, 27)
    done = do(desk.finish, one, amina, talked(one, amina).claim_no, "wrong_moment", follow_up=friday)
    assert (done.state, hours.today(done.next_at), of(one).due_on) == ("waiting", friday, friday)


def test_who_was_reached_after_two_tries_and_says_not_now_is_rung_on_the_day_that_was_agreed(at):
    one, amina = asked(), person()
    for _ in range(2):
        go_to(at, rung(one, amina, "no_answer").next_at)
    friday = date(2026, 11, 27)
    done = do(desk.finish, one, amina, talked(one, amina).claim_no, "wrong_moment", follow_up=friday)
    assert (done.state, of(one).attempts) == ("waiting", 2)
    assert hours.today(done.next_at) == friday


def test_a_request_is_said_to_be_made_only_where_there_is_one():
    one, amina = asked(), person()
    claim = talked(one, amina)
    with pytest.raises(Faults, match="there is no request of it"):
        do(desk.finish, one, amina, claim.claim_no, "request_made")
    assert of(one).state == "talking", "nobody who asked for help to return is closed and forgotten"


def test_how_it_went_is_not_said_while_the_telephones_still_ring():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    attempt = do(desk.attempt_began, one, claim.claim_no)
    with pytest.raises(desk.Occupied):
        do(desk.finish, one, amina, claim.claim_no, "no_answer")
    assert (of(one).state, of(one).attempts) == ("ringing", 0)
    do(desk.attempt_answered, attempt)
    assert do(desk.finish, one, amina, claim.claim_no, "helped").state == "done"


def test_a_follow_up_is_a_new_callback_that_follows():
    one, amina = asked(window="evening"), person()
    rows.later(hours=8)
    friday = date(2026, 11, 27)
    done = do(desk.finish, one, amina, talked(one, amina).claim_no, "helped", follow_up=friday)
    new = of(done.follow_up_id)
    assert (of(one).state, new.state, new.follows_id, new.promised_on) == ("done", "waiting", one, friday)
    assert new.next_at.astimezone(clock.ROME).strftime("%A %H:%M") == "Friday 17:00"
    assert ("followed_up", 1) in do(desk.row, new.id).reason
    assert close_settled_asks() == 0, "something is still owed"


def test_a_day_on_which_nobody_rings_is_refused_with_all_other_faults():
    one, amina = asked(), person()
    claim = talked(one, amina)
    with pytest.raises(Faults) as caught:
        do(desk.finish, one, amina, claim.claim_no, "fine", language="xx", follow_up=date(2026, 11, 29))
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["outcome", "language", "follow_up"]
    assert of(one).state == "talking"


def test_one_handed_over_waits_as_long_as_before_in_the_other_language():
    one, amina = asked(), person()
    since = of(one).queued_since
    later(minutes=20)
    claim = talked(one, amina)
    do(desk.finish, one, amina, claim.claim_no, "other_language", language="hi", note="speaks Hindi")
    assert (of(one).language, of(one).state, of(one).queued_since) == ("hi", "waiting", since)
    assert (do(desk.next_for, amina), of(one).attempts) == (None, 0)
    assert do(desk.next_for, person(languages=["hi"])).id == one
    assert [note.text for note in do(desk.notes, one)] == ["speaks Hindi"]


def test_a_new_call_makes_a_new_callback_that_follows_the_unreachable_one(at):
    one, amina = asked(number=NUMBER), person()
    for _ in range(3):
        done = rung(one, amina, "no_answer")
        if done.next_at:
            go_to(at, done.next_at)
    (concern,) = do(desk.coordinators_list)
    assert (concern.kind, concern.row.id) == ("unreachable", one)
    close_settled_asks()
    new = asked(number=NUMBER)
    assert (of(new).follows_id, of(new).attempts) == (one, 0)
    assert do(desk.coordinators_list) == []
    third = asked(number=NUMBER)
    assert of(third).follows_id is None, "it has its successor"


def test_a_number_that_asks_again_keeps_its_older_place():
    one = asked(number=NUMBER)
    later(hours=2)
    two = asked(number=NUMBER, window="afternoon", language="hi")
    assert of(two).queued_since == of(one).queued_since


def test_one_telephone_is_not_rung_for_the_next_ask_right_after_a_try():
    one, two, amina = asked(number=NUMBER), asked(number=NUMBER), person()
    rung(one, amina, "no_answer")
    assert (do(desk.claim_next, amina), of(two).attempts) == (None, 0)
    later(hours=4, minutes=1)
    assert do(desk.claim_next, amina).callback_id == two


def test_a_caller_who_cancels_while_it_rings_is_not_held_any_more():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    attempt = do(desk.attempt_began, one, claim.claim_no)
    with db.transaction() as session:
        assert asks.cancel(session, asks.by_id(session, session.get_one(Callback, one).ask_id))
    assert (of(one).state, of(one).holder_id) == ("cancelled", None)
    assert not do(desk.may_ring, one)
    assert do(desk.attempt_ended, attempt, "no_answer").state == "cancelled"


def test_another_number_ends_the_claim_since_the_old_one_may_not_be_safe():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    with db.transaction() as session:
        ask = asks.by_id(session, session.get_one(Callback, one).ask_id)
        assert isinstance(asks.change_number(session, ask, PhoneNumber(NUMBER), proved=True), asks.Saved)
    assert (of(one).state, do(desk.beat, one, amina, claim.claim_no)) == ("waiting", False)
    assert do(desk.number_of, one) == PhoneNumber(NUMBER)


def test_urgent_is_what_a_person_says_with_a_reason():
    asked()
    later(minutes=5)
    one, amina = asked(), person(roles=("operator", "coordinator"))
    with pytest.raises(Faults):
        do(desk.mark_urgent, one, amina, " ")
    do(desk.mark_urgent, one, amina, "sleeps in the street")
    row = do(desk.next_for, amina)
    assert (row.id, row.priority, row.urgent_reason, row.reason[0]) == (
        one,
        "urgent",
        "sleeps in the street",
        ("urgent", 1),
    )
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.what == "marked_urgent")).all()
        kept = session.scalars(select(CallbackNote)).one()
        assert kept.text == "sleeps in the street"
        assert [(line.about, line.details) for line in lines] == [(f"callback {one}", {"note": kept.id})]


def test_notes_and_reasons_are_encrypted_and_forgotten_thirty_days_after_closing(at):
    one, amina = asked(), person()
    claim = claimed(one, amina)
    do(desk.mark_urgent, one, amina, "a secret reason")
    do(desk.finish, one, amina, claim.claim_no, "helped", note="a secret note")
    close_settled_asks()
    with db.engine().connect() as connection:
        for column in ("text FROM callback_notes", "urgent_reason FROM callbacks"):
            held = connection.exec_driver_sql(f"SELECT {column}").scalars().all()
            assert held and not any(b"secret" in bytes(one) for one in held)
    later(days=31)
    retention.purge_all()
    with db.transaction() as session:
        assert session.scalars(select(CallbackNote)).all() == []
    assert of(one).urgent_reason is None
