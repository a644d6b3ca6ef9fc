"""A signal for which nobody can be called yet sounds at the keypad like one that made a call: who signalled learns nothing."""

from collections.abc import Callable

from sqlalchemy import select

from helpline import db
from helpline.intake import signals
from helpline.intake.models import Ask
from helpline.intake.signals import Given, Told
from helpline.phone import PhoneNumber
from helpline.routing.network_models import Signal
from tests.calls.caller import Caller
from tests.calls.ways import rows
from tests.integration.intake_rows import said, save

NUMBER = "+393330000456"


def signalled(*, kept: bool) -> str:
    """Somebody signals a person whose telephone holds another ask that was only keyed, or none; the code shown."""
    if kept:
        save("CA9", said(number=NUMBER, number_proved=False), "en")
    given = Given(
        nonce="one", organisation="Sportello", contact="06 5550 0000", number=PhoneNumber(NUMBER), language="en",
        window="morning", region="lazio", minor=False, read_in="it", address="198.51.100.7",
    )  # fmt: skip
    with db.transaction() as session:
        told = signals.save(session, given)
        assert isinstance(told, Told)
    return told.code


def comes_with(caller: Caller, code: str) -> Caller:
    """Who signalled dials from their own telephone, and keys the person's number and the code."""
    return caller.dials().chooses("en").presses("2", "2", "2", "3330000456", code)


def everything_heard(caller: Caller, code: str) -> list[set[str]]:
    """What is heard on the way through all that can be done with the code."""
    heard = list(comes_with(caller, code).names)
    heard += caller.hears("state_waiting", "asked_keep").presses("2", "3").names
    caller.hears("asked_changed").hangs_up()
    heard += comes_with(caller, code).presses("4", "1").names
    caller.hears("asked_cancelled").hangs_up()
    return heard + list(comes_with(caller, code).names)


def test_a_kept_signal_and_one_that_made_a_call_sound_alike_word_for_word(
    caller_from: Callable[..., Caller],
) -> None:
    made = everything_heard(caller_from("+393330000801"), signalled(kept=False))
    with db.transaction() as session:
        for row in session.scalars(select(Signal)):
            session.delete(row)
        for ask in session.scalars(select(Ask)):
            ask.code = None
    kept = everything_heard(caller_from("+393330000802"), signalled(kept=True))
    assert kept == made and len(made) > 10
    [signal] = rows(Signal)
    assert (signal.ask_id, signal.window, signal.number, signal.closed_why) == (
        None, "evening", None, "cancelled with the code",
    )  # fmt: skip


def test_a_kept_signal_that_moves_to_a_telephone_with_room_makes_its_call_there(
    caller_from: Callable[..., Caller],
) -> None:
    code = signalled(kept=True)
    caller = comes_with(caller_from("+393330000801"), code)
    caller.presses("3").hears("number_safe").presses("2", "3330000789", "1").hears("asked_changed").hangs_up()
    [signal] = rows(Signal)
    [ask] = [one for one in rows(Ask) if one.id == signal.ask_id]
    assert (ask.code, ask.source, signal.number, signal.number_hash) == (code, "signal", None, None)
    caller.dials().chooses("en").presses("2", "2", "2", "3330000789", code).hears("state_waiting")


def test_one_that_moves_to_a_telephone_without_room_stays_where_it_is(
    caller_from: Callable[..., Caller],
) -> None:
    code = signalled(kept=True)
    save("CA8", said(number="+393330000789", number_proved=False), "en")
    caller = comes_with(caller_from("+393330000801"), code)
    caller.presses("3", "2", "3330000789", "1").hears("cannot_save").hangs_up()
    [signal] = rows(Signal)
    assert (signal.number, signal.ask_id) == (NUMBER, None)
    comes_with(caller, code).hears("state_waiting")


def test_a_wrong_code_is_wrong(caller_from: Callable[..., Caller]) -> None:
    code = "9631" if signalled(kept=True) != "9631" else "9632"
    comes_with(caller_from("+393330000801"), code).hears("code_wrong")
