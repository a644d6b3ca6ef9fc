"""An organisation that rings through our line has the bounds of our own calls: what a no means, how often, one telephone at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.callbacks import barring, desk, dialling
from helpline.callbacks.models import BarredNumber, Plan
from helpline.intake import offer_calls
from helpline.people.accounts import Who
from helpline.people.models import AuditLine
from helpline.routing import calling, offers
from helpline.routing.models import Offer, Request
from tests.calls import entity
from tests.calls.caller import Caller
from tests.calls.dialled import CALLER, Desk, do, legs, mediator
from tests.calls.entity import rings_them, takes, why_not
from tests.integration import queue_rows

pytestmark = pytest.mark.usefixtures("unpaced")


def state(offer: int) -> tuple[str, str]:
    with db.transaction() as session:
        found = session.get_one(Offer, offer)
        return found.state, session.get_one(Request, found.request_id).state


def says_two(offer: int, who: Who, member: Caller, person: Caller) -> None:
    rings_them(offer, who, member, person).answers("bn").hears("callback_opening")
    person.presses("2").hears("excuse_goodbye")
    person.afterwards()
    member.hears("caller_not_reached").afterwards()


def nobody_answers(offer: int, who: Who, member: Caller, person: Caller) -> None:
    rings_them(offer, who, member, person).lets_it_ring()
    member.hears("caller_not_reached").afterwards()


# ------------------------------------------------------------ what a 2 means


def test_two_on_a_proved_number_is_another_time_and_the_second_ends_the_request(
    miriam: Who, member: Caller, person: Caller, at: Callable[[str], object]
) -> None:
    offer = entity.an_offer(miriam, window="any")
    says_two(offer, miriam, member, person)
    assert state(offer) == ("accepted", "accepted")
    chance = do(offer_calls.chance, offer)
    assert (chance.why, chance.next_at.astimezone(clock.ROME).hour) == ("pause", 13), (
        "the next part of the day"
    )
    with pytest.raises(offer_calls.NotNow):
        do(offer_calls.call, offer, miriam)
    at("2026-11-18 13:05")
    says_two(offer, miriam, member, person)
    assert state(offer) == ("withdrawn", "cancelled")
    with db.transaction() as session:
        assert session.scalars(select(BarredNumber)).all() == [], "stopped, but not barred"
    with pytest.raises(offers.Late):
        do(offer_calls.call, offer, miriam)


def test_two_on_a_number_that_was_only_keyed_ends_everything_and_bars_it_for_ninety_days(
    miriam: Who, member: Caller, person: Caller
) -> None:
    offer = entity.an_offer(miriam, proved=False)
    says_two(offer, miriam, member, person)
    assert state(offer) == ("withdrawn", "cancelled")
    with db.transaction() as session:
        [row] = session.scalars(select(BarredNumber)).all()
        assert (row.until - clock.now()).days in (89, 90)
        assert barring.barred(session, row.number_hash)
        assert "number" not in offers.seen_by_entity(session, offer, "everywhere")


def test_who_told_us_to_stop_is_not_rung_for_an_organisation_either(miriam: Who) -> None:
    offer = entity.an_offer(miriam, window="any")
    callback = queue_rows.asked("bn", number=CALLER)
    queue_rows.claimed(callback, mediator("bn"))
    with db.transaction() as session:
        held = queue_rows.of(callback)
        who = Who(held.holder_id or 0, "Amina", "amina", ("operator",), ("bn",), None, "it")
        desk.finish(session, callback, who, held.claim_no, desk.Outcome.STOP_CALLING)
    assert why_not(offer) == "no_calls"


def test_a_number_that_is_forgotten_is_said_to_be_so(miriam: Who) -> None:
    offer = entity.an_offer(miriam)
    with db.transaction() as session:
        for plan in session.scalars(select(Plan)):
            plan.number, plan.closed_at = None, clock.now()
    assert why_not(offer) == "forgotten"


# ------------------------------------------------------------ how often


def test_three_tries_in_the_persons_time_of_day_over_working_days_and_then_no_more(
    miriam: Who, member: Caller, person: Caller, at: Callable[[str], object]
) -> None:
    offer = entity.an_offer(miriam)
    for tried, (day, following) in enumerate(
        [("2026-11-18 10:00", "2026-11-19 09:00"), ("2026-11-19 09:30", "2026-11-20 09:00")]
    ):
        at(day)
        assert why_not(offer) is None, tried
        nobody_answers(offer, miriam, member, person)
        chance = do(offer_calls.chance, offer)
        assert (chance.why, chance.tried) == ("pause", tried + 1)
        assert f"{chance.next_at.astimezone(clock.ROME):%Y-%m-%d %H:%M}" == following
    at("2026-11-20 14:00")
    assert why_not(offer) == "window"
    at("2026-11-20 10:00")
    nobody_answers(offer, miriam, member, person)
    at("2026-11-24 10:00")
    assert why_not(offer) == "used_up"
    with pytest.raises(offer_calls.NotNow):
        do(offer_calls.call, offer, miriam)


def test_after_a_talk_they_may_ring_again_and_what_the_member_spoilt_costs_nothing(
    miriam: Who, member: Caller, person: Caller, work: Callable[[], None]
) -> None:
    offer = entity.an_offer(miriam)
    do(offer_calls.call, offer, miriam)
    member.rings().refuses()
    work()
    assert (why_not(offer), do(offer_calls.chance, offer).tried) == (None, 0)
    rings_them(offer, miriam, member, person).answers("bn").presses("1")
    member.talks_with(person)
    person.hangs_up()
    work()
    assert (why_not(offer), do(offer_calls.chance, offer).tried) == (None, 0)


def test_a_call_that_is_taken_back_while_it_rings_costs_no_try_and_is_made_five_times_a_day_at_most(
    miriam: Who, member: Caller, person: Caller, work: Callable[[], None], at: Callable[[str], object]
) -> None:
    offer = entity.an_offer(miriam, window="any")
    for _ in range(5):
        assert why_not(offer) is None
        rings_them(offer, miriam, member, person)
        do(calling.stop, offer, miriam)
        work()
    chance = do(offer_calls.chance, offer)
    assert (chance.why, chance.tried) == ("pause", 0)
    with pytest.raises(offer_calls.NotNow):
        do(offer_calls.call, offer, miriam)
    with db.transaction() as session:
        acts = session.scalars(select(AuditLine.what).where(AuditLine.about == f"offer {offer}")).all()
        assert acts.count("rang") == acts.count("stopped_call") == 5
    at("2026-11-19 10:00")
    assert why_not(offer) is None


def test_a_telephone_of_ones_own_that_nobody_takes_is_rung_fifteen_times_a_day_at_most(
    miriam: Who, member: Caller, work: Callable[[], None]
) -> None:
    offer = entity.an_offer(miriam, window="any")
    for _ in range(15):
        do(offer_calls.call, offer, miriam)
        member.rings().refuses()
        work()
    assert why_not(offer) == "pause"


def test_a_try_of_an_organisation_spares_the_telephone_from_us_and_ours_from_it(
    miriam: Who, member: Caller, person: Caller
) -> None:
    offer = entity.an_offer(miriam, window="any")
    callback = queue_rows.asked("bn", number=CALLER)
    nobody_answers(offer, miriam, member, person)
    assert queue_rows.of(callback).next_at > clock.now() + barring.timedelta(hours=3)
    other = entity.an_offer(miriam, "CA2", number="+393330000124", window="any")
    second = queue_rows.asked("bn", number="+393330000124")
    queue_rows.rung(second, mediator("bn"), "no_answer")
    assert why_not(other) == "pause"


# ------------------------------------------------------------ one ringing plan per number


def test_while_one_of_ours_has_the_telephone_no_organisation_rings_it(miriam: Who) -> None:
    offer = entity.an_offer(miriam)
    page = Desk(mediator("bn", phone="+393330000778"), queue_rows.asked("bn", number=CALLER)).claims()
    assert why_not(offer) == "busy"
    with pytest.raises(offer_calls.NotNow):
        do(offer_calls.call, offer, miriam)
    do(desk.release, page.callback_id, page.who, page.claim_no)
    assert why_not(offer) is None


def test_while_an_organisation_rings_or_talks_none_of_ours_is_given_that_telephone_or_rings_it(
    miriam: Who, member: Caller, person: Caller, work: Callable[[], None]
) -> None:
    offer = entity.an_offer(miriam)
    amina = mediator("bn", phone="+393330000778")
    page = Desk(amina, queue_rows.asked("bn", number=CALLER))
    do(offer_calls.call, offer, miriam)
    assert do(desk.claim_next, amina) is None
    page.claims()
    with pytest.raises(desk.Elsewhere):
        page.calls()
    takes(member)
    person.rings().answers("bn").presses("1")
    member.talks_with(person)
    with pytest.raises(desk.Elsewhere):
        page.calls()
    person.hangs_up()
    work()
    assert isinstance(page.calls(), dialling.Dialled)


def test_two_organisations_do_not_ring_one_telephone_at_the_same_time(miriam: Who) -> None:
    first = entity.an_offer(miriam)
    second = entity.an_offer(miriam, "CA2")
    do(offer_calls.call, first, miriam)
    assert why_not(second) == "busy"


@pytest.mark.parametrize("ours_first", [True, False])
def test_of_an_operator_and_a_member_who_click_at_once_one_alone_rings(miriam: Who, ours_first: bool) -> None:
    offer = entity.an_offer(miriam)
    amina = mediator("bn", phone="+393330000778")
    callback = queue_rows.asked("bn", number=CALLER)

    def ours(session: Session) -> None:
        claim = desk.claim(session, callback, amina)
        assert isinstance(claim, desk.Claim)
        dialling.call(session, callback, amina, claim.claim_no)

    def theirs(session: Session) -> None:
        offer_calls.call(session, offer, miriam)

    first, second = (ours, theirs) if ours_first else (theirs, ours)
    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            first(session)
            late = pool.submit(do, second)
            assert wait([late], timeout=0.3).not_done, "the second waits for the number's plan"
        with pytest.raises((desk.Elsewhere, offer_calls.NotNow)):
            late.result()
    assert len(legs()) == 1
