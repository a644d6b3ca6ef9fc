"""Who wants no more calls: their requests are withdrawn too, and no organisation gets the number; old cases go on."""

import pytest
from rq import Queue
from sqlalchemy import select

from helpline import db
from helpline.callbacks import desk, recognising
from helpline.callbacks.models import Callback
from helpline.callbacks.values import Stale
from helpline.calls import journeys
from helpline.intake import asks, endings, reaching, stopping, taking_back
from helpline.intake import recognising as recognised
from helpline.intake.models import Ask
from helpline.live.models import Hold, HoldState
from helpline.phone import PhoneNumber
from helpline.routing import offers
from helpline.routing.models import Offer, Request
from tests.integration import queue_rows as rows
from tests.integration import routing_rows
from tests.integration.intake_rows import said, save_request
from tests.integration.queue_rows import asked, claimed, do, later, of, person, rung
from tests.integration.routing_deeds import told

pytestmark = pytest.mark.usefixtures("database")

NUMBER, OTHER = "+393330000001", "+393330000002"
HERE = {"whom": "self", "region": "lazio", "country": "BD"}


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()
    with db.transaction() as session:
        routing_rows.entity(session, "one", places=9)


def requested(call="CA1", number=NUMBER, **more):
    """A request of this number and the offer made of it: their ids."""
    saved = save_request(call, said(number, **HERE | more))
    with db.transaction() as session:
        request_id = session.scalars(select(Request.id).where(Request.ask_id == saved.ask_id)).one()
    return request_id, offers.offer_request(request_id)


def says_stop(number=NUMBER):
    """In a talk for another ask of this telephone somebody says: do not call me any more. Gives its plan."""
    one, amina = asked(number=number), person()
    claim = claimed(one, amina)
    do(desk.attempt_ended, do(desk.attempt_began, one, claim.claim_no), "connected")
    do(desk.finish, one, amina, claim.claim_no, "stop_calling")
    return of(one).plan_id


def stands(request_id, offer_id):
    with db.transaction() as session:
        ask = session.get_one(Ask, session.get_one(Request, request_id).ask_id)
        states = session.get_one(Request, request_id).state, session.get_one(Offer, offer_id).state
        return *states, ask.closed_at is None


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("bell", [True, False])
def test_who_wants_no_more_calls_is_withdrawn_from_the_organisations_and_these_are_told(accepted, bell):
    request, offer = requested()
    strangers = requested("CA2", OTHER)
    if accepted:
        do(offers.accept, offer, who="person 7")
    plan = says_stop()
    assert (stopping.withdraw_stopped(plan) if bell else stopping.sweep()) == 1
    assert stands(request, offer) == ("cancelled", "withdrawn", False)
    assert told(offer) == ["offer_made", "offer_withdrawn"]
    assert stands(*strangers) == ("offered", "pending", True)
    assert stopping.withdraw_stopped(plan) == stopping.sweep() == 0


def test_the_bell_for_it_is_rung(valkey):
    plan = says_stop()
    jobs = [(job.func_name, job.args) for job in Queue("ring", connection=valkey).jobs]
    assert ("helpline.jobs.withdraw_stopped", (plan,)) in jobs


def test_between_the_word_and_the_withdrawal_no_organisation_gets_the_number():
    (_, pending), (_, accepted) = requested("CA1"), requested("CA2")
    do(offers.accept, accepted, who="person 7")
    assert do(offers.seen_by_entity, accepted, "one")["number"] == NUMBER
    says_stop()
    assert not {"number", "code_ends_with"} & set(do(offers.seen_by_entity, accepted, "one"))
    with pytest.raises(offers.Late) as late:
        do(offers.accept, pending, who="person 7")
    assert late.value.state == "withdrawn"


@pytest.mark.parametrize("settled", [True, False])
def test_who_calls_again_from_that_telephone_asks_anew_and_is_not_withdrawn(settled):
    requested()
    stopping.withdraw_stopped(says_stop())
    if settled:
        endings.close_settled_asks()
        later(minutes=1)
    request, offer = requested("CA9")
    assert stopping.sweep() == 0
    do(offers.accept, offer, who="person 7")
    assert do(offers.seen_by_entity, offer, "one")["number"] == NUMBER
    assert stands(request, offer) == ("accepted", "accepted", True)


