"""What a plan says of one person, case by case: who is moved, what is full, what is kept, and until when."""

from datetime import date, timedelta
from typing import Any

import pytest

from helpline.routing.policy import (
    Decision,
    Expected,
    Forecast,
    How,
    Limits,
    Outcome,
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
    MONDAY,
    SINCE,
    TODAY,
    person,
    project,
)


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
