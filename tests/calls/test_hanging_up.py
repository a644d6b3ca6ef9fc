"""Hanging up at every point of the request for help: what is saved is what DOMAIN §6, "Incomplete calls", says.

Saved only if a safe number and the time (C4) were confirmed; agreed to R2: a request, otherwise a callback."""

import pytest

from helpline.callbacks.models import Callback, Plan
from helpline.intake.models import Ask, Draft
from helpline.routing.models import Request
from tests.calls import world
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, one, outcome, rows

# What the caller does after choosing a language, one answer each; "" is silence.
WAY = ["3", "1", "1", "1", "1", "1", "00185", "1", "1", "1", "2", "1"]
STEPS = [
    "welcome", "help_intro", "help_whom", "adult", "consent", "region_code", "region_digits", "region_confirm", "country",
    "number_safe", "window", "name",
]  # fmt: skip


def goes(caller: Caller, answers: list[str], language: str = "bn") -> Caller:
    caller.dials().chooses(language)
    for each in answers:
        caller.presses(each) if each else caller.keeps_silent()
    return caller


@pytest.mark.parametrize("answered", range(len(STEPS)), ids=STEPS)
def test_hanging_up_in_the_request_saves_it_only_when_number_and_time_were_confirmed(
    caller: Caller, answered: int
) -> None:
    goes(caller, WAY[:answered])
    last = caller.carrier.exchanges[-1].answer
    assert last and f"/{STEPS[answered]}/" in last.body.decode()
    caller.hangs_up()
    if STEPS[answered] == "name":
        request = one(Request)
        assert (request.region, request.country, request.state) == ("lazio", "BD", "offered")
        assert outcome() == "request"
    else:
        assert not rows(Request) and not rows(Callback) and outcome() == "gave_up"
    assert not rows(Draft), "nothing of an unfinished call stays"


@pytest.mark.parametrize("key", ["1", "4"], ids=["number_this", "window"])
def test_hanging_up_with_the_key_itself_counts_the_key(caller: Caller, key: str) -> None:
    goes(caller, WAY[:9] if key == "1" else WAY[:10])
    caller.call.press(key, hang_up=True)
    caller.afterwards()
    assert len(rows(Request)) == (key == "4")
    assert all(ask.promised_on for ask in rows(Ask)), "coordinators see when it is late"


def test_hanging_up_before_the_time_with_a_number_that_was_keyed_saves_nothing(caller: Caller) -> None:
    goes(caller, [*WAY[:9], "2", "3330000456"]).hears("number_is").hangs_up()
    assert not rows(Plan)


@pytest.mark.parametrize(
    ("answers", "saved"),
    [
        (["2"], False),
        (["2", "1"], False),
        (["2", "1", "1"], False),
        (["2", "1", "1", "1"], True),
        (["2", "1", "1", "1", "1"], True),
        (["2", "1", "2", "3330000456"], False),
        (["2", "1", "2", "3330000456", "1"], False),
        (["2", "1", "2", "3330000456", "1", "2"], True),
        (["2", "1", "1", "", "", ""], False),
    ],
)
def test_hanging_up_while_asking_to_be_called(caller: Caller, answers: list[str], saved: bool) -> None:
    goes(caller, answers).hangs_up()
    assert len(rows(Callback)) == saved and not rows(Request)
    assert outcome() == ("callback" if saved else "gave_up")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hanging_up_after_refusing_is_a_callback_and_never_a_request(caller: Caller, language: str) -> None:
    goes(caller, ["3", "1", "1", "1", "2", "1", "1"], language).hears("quiet").hangs_up()
    assert len(rows(Callback)) == 1 and not rows(Request)


def test_hanging_up_before_the_consent_with_a_number_confirmed_is_never_a_request(caller: Caller) -> None:
    goes(caller, ["3", "1", "1", "", "", ""]).hears("not_agreed").presses("1", "4").hangs_up()
    assert len(rows(Callback)) == 1 and not rows(Request)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_who_hangs_up_is_called_by_a_person(caller: Caller, language: str) -> None:
    goes(caller, ["3", "1", "1", "2", "1"], language).hears("window")
    caller.call.press("1", hang_up=True)
    caller.afterwards()
    assert one(Callback).priority == "minor" and not rows(Request)


def test_a_request_that_broke_off_without_a_place_is_a_callback(caller: Caller) -> None:
    world.set_places(0)
    goes(caller, WAY[:11]).hears("name").hangs_up()
    assert not rows(Request) and one(Callback).state == "waiting"


def test_hanging_up_while_saying_the_name_saves_the_request(caller: Caller) -> None:
    goes(caller, WAY[:11]).hears("name")
    caller.call.speak(2, hang_up=True)
    caller.afterwards()
    assert one(Request).state == "offered" and outcome() == "request"


def test_hanging_up_after_cancelling_saves_nothing(caller: Caller) -> None:
    world.set_places(0)
    goes(caller, [*WAY, "2"]).hears("help_cancelled").hangs_up()
    assert not rows(Request) and not rows(Callback)


def test_hanging_up_with_a_code_keyed_changes_nothing(caller: Caller) -> None:
    goes(caller, ["2", "1", "1", "1", "2"])
    code = caller.hears("saved").value_after("code_is")
    caller.hangs_up()
    goes(caller, ["2", "2", "1", code, "3", "2", "3330000456"]).hears("number_is").hangs_up()
    assert one(Plan).number == "+393330000123" and one(Callback).window == "morning"
