"""The language of a returning number: its line comes first, the keys never change, and a shared telephone loses nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from helpline import clock, db
from helpline.calls import memory
from helpline.calls.models import Remembered
from helpline.phone import PhoneNumber
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, rows

LINES = [f"{code}/language_line" for code in LANGUAGES]


def with_first(code: str) -> list[str]:
    return [f"{code}/language_line", *(line for line in LINES if not line.startswith(code))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_returning_number_hears_its_language_first_and_every_key_is_what_it_was(
    caller: Caller, language: str
) -> None:
    caller.dials().hears(*LINES).chooses(language).presses("1").hangs_up()
    caller.dials()
    assert caller.names == [{line} for line in with_first(language)]
    caller.chooses("bn" if language != "bn" else "hi").hears("welcome")


def test_a_language_that_was_only_chosen_is_not_remembered(caller: Caller) -> None:
    caller.dials().chooses("bn").hangs_up().dials()
    assert caller.names == [{line} for line in LINES] and not rows(Remembered)


def test_the_language_used_last_is_remembered_when_it_was_changed_in_the_call(caller: Caller) -> None:
    caller.dials().chooses("ru").presses("1", "8", "8").chooses("uk").presses("1").hangs_up()
    assert caller.dials().names[0] == {"uk/language_line"}


def test_on_a_shared_telephone_the_last_language_comes_first_and_all_others_follow(caller: Caller) -> None:
    caller.dials().chooses("ar").presses("1").hangs_up()
    caller.dials().chooses("hi").presses("1").hangs_up()
    caller.dials()
    assert caller.names == [{line} for line in with_first("hi")]


@pytest.mark.parametrize("from_", ["anonymous", "+8801700000012", ""])
def test_a_number_that_is_withheld_or_from_abroad_harms_nobody(
    caller_from: Callable[..., Caller], from_: str
) -> None:
    caller = caller_from(from_).dials().chooses("bn").presses("1").hangs_up().dials()
    assert {name for names in caller.names for name in names} == set(LINES)
    assert len(caller.names) == len(LINES)


def test_a_withheld_number_remembers_nothing(caller_from: Callable[..., Caller]) -> None:
    caller_from("anonymous").dials().chooses("bn").presses("1").hangs_up()
    assert not rows(Remembered)


def test_the_memory_ends(caller: Caller, at: Callable[[str], datetime]) -> None:
    caller.dials().chooses("bn").presses("1").hangs_up()
    at("2027-11-19 10:00")
    assert caller.dials().names == [{line} for line in LINES]


def test_a_language_that_is_offered_no_longer_is_not_said(caller: Caller) -> None:
    with db.transaction() as session:
        memory.remember(session, PhoneNumber(caller.from_), "bn")
        session.query(Remembered).update({"language": "xx", "expires_at": clock.now() + timedelta(days=9)})
    assert caller.dials().names == [{line} for line in LINES]


def test_the_number_itself_is_not_in_the_memory(caller: Caller) -> None:
    caller.dials().chooses("bn").presses("1").hangs_up()
    [kept] = rows(Remembered)
    assert "3330000123" not in kept.number_hash and kept.language == "bn"