def test_key_two_on_a_keyed_number_that_an_organisation_could_not_reach_is_the_end_of_the_request():
    request, offer = requested(number_proved=False)
    do(offers.accept, offer, who="person 7")
    do(offers.decline, offer, reason="cannot_reach", who="person 7")
    assert reaching.reach_again(request) is True
    with db.transaction() as session:
        callback = session.get_one(Request, request).reason["callback"]
    assert rung(callback, person(), "wrong_moment").state == "stopped"
    reaching.sweep()
    assert stopping.sweep() == 1
    assert stands(request, offer) == ("cancelled", "declined", False)


def test_a_case_that_goes_on_is_not_given_up_with_the_years_and_one_that_nobody_took_is():
    begun, waiting = requested("CA1"), requested("CA2", OTHER)
    do(offers.accept, begun[1], who="person 7")
    do(offers.report, begun[1], "counselling_begun", who="person 7")
    later(days=370)
    assert endings.give_up_old_asks() == 1
    assert stands(*begun) == ("accepted", "accepted", True)
    assert stands(*waiting) == ("cancelled", "withdrawn", False)
    do(offers.report, begun[1], "returned", who="person 7")
    assert endings.close_settled_asks() == 1


def test_a_case_accepted_while_old_asks_are_given_up_goes_on():
    request, offer = requested()
    do(offers.accept, offer, who="person 7")
    with db.transaction() as session:
        ask = asks.by_id(session, session.get_one(Request, request).ask_id)
        endings._give_up(session, ask)
    assert stands(request, offer) == ("accepted", "accepted", True)


def test_what_is_taken_back_for_the_person_closes_the_ask_and_frees_its_place():
    request, offer = requested()
    do(offers.accept, offer, who="person 7")
    do(taking_back.take_back, request, person(), why="told us on the telephone")
    assert stands(request, offer) == ("cancelled", "withdrawn", False)
    assert told(offer) == ["offer_made", "offer_withdrawn"]
    with pytest.raises(offers.Late):
        do(taking_back.take_back, request, person(), why="again")


def called_about(request, offer):
    """The organisation could not reach them, so one of ours rings: who, and the callback."""
    do(offers.accept, offer, who="person 7")
    do(offers.decline, offer, reason="cannot_reach", who="person 7")
    assert reaching.reach_again(request) is True
    with db.transaction() as session:
        callback = session.scalars(select(Callback.id)).one()
    amina = person()
    claim = claimed(callback, amina)
    do(desk.attempt_answered, do(desk.attempt_began, callback, claim.claim_no))
    return amina, callback, rows.on_the_line(callback)


def test_in_a_talk_the_request_is_taken_back_by_whoever_was_recognised_and_only_then():
    request, offer = requested()
    amina, callback, _ = called_about(request, offer)
    with pytest.raises(taking_back.NotRecognised):
        do(taking_back.in_callback, callback, amina, why="has found work")
    assert do(taking_back.of_callback, callback, amina) is None
    do(recognising.recognised_without_code, callback, amina)
    assert do(taking_back.of_callback, callback, amina) == request
    with pytest.raises(Stale):
        do(taking_back.in_callback, callback, person("Bruno"), why="has found work")
    do(taking_back.in_callback, callback, amina, why="has found work")
    assert stands(request, offer)[0] == "cancelled" and not stands(request, offer)[2]
    assert of(callback).state == "talking", "how the talk went is still to be said"
    assert do(taking_back.of_callback, callback, amina) is None
    with pytest.raises(offers.Late):
        do(taking_back.in_callback, callback, amina, why="again")


def test_who_rings_takes_back_a_request_that_an_organisation_has_accepted_and_it_is_told(at):
    request, offer = requested()
    do(offers.accept, offer, who="person 7")
    dina, ask = person("Dina"), asks_of(request)
    with db.transaction() as session:
        journeys.begin(session, "CA7", PhoneNumber(NUMBER), "+39800000000")
        hold = Hold(call_sid="CA7", language="ar", state=HoldState.TALKING, person_id=dina.id, room="room")
        session.add(hold)
        session.flush()
        hold_id = hold.id
    with pytest.raises(taking_back.NotRecognised):
        do(taking_back.in_live_call, hold_id, dina, ask, why="stays here")
    do(recognised.recognised_without_code, hold_id, dina, ask)
    with pytest.raises(taking_back.NotRecognised):
        do(taking_back.in_live_call, hold_id, person("Bruno"), ask, why="stays here")
    do(taking_back.in_live_call, hold_id, dina, ask, why="stays here")
    assert stands(request, offer) == ("cancelled", "withdrawn", False)
    assert told(offer) == ["offer_made", "offer_withdrawn"]


def asks_of(request):
    with db.transaction() as session:
        return session.get_one(Request, request).ask_id
