"""A mediator has one telephone: while a live call has it, nobody is called back on it, nor the other way round."""

from collections.abc import Callable

import pytest

from helpline.callbacks import desk
from helpline.live.ringing import match
from helpline.people.accounts import Who
from tests.calls.caller import Caller
from tests.calls.dialled import CALLER, Desk, legs
from tests.calls.staffed import Mediator, holds, later, mediator, there
from tests.integration import queue_rows

Telephone = Callable[..., Caller]
pytestmark = pytest.mark.usefixtures("unpaced")


@pytest.fixture
def her() -> Mediator:
    """Somebody who answers, and calls people back."""
    return mediator("en")


@pytest.fixture
def mobile(telephone: Telephone, her: Mediator) -> Caller:
    return telephone(her.phone)


@pytest.fixture
def page(her: Mediator) -> Desk:
    """The sheet of a callback that she holds."""
    callback_id = queue_rows.asked("en", number=CALLER)
    return Desk(Who(her.id, "M1", "m1", ("operator",), ("en",), None, "it"), callback_id).claims()


def rings_nobody(page: Desk) -> None:
    """Call is refused, and nothing has begun."""
    before = len(legs())
    with pytest.raises(desk.Engaged):
        page.calls()
    assert (len(legs()), page.callback.state, page.attempts) == (before, "claimed", [])


def test_who_talks_in_a_live_call_calls_nobody_back_until_it_is_over(
    page: Desk, caller_from: Telephone, mobile: Caller, telephone: Telephone
) -> None:
    caller = caller_from("+393330000456").dials().chooses("en").presses("0")
    mobile.rings().answers("en").presses("1")
    rings_nobody(page)  # taken, and the caller is still being fetched
    caller.afterwards().talks_with(mobile)
    rings_nobody(page)
    mobile.does_not_ring(within=1)
    assert caller.talks_with(mobile)
    caller.hangs_up()
    assert mobile.is_over
    page.calls()
    mobile.rings().answers("en").hears("take_call").presses("1")
    telephone(CALLER).rings()


def test_who_is_rung_for_a_live_call_calls_nobody_back_meanwhile(
    page: Desk, caller_from: Telephone, mobile: Caller
) -> None:
    caller_from("+393330000456").dials().chooses("en").presses("0")
    mobile.rings()
    rings_nobody(page)
    mobile.refuses()
    page.calls()
    mobile.rings().answers("en").hears("take_call").presses("1").hears("connecting_caller")


def test_who_calls_somebody_back_is_rung_for_nobody_who_waits_from_the_click_to_the_end(
    page: Desk, her: Mediator, caller_from: Telephone, mobile: Caller, telephone: Telephone
) -> None:
    page.calls()
    waiting = caller_from("+393330000456").dials().chooses("en").presses("0").hears("hold_offer")
    match()
    mobile.rings().answers("en").presses("1")
    person = telephone(CALLER).rings().answers("en").presses("1")
    match()
    assert [hold.rung_person_id for hold in holds()] == [None]
    mobile.talks_with(person)
    mobile.hangs_up()
    later(1)
    match()
    again = mobile.rings().answers("en").hears("take_call").presses("1")
    waiting.afterwards().talks_with(again)
    assert there() == {her.id: (True, False)}
