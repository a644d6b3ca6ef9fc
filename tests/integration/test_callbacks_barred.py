"""Whose telephone is never rung again: who wants no calls, whom we do not know, and for how long."""

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.callbacks import barring, desk, queue
from helpline.callbacks.models import BarredNumber, Callback
from helpline.intake import asks
from helpline.intake.endings import close_settled_asks
from helpline.people.models import AuditLine
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from tests.integration import queue_rows as rows
from tests.integration.queue_rows import asked, do, go_to, later, of, person, rung, talked

pytestmark = pytest.mark.usefixtures("database")

NUMBER = "+393330000001"


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always(days=range(5))


def test_pressing_two_is_a_wrong_moment_and_the_second_one_stops_it(at):
    one, amina = asked(), person()
    done = rung(one, amina, "wrong_moment")
    assert done.state == "waiting"
    assert done.next_at.astimezone(clock.ROME).strftime("%A %H:%M") == "Tuesday 13:00", "the next window"
    go_to(at, done.next_at)
    assert rung(one, amina, "wrong_moment").state == "stopped"
    assert not do(barring.barred, queue.hash_of(PhoneNumber(NUMBER)))


def test_pressing_two_on_a_number_that_was_only_keyed_stops_and_bars_it():
    one, amina = asked(number=NUMBER, proved=False), person()
    assert rung(one, amina, "wrong_moment").state == "stopped"
    keyed = {"number": NUMBER, "number_proved": False, "window": "any"}
    assert do(asks.save_callback, "CAx", keyed, "bn", promised_on=None) == asks.TooMany()
    close_settled_asks()
    assert do(asks.save_callback, "CAy", keyed, "bn", promised_on=None) == asks.TooMany()
    proved = asked(number=NUMBER)
    assert of(proved).state == "waiting", "whoever calls from it may ask"


def test_an_ask_does_not_move_to_a_barred_number():
    rung(asked(number=NUMBER, proved=False), person(), "wrong_moment")
    close_settled_asks()
    other = asked()
    with db.transaction() as session:
        ask = asks.by_id(session, session.get_one(Callback, other).ask_id)
        assert asks.change_number(session, ask, PhoneNumber(NUMBER), proved=False) == asks.TooMany()


def test_a_barred_number_is_free_again_after_ninety_days():
    rung(asked(number=NUMBER, proved=False), person(), "wrong_moment")
    close_settled_asks()
    later(days=89)
    assert do(barring.barred, queue.hash_of(PhoneNumber(NUMBER)))
    later(days=2)
    assert not do(barring.barred, queue.hash_of(PhoneNumber(NUMBER)))
    asked(number=NUMBER, proved=False)
    retention.purge_all()
    with db.transaction() as session:
        assert session.scalars(select(BarredNumber)).all() == []


def test_stop_calling_stops_all_that_is_owed_to_this_telephone():
    one, two, amina = asked(number=NUMBER), asked(number=NUMBER), person()
    claim = talked(one, amina)
    assert do(desk.finish, one, amina, claim.claim_no, "stop_calling").state == "stopped"
    assert of(two).state == "stopped"
    assert do(barring.barred, queue.hash_of(PhoneNumber(NUMBER)))
    with db.transaction() as session:
        (line,) = session.scalars(select(AuditLine).where(AuditLine.what == "barred"))
        assert NUMBER not in str(line.details)


def test_a_wrong_person_on_a_keyed_number_is_never_rung_again_on_a_proved_one_later():
    amina = person()
    keyed, proved = asked(proved=False), asked()
    assert do(desk.finish, keyed, amina, talked(keyed, amina).claim_no, "wrong_person").state == "stopped"
    done = do(desk.finish, proved, amina, talked(proved, amina).claim_no, "wrong_person")
    assert (done.state, of(proved).attempts) == ("waiting", 1)
