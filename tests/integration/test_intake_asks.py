"""Asking, on a real database: shared telephones, repeated and simultaneous webhooks, agreements, changes, cancelling."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from helpline import db
from helpline.callbacks import queue
from helpline.callbacks.models import Callback, Plan
from helpline.calls import journeys
from helpline.db.states import move
from helpline.intake import asks, drafts
from helpline.intake.asks import NotAgreed, Saved, TooMany
from helpline.intake.endings import close_settled_asks
from helpline.intake.models import Ask
from helpline.phone import PhoneNumber
from helpline.routing.models import Entity, Offer, Project, Request

pytestmark = pytest.mark.usefixtures("database")

NUMBER = "+393330000001"
OTHER = "+393330000002"
FRIDAY = date(2026, 12, 4)


def said(number=NUMBER, **more):
    return {"number": number, "number_proved": True, "window": "morning"} | more


def save(call, draft=None, language="bn"):
    with db.transaction() as session:
        return asks.save_callback(session, call, draft or said(), language, promised_on=FRIDAY)


def agree(call, key="1"):
    with db.transaction() as session:
        return asks.record_agreement(session, call, "v1", "bn", key)


def save_request(call, draft=None, agreement=None):
    agreement = agreement or agree(call)
    with db.transaction() as session:
        return asks.save_request(
            session,
            call,
            draft or said(whom="self", region="lombardia", country="BD"),
            "bn",
            agreement_id=agreement,
            waits_without_place=False,
        )


def count(model):
    with db.transaction() as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def at_once(work, items):
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(work, items))


def state_of(saved):
    with db.transaction() as session:
        return asks.state_of(session, asks.by_id(session, saved.ask_id))


# ---------------------------------------------------------------- saving


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
        assert queue.number_of_ask(session, saved.ask_id) == PhoneNumber(NUMBER)


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


# ---------------------------------------------------------------- requests


def test_a_request_is_saved_with_its_agreement_and_handed_to_routing(valkey):
    saved = save_request("CA1")
    with db.transaction() as session:
        request = session.scalars(select(Request)).one()
        assert (request.ask_id, request.region, request.country, request.group) == (
            saved.ask_id,
            "lombardia",
            "BD",
            "self",
        )
    assert valkey.llen("rq:queue:ring") == 1
    assert state_of(saved) == "waiting"


def test_the_same_request_at_once_is_one_request():
    agreement = agree("CA1")
    answers = at_once(lambda _: save_request("CA1", agreement=agreement), range(6))
    assert len({answer.ask_id for answer in answers}) == 1
    assert count(Request) == 1


def test_the_same_agreement_is_kept_once_and_a_no_is_no_agreement():
    assert agree("CA1") == agree("CA1")
    with db.transaction() as session:
        assert asks.agreement_of(session, "CA1") == agree("CA1")
    agree("CA2", key="2")
    with db.transaction() as session:
        assert asks.agreement_of(session, "CA2") is None


@pytest.mark.parametrize("who", [{"minor": True}, {"whom": "other"}])
def test_nobody_agrees_for_a_child_or_for_somebody_else(who):
    with pytest.raises(NotAgreed):
        save_request("CA1", said(**who))
    assert count(Ask) == 0


def test_a_no_or_another_calls_yes_is_no_agreement():
    with pytest.raises(NotAgreed):
        save_request("CA1", agreement=agree("CA1", key="2"))
    with pytest.raises(NotAgreed):
        save_request("CA1", agreement=agree("CA2"))


def test_the_database_itself_refuses_a_request_without_agreement():
    saved = save("CA1")
    with pytest.raises(IntegrityError, match="ck_asks_agreed"), db.transaction() as session:
        session.execute(text("UPDATE asks SET kind = 'request' WHERE id = :id"), {"id": saved.ask_id})


# ---------------------------------------------------------------- changes, and the state that is told


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
        assert asks.change_window(session, asks.by_id(session, saved.ask_id), "evening")
    with db.transaction() as session:
        assert queue.of_ask(session, saved.ask_id).window == "evening"


def test_another_number_takes_the_ask_and_its_code_along():
    saved, stays = save("CA1"), save("CA2")
    with db.transaction() as session:
        ask = asks.by_id(session, saved.ask_id)
        assert asks.change_number(session, ask, PhoneNumber(OTHER), proved=False) == saved
    with db.transaction() as session:
        assert queue.number_of_ask(session, saved.ask_id) == PhoneNumber(OTHER)
        assert queue.number_of_ask(session, stays.ask_id) == PhoneNumber(NUMBER)
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
        assert queue.number_of_ask(session, saved.ask_id) == PhoneNumber(NUMBER)


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


def test_cancelling_a_request_withdraws_its_live_offer():
    saved = save_request("CA1")
    with db.transaction() as session:
        session.add(Entity(id="entity", name="Entity", contact="nobody"))
        session.flush()
        session.add(
            Project(
                id="project",
                entity_id="entity",
                name="Project",
                funder="Fund",
                starts_on=date(2026, 1, 1),
                ends_on=date(2027, 1, 1),
                places_total=1,
                regions=["*"],
                countries=["*"],
                groups=["*"],
                languages=["*"],
            )
        )
        session.flush()
        request = session.scalars(select(Request)).one()
        session.add(Offer(request_id=request.id, project_id="project", entity_id="entity", why={}))
        move(session, request, "offered", who="test", why="test")
    assert state_of(saved) == "offered"
    with db.transaction() as session:
        assert asks.cancel(session, asks.by_id(session, saved.ask_id))
    with db.transaction() as session:
        assert session.scalars(select(Offer.state)).one() == "withdrawn"
        assert session.scalars(select(Request.state)).one() == "cancelled"
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


# ---------------------------------------------------------------- drafts


def test_a_draft_keeps_what_was_said_and_forgets_it():
    with db.transaction() as session:
        assert drafts.read(session, "CA1") == {}
        drafts.keep(session, "CA1", number=NUMBER, window="any")
    with db.transaction() as session:
        assert drafts.keep(session, "CA1", window="morning", country=None) == {
            "number": NUMBER,
            "window": "morning",
            "country": None,
        }
        assert NUMBER.encode() not in bytes(session.execute(text("SELECT fields FROM drafts")).scalar_one())
    with db.transaction() as session:
        drafts.drop(session, "CA1")
    with db.transaction() as session:
        assert drafts.read(session, "CA1") == {}


def test_two_webhooks_of_a_call_at_once_both_leave_their_fields():
    def keep(name):
        with db.transaction() as session:
            drafts.keep(session, "CA1", **{name: 1})

    names = [f"field{at}" for at in range(8)]
    at_once(keep, names)
    with db.transaction() as session:
        assert drafts.read(session, "CA1") == dict.fromkeys(names, 1)


def test_nothing_said_to_be_saved_survives_a_transaction_that_failed():
    def save_and_fail():
        with db.transaction() as session:
            asks.save_callback(session, "CA1", said(), "bn", promised_on=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    assert count(Ask) == count(Plan) == 0
