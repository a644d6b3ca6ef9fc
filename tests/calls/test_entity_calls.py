"""A member of an organisation rings the person of an accepted offer through the line: neither sees the other's number."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from helpline import db
from helpline.config import Settings
from helpline.intake import offer_calls
from helpline.people.accounts import Who
from helpline.people.models import AuditLine, Person
from helpline.routing import calling, offers
from tests.calls import entity
from tests.calls.caller import Caller
from tests.calls.dialled import do, legs
from tests.calls.entity import rings_them, takes

pytestmark = pytest.mark.usefixtures("unpaced")


@pytest.fixture
def offer(miriam: Who) -> int:
    return entity.an_offer(miriam)


def test_both_meet_from_our_number_after_the_neutral_opening(
    offer: int, miriam: Who, member: Caller, person: Caller, work: Callable[[], None], settings: Settings
) -> None:
    leg_id = do(offer_calls.call, offer, miriam)
    assert do(offer_calls.call, offer, miriam) == leg_id  # a second click rings nobody else
    person.does_not_ring(within=1)
    takes(member).waits_for_somebody()
    assert person.rings().call.from_ == settings.callback_number
    person.answers("bn").hears("callback_opening").presses("1").hears("callback_wait")
    member.talks_with(person)
    work()
    assert do(calling.progress, offer).talking
    person.hangs_up()
    assert member.is_over and not do(calling.progress, offer).under_way
    assert {leg.to_number for leg in legs()} == {None}
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.what == "rang")).all()
        assert [(line.who, line.about) for line in lines] == [(miriam.in_audit, f"offer {offer}")]


def test_nobody_is_rung_for_a_member_who_does_not_press_and_a_machine_hears_nothing(
    offer: int, miriam: Who, member: Caller, person: Caller, work: Callable[[], None]
) -> None:
    do(offer_calls.call, offer, miriam)
    member.rings().refuses()
    work()
    person.does_not_ring(within=1)
    rings_them(offer, miriam, member, person).answers(machine=True)
    work()
    member.hears("caller_not_reached")
    assert not do(calling.progress, offer).under_way and do(offer_calls.chance, offer).tried == 1


def test_what_was_taken_back_meanwhile_rings_nobody(
    offer: int, miriam: Who, member: Caller, person: Caller, work: Callable[[], None]
) -> None:
    do(offer_calls.call, offer, miriam)
    member.rings().answers("it").hears("take_call")
    do(offers.withdraw, offer, who="person 1", why="gone")
    member.presses("1").hears("take_gone")
    person.does_not_ring(within=1)
    with pytest.raises(offers.Late):
        do(offer_calls.call, offer, miriam)


def test_who_may_not_ring_and_when_nobody_may(offer: int, miriam: Who, at: Callable[[str], object]) -> None:
    with pytest.raises(LookupError):
        do(offer_calls.call, offer, replace(miriam, entity_id="other"))
    for moment in ("2026-11-18 14:00", "2026-11-22 10:00"):  # asked for the morning; a Sunday
        at(moment)
        with pytest.raises(offer_calls.NotNow):
            do(offer_calls.call, offer, miriam)
    at("2026-11-19 10:00")
    with db.transaction() as session:
        session.get_one(Person, miriam.id).phone = None
    with pytest.raises(offer_calls.NoTelephone):
        do(offer_calls.call, offer, miriam)
    assert legs() == []
