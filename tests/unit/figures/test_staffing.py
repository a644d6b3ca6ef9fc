"""What a week needs: bounds of what will come, gaps of the rota, the trial of the last weeks, and that pooling never needs more."""

import random
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.figures import staffing
from helpline.figures.staffing import EVERY, LIKELY, TESTED, Seen, Target

TARGET = Target()


def seen(hours, weeks=8):
    """The same calls in each of so many weeks, by hour."""
    return Seen({hour: [count] * weeks for hour, count in hours.items()}, ())


def slots_of(hours, *, staffed=(), opened=None, callbacks=(), language="bn", target=TARGET):
    return staffing.slots(
        language, seen(hours), target, staffed=dict(staffed), opened=hours if opened is None else opened,
        callbacks=dict(callbacks),
    )  # fmt: skip


@given(st.floats(0.01, 400), st.floats(1, 4), st.integers(1, 52))
def test_bounds_lie_around_what_is_expected_and_are_narrower_the_more_is_known(mean, spread, weeks):
    found = staffing.bounds(mean, spread, weeks)
    assert 0 <= found.low <= found.high
    assert found.low <= mean + 1 and found.high >= mean - 1
    surer = staffing.bounds(mean, spread, weeks * 10)
    assert surer.high - surer.low <= found.high - found.low + 1


@pytest.mark.parametrize("mean", [0.3, 2.0, 7.5, 600.0])
def test_the_bounds_hold_at_least_four_weeks_in_five_of_calls_that_come_by_chance(mean):
    chance, weeks = random.Random(int(mean * 10)), 4000
    told = staffing.bounds(mean, 1, 10_000)
    came = [poisson(chance, mean) for _ in range(weeks)]
    within = sum(told.low <= count <= told.high for count in came) / weeks
    assert within >= LIKELY - 0.02
    if mean > 100:
        assert within == pytest.approx(LIKELY, abs=0.03)


def poisson(chance, mean):
    """How many come by chance where so many are expected."""
    if mean > 100:
        return round(chance.gauss(mean, mean**0.5))
    count, left = 0, chance.random()
    while left > exp(-mean):
        left *= chance.random()
        count += 1
    return count


def test_hours_one_after_the_other_with_equally_many_missing_are_one_gap_and_the_widest_stands_first():
    hours = {(1, hour): 3 for hour in (14, 15, 16, 17)} | {(2, 9): 9}
    found = staffing.gaps(slots_of(hours))
    assert [(gap.weekday, gap.begins, gap.ends, gap.asked, gap.staffed) for gap in found] == [
        (1, 14, 18, 3.0, 0.0), (2, 9, 10, 9.0, 0.0),
    ]  # fmt: skip
    parted = staffing.gaps(slots_of(hours, staffed={(1, 15): 9.0}))
    assert [(gap.begins, gap.ends) for gap in parted if gap.weekday == 1] == [(16, 18), (14, 15)]


def test_where_the_line_is_closed_or_hardly_anybody_asks_there_is_no_gap():
    assert staffing.gaps(slots_of({(1, 14): 3}, opened=())) == []
    rare = staffing.slots(
        "bn", Seen({(1, 14): [0, 0, 1]}, ()), TARGET, staffed={}, opened=[(1, 14)], callbacks={}
    )
    assert rare[0].need == 1 and staffing.gaps(rare) == []


def test_nobody_is_to_be_busy_for_more_than_most_of_the_time_however_patient_callers_are():
    lazy = Target(share=0.01, seconds=3600, minutes=6)
    assert lazy.needs(85) == 10 and lazy.needs(86) == 11


@given(
    st.dictionaries(st.sampled_from(["ar", "bn", "fr"]), st.integers(0, 30), min_size=1),
    st.floats(0, 5),
)
def test_people_who_speak_all_languages_are_never_more_than_those_who_speak_one_each(calls, callbacks):
    hour = (1, 14)
    alone = sum(slots_of({hour: count}, callbacks={hour: callbacks})[0].need for count in calls.values())
    pooled = slots_of({hour: sum(calls.values())}, callbacks={hour: callbacks * len(calls)}, language=EVERY)
    assert pooled[0].need <= alone


def test_the_trial_foretells_the_last_weeks_from_those_before_and_no_others():
    steady = staffing.trial(seen({(1, 14): 5}, weeks=8))
    assert steady is not None and (steady.weeks, steady.expected, steady.came, steady.within) == (
        TESTED,
        20,
        20,
        1,
    )
    grown = staffing.trial(Seen({(1, 14): [2, 2, 2, 2, 30, 30, 30, 30]}, ()))
    assert grown is not None and (grown.expected, grown.came, grown.within) == (8, 120, 0)
    assert staffing.trial(seen({(1, 14): 5}, weeks=TESTED + 2)) is None
    assert staffing.trial(seen({(1, 14): 0}, weeks=8)) is None


def test_weeks_that_differ_more_than_by_chance_have_wider_bounds():
    calm, wild = Seen({(1, 14): [4, 4, 4, 4]}, ()), Seen({(1, 14): [0, 8, 0, 8]}, ())
    assert calm.spread == 1 and wild.spread == pytest.approx(64 / 3 / 4)
    assert staffing.bounds(4, wild.spread, 4).high > staffing.bounds(4, calm.spread, 4).high


@pytest.mark.parametrize(("calls", "for_patient"), [(6, 4), (20, 7), (60, 15), (200, 43)])
def test_the_busiest_hour_needs_so_many_that_one_caller_in_twenty_hangs_up_as_the_table_of_the_paper_says(
    calls, for_patient
):
    hours = {(1, 14): calls, (2, 9): calls // 2}
    target = Target(seconds=120)
    found = staffing.language("bn", seen(hours), slots_of(hours, target=target), 0.0, target)
    assert found.busiest is not None and found.busiest.hour == (1, 14)
    assert (found.impatient, found.thumb) == (
        for_patient,
        pytest.approx(calls / 5 + 0.9 * (calls / 5) ** 0.5),
    )
