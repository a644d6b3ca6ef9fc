"""Many at once: matches, keys and hang-ups side by side ring nobody twice, join nobody to who is gone, block nobody."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import count
from threading import Barrier, BrokenBarrierError, Event

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from helpline import clock, db
from helpline.callbacks import desk, dialling
from helpline.live import holds, plan, presence, ringing, shifts
from helpline.live.models import Hold, HoldState
from helpline.people import accounts
from helpline.people.models import Person
from helpline.telephony import legs
from helpline.telephony.models import Leg, LegState, Purpose
from tests.integration import queue_rows

pytestmark = pytest.mark.usefixtures("database")
_numbers = count(1)


@pytest.fixture(autouse=True)
def _open_hours(at):
    at("2026-11-18 10:00")


def mediator(*languages):
    with db.transaction() as session:
        n = next(_numbers)
        person = Person(
            login=f"m{n}", name="M", roles=["operator"], languages=list(languages), phone=f"+393330{n:06}"
        )
        session.add(person)
        session.flush()
        shift = plan.Shift(person.id, frozenset(languages), 0, 1440, day=clock.in_rome().date())
        shifts.replace(session, {person.id: [shift]})
        presence.be_ready(session, person.id)
        return person.id


def waits(sid, language="en"):
    with db.transaction() as session:
        holds.join(session, sid, language)


def all_of(model):
    with db.transaction() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def at_once(*acts):
    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(act) for act in acts]]


def answered(leg_id):
    """The mediator picked up."""
    with db.transaction() as session:
        legs.heard(session, leg_id, f"CA{leg_id:032x}", "in-progress")


def presses_one(leg_id):
    with db.transaction() as session:
        leg = legs.locked(session, leg_id)
        return ringing.pressed(session, leg, ringing.TAKE, "1")


def hangs_up(sid):
    with db.transaction() as session:
        holds.call_ended(session, sid)


@pytest.fixture
def chosen(monkeypatch):
    """Whom to ring was chosen, and nobody is rung yet: others who match now may choose the same; a breath for them."""
    choose, done, others = plan.next_rings, Event(), Barrier(4)

    def next_rings(*words):
        found = choose(*words)
        done.set()
        with suppress(BrokenBarrierError):  # they come only if nothing keeps them from choosing at once
            others.wait(0.5)
        return found

    monkeypatch.setattr(plan, "next_rings", next_rings)
    return done


@pytest.mark.usefixtures("chosen")
def test_matches_at_once_ring_nobody_for_two_callers_and_nobody_twice():
    people = {mediator("en", "bn") for _ in range(3)}
    for n in range(6):
        waits(f"CA{n}", ("en", "bn")[n % 2])
    rung = at_once(*[ringing.match] * 4)
    assert sum(rung) == 3 and len(all_of(Leg)) == 3
    assert {hold.rung_person_id for hold in all_of(Hold)} == people | {None}
    in_turn = [hold.call_sid for hold in all_of(Hold) if hold.rung_person_id]
    assert in_turn == ["CA0", "CA1", "CA2"], "who waits longest is rung for first"


def press_call(person_id):
    """She holds a callback, and presses Call whenever this is called."""
    queue_rows.always()
    one = queue_rows.asked("en", number="+393330000900")
    who = queue_rows.do(accounts.who, person_id)
    claim = queue_rows.claimed(one, who)
    return lambda: queue_rows.do(dialling.call, one, who, claim.claim_no)


def test_who_presses_call_when_she_was_just_chosen_for_a_live_call_is_rung_for_the_callback_alone(chosen):
    her = mediator("en")
    waits("CA1")
    call = press_call(her)
    assert at_once(ringing.match, lambda: chosen.wait(60) and call())[0] == 0
    assert [leg.purpose for leg in all_of(Leg)] == [Purpose.CALLBACK_OPERATOR]


def test_who_presses_call_while_a_live_ring_is_being_written_down_is_told_that_it_comes_first():
    her = mediator("en")
    waits("CA1")
    call = press_call(her)
    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            assert ringing._ring(session, plan.Ring(all_of(Hold)[0].id, her))
            pressed = pool.submit(call)
            with pytest.raises(TimeoutError):  # it waits to know
                pressed.result(timeout=0.3)
        with pytest.raises(desk.Engaged):
            pressed.result(timeout=60)
    assert [leg.purpose for leg in all_of(Leg)] == [Purpose.LIVE_OPERATOR]


def test_who_joins_in_the_middle_of_a_match_is_looked_at_by_the_next_one(chosen):
    mediator("en")
    waits("CA1")

    def a_child_joins():
        assert chosen.wait(60)
        with db.transaction() as session:
            holds.join(session, "CA2", "en", minor=True)
        return ringing.match()

    assert at_once(ringing.match, a_child_joins) == [1, 0]
    assert [hold.rung_person_id is not None for hold in all_of(Hold)] == [True, False]


def test_the_database_forbids_to_ring_somebody_for_two_callers():
    her = mediator("en")
    for n in range(2):
        waits(f"CA{n}")
    ring_both = update(Hold).values(rung_person_id=her)
    with pytest.raises(IntegrityError, match="uq_holds_rung"), db.transaction() as session:
        session.execute(ring_both)


@pytest.mark.parametrize("turn", range(12))
def test_a_key_and_a_hang_up_at_once_end_well_whoever_is_first(turn):
    mediator("en")
    waits("CA1")
    ringing.match()
    [leg] = all_of(Leg)
    answered(leg.id)
    acts = [lambda: presses_one(leg.id), lambda: hangs_up("CA1")]
    at_once(*(acts if turn % 2 else acts[::-1]))
    [hold], [leg] = all_of(Hold), all_of(Leg)
    assert hold.state == HoldState.LEFT
    assert leg.wanted in {"end", "farewell"}, "nobody stays alone on the line"


def test_a_repeated_hang_up_and_a_late_key_change_nothing():
    mediator("en")
    waits("CA1")
    ringing.match()
    [leg] = all_of(Leg)
    answered(leg.id)
    for _ in range(2):
        hangs_up("CA1")
    with db.transaction() as session:
        assert ringing.answered(session, legs.locked(session, leg.id)).prompts == ("take_gone",)
    assert presses_one(leg.id).prompts == ("take_gone",)
    assert all_of(Hold)[0].state == HoldState.LEFT


def test_the_same_call_joining_twice_at_once_is_one_hold():
    mediator("en")
    results = []
    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(waits, "CA1") for _ in range(4)]:
            results.append(future.exception(timeout=60))
    assert len(all_of(Hold)) == 1
    assert results.count(None) >= 1


def test_news_of_a_ring_that_ended_told_twice_rings_the_next_one_once():
    first, second = mediator("en"), mediator("en")
    waits("CA1")
    ringing.match()
    [leg] = all_of(Leg)
    with db.transaction() as session:
        legs.heard(session, leg.id, "CAx", "no-answer")
    at_once(*[lambda: ringing.leg_changed(leg.id)] * 4)
    assert [one.purpose for one in all_of(Leg)] == [Purpose.LIVE_OPERATOR] * 2
    [hold] = all_of(Hold)
    assert {first, second} == {hold.rung_person_id, *map(int, hold.tried)}


def test_a_bell_that_was_lost_is_found_by_the_sweep():
    mediator("en")
    waits("CA1")
    db.redis().flushdb()
    assert ringing.match() == 1
    assert [leg.state for leg in all_of(Leg)] == [LegState.INTENDED]


def test_who_was_not_heard_of_for_two_minutes_has_left():
    mediator("en")
    waits("CA1")
    clock.set_offset(clock.offset() + plan.GONE_AFTER - timedelta(seconds=5))
    assert holds.sweep_gone() == 0
    clock.set_offset(clock.offset() + timedelta(seconds=10))
    assert (holds.sweep_gone(), all_of(Hold)[0].state) == (1, HoldState.LEFT)
