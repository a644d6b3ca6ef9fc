"""The plan for everybody who waits, against a bound that another's algorithm finds: as many as can be, the first first."""

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.routing.policy import (
    Expected,
    Forecast,
    How,
    Limits,
    Outcome,
    Planned,
    Reason,
    Used,
    explain,
    fit,
    order,
    plan,
    why_not,
)
from tests.unit.routing.batches import (
    MONDAY,
    SHAPES,
    TODAY,
    Batch,
    allows,
    any_batch,
    bound,
    person,
    project,
    room,
)

few = settings(max_examples=30, deadline=None)


def said(planned: Planned) -> str:
    """All of a plan, as it would be kept."""
    kept = [decision.record() | {"says": explain(decision)} for _, decision in planned]
    return json.dumps([kept, [[held.project_id, held.places, held.of] for held in planned.held]])


@pytest.mark.parametrize("shape", SHAPES)
def test_of_the_first_so_many_as_many_are_placed_as_can_be_whatever_comes_after_them(shape: str) -> None:
    @few
    @given(SHAPES[shape])
    def holds(batch: Batch) -> None:
        people, market = batch
        planned = plan(people, market, TODAY)
        taken = Counter(decision.project_id for _, decision in planned if decision.project_id)
        rooms = {project.id: room(project) for project in market}
        assert all(count <= rooms[id] for id, count in taken.items())
        placed, line = 0, order(people)
        for k, (wanted, decision) in enumerate(planned, 1):
            assert wanted is line[k - 1] and decision.request_id == wanted.id and decision.rank == k - 1
            if decision.chosen:
                assert allows(wanted, decision.chosen)
            placed += decision.outcome is Outcome.PLACE
            if k % 3 == 0 or k == len(line):
                assert placed == bound(line[:k], market)
        assert planned.placed == placed

    holds()


@few
@given(any_batch, st.randoms())
def test_how_people_and_projects_are_listed_changes_not_a_byte(batch: Batch, random: Random) -> None:
    people, market = batch
    others, elsewhere = random.sample(people, len(people)), random.sample(market, len(market))
    assert said(plan(people, market, TODAY)) == said(plan(others, elsewhere, TODAY))


@few
@given(any_batch.filter(lambda batch: bool(batch[1])), st.data())
def test_a_place_more_never_takes_one_away_from_the_first_so_many(batch: Batch, data: st.DataObject) -> None:
    people, market = batch
    before = [decision.project_id is not None for _, decision in plan(people, market, TODAY)]
    at = data.draw(st.integers(0, len(market) - 1))
    limits = market[at].limits
    names = ("total", "open_cases", "per_week")
    more = {name: None if (now := getattr(limits, name)) is None else now + 1 for name in names}
    market[at] = replace(market[at], limits=Limits(**more))
    after = [decision.project_id is not None for _, decision in plan(people, market, TODAY)]
    assert all(sum(before[:k]) <= sum(after[:k]) <= sum(before[:k]) + 1 for k in range(len(before) + 1))


@few
@given(any_batch)
def test_a_refusal_is_proved_by_full_projects_whose_holders_came_earlier_and_fit_no_other(
    batch: Batch,
) -> None:
    people, market = batch
    by_id = {project.id: project for project in market}
    planned = list(plan(people, market, TODAY))
    for wanted, decision in planned:
        if decision.project_id:
            assert decision.proof == ()
            continue
        assert {project.id for project in market if allows(wanted, project)} <= set(decision.proof)
        holders = [(one, other) for one, other in planned if other.project_id in decision.proof]
        assert len(holders) == sum(room(by_id[id]) for id in decision.proof)
        for one, other in holders:
            assert other.rank < decision.rank
            assert {project.id for project in market if allows(one, project)} <= set(decision.proof)


@few
@given(any_batch)
def test_whoever_got_no_place_changes_nothing_for_the_others(batch: Batch) -> None:
    people, market = batch
    places = {decision.request_id: decision.project_id for _, decision in plan(people, market, TODAY)}
    placed = [one for one in people if places[one.id]]
    assert {d.request_id: d.project_id for _, d in plan(placed, market, TODAY)} == {
        id: place for id, place in places.items() if place
    }


