"""Months and quarters: what they are called, what comes before them, how a fund's dates divide them."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from helpline.figures import report_periods as periods
from helpline.figures.report_periods import Period

QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))


def test_a_month_and_a_quarter_are_found_by_their_names_and_nothing_else_is():
    assert periods.named("2026-Q4") == QUARTER and periods.name(QUARTER) == "2026-Q4"
    assert periods.named("2028-02") == Period(date(2028, 2, 1), date(2028, 2, 29))
    assert [periods.named(name) for name in ("2026-13", "2026-Q5", "1999-01", "2026", "")] == [None] * 5


def test_a_quarter_has_three_months_the_one_before_it_and_the_same_of_the_year_before():
    assert [periods.name(one) for one in periods.months(QUARTER)] == ["2026-10", "2026-11", "2026-12"]
    first = periods.quarter(2027, 1)
    assert periods.before(first) == QUARTER and periods.a_year_before(QUARTER) == periods.quarter(2025, 4)
    assert periods.before(periods.month(2027, 1)) == periods.month(2026, 12)
    assert periods.a_year_before(periods.month(2029, 2)).last == date(2028, 2, 29)


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_periods_that_are_complete_come_before_the_one_that_runs(today):
    found = periods.latest(today)
    assert len(set(found)) == len(found) and all(periods.named(periods.name(one)) == one for one in found)
    quarters, months = (
        [one for one in found if one.months == 3],
        [one for one in found if one.months == 1],
    )
    for kind in (quarters, months):
        assert [one.last >= today for one in kind] == [False] * (len(kind) - 1) + [True]
        assert kind[0].last + timedelta(days=1) == kind[-1].first <= today


@given(st.lists(st.tuples(st.dates(date(2026, 9, 1), date(2027, 1, 31)), st.integers(0, 90)), max_size=4))
def test_a_period_is_cut_where_a_fund_begins_or_ends_and_no_day_is_lost(dates):
    funds = [Period(first, first + timedelta(days=days)) for first, days in dates]
    found = periods.divided(QUARTER, funds)
    assert found[0].first == QUARTER.first and found[-1].last == QUARTER.last
    for one, other in pairwise(found):
        assert one.last + timedelta(days=1) == other.first
    for fund in funds:
        for one in found:
            inside = fund.first <= one.first and one.last <= fund.last
            outside = one.last < fund.first or fund.last < one.first
            assert inside or outside
