"""An offer is pulled back, or its case closed, while the telephones ring: who has not met yet meets nobody."""

from collections.abc import Callable

import pytest

from helpline.people.accounts import Who
from helpline.routing import calling, offers
from tests.calls import entity
from tests.calls.caller import Caller
from tests.calls.entity import do, rings_them

pytestmark = pytest.mark.usefixtures("unpaced")


def pulled_back(offer: int) -> None:
    do(offers.withdraw, offer, who="person 1", why="gone")


def closed(offer: int) -> None:
    do(offers.report, offer, "withdrew", who="person 1")


def test_what_is_pulled_back_while_the_telephones_ring_joins_nobody(
    miriam: Who, member: Caller, person: Caller, work: Callable[[], None]
) -> None:
    offer = entity.an_offer(miriam)
    rings_them(offer, miriam, member, person)
    pulled_back(offer)
    work()
    assert person.call.status == "canceled"
    assert member.hears("take_gone").is_over


@pytest.mark.parametrize("over", [pulled_back, closed])
def test_who_hears_the_opening_when_it_is_over_hears_an_excuse_and_meets_nobody(
    over: Callable[[int], None], miriam: Who, member: Caller, person: Caller, work: Callable[[], None]
) -> None:
    offer = entity.an_offer(miriam)
    rings_them(offer, miriam, member, person).answers("bn").hears("callback_opening")
    over(offer)
    person.presses("1").hears("excuse_goodbye").does_not_hear("callback_wait")
    work()
    assert person.is_over and member.hears("take_gone").is_over


def test_two_who_talk_already_are_left_to_end_by_themselves(
    miriam: Who, member: Caller, person: Caller, work: Callable[[], None]
) -> None:
    offer = entity.an_offer(miriam)
    rings_them(offer, miriam, member, person).answers("bn").presses("1")
    member.talks_with(person)
    pulled_back(offer)
    work()
    member.talks_with(person)
    assert do(calling.progress, offer).talking