@few
@given(any_batch)
def test_each_record_adds_up_and_names_the_filters_own_reasons(batch: Batch) -> None:
    people, market = batch
    for wanted, decision in plan(people, market, TODAY):
        assert len(decision.candidates) + sum(count for _, count in decision.refused) == decision.total
        assert decision.total == len(market)
        steps = [len(market), *(left for _, left in decision.chain)]
        taken_out = {
            reason: before - after
            for (reason, _), before, after in zip(decision.chain, steps, steps[1:], strict=False)
            if before > after
        }
        assert taken_out == dict(decision.refused) and steps[-1] == len(decision.candidates)
        alone = Counter(why_not(wanted, project, TODAY) for project in market)
        about_room = (None, Reason.FULL, Reason.PARKED)
        assert {r: n for r, n in alone.items() if r not in about_room} == {
            r: n for r, n in decision.refused if r not in about_room
        }
        one = fit(wanted, market, TODAY)
        assert dict(one.refused) == {reason: n for reason, n in alone.items() if reason}
        assert (one.outcome is Outcome.PLACE) == bool(alone[None])


@few
@given(any_batch)
def test_who_was_placed_directly_got_the_least_used_of_the_candidates(batch: Batch) -> None:
    people, market = batch
    by_id = {project.id: project for project in market}
    gained: Counter[str] = Counter()
    for wanted, decision in plan(people, market, TODAY):
        if decision.how is How.REARRANGED:
            return  # from here on, places are known only at the end
        if decision.project_id:

            def use(id: str) -> tuple[Fraction, int, str]:
                limits, used, more = by_id[id].limits, by_id[id].used, gained[id]
                all_three = (
                    (limits.total, used.total),
                    (limits.open_cases, used.open),
                    (limits.per_week, used.week),
                )
                shares = [Fraction(taken + more, limit) for limit, taken in all_three if limit is not None]
                return max(shares, default=Fraction(0)), 0 if shares else more, id

            able = [p.id for p in market if allows(wanted, p) and room(p) > gained[p.id]]
            assert sorted(able) == list(decision.candidates)
            assert decision.project_id == min(able, key=use)
            gained[decision.project_id] += 1


urgent_to_come = st.lists(
    st.builds(
        Expected,
        language=st.just("bn"),
        region=st.sampled_from("abc"),
        country=st.just("BD"),
        group=st.just("self"),
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def weeks(draw: st.DrawFn) -> Batch:
    """Projects with few places left this week, of which one or two may be kept; half of the people are urgent."""
    market = []
    for n in range(draw(st.integers(2, 5))):
        week = draw(st.sampled_from([2, 4, 8]))
        market.append(
            project(
                f"p{n}",
                regions=draw(st.sets(st.sampled_from("abc"), min_size=1, max_size=2).map(sorted).map(tuple)),
                limits=Limits(per_week=week),
                used=Used(week=week - draw(st.integers(1, 2))),
            )
        )
    fields: dict[str, Any] = {"region": st.sampled_from("abc"), "urgent": st.booleans()}
    some = st.builds(person, id=st.integers(1, 99), **fields)
    return draw(st.lists(some, min_size=1, max_size=10, unique_by=lambda one: one.id)), market


@settings(max_examples=60, deadline=None)
@given(weeks(), urgent_to_come)
def test_a_quarter_of_a_week_at_most_is_kept_for_urgent_ones_to_come_and_never_from_urgent_ones(
    batch: Batch, expected: list[Expected]
) -> None:
    people, market = batch
    planned = plan(people, market, TODAY, forecast=Forecast("f1", MONDAY, tuple(expected)))
    without = plan(people, market, TODAY)
    kept = {held.project_id: held.places for held in planned.held}
    gates = [(project.limits.per_week or 0) // 4 for project in market]
    assert all(kept.get(p.id, 0) <= min(gate, room(p)) for p, gate in zip(market, gates, strict=True))
    line = order(people)
    urgent = sum(one.urgent for one in line)
    placed = [decision.project_id is not None for _, decision in planned]
    assert sum(placed[:urgent]) == bound(line[:urgent], market)
    assert [d.project_id is not None for _, d in without][:urgent] == placed[:urgent]
    for k in {urgent, (urgent + len(line)) // 2, len(line)}:
        assert sum(placed[:k]) + sum(kept.values()) == bound(line[:k], market, expected, gates)
    for k, (wanted, decision) in enumerate(planned):
        assert len(decision.candidates) + sum(count for _, count in decision.refused) == decision.total
        if not decision.project_id and k % 3 == 2:
            first = [one for one, has in zip(line[:k], placed[:k], strict=True) if has]
            would = bound([*first, wanted], market) > len(first)
            assert (decision.how is How.HELD) == would
