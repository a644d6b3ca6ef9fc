"""Which whole months a period is made of, and which days besides."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpline.figures.periods import parts

DAYS = st.dates(date(2023, 11, 1), date(2027, 3, 31))


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(DAYS, st.integers(0, 800))
def test_each_day_of_a_period_is_in_one_of_its_parts_and_no_month_is_told_by_days(
    first: date, more: int
) -> None:
    last = first + timedelta(days=more)
    found = parts(first, last)
    told = [day for span in found.days for day in every_day(*span)]
    if found.months:
        begins, ends = found.months
        assert begins.day == ends.day == 1 and begins <= ends
        following = (ends + timedelta(days=32)).replace(day=1)
        told += every_day(begins, following - timedelta(days=1))
    assert sorted(told) == every_day(first, last)
    for span in found.days:
        begun = [day for day in every_day(*span) if day.day == 1]
        assert all((day + timedelta(days=32)).replace(day=1) - timedelta(days=1) > span[1] for day in begun)


def test_a_year_of_whole_months_is_read_by_the_month_alone() -> None:
    found = parts(date(2026, 1, 1), date(2026, 12, 31))
    assert found.months == (date(2026, 1, 1), date(2026, 12, 1)) and not found.days


def test_a_period_that_ends_before_it_begins_has_no_parts() -> None:
    found = parts(date(2026, 3, 2), date(2026, 3, 1))
    assert found.months is None and not found.days
