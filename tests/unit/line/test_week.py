"""A week of hours, from what somebody wrote to whole hours and back."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.hours import Calendar, Span, Status, at_hour, status
from helpline.line import week

BOUNDS = (7, 21)
stretches = st.lists(
    st.tuples(st.integers(7, 20), st.integers(1, 14)).map(lambda pair: (pair[0], min(21, pair[0] + pair[1]))),
    max_size=6,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9-13, 14-18", ((9, 13), (14, 18))),
        ("14–18; 9:00–13:00", ((9, 13), (14, 18))),
        ("9-13,13-18", ((9, 18),)),
        ("9-15, 12-18", ((9, 18),)),
        ("  ", ()),
    ],
)
def test_hours_are_read_as_people_write_them(text, found):
    assert week.day(text, BOUNDS) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [("always", "shape"), ("9-13:30", "shape"), ("13-9", "order"), ("9-9", "order"), ("6-9", "bounds"), ("9-22", "bounds")],
)  # fmt: skip
def test_what_is_no_hours_says_why(text, reason):
    with pytest.raises(week.NotHours, match=f"^{reason}$"):
        week.day(text, BOUNDS)


@given(stretches)
def test_put_together_a_day_holds_the_same_hours_and_nothing_touches(some):
    merged = week.merged(some)
    hours = {hour for opens, closes in some for hour in range(opens, closes)}
    assert hours == {hour for opens, closes in merged for hour in range(opens, closes)}
    assert all(one[1] < other[0] for one, other in pairwise(merged))
    assert week.merged(merged) == merged
    assert week.day(week.written(merged), BOUNDS) == merged


@given(stretches, stretches)
def test_the_line_is_open_at_just_the_hours_that_were_written(for_all, own):
    """On a Tuesday that is no holiday; a language with hours of its own follows those alone."""
    days = [(), week.merged(for_all), (), (), (), (), ()]
    ours = [(), week.merged(own), (), (), (), (), ()]
    spans = [*week.spans(tuple(days), None), *week.spans(tuple(ours), "uk")]
    calendar = Calendar(opening=tuple(spans))
    assert week.of(spans, None) == tuple(days) and week.of(spans, "uk") == tuple(ours)
    for hour in range(24):
        at = at_hour(date(2026, 11, 24), hour)
        for language, told in (("bn", for_all), ("uk", own or for_all)):
            is_open = any(opens <= hour < closes for opens, closes in told)
            assert (status(calendar, language, at) is Status.OPEN) is is_open


def test_days_that_are_alike_stand_together():
    spans = [Span(day, 9, 18) for day in (0, 1, 2, 4)]
    assert week.together(week.of(spans, None)) == [
        ([0, 1, 2], ((9, 18),)), ([3], ()), ([4], ((9, 18),)), ([5, 6], ()),
    ]  # fmt: skip
