"""The parts of the day that are offered for a call back are those in which somebody can call; the keys never change."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from helpline import db, line
from helpline.callbacks.models import Callback
from helpline.line.models import LineVersion, WeeklyHours
from helpline.simulator.carrier import Carrier
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, asks_for_a_callback, one, rows


@pytest.fixture
def callback_hours(carrier: Carrier) -> Callable[..., None]:
    """Somebody rings back on weekdays, in these hours alone."""

    def change(opens: int, closes: int, language: str | None = None) -> None:
        with db.transaction() as session:
            wanted = delete(WeeklyHours).where(WeeklyHours.kind == "callback")
            session.execute(wanted if language is None else wanted.where(WeeklyHours.language == language))
            for weekday in range(5):
                session.add(
                    WeeklyHours(
                        kind="callback", weekday=weekday, language=language, opens=opens, closes=closes
                    )
                )
            session.add(LineVersion(who="test", source="test", changes={}))
        line.forget()

    return change


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_can_be_had_is_said_and_accepted(
    caller: Caller, callback_hours: Callable[..., None], language: str
) -> None:
    callback_hours(14, 17)
    caller.dials().chooses(language).presses("2", "1", "1").hears("window", "window_afternoon", "window_any")
    caller.does_not_hear("window_morning", "window_evening")
    caller.presses("1").hears("wrong_key", "window", "window_afternoon").does_not_hear("quiet")
    caller.presses("2").hears("quiet").presses("2").hears("saved").hangs_up()
    assert one(Callback).window == "afternoon"


def test_each_language_has_hours_of_its_own(caller: Caller, callback_hours: Callable[..., None]) -> None:
    callback_hours(9, 12, "bn")
    caller.dials().chooses("bn").presses("2", "1", "1").hears("window_morning").does_not_hear(
        "window_evening"
    )
    caller.call.hang_up()
    caller.dials().chooses("hi").presses("2", "1", "1").hears("window_morning", "window_evening")


def test_the_wrong_part_of_the_day_three_times_leads_to_a_message(
    caller: Caller, callback_hours: Callable[..., None]
) -> None:
    callback_hours(9, 12)
    caller.dials().chooses("en").presses("2", "1", "1", "3", "2").hears("wrong_key", "window")
    caller.presses("3").hears("leave_message").does_not_hear("window")
    assert not rows(Callback)


def test_any_time_is_offered_although_nobody_could_ring(
    caller: Caller, callback_hours: Callable[..., None]
) -> None:
    callback_hours(20, 21, "uk")
    with db.transaction() as session:
        session.execute(delete(WeeklyHours).where(WeeklyHours.kind == "callback"))
        session.add(LineVersion(who="test", source="test", changes={}))
    line.forget()
    caller.dials().chooses("uk").presses("2", "1", "1").hears("window", "window_any")
    caller.does_not_hear("window_morning", "window_afternoon", "window_evening")
    caller.presses("4", "2").hears("saved", "call_by_two_weeks")


def test_a_time_that_is_changed_is_one_that_can_be_had(
    caller: Caller, callback_hours: Callable[..., None]
) -> None:
    code = asks_for_a_callback(caller)
    caller.hangs_up()
    callback_hours(9, 13)
    caller.dials().chooses("en").presses("2", "2", "1", code, "2").hears(
        "window", "window_morning", "window_any"
    )
    caller.does_not_hear("window_evening").presses("3").hears("wrong_key", "window_morning")
    caller.presses("4").hears("asked_changed").hangs_up()
    assert one(Callback).window == "any"
