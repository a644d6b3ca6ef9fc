"""Which urgent requests are to be expected: as they came in the same days of the last eight weeks, and never from fewer."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.routing.lookahead import Arrived, expected, kept_at_most
from helpline.routing.policy import Expected, Limits, Used
from tests.unit.routing.batches import project

NOW = datetime(2026, 11, 25, 11, tzinfo=UTC)  # a Wednesday, noon in Rome
MONDAY = date(2026, 11, 23)
WEEK = timedelta(weeks=1)
LONG_AGO = NOW - 20 * WEEK
LAZIO, SICILY = (Expected("bn", region, "BD", "self") for region in ("lazio", "sicilia"))


def came(wanted: Expected, *, weeks_ago: int, after: timedelta = timedelta(hours=1)) -> Arrived:
    return Arrived(NOW - weeks_ago * WEEK + after, wanted)


def test_what_came_in_each_of_eight_weeks_is_expected_once() -> None:
    history = [came(LAZIO, weeks_ago=n) for n in range(1, 9)]
    found = expected(history, NOW, first_at=LONG_AGO)
    assert found is not None
    assert (found.expected, found.until) == ((LAZIO,), date(2026, 11, 30))
    assert found.id == "2026-11-25 12:00: 8 urgent in 8 weeks"


def test_only_the_rest_of_the_week_counts_and_only_the_last_eight() -> None:
    history = [came(LAZIO, weeks_ago=n, after=timedelta(hours=-1)) for n in range(1, 9)]
    history += [came(SICILY, weeks_ago=n) for n in (0, 9, 10, 11, 12, 13, 14, 15, 16, 17)]
    found = expected(history, NOW, first_at=LONG_AGO)
    assert found is not None and found.expected == ()
    monday_evening = [came(SICILY, weeks_ago=n, after=timedelta(days=5)) for n in range(1, 9)]
    assert expected(monday_evening, NOW, first_at=LONG_AGO) == expected([], NOW, first_at=LONG_AGO)


def test_from_less_than_eight_whole_weeks_nothing_is_foretold() -> None:
    history = [came(LAZIO, weeks_ago=n) for n in range(1, 8)]
    first_monday = datetime(2026, 9, 27, 22, tzinfo=UTC)
    assert expected(history, NOW, first_at=None) is None
    assert expected(history, NOW, first_at=first_monday + timedelta(days=1)) is None
    assert expected(history, NOW, first_at=first_monday) is not None


def test_a_quarter_of_the_week_is_kept_at_most_whole_places_only() -> None:
    kept = [kept_at_most(project("x", limits=Limits(per_week=week))) for week in (0, 3, 4, 7, 8, 9)]
    assert kept == [0, 0, 1, 1, 2, 2]
    assert kept_at_most(project("x", limits=Limits(total=20), used=Used(total=11))) == 2
    assert kept_at_most(project("x", limits=Limits())) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.sampled_from([LAZIO, SICILY])), max_size=60), st.randoms())
def test_the_eighth_part_is_expected_whatever_the_order(
    past: list[tuple[int, Expected]], random: Random
) -> None:
    history = [came(wanted, weeks_ago=weeks) for weeks, wanted in past]
    found = expected(history, NOW, first_at=LONG_AGO)
    assert found is not None
    assert found == expected(random.sample(history, len(history)), NOW, first_at=LONG_AGO)
    for wanted in (LAZIO, SICILY):
        mean = sum(one.wanted == wanted for one in history) / 8
        assert abs(found.expected.count(wanted) - mean) < 1
