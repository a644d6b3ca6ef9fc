"""How many people a line needs: the table of ROUTING §5, a simulation of our own, and laws that hold for every line."""

import heapq
import random
from math import inf

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpline.figures import erlang
from helpline.figures.erlang import Work

TABLE = [
    (6, 3, 0.895, 4, 0.013),
    (20, 7, 0.918, 7, 0.032),
    (60, 15, 0.806, 15, 0.047),
    (200, 45, 0.852, 43, 0.044),
]
works = st.builds(Work, st.floats(0.01, 300), st.floats(0.5, 40))


@pytest.mark.parametrize(("calls", "people", "level", "for_patient", "gave_up"), TABLE)
def test_the_table_of_the_paper_comes_out_of_the_formulas(
    calls: int, people: int, level: float, for_patient: int, gave_up: float
) -> None:
    work = Work(calls, 12)
    assert erlang.needed(work, 0.8, 120) == people
    assert erlang.in_time(work, people, 120) == pytest.approx(level, abs=0.0005)
    assert erlang.needed_for_patient(work, 0.05, 5) == for_patient
    assert erlang.patient(work, for_patient, 5).gave_up == pytest.approx(gave_up, abs=0.0005)


@pytest.mark.parametrize(("calls", "people"), [(6, 3), (20, 7), (60, 15)])
def test_a_line_that_is_played_through_waits_as_long_as_the_formulas_say(calls: int, people: int) -> None:
    work = Work(calls, 12)
    seen = simulated(work, people, None, seed=calls)
    assert seen.in_time(120) == pytest.approx(erlang.in_time(work, people, 120), abs=0.02)
    assert seen.mean() == pytest.approx(erlang.mean_wait(work, people), rel=0.15)
    assert seen.waited() == pytest.approx(erlang.waits(work, people), abs=0.02)


@pytest.mark.parametrize(("calls", "people"), [(6, 2), (20, 5), (60, 11), (60, 15)])
def test_a_line_whose_callers_hang_up_is_given_up_as_often_as_the_formula_says(
    calls: int, people: int
) -> None:
    work = Work(calls, 12)
    seen = simulated(work, people, 5, seed=calls + people)
    found = erlang.patient(work, people, 5)
    assert seen.gave_up() == pytest.approx(found.gave_up, abs=0.012)
    assert seen.mean() == pytest.approx(found.wait, rel=0.08)


@given(works, st.integers(0, 80), st.floats(0, 600))
@example(Work(281.0, 22.0), 2, 0.0)
@example(Work(281.0, 22.0), 1, 0.0)
def test_one_more_person_never_makes_it_worse(work: Work, people: int, seconds: float) -> None:
    assert erlang.in_time(work, people, seconds) <= erlang.in_time(work, people + 1, seconds) + 1e-9
    assert erlang.waits(work, people + 1) <= erlang.waits(work, people) + 1e-9
    assert erlang.mean_wait(work, people + 1) <= erlang.mean_wait(work, people) + 1e-9
    if people:
        more, fewer = erlang.patient(work, people + 1, 5), erlang.patient(work, people, 5)
        assert more.gave_up <= fewer.gave_up + 1e-9
        assert 0 <= more.gave_up <= 1
        assert 0 <= more.busy <= 1


@given(works, st.floats(0.01, 0.99), st.floats(0, 600), st.floats(0.3, 1))
def test_what_is_needed_is_enough_and_one_fewer_is_not(
    work: Work, share: float, seconds: float, occupancy: float
) -> None:
    people = erlang.needed(work, share, seconds, occupancy=occupancy)

    def enough(count: int) -> bool:
        return work.load <= occupancy * count + 1e-6 and erlang.in_time(work, count, seconds) >= share - 1e-12

    assert enough(people)
    assert not enough(people - 1) or work.load > occupancy * (people - 1) - 1e-6


