"""By which number of ours somebody calls decides the greeting: the line's settings say so for those besides the installation's."""

from collections.abc import Callable

from helpline import db, line
from helpline.config import Settings
from helpline.line.models import LineVersion, NumberRow
from tests.calls.caller import Caller

MILAN, SECOND_FREE = "+390255500000", "+39800000077"


def ours(number: str, greeting: str) -> None:
    with db.transaction() as session:
        session.merge(NumberRow(number=number, greeting=greeting))
        session.add(LineVersion(who="test", source="test", changes={}))
    line.forget()


def test_a_number_that_greets_neutrally_says_nothing_of_return_and_one_that_welcomes_does(
    caller: Caller,
) -> None:
    ours(MILAN, "neutral")
    caller.dials(MILAN).chooses("ar").hears("redial", "redial_called").does_not_hear("welcome")
    caller.presses("2").hears("welcome").does_not_hear("free_call").hangs_up()
    ours(MILAN, "welcome")
    caller.dials(MILAN).chooses("ar").hears("welcome").does_not_hear("redial", "free_call").hangs_up()


def test_a_call_to_any_free_number_of_ours_is_told_to_be_free(caller: Caller) -> None:
    ours(SECOND_FREE, "welcome")
    caller.dials(SECOND_FREE).chooses("bn").hears("welcome", "free_call").hangs_up()


def test_the_number_that_rings_back_stays_neutral_whatever_is_written(
    caller: Caller, settings: Settings
) -> None:
    ours(settings.callback_number, "welcome")
    caller.dials(settings.callback_number).chooses("en").hears("redial").does_not_hear("welcome").hangs_up()


def test_nobody_has_a_number_of_ours_called_back(caller_from: Callable[..., Caller]) -> None:
    ours(MILAN, "welcome")
    caller_from().dials().chooses("en").presses("2", "1", "2", "0255500000").hears("number_special")
