"""Between us and the carrier things get lost, come twice or late: nobody is called twice, and nobody is forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.config import Settings
from helpline.db.states import Moved
from helpline.simulator.carrier import Carrier
from helpline.telephony import carrier as telephony
from helpline.telephony import looking, placing
from helpline.telephony.models import Leg, Purpose
from tests.calls.caller import Caller
from tests.calls.dialled import CALLER, MEDIATOR, Desk, do, leg, legs, takes
from tests.calls.standin import StandIn

pytestmark = pytest.mark.usefixtures("unpaced")


def later(seconds: float) -> None:
    """Let our own time pass."""
    clock.set_offset(clock.offset() + timedelta(seconds=seconds))


def calls_to(carrier: Carrier, number: str) -> int:
    return len([one for one in carrier.calls.values() if one.to == number])


def state(purpose: Purpose) -> str:
    return leg(purpose).state


# ------------------------------------------------------------ an answer of the carrier that was not heard


@pytest.mark.parametrize("fate", ["lost", "cut", "late"])
def test_a_call_that_was_placed_although_nobody_heard_so_is_found_and_not_dialled_again(
    page: Desk, operator: Caller, person: Caller, carrier: Carrier, fate: str, work: Callable[[], None]
) -> None:
    carrier.mischief.drop = {"status"}
    carrier.mischief.rest = [fate]
    page.calls()
    work()
    assert state(Purpose.CALLBACK_OPERATOR) == "asked" and leg(Purpose.CALLBACK_OPERATOR).sid is None
    placing.place_due()
    placing.place_leg(leg(Purpose.CALLBACK_OPERATOR).id)
    assert looking.look_up_unclear() == 0  # the carrier still has its time
    later(16)
    assert looking.look_up_unclear() == 1
    assert leg(Purpose.CALLBACK_OPERATOR).sid
    carrier.mischief.drop = set()
    takes(operator)
    person.rings().answers("bn").presses("1")
    operator.talks_with(person)
    assert calls_to(carrier, MEDIATOR) == calls_to(carrier, CALLER) == 1


def test_its_first_webhook_may_tell_us_sooner(
    page: Desk, operator: Caller, carrier: Carrier, work: Callable[[], None]
) -> None:
    carrier.mischief.rest = ["cut"]
    page.calls()
    work()
    carrier.advance(1)
    found = leg(Purpose.CALLBACK_OPERATOR)
    assert found.sid in carrier.calls and found.state == "ringing"
    takes(operator)
    assert calls_to(carrier, MEDIATOR) == 1


def test_the_carriers_list_may_lag_behind(page: Desk, carrier: Carrier, work: Callable[[], None]) -> None:
    carrier.mischief.drop, carrier.mischief.list_delay = {"status"}, 60.0
    carrier.mischief.rest = ["cut"]
    page.calls()
    work()
    later(20)
    assert looking.look_up_unclear() == 0 and state(Purpose.CALLBACK_OPERATOR) == "asked"
    later(45)
    assert looking.look_up_unclear() == 1 and leg(Purpose.CALLBACK_OPERATOR).sid


def test_what_the_carrier_never_placed_ends_and_nobody_is_dialled_by_itself(
    page: Desk, operator: Caller, carrier: Carrier, work: Callable[[], None]
) -> None:
    carrier.mischief.rest = ["500"]
    page.calls()
    work()
    later(30)
    assert looking.look_up_unclear() == 0
    later(70)
    assert looking.look_up_unclear() == 1
    work()
    assert (leg(Purpose.CALLBACK_OPERATOR).cause, page.cause) == ("network", "network")
    assert page.callback.attempts == 0
    operator.does_not_ring()
    assert carrier.calls == {}


def test_a_call_that_turns_up_after_we_gave_it_up_is_hung_up(
    page: Desk, operator: Caller, person: Caller, carrier: Carrier, work: Callable[[], None]
) -> None:
    carrier.mischief.drop, carrier.mischief.list_delay = {"status"}, 600.0
    carrier.mischief.rest = ["cut"]
    page.calls()
    work()
    later(100)
    assert looking.look_up_unclear() == 1
    work()
    assert page.cause == "network"
    operator.rings().answers()
    assert operator.is_over and operator.heard == []
    person.does_not_ring(within=1)


def test_an_older_call_to_the_same_telephone_is_not_taken_for_it(
    page: Desk, operator: Caller, carrier: Carrier, work: Callable[[], None]
) -> None:
    page.calls()
    operator.rings().refuses()
    page.claims()
    carrier.mischief.drop, carrier.mischief.rest = {"status"}, ["500"]
    page.calls()
    work()
    later(20)
    assert looking.look_up_unclear() == 0
    assert [one.sid is None for one in legs()] == [False, True]


# ------------------------------------------------------------ the carrier says "not now", or no


def test_not_now_is_asked_again_after_a_pause(
    page: Desk, operator: Caller, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(placing.time, "sleep", lambda seconds: (slept.append(seconds), later(seconds)))
    carrier.mischief.rest, carrier.mischief.retry_after = ["429", "429"], "2"
    page.calls()
    operator.rings()
    assert calls_to(carrier, MEDIATOR) == 1 and legs()[0].tries == 3
    assert sum(slept) >= 4


def test_a_long_pause_is_left_to_the_sweep(
    page: Desk, operator: Caller, carrier: Carrier, work: Callable[[], None]
) -> None:
    carrier.mischief.rest, carrier.mischief.retry_after = ["429"], "40"
    page.calls()
    work()
    assert state(Purpose.CALLBACK_OPERATOR) == "intended" and carrier.calls == {}
    assert placing.place_due() == 0
    later(60)
    assert placing.place_due() == 1
    operator.rings()


def test_who_had_to_wait_too_long_is_not_rung_out_of_the_blue(
    page: Desk, carrier: Carrier, work: Callable[[], None]
) -> None:
    carrier.mischief.rest, carrier.mischief.retry_after = ["429"], "40"
    page.calls()
    work()
    later(200)
    assert placing.place_due() == 0
    work()
    assert (page.cause, page.callback.attempts) == ("network", 0) and carrier.calls == {}


def test_a_number_that_the_carrier_will_not_dial_costs_an_attempt(
    page: Desk, operator: Caller, carrier: Carrier, monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]
) -> None:
    page.calls()
    operator.rings().answers("bn")
    real = StandIn.place

    def declined(self: StandIn, to: object, path: str, **more: object) -> str:
        raise telephony.Declined("400 21211", 21211)

    monkeypatch.setattr(StandIn, "place", declined)
    operator.presses("1")
    work()
    monkeypatch.setattr(StandIn, "place", real)
    assert operator.hears("caller_not_reached").is_over
    operator.afterwards()
    assert (leg(Purpose.CALLBACK_CALLER).cause, page.cause) == ("failed", "no_answer")
    assert page.callback.attempts == 1


# ------------------------------------------------------------ webhooks and bells that are lost, late or double


def test_with_every_status_webhook_lost_the_sweeps_find_out(
    page: Desk, operator: Caller, person: Caller, carrier: Carrier, work: Callable[[], None]
) -> None:
    carrier.mischief.drop = {"status", "conference"}
    page.calls()
    takes(operator)
    person.rings()
    carrier.outbound.refuse(person.call)
    work()
    operator.waits_for_somebody()
    later(120)
    assert looking.ask_about_stuck() >= 1
    work()
    assert operator.hears("caller_not_reached").is_over
    later(300)
    looking.ask_about_stuck()
    work()
    assert (page.cause, page.callback.attempts) == ("busy", 1)


def test_with_every_bell_lost_the_sweeps_do_it_all(page: Desk, operator: Caller, person: Caller) -> None:
    def sweep() -> None:
        queue_empty()
        later(6)
        placing.place_due()
        placing.steer_due()
        looking.tell_overdue()
        queue_empty()

    operator._after = person._after = sweep
    page.calls()
    takes(operator)
    person.rings().refuses()
    sweep()
    assert operator.hears("caller_not_reached").is_over
    sweep()
    assert page.cause == "busy"


def queue_empty() -> None:
    db.redis().flushdb()


@pytest.mark.parametrize("how", ["sequential", "parallel"])
def test_every_webhook_twice_makes_one_call_of_each(
    page: Desk, operator: Caller, person: Caller, carrier: Carrier, how: str
) -> None:
    carrier.mischief.duplicate = how
    page.calls()
    takes(operator)
    person.rings().answers("bn").presses("1").hears("callback_wait")
    operator.talks_with(person)
    person.hangs_up()
    assert carrier.disagreements == []
    assert calls_to(carrier, MEDIATOR) == calls_to(carrier, CALLER) == 1
    assert page.cause == "connected"


def test_late_news_takes_nothing_back(page: Desk, operator: Caller, person: Caller, carrier: Carrier) -> None:
    carrier.mischief.reorder = True
    page.calls()
    takes(operator)
    person.rings().answers("bn").presses("1")
    person.hangs_up()
    assert {one.state for one in legs()} == {"ended"} and page.cause == "connected"
    before = moves()
    for exchange in [one for one in carrier.exchanges if one.kind in ("status", "voice")]:
        carrier.replay(exchange)
    assert {one.state for one in legs()} == {"ended"} and moves() == before
    assert calls_to(carrier, CALLER) == 1


def moves() -> int:
    with db.transaction() as session:
        return len(session.scalars(select(Moved).where(Moved.kind == Leg.KIND)).all())


def test_a_second_call_of_one_leg_is_hung_up(
    page: Desk, operator: Caller, carrier: Carrier, settings: Settings
) -> None:
    page.calls()
    operator.rings()
    wanted = {"Url": f"{settings.public_url}/voice/leg/{legs()[0].id}"}
    strange = carrier.outbound.place(MEDIATOR, settings.callback_number, wanted, [])
    carrier.advance(5)
    takes(operator)
    carrier.outbound.answer(strange)
    assert strange.ended and not [one for one in strange.heard if one.kind in {"say", "play"}]


def test_without_a_good_signature_no_leg_moves(page: Desk, operator: Caller, carrier: Carrier) -> None:
    page.calls()
    operator.rings()
    one = legs()[0]
    fields = [("CallSid", one.sid or ""), ("CallStatus", "completed"), ("Digits", "1")]
    for path in ("", "/status", "/key/take", "/left"):
        assert carrier.forge(f"/voice/leg/{one.id}{path}", fields, signature="x" * 28).status == 403
    assert legs()[0].state == "ringing" and len(legs()) == 1


def test_a_database_that_does_not_answer_ends_the_call_in_silence(
    page: Desk, operator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.calls()
    operator.rings()

    def down(**how: object) -> object:
        raise RuntimeError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(db, "transaction", down)
        operator.carrier.mischief.drop = {"status"}
        operator.answers()
    assert operator.is_over and operator.heard == []


def test_nothing_is_dialled_twice_by_two_workers_at_once(page: Desk, carrier: Carrier) -> None:
    from concurrent.futures import ThreadPoolExecutor

    page.calls()
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(placing.place_leg, [legs()[0].id] * 8))
    assert sorted(done) == [False] * 7 + [True]
    assert len(carrier.calls) == 1
    assert do(lambda session: session.get_one(Leg, legs()[0].id).tries) == 1
