"""What somebody chose of the log of calls: hours of a day, whatever its length, and what is refused."""

from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from helpline.clock import ROME
from helpline.figures.wanted import HOURS, WORDS, Wanted, read
from helpline.hours import at_hour

DAYS = some.one_of(
    some.dates(date(2020, 1, 1), date(2040, 1, 1)),
    some.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)]),  # of 23 hours, 25 and 23
)


@given(DAYS)
def test_the_hours_of_a_day_are_the_day_with_nothing_left_out_and_nothing_twice(day):
    spans = [(one.begins, one.ends) for one in (Wanted(day, day, hour=int(hour)) for hour in HOURS)]
    whole = Wanted(day, day)
    assert (spans[0][0], spans[-1][1]) == (whole.begins, whole.ends)
    assert whole.ends == at_hour(day + timedelta(days=1), 0)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert all(begins <= ends for begins, ends in spans)


@given(DAYS, some.integers(0, 24))
def test_whatever_begins_in_an_hour_of_the_clock_is_of_that_hour(day, after):
    moment = at_hour(day, 0).astimezone(UTC) + timedelta(hours=after, minutes=59)
    here = moment.astimezone(ROME)
    own = Wanted(here.date(), here.date(), hour=here.hour)
    assert own.begins <= moment < own.ends


@pytest.mark.parametrize(
    ("words", "wrong"),
    [({"hour": "18"}, "one_day"), ({"hour": "18", "from": "2026-11-24"}, "one_day"),
     ({"hour": "18", "from": "2026-11-23", "to": "2026-11-24"}, "one_day"),
     ({"hour": "24", "from": "2026-11-24", "to": "2026-11-24"}, "unknown"),
     ({"hour": "08", "from": "2026-11-24", "to": "2026-11-24"}, "unknown")],
)  # fmt: skip
def test_an_hour_is_asked_of_one_day(words, wrong):
    found, faults = read(words)
    assert faults == {"hour": wrong} and found.hour is None


def test_what_is_chosen_is_read_again_from_its_words():
    words = {"from": "2026-11-24", "to": "2026-11-24", "hour": "0", "language": "bn", "passed": "about"}
    found, faults = read(words)
    assert not faults and found.hour == 0 and found.as_words() == words and set(words) <= set(WORDS)