@given(works, st.integers(1, 60))
def test_callers_with_endless_patience_are_those_of_erlang_c(work: Work, people: int) -> None:
    if work.load > 0.95 * people:
        return
    for_ever = erlang.patient(work, people, 1e9)
    assert for_ever.gave_up < 1e-4
    assert for_ever.wait == pytest.approx(erlang.mean_wait(work, people), rel=0.01, abs=0.01)


@given(works, st.integers(1, 60))
def test_callers_without_patience_are_those_of_erlang_b(work: Work, people: int) -> None:
    assert erlang.patient(work, people, 1e-7).gave_up == pytest.approx(
        erlang.blocked(work.load, people), abs=1e-4
    )


@given(works, st.floats(0.1, 5))
def test_more_work_never_needs_fewer_people(work: Work, more: float) -> None:
    assert erlang.needed(work, 0.8, 60) <= erlang.needed(Work(work.calls * (1 + more), work.minutes), 0.8, 60)
    assert erlang.needed(work, 0.8, 60) <= erlang.needed(work, 0.95, 60)


@given(st.floats(0.2, 200))
def test_the_rule_of_thumb_is_near_what_four_fifths_in_a_fifth_of_a_talk_need(load: float) -> None:
    need = erlang.needed(Work(load * 5, 12), 0.8, 120)
    assert abs(erlang.square_root(load) - need) < 2 + load**0.5


def test_where_nothing_comes_nobody_is_needed_and_where_too_much_comes_nobody_is_ever_taken() -> None:
    nothing = Work(0, 10)
    assert erlang.needed(nothing, 0.8, 60) == erlang.needed_for_patient(nothing, 0.05, 5) == 0
    assert erlang.in_time(nothing, 0, 60) == 1
    assert (erlang.mean_wait(nothing, 0), erlang.patient(nothing, 1, 5).gave_up) == (0, 0)
    too_much = Work(60, 10)
    assert (erlang.in_time(too_much, 10, 60), erlang.waits(too_much, 10)) == (0, 1)
    assert erlang.mean_wait(too_much, 10) == inf


def test_what_no_line_can_be_is_refused() -> None:
    for calls, minutes in [(-1, 5), (1, 0), (inf, 5), (1, inf)]:
        with pytest.raises(ValueError, match="must take some time"):
            Work(calls, minutes)
    work = Work(1, 5)
    for share, occupancy in [(1, 0.8), (-0.1, 0.8), (0.8, 0), (0.8, 1.1)]:
        with pytest.raises(ValueError, match="a share is"):
            erlang.needed(work, share, 60, occupancy=occupancy)
    for people, patience in [(0, 5), (1, 0), (1, inf)]:
        with pytest.raises(ValueError, match="there must be people"):
            erlang.patient(work, people, patience)
    with pytest.raises(ValueError, match="somebody always hangs up"):
        erlang.needed_for_patient(work, 0, 5)


class Seen:
    """What a line that was played through came to: how long each call waited, and whether it was given up."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, bool]] = []

    def in_time(self, seconds: float) -> float:
        return sum(wait * 60 <= seconds for wait, _ in self.calls) / len(self.calls)

    def waited(self) -> float:
        return sum(wait > 1e-9 for wait, _ in self.calls) / len(self.calls)

    def mean(self) -> float:
        return 60 * sum(wait for wait, _ in self.calls) / len(self.calls)

    def gave_up(self) -> float:
        return sum(gone for _, gone in self.calls) / len(self.calls)


def simulated(work: Work, people: int, patience: float | None, *, seed: int, calls: int = 60_000) -> Seen:
    """A line played through, call by call, with chance of its own: no formula of ours is in it.

    Calls are taken in their order by whoever is free first; who would wait longer than their patience is gone by then.
    """
    chance, seen, now = random.Random(seed), Seen(), 0.0
    free_at = [0.0] * people
    for _ in range(calls):
        now += chance.expovariate(work.calls / 60)
        wait = max(0.0, free_at[0] - now)
        stays = chance.expovariate(1 / patience) if patience else inf
        seen.calls.append((min(wait, stays), stays < wait))
        if stays >= wait:
            heapq.heapreplace(free_at, now + wait + chance.expovariate(1 / work.minutes))
    return seen
