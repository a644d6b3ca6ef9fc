"""How many calls usually come: those of the same weekday and hour in Rome, six weeks back; nothing where nobody can know."""

from datetime import UTC, date, datetime, timedelta

import pytest

from helpline import clock, db, line
from helpline.alerts import standing, usual_calls
from helpline.alerts.kinds import Kind
from helpline.line.models import OpenDay
from tests.integration.alert_deeds import counted, later, only, rang

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)


def usual():
    with db.transaction() as session:
        return usual_calls.calls(session, clock.now()).usual


def test_the_same_hour_in_rome_is_looked_at_also_where_clocks_changed_meanwhile(at):
    at("2026-11-10 11:30")  # 10:30 UTC; until 25 October the same hour began at 9:00 UTC
    rang()
    for week in range(1, 7):
        there = datetime(2026, 11, 10, 10 if week <= 2 else 9, tzinfo=UTC) - timedelta(weeks=week)
        counted(there, 10 * week)
        counted(there + HOUR, 1)
    assert usual() == {datetime(2026, 11, 10, 10, tzinfo=UTC): 35}


def test_of_a_young_line_nothing_is_usual(at):
    at("2026-11-10 11:30")
    assert usual() == {}, "no call at all"
    rang()
    for week in range(1, 4):
        counted(datetime(2026, 11, 10, 10, tzinfo=UTC) - timedelta(weeks=week), 10)
    assert usual() == {}


def test_of_a_holiday_nothing_is_usual_unless_the_line_works_on_it(at):
    at("2026-12-08 11:30")  # a Tuesday, and a holiday
    rang()
    for week in range(1, 7):
        counted(datetime(2026, 12, 8, 10, tzinfo=UTC) - timedelta(weeks=week), 12)
    assert usual() == {}
    with db.transaction() as session:
        session.add(OpenDay(day=date(2026, 12, 8)))
    line.forget()
    assert usual() == {datetime(2026, 12, 8, 10, tzinfo=UTC): 12}


def test_the_hours_of_a_holiday_are_not_missed_after_midnight(at):
    at("2026-12-08 17:00")
    rang()
    for week in range(1, 7):
        for hour in range(24):
            counted(datetime(2026, 12, 8, 12, tzinfo=UTC) - timedelta(weeks=week) + hour * HOUR, 12)
    at("2026-12-09 00:10")
    assert usual() == {datetime(2026, 12, 8, 23, tzinfo=UTC): 12}, "the first hour of the ninth in Rome"


def test_a_silence_is_raised_when_ten_calls_are_missed_and_over_with_the_next(at, settings):
    only(Kind.CALLS_STOPPED)
    at("2026-11-10 11:00")
    for week in range(1, 7):
        for hour in (9, 10, 11, 12):
            counted(datetime(2026, 11, 10, hour, tzinfo=UTC) - timedelta(weeks=week), 8)
    rang()
    later(minutes=74)
    assert standing.work(settings) == 0
    later(minutes=2)
    assert standing.work(settings) == 1
    rang(timedelta(seconds=1))
    assert standing.work(settings) == 1
