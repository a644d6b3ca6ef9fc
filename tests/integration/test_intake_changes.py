"""What becomes of an ask, on a real database: the state that is told, changes, cancelling, and when it is closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select, text

from helpline import db
from helpline.callbacks import queue
from helpline.callbacks.models import Callback, Plan
from helpline.db.states import move
from helpline.intake import asks
from helpline.intake.asks import Saved, TooMany
from helpline.intake.endings import close_settled_asks
from helpline.intake.models import Ask
from helpline.phone import PhoneNumber
from tests.integration.intake_rows import NUMBER, OTHER, number_of, said, save, save_request, state_of

pytestmark = pytest.mark.usefixtures("database")


def test_the_state_of_a_callback_in_the_callers_words():
    saved = save("CA1")
    assert state_of(saved) == "waiting"
    with db.transaction() as session:
        callback = queue.of_ask(session, saved.ask_id)
        callback.attempts = 1
    assert state_of(saved) == "tried"
    with db.transaction() as session:
        move(session, queue.of_ask(session, saved.ask_id), "ringing", who="test", why="test")
    with db.transaction() as session:
        move(session, queue.of_ask(session, saved.ask_id), "done", who="test", why="test")
    assert state_of(saved) == "done"


def test_another_time_of_day():
    saved = save("CA1")
    with db.transaction() as session:
        later = date(2026, 11, 26)
        assert asks.change_window(session, asks.by_id(session, saved.ask_id), "evening", later)
    with db.transaction() as session:
        callback = queue.of_ask(session, saved.ask_id)
        assert (callback.window, callback.promised_on, callback.due_on) == ("evening", later, later)
        assert asks.by_id(session, saved.ask_id).promised_on == later


def test_another_number_takes_the_ask_and_its_code_along():
    saved, stays = save("CA1"), save("CA2")
    with db.transaction() as session:
        ask = asks.by_id(session, saved.ask_id)
        assert asks.change_number(session, ask, PhoneNumber(OTHER), proved=False) == saved
    with db.transaction() as session:
        assert number_of(session, saved.ask_id) == OTHER
        assert number_of(session, stays.ask_id) == NUMBER
        numbers = session.scalars(
            select(Plan.number).join(Callback, Callback.plan_id == Plan.id).order_by(Callback.id)
        )
        assert list(numbers) == [OTHER, NUMBER]


def test_the_number_that_nobody_is_to_be_called_at_any_more_is_closed():
    saved = save("CA1")
    with db.transaction() as session:
        asks.change_number(session, asks.by_id(session, saved.ask_id), PhoneNumber(OTHER), proved=False)
    with db.transaction() as session:
        still_open = session.scalars(select(Plan.number).where(Plan.closed_at.is_(None))).all()
    assert still_open == [OTHER]


def test_a_telephone_with_three_asks_takes_no_fourth_from_elsewhere():
    for call in range(3):
        save(f"CA{call}", said(OTHER))
    saved = save("CA9")
    with db.transaction() as session:
        ask = asks.by_id(session, saved.ask_id)
        assert asks.change_number(session, ask, PhoneNumber(OTHER), proved=False) == TooMany()
    with db.transaction() as session:
        assert number_of(session, saved.ask_id) == NUMBER


def test_two_people_on_one_telephone_never_share_a_code():
    mine, theirs = save("CA1"), save("CA2", said(OTHER))
    with db.transaction() as session:
        asks.by_id(session, theirs.ask_id).code = mine.code
    with db.transaction() as session:
        ask = asks.by_id(session, mine.ask_id)
        assert asks.change_number(session, ask, PhoneNumber(OTHER), proved=False) == TooMany()


def test_cancelling_a_callback_leaves_a_line_and_closes_its_plan():
    saved = save("CA1")
    with db.transaction() as session:
        assert asks.cancel(session, asks.by_id(session, saved.ask_id))
    with db.transaction() as session:
        assert not asks.cancel(session, asks.by_id(session, saved.ask_id))
        line = session.execute(text("SELECT kind, from_state, to_state, who FROM moves")).one()
        assert tuple(line) == ("callback", "waiting", "cancelled", "caller")
        assert session.scalars(select(Plan.closed_at)).one() is not None
        assert not asks.change_window(session, asks.by_id(session, saved.ask_id), "any")
        assert (
            asks.change_number(session, asks.by_id(session, saved.ask_id), PhoneNumber(OTHER), proved=True)
            is None
        )
    assert state_of(saved) == "cancelled"


def test_saving_and_cancelling_at_once_leaves_no_ask_on_a_closed_plan():
    for round_ in range(5):
        number = f"+3933300002{round_:02}"
        first = save(f"CA1{round_}", said(number))

        def cancel(ask_id):
            with db.transaction() as session:
                return asks.cancel(session, asks.by_id(session, ask_id))

        with ThreadPoolExecutor(2) as pool:
            cancelled = pool.submit(cancel, first.ask_id)
            second = pool.submit(save, f"CA2{round_}", said(number))
            assert cancelled.result()
            assert isinstance(second.result(), Saved)
    with db.transaction() as session:
        stray = (
            select(func.count(Ask.id)).join(Plan).where(Ask.closed_at.is_(None), Plan.closed_at.is_not(None))
        )
        assert session.scalars(stray).one() == 0


def test_an_ask_is_closed_when_nothing_more_is_owed():
    done, waits, request = save("CA1"), save("CA2", said(OTHER)), save_request("CA3", said("+393330000003"))
    with db.transaction() as session:
        callback = queue.of_ask(session, done.ask_id)
        move(session, callback, "ringing", who="test", why="test")
        move(session, callback, "done", who="test", why="test")
    assert close_settled_asks() == 1
    assert close_settled_asks() == 0
    with db.transaction() as session:
        still_open = set(session.scalars(select(Ask.id).where(Ask.closed_at.is_(None))))
    assert still_open == {waits.ask_id, request.ask_id}
