"""The plan for everybody who waits, against a bound that another's algorithm finds: as many as can be, the first first."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.routing.policy import (
    Decision,
    Expected,
    Forecast,
    How,
    Limits,
    Outcome,
    Planned,
    Project,
    Reason,
    Used,
    Wanted,
    explain,
    fit,
    order,
    plan,
    why_not,
)
from tests.unit.routing.batches import (
    SHAPES,
    SINCE,
    TODAY,
    Batch,
    allows,
    any_batch,
    bound,
    person,
    project,
    room,
)

MONDAY = TODAY + timedelta(days=7)
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


def test_room_is_made_by_moving_others_of_the_same_plan_and_the_record_says_so() -> None:
    market = [project("a", places=1), project("b", places=1, regions=("lazio",))]
    planned = list(plan([person(1), person(2, region="molise")], market, TODAY))
    assert [(decision.project_id, decision.how) for _, decision in planned] == [
        ("b", How.REARRANGED),
        ("a", How.REARRANGED),
    ]
    assert explain(planned[1][1]) == "a, by moving others of the same plan, 0 of 2: 1 other region, 1 full"
    assert fit(person(2, region="molise"), market, TODAY).how is How.DIRECT


def test_a_refusal_names_what_is_full_and_the_day_on_which_that_may_change() -> None:
    market = [
        project("week", limits=Limits(per_week=1), regions=("lazio",)),
        project("case", limits=Limits(open_cases=1), used=Used(open=1)),
        project("soon", starts_on=TODAY + timedelta(days=20)),
    ]
    (_, first), (_, second) = plan([person(1), person(2)], market, TODAY)
    assert (first.project_id, first.may_free_on) == ("week", None)
    assert (second.outcome, second.how, second.proof) == (Outcome.WAIT, How.NONE, ("case", "week"))
    assert explain(second) == "0 of 3: 2 full, 1 not running"
    assert second.may_free_on == MONDAY
    assert fit(person(region="molise"), market, TODAY).may_free_on == TODAY + timedelta(days=20)
    assert fit(person(), market[1:2], TODAY).may_free_on is None


@pytest.mark.parametrize(
    ("fields", "told", "day"),
    [
        ({"limits": Limits(per_week=1), "used": Used(total=9, open=9, week=1)}, "1 full", MONDAY),
        ({"limits": Limits(3, None, 1), "used": Used(3, 0, 1)}, "1 full", None),
        ({"limits": Limits(None, 3, 1), "used": Used(0, 3, 0)}, "1 full", None),
        (
            {"limits": Limits(per_week=1), "used": Used(week=1), "ends_on": MONDAY - timedelta(days=1)},
            "1 full",
            None,
        ),
        ({"full_by_word": True}, "1 full by their word", None),
        ({"paused": True}, "1 paused", None),
        ({"entity_id": "silent"}, "1 did not answer lately", TODAY + timedelta(days=1)),
        ({"entity_id": "silent", "places": 0}, "1 did not answer lately", None),
        ({"taken": 2, "answer_due_on": TODAY + timedelta(days=1)}, "1 full", TODAY + timedelta(days=1)),
        ({"taken": 2, "answer_due_on": TODAY - timedelta(days=1)}, "1 full", TODAY),
        (
            {"taken": 2, "answer_due_on": MONDAY, "ends_on": MONDAY - timedelta(days=1)},
            "1 full",
            None,
        ),
    ],
)
def test_whoever_waits_for_one_project_is_told_why_and_until_when(
    fields: dict[str, Any], told: str, day: date | None
) -> None:
    decision = fit(person(cooling=frozenset({"silent"})), [project("one", **fields)], TODAY)
    assert (decision.outcome, explain(decision)) == (Outcome.WAIT, f"0 of 1: {told}")
    assert decision.may_free_on == day


def test_the_line_for_coordinators_says_when_somebody_declined() -> None:
    market = [
        *(project(f"far{n}", regions=("veneto", "sicilia")) for n in range(7)),
        *(project(f"full{n}", taken=2) for n in range(3)),
        project("words", languages=("it", "ar")),
        project("no", entity_id="said-no"),
    ]
    day = TODAY.replace(month=5, day=3)
    wanted = person(declined_by=frozenset({"said-no"}), declined_on=(("said-no", day),))
    said = explain(fit(wanted, market, TODAY))
    assert said == "0 of 12: 7 other region, 3 full, 1 language, 1 declined on 3 May"


def test_the_least_of_three_limits_counts_and_a_project_without_any_is_never_full() -> None:
    limits = Limits(total=10, open_cases=4, per_week=3)
    assert project("x", limits=limits, used=Used(8, 1, 0)).free == 2
    assert project("x", limits=limits, used=Used(2, 3, 0)).free == 1
    assert project("x", limits=limits, used=Used(2, 1, 1)).free == 2
    assert project("x", limits=limits, used=Used(12, 1, 1)).free == 0
    assert project("x", limits=Limits(), used=Used(99, 99, 99)).free is None
    open_ended = [project("a", limits=Limits()), project("b", limits=Limits())]
    decided = [d.project_id for _, d in plan([person(n) for n in range(4)], open_ended, TODAY)]
    assert decided == ["a", "b", "a", "b"]


def test_the_fullest_of_its_limits_says_how_used_a_project_is() -> None:
    half = project("a", limits=Limits(total=10, per_week=2), used=Used(total=1, open=1, week=1))
    less = project("b", limits=Limits(total=10), used=Used(total=4))
    assert fit(person(), [half, less], TODAY).project_id == "b"


def test_what_is_kept_moves_out_of_the_way_and_its_gate_is_open_again_behind_it() -> None:
    whom = {"e": ("kept", "n1"), "f": ("kept", "n2"), "g": ("n1", "g0"), "h": ("g0", "h0"), "i": ("h0",)}
    market = [
        project(id, regions=regions, limits=Limits(per_week=4), used=Used(week=3))
        for id, regions in whom.items()
    ]
    forecast = Forecast("f1", MONDAY, (Expected("bn", "kept", "BD", "self"),))
    people = [person(n, region=region) for n, region in enumerate(("g0", "h0", "n1", "n2"))]
    planned = plan(people, market, TODAY, forecast=forecast)
    assert [decision.project_id for _, decision in planned] == ["h", "i", "g", "f"]
    assert [(held.project_id, held.places) for held in planned.held] == [("e", 1)]


def test_whoever_takes_the_last_place_beside_what_is_kept_may_still_be_moved() -> None:
    market = [
        project("f", regions=("kept", "both", "n2"), limits=Limits(per_week=4), used=Used(week=2)),
        project("g", regions=("both",), limits=Limits(per_week=4), used=Used(week=3)),
    ]
    forecast = Forecast("f1", MONDAY, (Expected("bn", "kept", "BD", "self"),) * 2)
    planned = plan([person(1, region="both"), person(2, region="n2")], market, TODAY, forecast=forecast)
    assert [decision.project_id for _, decision in planned] == ["g", "f"]


def test_a_family_is_one_unit() -> None:
    planned = plan([person(1, group="family"), person(2)], [project("one", places=2)], TODAY)
    assert planned.placed == 2


def test_a_parked_request_waits_whatever_is_free_and_takes_no_place() -> None:
    parked, other = person(1, parked=True), person(2)
    decided: list[Decision] = [d for _, d in plan([parked, other], [project("one", places=1)], TODAY)]
    assert [decision.outcome for decision in decided] == [Outcome.WAIT, Outcome.PLACE]
    assert explain(decided[0]) == "0 of 1: 1 parked"
    assert why_not(parked, project("one"), TODAY) is Reason.PARKED
    assert fit(parked, [project("far", regions=("veneto",))], TODAY).outcome is Outcome.WAIT


def test_what_is_kept_is_shown_by_project_and_whoever_is_kept_out_is_told() -> None:
    market = [project("one", limits=Limits(per_week=4), used=Used(week=2))]
    forecast = Forecast("f1", MONDAY, (Expected("bn", "lazio", "BD", "self"),) * 3)
    planned = plan([person(1), person(2)], market, TODAY, forecast=forecast)
    (held,) = planned.held
    assert (held.project_id, held.places, held.of, held.until) == ("one", 1, 4, MONDAY)
    second = planned.decision(1)
    assert (second.how, second.outcome, second.forecast_id) == (How.HELD, Outcome.WAIT, "f1")
    assert explain(second) == "0 of 1: 1 held for urgent ones"
    assert second.may_free_on == MONDAY
    assert (
        plan([person(1, urgent=True), person(2, urgent=True)], market, TODAY, forecast=forecast).placed == 2
    )


def test_people_come_in_the_published_order() -> None:
    late = SINCE + timedelta(days=1)
    waiting = [
        person(9),
        person(2, waiting_since=late, urgent=True),
        person(3),
        person(1, waiting_since=late),
    ]
    assert [one.id for one in order(waiting)] == [2, 3, 9, 1]


def test_a_project_is_a_candidate_of_its_own_and_its_entitys_no_holds_for_all() -> None:
    market = [project("a", entity_id="e", places=0), project("b", entity_id="e")]
    assert fit(person(), market, TODAY).project_id == "b"
    wanted: Wanted = person(declined_by=frozenset({"e"}))
    refused: Project | None = fit(wanted, market, TODAY).chosen
    assert refused is None
