"""How long an entity has to answer: its own working clock, its own pace, holidays, and the two days of another length."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.hours import ROME, Closure, Span
from helpline.routing.answering import WorkingHours, after, answer_by, time_to_answer, worked

OFFICE = WorkingHours()
ALWAYS = WorkingHours(tuple(Span(weekday, 0, 24) for weekday in range(7)))
MORNINGS = WorkingHours((Span(1, 9, 13), Span(3, 9, 13)))


def rome(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("clock", "made", "work", "until"),
    [
        (OFFICE, "2026-11-23 10:00", 4, "2026-11-23 14:00"),
        (OFFICE, "2026-11-23 10:00", 7, "2026-11-23 17:00"),
        (OFFICE, "2026-11-23 10:00", 24, "2026-11-26 10:00"),
        (OFFICE, "2026-11-23 03:00", 4, "2026-11-23 13:00"),
        (OFFICE, "2026-11-27 16:00", 4, "2026-11-30 12:00"),
        (OFFICE, "2026-11-28 12:00", 4, "2026-11-30 13:00"),
        (OFFICE, "2026-12-07 16:00", 4, "2026-12-09 12:00"),  # the 8th: the Immaculate Conception
        (OFFICE, "2026-04-03 16:00", 4, "2026-04-07 12:00"),  # the 6th: Easter Monday
        (OFFICE, "2026-12-24 16:00", 4, "2026-12-28 12:00"),  # the 25th, and the 26th on a Saturday
        (MORNINGS, "2026-11-23 10:00", 5, "2026-11-26 10:00"),
        (ALWAYS, "2026-03-28 22:00", 4, "2026-03-29 03:00"),  # 23 hours: there is no half past two
        (ALWAYS, "2026-10-24 22:00", 4, "2026-10-25 02:00"),  # 25 hours: two o'clock comes twice
        (ALWAYS, "2026-10-24 22:00", 6, "2026-10-25 03:00"),
        (ALWAYS, "2026-03-29 00:00", 23, "2026-03-30 00:00"),
        (ALWAYS, "2026-10-25 00:00", 25, "2026-10-26 00:00"),
        (OFFICE, "2026-03-27 16:00", 2, "2026-03-30 10:00"),
        (OFFICE, "2026-10-23 16:00", 2, "2026-10-26 10:00"),
    ],
)
def test_working_time_passes_only_while_the_entity_works(
    clock: WorkingHours, made: str, work: float, until: str
) -> None:
    begins = rome(made)
    assert after(clock, begins, hours(work)) == rome(until)
    assert worked(clock, begins, rome(until)) == hours(work)


def test_a_closure_of_its_own_stops_the_clock() -> None:
    clock = WorkingHours(closures=(Closure(date(2026, 11, 24), date(2026, 11, 25)),))
    assert after(clock, rome("2026-11-23 16:00"), hours(2)) == rome("2026-11-26 10:00")
    forever = WorkingHours(closures=(Closure(date(2026, 1, 1), date(2099, 1, 1)),))
    assert after(forever, rome("2026-11-23 16:00"), hours(2)) == rome("2026-11-23 16:00") + timedelta(
        days=400
    )


def test_a_clock_that_never_runs_is_refused() -> None:
    with pytest.raises(ValueError, match="no hour of the week"):
        WorkingHours(spans=())
    with pytest.raises(ValueError, match="no hour of the week"):
        WorkingHours(spans=(Span(0, 9, 9),))


def test_hours_listed_twice_are_worked_once() -> None:
    clock = WorkingHours((Span(0, 9, 13), Span(0, 11, 17)))
    assert worked(clock, rome("2026-11-23 00:00"), rome("2026-11-24 00:00")) == hours(8)


@pytest.mark.parametrize(
    ("answers", "given"),
    [
        ([], 24),
        ([1], 4),
        ([90], 48),
        ([10], 10),
        ([5, 6, 7, 8, 9, 10, 11, 12, 13, 40], 13),
        ([5, 6, 7, 8, 9, 10, 11, 12, 13], 13),
        ([40, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], 14),
    ],
)
def test_nine_of_ten_of_its_answers_would_have_come_in_time(answers: list[float], given: float) -> None:
    assert time_to_answer([hours(answer) for answer in answers]) == hours(given)


def test_it_is_reminded_at_half_time() -> None:
    remind, expires = answer_by(rome("2026-11-27 15:00"), OFFICE, [hours(8)] * 3)
    assert (remind, expires) == (rome("2026-11-30 11:00"), rome("2026-11-30 15:00"))
    assert (remind.tzinfo, expires.tzinfo) == (UTC, UTC)


clocks = st.sampled_from([OFFICE, ALWAYS, MORNINGS])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@settings(max_examples=40, deadline=None)
@given(clocks, moments, st.lists(st.integers(0, 100).map(hours), max_size=12))
def test_the_reminder_and_the_end_are_at_work_in_order_and_as_long_as_given(
    clock: WorkingHours, made: datetime, answers: list[timedelta]
) -> None:
    remind, expires = answer_by(made, clock, answers)
    assert made < remind < expires
    assert hours(4) <= worked(clock, made, expires) == 2 * worked(clock, made, remind) <= hours(48)
    assert all(worked(clock, moment - hours(0.1), moment) > hours(0) for moment in (remind, expires))
