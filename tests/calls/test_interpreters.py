"""A third leg in a live call: the interpreter is consulted first, then let in, and keeps nobody waiting."""

from collections.abc import Callable

import pytest

from helpline.live import interpreters
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.simulator.carrier import Carrier
from tests.calls.caller import Caller
from tests.calls.dialled import INTERPRETER, do
from tests.calls.staffed import Mediator, holds, mediator

NUMBER = PhoneNumber(INTERPRETER)


pytestmark = pytest.mark.usefixtures("unpaced")


def who(her: Mediator) -> Who:
    return Who(her.id, "M1", "m1", ("operator",), ("en",), None, "it")


@pytest.fixture
def her() -> Mediator:
    return mediator("en")


@pytest.fixture
def mobile(caller: Caller, her: Mediator, telephone: Callable[..., Caller]) -> Caller:
    """The telephone of a mediator who talks with the caller."""
    caller.dials().chooses("en").presses("0")
    mobile = telephone(her.phone).rings().answers("en").hears("take_call").presses("1")
    caller.afterwards()
    caller.talks_with(mobile)
    return mobile


def calls_in(her: Mediator, interpreter: Caller) -> Caller:
    """The mediator has the interpreter rung, for French."""
    leg_id = do(interpreters.add, holds()[0].id, NUMBER, language="fr", who=who(her))
    assert do(interpreters.add, holds()[0].id, NUMBER, language="fr", who=who(her)) == leg_id
    return interpreter.rings()


def test_an_interpreter_speaks_first_with_the_mediator_alone_then_with_both(
    caller: Caller, her: Mediator, mobile: Caller, telephone: Callable[..., Caller], work: Callable[[], None]
) -> None:
    interpreter = calls_in(her, telephone(INTERPRETER)).answers("fr").hears("take_call")
    caller.is_on_hold().hears("callback_wait")
    interpreter.presses("1")
    caller.is_on_hold()
    assert do(interpreters.of_call, holds()[0].id, who(her)) == interpreters.Third("answered", held=True)
    assert do(interpreters.bridge, holds()[0].id, who(her))
    work()
    mobile.talks_with(caller, interpreter)
    interpreter.hangs_up()
    mobile.talks_with(caller)
    assert not do(interpreters.of_call, holds()[0].id, who(her)).there


def test_an_interpreter_who_does_not_come_or_is_not_needed_keeps_nobody_on_hold(
    caller: Caller, her: Mediator, mobile: Caller, telephone: Callable[..., Caller], work: Callable[[], None]
) -> None:
    calls_in(her, telephone(INTERPRETER)).refuses()
    work()
    mobile.talks_with(caller)
    again = calls_in(her, telephone(INTERPRETER))
    assert do(interpreters.dismiss, holds()[0].id, who(her))
    work()
    assert again.call.status == "canceled"
    mobile.talks_with(caller)


@pytest.mark.parametrize("leaver", ["caller", "mobile"])
def test_when_the_talk_ends_the_interpreter_rings_no_more(
    leaver: str,
    caller: Caller,
    her: Mediator,
    mobile: Caller,
    telephone: Callable[..., Caller],
    work: Callable[[], None],
    carrier: Carrier,
) -> None:
    carrier.mischief.drop = {"conference"}
    interpreter = calls_in(her, telephone(INTERPRETER))
    {"caller": caller, "mobile": mobile}[leaver].call.hang_up()
    work()
    assert interpreter.call.status == "canceled"
    assert holds()[0].state == "done"


def test_nobody_is_called_into_a_call_that_still_waits(caller: Caller, her: Mediator) -> None:
    caller.dials().chooses("en").presses("0")
    with pytest.raises(interpreters.NotTalking):
        do(interpreters.add, holds()[0].id, NUMBER, language="fr", who=who(her))
