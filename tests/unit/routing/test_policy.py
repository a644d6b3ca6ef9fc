"""Which project takes one request: examples with their explanations (`test_plan` has what holds for every batch)."""

from datetime import date, timedelta

import pytest

from helpline.routing.policy import Outcome, Project, Reason, explain, fit, order, plan, why_not
from tests.unit.routing.batches import SINCE, TODAY, person, project


def test_the_line_for_coordinators_counts_every_project_once() -> None:
    market = [
        *(project(f"far{n}", regions=("veneto", "sicilia")) for n in range(7)),
        *(project(f"full{n}", taken=2) for n in range(3)),
        project("words", languages=("it", "ar")),
        project("over", ends_on=date(2026, 11, 22)),
    ]
    said = explain(fit(person(), market, TODAY))
    assert said == "0 of 12: 7 other region, 3 full, 1 language, 1 not running"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"regions": ("lazio",)}, None),
        ({"regions": ("veneto",)}, Reason.REGION),
        ({"countries": ("MA", "TN")}, Reason.COUNTRY),
        ({"countries": ("MA", "BD")}, None),
        ({"groups": ("family",)}, Reason.GROUP),
        ({"languages": ("it",)}, Reason.LANGUAGE),
        ({"starts_on": TODAY, "ends_on": TODAY}, None),
        ({"starts_on": TODAY + timedelta(days=1)}, Reason.NOT_RUNNING),
        ({"ends_on": TODAY - timedelta(days=1)}, Reason.NOT_RUNNING),
        ({"paused": True}, Reason.PAUSED),
        ({"taken": 2}, Reason.FULL),
        ({"taken": 3}, Reason.FULL),
        ({"places": 0}, Reason.FULL),
        ({"entity_id": "said-no"}, Reason.DECLINED),
    ],
)
def test_the_first_reason_is_the_one_that_is_told(fields: dict[str, object], reason: Reason | None) -> None:
    assert why_not(person(declined_by=frozenset({"said-no"})), project("one", **fields), TODAY) is reason


@pytest.mark.parametrize("unknown", ["region", "country"])
def test_what_is_not_known_fits_only_who_takes_any(unknown: str) -> None:
    named = project("named", regions=("lazio",), countries=("BD",))
    anywhere = project("anywhere")
    assert fit(person(), [named], TODAY).chosen == named
    assert fit(person(**{unknown: None}), [named], TODAY).outcome is Outcome.NOBODY_FITS
    assert fit(person(**{unknown: None}), [named, anywhere], TODAY).chosen == anywhere


def test_the_least_used_is_chosen_and_the_first_of_equals_by_name() -> None:
    market = [
        project("c", places=10, taken=4),
        project("b", places=4, taken=1),
        project("a", places=8, taken=2),
    ]
    decision = fit(person(), market, TODAY)
    assert decision.chosen and decision.chosen.id == "a"
    assert explain(decision) == "a, the least used of 3 of 3"


@pytest.mark.parametrize(
    ("market", "outcome"),
    [
        ([], Outcome.NO_PROJECT),
        ([project("over", ends_on=date(2026, 1, 1))], Outcome.NO_PROJECT),
        ([project("soon", starts_on=date(2026, 12, 1))], Outcome.WAIT),
        ([project("soon", starts_on=date(2026, 12, 1), regions=("veneto",))], Outcome.NO_PROJECT),
        ([project("full", taken=2)], Outcome.WAIT),
        ([project("paused", paused=True)], Outcome.WAIT),
        ([project("far", regions=("veneto",))], Outcome.NOBODY_FITS),
        (
            [project("far", regions=("veneto",)), project("over", ends_on=date(2026, 1, 1))],
            Outcome.NOBODY_FITS,
        ),
        ([project("no", entity_id="said-no")], Outcome.NOBODY_FITS),
        ([project("yes")], Outcome.PLACE),
    ],
)
def test_whoever_may_yet_be_placed_waits_and_whoever_cannot_be_is_a_persons_to_look_at(
    market: list[Project], outcome: Outcome
) -> None:
    assert fit(person(declined_by=frozenset({"said-no"})), market, TODAY).outcome is outcome


def test_urgent_ones_come_first_then_who_waited_longest_then_who_came_first() -> None:
    late = SINCE + timedelta(days=1)
    waiting = [
        person(1, waiting_since=late),
        person(2),
        person(3, waiting_since=late, urgent=True),
        person(4),
    ]
    assert [one.id for one in order(waiting)] == [3, 2, 4, 1]
    decided = plan(waiting, [project("one", places=2)], TODAY)
    assert [(one.id, decision.outcome) for one, decision in decided] == [
        (3, Outcome.PLACE), (2, Outcome.PLACE), (4, Outcome.WAIT), (1, Outcome.WAIT),
    ]  # fmt: skip
