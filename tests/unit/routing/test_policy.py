"""Which project takes a request: examples with their explanations, and what holds for every market."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.routing.policy import (
    Decision,
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

TODAY = date(2026, 11, 23)
SINCE = datetime(2026, 11, 20, tzinfo=UTC)


def project(id: str, *, places: int = 2, taken: int = 0, **fields: object) -> Project:
    running = {
        "starts_on": date(2024, 1, 2),
        "ends_on": date(2027, 1, 1),
        "entity_id": f"of-{id}",
        "limits": Limits(total=places),
        "used": Used(total=taken),
    }
    return Project(id=id, **running | fields)  # type: ignore[arg-type]


def person(id: int = 1, **fields: object) -> Wanted:
    usual = {"language": "bn", "region": "lazio", "country": "BD", "group": "self", "waiting_since": SINCE}
    return Wanted(id=id, **usual | fields)  # type: ignore[arg-type]


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


lists = st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(tuple) | st.just(("*",))
markets = st.lists(
    st.builds(
        project,
        id=st.text("pqrst", min_size=1, max_size=3),
        entity_id=st.sampled_from(["e1", "e2", "e3"]),
        starts_on=st.sampled_from([date(2026, 1, 1), TODAY, date(2026, 12, 1)]),
        ends_on=st.sampled_from([date(2026, 11, 22), TODAY, date(2027, 12, 1)]),
        places=st.integers(0, 4),
        taken=st.integers(0, 5),
        regions=lists,
        countries=lists,
        groups=st.sampled_from([("self",), ("family",), ("*",)]),
        languages=lists,
        paused=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda project: project.id,
)
people = st.builds(
    Wanted,
    id=st.integers(1, 99),
    language=st.sampled_from("abc"),
    region=st.sampled_from(["a", "b", "c", None]),
    country=st.sampled_from(["a", "b", "c", None]),
    group=st.sampled_from(["self", "family"]),
    waiting_since=st.sampled_from([SINCE, SINCE + timedelta(hours=1)]),
    urgent=st.booleans(),
    declined_by=st.frozensets(st.sampled_from(["e1", "e2", "e3"]), max_size=2),
)
queues = st.lists(people, max_size=8, unique_by=lambda wanted: wanted.id)


def allows(wanted: Wanted, project: Project) -> bool:
    """Written a second time, from the words of the rules rather than from the code."""
    pairs = [
        (wanted.region, project.regions),
        (wanted.country, project.countries),
        (wanted.group, project.groups),
        (wanted.language, project.languages),
    ]
    return (
        all(allowed == ("*",) or value in allowed for value, allowed in pairs)
        and project.entity_id not in wanted.declined_by
        and project.starts_on <= TODAY <= project.ends_on
        and not project.paused
        and project.free
    )


def use_of(project: Project) -> tuple[float, str]:
    assert project.limits.total is not None
    return project.used.total / project.limits.total, project.id


def one_more(project: Project) -> Limits:
    assert project.limits.total is not None
    return Limits(total=project.limits.total + 1)


def adds_up(decision: Decision) -> bool:
    return len(decision.free) + sum(count for _, count in decision.refused) == decision.total


@given(people, markets, st.randoms())
def test_the_order_in_which_projects_are_listed_makes_no_difference(wanted, market, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = random.sample(market, len(market))
    assert fit(wanted, market, TODAY) == fit(wanted, shuffled, TODAY)


@given(people, markets)
def test_counts_add_up_and_the_chosen_one_is_open_free_and_least_used(
    wanted: Wanted, market: list[Project]
) -> None:
    decision = fit(wanted, market, TODAY)
    able = [project for project in market if allows(wanted, project)]
    assert adds_up(decision) and decision.total == len(market)
    assert sorted(decision.free) == sorted(project.id for project in able)
    assert (decision.chosen is not None) == bool(able) == (decision.outcome is Outcome.PLACE)
    if decision.chosen:
        assert decision.chosen in able
        assert all(use_of(decision.chosen) <= use_of(other) for other in able)


@given(people, markets.filter(bool), st.data())
def test_a_place_more_never_takes_one_away(
    wanted: Wanted, market: list[Project], data: st.DataObject
) -> None:
    before = fit(wanted, market, TODAY)
    at = data.draw(st.integers(0, len(market) - 1))
    more = [*market[:at], replace(market[at], limits=one_more(market[at])), *market[at + 1 :]]
    after = fit(wanted, more, TODAY)
    assert set(before.free) <= set(after.free)
    if before.outcome in (Outcome.PLACE, Outcome.WAIT):
        assert after.outcome in (Outcome.PLACE, Outcome.WAIT)


@given(queues, markets, st.randoms())
def test_a_plan_never_fills_beyond_its_places_and_does_not_depend_on_how_it_is_listed(
    queue, market, random
) -> None:  # type: ignore[no-untyped-def]
    decided = plan(queue, market, TODAY)
    given_to = [decision.chosen.id for _, decision in decided if decision.chosen]
    for project in market:
        assert given_to.count(project.id) <= project.free
    assert all(adds_up(decision) for _, decision in decided)
    assert list(decided) == list(
        plan(random.sample(queue, len(queue)), random.sample(market, len(market)), TODAY)
    )


@given(queues, markets)
def test_nobody_is_left_without_a_place_that_is_still_free_for_them(
    queue: list[Wanted], market: list[Project]
) -> None:
    decided = plan(queue, market, TODAY)
    given_to = [decision.chosen.id for _, decision in decided if decision.chosen]
    after = [replace(p, used=Used(total=p.used.total + given_to.count(p.id))) for p in market]
    for wanted, decision in decided:
        if decision.chosen is None:
            assert not any(allows(wanted, project) for project in after)
