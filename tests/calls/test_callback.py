"""Calls of people who want to be called back."""

from collections.abc import Callable

from sqlalchemy import select

from helpline import db
from helpline.callbacks.models import Callback
from helpline.calls.models import Call
from tests.calls.caller import Caller


def callbacks() -> list[Callback]:
    with db.transaction() as session:
        return list(session.scalars(select(Callback).order_by(Callback.id)))


def test_a_farmer_asks_in_bangla_to_be_called_in_the_morning(caller: Caller) -> None:
    caller.dials().hears("it/language_line", "bn/language_line", "hi/language_line")
    caller.presses("8").hears("bn/danger", "bn/welcome", "bn/free_call", "bn/again_and_back", "bn/main_information")
    caller.hears_only("bn").presses("2").hears("bn/callback_new", "bn/callback_code")
    caller.presses("1").hears("bn/number_safe").presses("1").hears("bn/window_morning")
    caller.presses("1").hears("bn/quiet", "bn/message_offer_no").presses("2")
    caller.hears("bn/saved", "bn/called_from", "bn/code_is", "bn/code_again").hears_only("bn")
    code = caller.value_after("bn/code_is")
    assert len(code) == 4
    assert caller.value_after("bn/code_again") == code
    caller.presses("9").hears("bn/code_is")
    assert caller.value_after("bn/code_is") == code
    caller.keeps_silent(2).hears("bn/goodbye")
    assert caller.is_over
    caller.afterwards()
    [callback] = callbacks()
    assert (callback.language, callback.window, callback.state) == ("bn", "morning", "waiting")
    with db.transaction() as session:
        call = session.scalars(select(Call)).one()
    assert (call.outcome, call.language, call.finished) == ("callback", "bn", True)


def test_silence_and_wrong_keys_lead_to_a_message(caller: Caller) -> None:
    caller.dials().presses("5").keeps_silent().hears("ru/no_input", "ru/main_information")
    caller.presses("7").hears("ru/wrong_key", "ru/main_information")
    caller.keeps_silent().hears("ru/difficult_call", "ru/difficult_callback")
    caller.keeps_silent(3).hears("ru/leave_message").says(4).hears("ru/message_thanks", "ru/goodbye")
    caller.afterwards()
    with db.transaction() as session:
        assert session.scalars(select(Call.outcome)).one() == "message"


def test_a_withheld_number_keys_another_one(caller_from: Callable[..., Caller]) -> None:
    caller = caller_from("anonymous")
    caller.dials().presses("2", "2", "1").hears("en/number_enter")
    caller.presses("3330000456#").hears("en/number_is", "en/number_right")
    assert caller.value_after("en/number_is") == "3330000456"
    caller.presses("1", "4", "2").hears("en/saved", "en/code_is").hangs_up()
    assert [callback.window for callback in callbacks()] == ["any"]
