"""What the console says a caller would hear is what a caller hears: the same moment, number and language, both ways."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from helpline import clock, db, line
from helpline.calls.models import Call
from helpline.config import Settings
from helpline.hours import Status
from helpline.intake.models import Ask, Draft
from helpline.ivr import imagined
from helpline.ivr.imagined import Hearing, Imagined, Told
from helpline.languages import CODES
from helpline.line import notices
from helpline.line.models import LineVersion, WeeklyHours
from helpline.live.plan import Standing
from helpline.simulator.carrier import Carrier
from tests.calls.caller import Caller
from tests.calls.staffed import mediator

At = Callable[..., datetime]
STRIKE = {
    "it": "Oggi i nostri uffici sono chiusi per sciopero.",
    "uk": "Сьогодні наші офіси зачинені через страйк.",
}


@pytest.fixture
def imagine(app: Flask, settings: Settings) -> Callable[..., Hearing]:
    """What the console would say of this moment; the shelf is empty, so that every word is the carrier's voice's."""

    def made(language: str, to: str = "", standing: Standing = Standing.NOBODY) -> Hearing:
        library = app.extensions["library"]
        line.forget()
        who = Imagined(
            settings,
            library.catalogue,
            line=line.current(),
            at=clock.now(),
            to=to or settings.toll_free_number,
            language=language,
            standing=standing,
        )
        return imagined.hearing(app.extensions["flow"], library.manifest(), who, library.ready)

    return made


def words(told: Told) -> str:
    return bare("".join(one.text for one in told.lines))


def heard(caller: Caller) -> str:
    return bare("".join(one.text for one in caller.heard))


def bare(text: str) -> str:
    """Letters and digits alone: a value is read out in a breath of its own, after a comma or a stop."""
    return "".join(each for each in text if each.isalnum())


@pytest.mark.parametrize(
    ("moment", "to", "step", "status"),
    [
        ("2026-12-24 17:59", 0, "nobody_free", Status.OPEN),
        ("2026-12-24 18:00", 0, "closed", Status.CLOSED),
        ("2026-12-25 10:00", 0, "holiday", Status.HOLIDAY),
        ("2026-10-25 02:30", 1, "closed", Status.CLOSED),
    ],
)
def test_what_the_console_says_of_a_moment_is_what_a_caller_hears_then_in_each_of_nine_languages(
    caller_from: Callable[..., Caller], settings: Settings, at: At, imagine: Callable[..., Hearing],
    moment: str, to: int, step: str, status: Status,
) -> None:  # fmt: skip
    now = at(moment)
    with db.transaction() as session:
        notices.save(session, notices.Given(STRIKE, now, now + timedelta(hours=1)), who="test")
    number = (settings.toll_free_number, settings.callback_number)[to]
    caller = caller_from("+393330000123", number)
    for language in CODES:
        told = imagine(language, number)
        assert (told.person.step, told.status) == (step, status)
        assert heard(caller.dials().chooses(language)) == words(told.first)
        said = [one.text for one in told.first.lines if not one.prompt]
        assert said == [text for code, text in STRIKE.items() if code == language]
        if told.welcome:
            assert heard(caller.presses("2")) == words(told.welcome)
        assert heard(caller.presses("0")) == words(told.person)
        caller.hangs_up()
        caller.dials().chooses(language).presses(*("2" * bool(told.welcome)))
        assert heard(caller.presses("3")) == words(told.help)
        caller.hangs_up()


def test_the_days_that_it_promises_are_those_that_are_promised_in_the_call(
    caller_from: Callable[..., Caller], at: At, imagine: Callable[..., Hearing]
) -> None:
    """On Fridays nobody rings in the evening, and Christmas is a Friday."""
    at("2026-12-23 17:59")
    with db.transaction() as session:
        session.query(WeeklyHours).filter_by(kind="callback", weekday=3).update({"closes": 13})
        session.add(LineVersion(who="test", source="test", changes={}))
    told = imagine("uk")
    days = {promise.window: promise.day for promise in told.promises}
    thursday, monday = date(2026, 12, 24), date(2026, 12, 28)
    assert days == {"morning": thursday, "afternoon": monday, "evening": monday, "any": thursday}
    for number, promise in enumerate(told.promises):
        caller = caller_from(f"+39333000013{number}").dials().chooses("uk").presses("2", "1", "1")
        assert heard(caller) == words(told.callback)
        caller.presses(promise.key, "2").hears(*(one.prompt for one in promise.said.lines)).hangs_up()


def test_nothing_is_written_and_no_call_is_known_of_it(
    database: object, at: At, imagine: Callable[..., Hearing]
) -> None:
    at("2026-12-24 17:59")
    imagine("uk")
    with db.transaction() as session:
        assert session.query(Call).count() == session.query(Draft).count() == session.query(Ask).count() == 0


def test_while_somebody_is_there_the_caller_is_put_through_as_the_console_says(
    carrier: Carrier, caller_from: Callable[..., Caller], imagine: Callable[..., Hearing]
) -> None:
    mediator("bn")
    told = imagine("bn", standing=Standing.FREE)
    for key, place in (("0", told.person), ("3", told.help)):
        caller = caller_from().dials().chooses("bn").presses(key)
        assert place.lines and heard(caller).startswith(words(place)), caller.names
        caller.hangs_up()
