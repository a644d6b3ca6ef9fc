"""What the calendar makes a caller hear: hours by language, holidays, closures, Saturdays, both changes of the clock.

Promise 9 (one clock, shown in Europe/Rome, the 23-hour and the 25-hour day) is held here for what is said."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from helpline import db, line
from helpline.line import editing
from helpline.line.models import ClosedDays, LineVersion, OpenDay, WeeklyHours
from tests.calls.caller import Caller

At = Callable[..., datetime]


def add(*settings: db.Base) -> None:
    with db.transaction() as session:
        session.add_all([*settings, LineVersion(who="test", source="test", changes={})])
    line.forget()


@pytest.mark.parametrize(
    ("moment", "heard"),
    [
        ("2026-11-18 08:59", ["closed", "day_today", "hour_9", "hour_18"]),
        ("2026-11-18 09:00", ["nobody_free"]),
        ("2026-11-18 17:59", ["nobody_free"]),
        ("2026-11-18 18:00", ["closed", "day_tomorrow", "hour_9"]),
        ("2026-11-18 23:59", ["closed", "day_tomorrow"]),
        ("2026-11-19 00:00", ["closed", "day_today"]),
        ("2026-11-20 18:30", ["closed", "day_monday"]),
        ("2026-11-21 10:00", ["closed", "day_monday"]),
        ("2026-11-22 10:00", ["closed", "day_tomorrow"]),
        ("2026-10-02 19:00", ["closed", "day_monday"]),
        ("2026-10-04 10:00", ["holiday", "day_tomorrow"]),
        ("2026-12-24 20:00", ["closed", "day_monday"]),
        ("2026-12-25 10:00", ["holiday", "day_monday"]),
        ("2027-01-05 19:00", ["closed", "day_thursday"]),
        ("2027-03-29 10:00", ["holiday", "day_tomorrow"]),
        ("2026-03-27 19:00", ["closed", "day_monday"]),
        ("2026-03-29 01:59", ["closed", "day_tomorrow"]),
        ("2026-03-29 03:00", ["closed", "day_tomorrow"]),
        ("2026-10-23 19:00", ["closed", "day_monday"]),
        ("2026-10-25 02:30", ["closed", "day_tomorrow"]),
        ("2026-10-25 23:59", ["closed", "day_tomorrow"]),
        ("2026-10-26 00:00", ["closed", "day_today", "hour_9"]),
    ],
)
def test_who_asks_for_a_person_hears_when_there_will_be_one(
    caller: Caller, at: At, moment: str, heard: list[str]
) -> None:
    at(moment)
    caller.dials().chooses("en").presses("0").hears(*heard)
    if "nobody_free" not in heard:
        caller.does_not_hear("nobody_free")


@pytest.mark.parametrize("fold", [0, 1])
def test_both_hours_between_two_and_three_of_the_long_day_are_the_same_night(
    caller: Caller, at: At, fold: int
) -> None:
    at("2026-10-25 02:30", fold=fold)
    caller.dials().chooses("en").presses("0").hears("closed", "day_tomorrow", "hour_9")


def test_a_closure_of_our_own_is_not_called_a_holiday(caller: Caller, at: At) -> None:
    at("2026-06-29 10:00")
    add(ClosedDays(name="patron", first=date(2026, 6, 29), last=date(2026, 6, 29)))
    caller.dials().chooses("ar").presses("0").hears("closed", "day_tomorrow").does_not_hear("holiday")


def test_on_a_holiday_that_is_worked_people_answer_and_ring_as_on_its_weekday(caller: Caller, at: At) -> None:
    at("2026-12-24 19:00")
    add(OpenDay(day=date(2026, 12, 25)))
    caller.dials().chooses("en").presses("0").hears("closed", "day_tomorrow", "hour_9").hangs_up()
    caller.dials().chooses("en").presses("2", "1", "1", "1", "2").hears("call_by_tomorrow").hangs_up()
    at("2026-12-25 10:00")
    caller.dials().chooses("en").presses("0").hears("nobody_free").does_not_hear("holiday")


def test_a_closure_holds_on_a_worked_holiday_too(caller: Caller, at: At) -> None:
    at("2026-12-25 10:00")
    add(
        OpenDay(day=date(2026, 12, 25)),
        ClosedDays(name="all", first=date(2026, 12, 24), last=date(2026, 12, 31)),
    )
    caller.dials().chooses("en").presses("0").hears("closed").does_not_hear("holiday")


def test_a_long_closure_is_in_two_weeks_at_most_and_says_no_hours(caller: Caller, at: At) -> None:
    at("2026-08-10 10:00")
    add(ClosedDays(name="summer", first=date(2026, 8, 10), last=date(2026, 8, 21)))
    caller.dials().chooses("bn").presses("0").hears("closed", "open_again", "day_two_weeks")
    caller.does_not_hear("open_from", "open_to")


def test_a_language_with_hours_of_its_own_follows_those_alone(caller: Caller, at: At) -> None:
    add(WeeklyHours(kind="opening", weekday=3, language="bn", opens=14, closes=16))
    caller.dials().chooses("bn").presses("0").hears("closed", "day_tomorrow", "hour_14", "hour_16").hangs_up()
    caller.dials().chooses("hi").presses("0").hears("nobody_free")


@pytest.mark.parametrize(
    ("moment", "window", "promised"),
    [
        ("2026-11-18 10:00", "1", "tomorrow"),
        ("2026-11-18 23:59", "1", "tomorrow"),
        ("2026-11-20 10:00", "1", "monday"),
        ("2026-11-21 10:00", "4", "monday"),
        ("2026-11-22 10:00", "3", "tomorrow"),
        ("2026-12-24 10:00", "1", "monday"),
        ("2026-10-02 10:00", "2", "monday"),
        ("2026-03-28 10:00", "1", "monday"),
        ("2026-10-24 10:00", "1", "monday"),
        ("2027-01-05 10:00", "1", "thursday"),
    ],
)
def test_the_day_by_which_we_call_is_promised(
    caller: Caller, at: At, moment: str, window: str, promised: str
) -> None:
    at(moment)
    caller.dials().chooses("en").presses("2", "1", "1", window, "2").hears(
        "saved", f"call_by_{promised}", "code_is"
    )


def test_after_a_long_closure_the_promise_is_two_weeks(caller: Caller, at: At) -> None:
    at("2026-08-07 10:00")
    add(ClosedDays(name="summer", first=date(2026, 8, 8), last=date(2026, 8, 21)))
    caller.dials().chooses("ru").presses("2", "1", "1", "1", "2").hears("saved", "call_by_two_weeks")


def test_the_promise_follows_the_window_that_was_asked_for(caller: Caller, at: At) -> None:
    """On Fridays nobody rings in the evening: who wants the evening is promised Monday."""
    at("2026-11-19 10:00")
    with db.transaction() as session:
        session.query(WeeklyHours).filter_by(kind="callback", weekday=4).update({"closes": 13})
    add()
    caller.dials().chooses("en").presses("2", "1", "1", "3", "2").hears("call_by_monday").hangs_up()
    caller.dials().chooses("en").presses("2", "1", "1", "1", "2").hears("call_by_tomorrow")


def plan(kind: str, first: date, days: range, opens: int, closes: int) -> str:
    """Plan hours of all languages, as the console does; its name."""
    what = editing.later(kind, first, "*")
    given = [{"weekday": day, "opens": opens, "closes": closes, "language": "*"} for day in days]
    wish(what, given)
    return what


def wish(what: str, value: object) -> None:
    with db.transaction() as session:
        seen = editing.mark(editing.state(session), [what])
        editing.save(session, {what: value}, who="person 1", why="winter hours", seen=seen)
    line.forget()


@pytest.mark.parametrize(
    ("moment", "heard"),
    [
        ("2026-11-30 17:59", ["nobody_free"]),
        ("2026-11-30 18:00", ["closed", "day_tomorrow", "hour_10", "hour_16"]),
        ("2026-11-30 23:59", ["closed", "day_tomorrow", "hour_10", "hour_16"]),
        ("2026-12-01 00:00", ["closed", "day_today", "hour_10", "hour_16"]),
        ("2026-12-01 09:59", ["closed", "day_today", "hour_10", "hour_16"]),
        ("2026-12-01 10:00", ["nobody_free"]),
        ("2026-12-01 16:00", ["closed", "day_tomorrow", "hour_10", "hour_16"]),
    ],
)
def test_hours_that_were_planned_are_heard_from_the_midnight_of_their_day_on(
    caller: Caller, at: At, moment: str, heard: list[str]
) -> None:
    at("2026-11-18 10:00")
    plan(editing.OPENING, date(2026, 12, 1), range(5), 10, 16)
    at(moment)
    caller.dials().chooses("en").presses("0").hears(*heard)
    if "nobody_free" not in heard:
        caller.does_not_hear("nobody_free", "hour_9", "hour_18")


@pytest.mark.parametrize(
    ("planned", "moment", "fold", "heard"),
    [
        ("2026-03-20", "2026-03-28 23:59", 0, ["closed", "day_tomorrow", "hour_10", "hour_12"]),
        ("2026-03-20", "2026-03-29 01:59", 0, ["closed", "day_today", "hour_10", "hour_12"]),
        ("2026-03-20", "2026-03-29 03:00", 0, ["closed", "day_today", "hour_10", "hour_12"]),
        ("2026-03-20", "2026-03-29 10:00", 0, ["nobody_free"]),
        ("2026-10-20", "2026-10-24 23:59", 0, ["closed", "day_tomorrow", "hour_10", "hour_12"]),
        ("2026-10-20", "2026-10-25 00:00", 0, ["closed", "day_today", "hour_10", "hour_12"]),
        ("2026-10-20", "2026-10-25 02:30", 0, ["closed", "day_today", "hour_10", "hour_12"]),
        ("2026-10-20", "2026-10-25 02:30", 1, ["closed", "day_today", "hour_10", "hour_12"]),
        ("2026-10-20", "2026-10-25 11:59", 0, ["nobody_free"]),
        ("2026-10-20", "2026-10-25 12:00", 0, ["closed", "day_tomorrow", "hour_10"]),
    ],
)
def test_hours_may_begin_on_the_sunday_on_which_the_clocks_change(
    caller: Caller, at: At, planned: str, moment: str, fold: int, heard: list[str]
) -> None:
    at(f"{planned} 10:00")
    plan(editing.OPENING, date(2026, 3, 29) if "-03-" in moment else date(2026, 10, 25), range(7), 10, 12)
    at(moment, fold=fold)
    caller.dials().chooses("en").presses("0").hears(*heard)


def test_a_call_back_is_promised_by_the_hours_of_the_days_to_come(caller: Caller, at: At) -> None:
    """From tomorrow, a Friday, on nobody rings on Fridays any more."""
    at("2026-11-19 10:00")
    what = plan(editing.CALLBACK, date(2026, 11, 20), range(4), 9, 21)
    caller.dials().chooses("en").presses("2", "1", "1", "1", "2").hears("call_by_monday").hangs_up()
    wish(what, None)
    caller.dials().chooses("en").presses("2", "1", "1", "1", "2").hears("call_by_tomorrow")


def test_what_was_planned_and_taken_back_is_not_heard_on_its_day(caller: Caller, at: At) -> None:
    at("2026-11-18 10:00")
    wish(plan(editing.OPENING, date(2026, 12, 1), range(5), 10, 16), None)
    at("2026-12-01 16:30")
    caller.dials().chooses("en").presses("0").hears("nobody_free")
