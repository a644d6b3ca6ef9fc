"""Whom to ring for whom: rules that hold whoever waits and whoever is there; shifts by Rome's clock; what is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.hours import ROME
from helpline.live import plan
from helpline.live.plan import Holding, Mediator, Ring, Shift, Standing, Tell, Wait

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LANGUAGES = ("it", "en", "bn")

# How long examples take to make depends on what else this machine does.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

moments = st.integers(0, 600).map(lambda seconds: NOW - timedelta(seconds=seconds))
mediators = st.lists(
    st.builds(
        Mediator,
        person_id=st.integers(1, 9),
        languages=st.frozensets(st.sampled_from(LANGUAGES)),
        idle_since=moments,
        ready=st.booleans(),
        busy=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.person_id,
)
holdings = st.lists(
    st.builds(
        Holding,
        hold_id=st.integers(1, 99),
        language=st.sampled_from(LANGUAGES),
        since=moments,
        minor=st.booleans(),
        being_rung=st.booleans(),
        tried=st.dictionaries(st.integers(1, 9), moments, max_size=3),
    ),
    max_size=8,
    unique_by=lambda one: one.hold_id,
)


@unhurried
@given(holdings, mediators)
def test_nobody_is_rung_who_may_not_be_and_nobody_twice(
    waiting: list[Holding], there: list[Mediator]
) -> None:
    rings = plan.next_rings(waiting, there, NOW)
    people, callers = {one.person_id: one for one in there}, {one.hold_id: one for one in waiting}
    assert len({ring.person_id for ring in rings}) == len(rings) == len({ring.hold_id for ring in rings})
    for ring in rings:
        person, caller = people[ring.person_id], callers[ring.hold_id]
        assert person.ready and not person.busy and caller.language in person.languages
        assert not caller.being_rung
        tried_at = caller.tried.get(person.person_id)
        assert tried_at is None or NOW - tried_at >= plan.RING_AGAIN_AFTER


@unhurried
@given(holdings, mediators)
def test_nobody_waits_while_somebody_could_be_rung_for_them(
    waiting: list[Holding], there: list[Mediator]
) -> None:
    rings = plan.next_rings(waiting, there, NOW)
    left = [one for one in there if one.free and one.person_id not in {ring.person_id for ring in rings}]
    served = {ring.hold_id for ring in rings}
    for caller in waiting:
        if caller.being_rung or caller.hold_id in served:
            continue
        assert not [one for one in left if caller.language in one.languages and _may(caller, one)]


@unhurried
@given(holdings, mediators)
def test_who_is_rung_is_idle_longest_of_those_left_and_callers_come_in_their_turn(
    waiting: list[Holding], there: list[Mediator]
) -> None:
    rings = plan.next_rings(waiting, there, NOW)
    people, callers = {one.person_id: one for one in there}, {one.hold_id: one for one in waiting}
    order = [one.hold_id for one in plan.in_order(waiting)]
    places = [order.index(ring.hold_id) for ring in rings]
    assert places == sorted(places)
    for n, ring in enumerate(rings):
        taken = {one.person_id for one in rings[:n]}
        caller = callers[ring.hold_id]
        could = [
            one
            for one in there
            if one.free
            and one.person_id not in taken
            and caller.language in one.languages
            and _may(caller, one)
        ]
        assert people[ring.person_id].idle_since == min(one.idle_since for one in could)


@unhurried
@given(holdings, mediators, st.randoms())
def test_the_order_in_which_they_are_named_does_not_matter(
    waiting: list[Holding], there: list[Mediator], chance: Random
) -> None:
    again, others = list(waiting), list(there)
    chance.shuffle(again)
    chance.shuffle(others)
    assert plan.next_rings(again, others, NOW) == plan.next_rings(waiting, there, NOW)


@unhurried
@given(holdings)
def test_every_place_in_a_line_is_taken_once(waiting: list[Holding]) -> None:
    for language in LANGUAGES:
        line = [plan.place(one.hold_id, waiting) for one in waiting if one.language == language]
        assert sorted(line) == list(range(1, len(line) + 1))
    assert plan.place(1000, waiting) == 0


@unhurried
@given(holdings, mediators)
def test_a_longer_line_never_promises_a_shorter_wait(waiting: list[Holding], there: list[Mediator]) -> None:
    order = [Wait.SOON, Wait.TEN, Wait.LONG]
    for language in LANGUAGES:
        waits = [order.index(plan.rough_wait(place, language, there)) for place in range(1, 20)]
        assert waits == sorted(waits)


def _may(caller: Holding, one: Mediator) -> bool:
    tried_at = caller.tried.get(one.person_id)
    return tried_at is None or NOW - tried_at >= plan.RING_AGAIN_AFTER


def test_children_first_then_who_waits_longest() -> None:
    old, child = Holding(1, "en", NOW - timedelta(minutes=9)), Holding(2, "en", NOW, minor=True)
    her = Mediator(5, frozenset({"en"}), NOW)
    assert plan.next_rings([old, child], [her], NOW) == [Ring(2, 5)]
    assert plan.next_rings([old], [her], NOW) == [Ring(1, 5)]


def test_the_longest_idle_is_rung() -> None:
    rested = Mediator(7, frozenset({"en"}), NOW - timedelta(hours=1))
    tired = Mediator(3, frozenset({"en"}), NOW - timedelta(minutes=1))
    assert plan.next_rings([Holding(1, "en", NOW)], [tired, rested], NOW) == [Ring(1, 7)]
    away = replace(rested, busy=True)
    assert plan.next_rings([Holding(1, "en", NOW)], [tired, away], NOW) == [Ring(1, 3)]


def test_how_a_language_stands() -> None:
    free = Mediator(1, frozenset({"en"}), NOW)
    assert plan.standing("en", [free]) is Standing.FREE
    assert plan.standing("en", [replace(free, busy=True)]) is Standing.BUSY
    assert plan.standing("en", [replace(free, ready=False, busy=True)]) is Standing.BUSY
    assert plan.standing("en", [replace(free, ready=False)]) is Standing.NOBODY
    assert plan.standing("it", [free]) is Standing.NOBODY


@pytest.mark.parametrize(
    ("place", "talking", "free", "said"),
    [
        (1, 0, 1, Wait.SOON),
        (1, 1, 0, Wait.TEN),
        (1, 2, 0, Wait.SOON),
        (2, 1, 0, Wait.TEN),
        (3, 1, 0, Wait.LONG),
        (3, 3, 0, Wait.TEN),
        (9, 0, 0, Wait.LONG),
    ],
)
def test_the_rough_wait(place: int, talking: int, free: int, said: Wait) -> None:
    there = [Mediator(n, frozenset({"en"}), NOW, busy=n < talking) for n in range(talking + free)]
    assert plan.rough_wait(place, "en", there) is said


USUAL: dict[str, Any] = {
    "since": NOW,
    "told_at": NOW,
    "offer_due": False,
    "asked": False,
    "stands": Standing.BUSY,
    "being_rung": False,
}


@pytest.mark.parametrize(
    ("facts", "seconds", "said"),
    [
        ({}, 10, Tell.NOTHING),
        ({}, 60, Tell.PLACE),
        ({"asked": True}, 10, Tell.PLACE),
        ({"offer_due": True}, 10, Tell.OFFER),
        ({"offer_due": True, "asked": True}, 70, Tell.OFFER),
        ({"stands": Standing.NOBODY}, 10, Tell.NOBODY),
        ({"stands": Standing.NOBODY, "being_rung": True}, 10, Tell.NOTHING),
        ({"stands": Standing.FREE}, 10, Tell.NOTHING),
        ({}, 1200, Tell.NOBODY),
        ({"stands": Standing.FREE, "being_rung": True}, 1200, Tell.NOBODY),
    ],
)
def test_what_a_round_begins_with(facts: dict[str, Any], seconds: int, said: Tell) -> None:
    now = NOW + timedelta(seconds=seconds)
    assert plan.tell(now, **(USUAL | facts)) is said


# ---------------------------------------------------------------- shifts


def rome(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


def weekly(person: int, weekday: int, begins: int, ends: int, *languages: str) -> Shift:
    return Shift(person, frozenset(languages), begins * 60, ends * 60, weekday=weekday)


WEDNESDAY = weekly(1, 2, 9, 13, "bn", "hi")


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        ("2026-11-18 08:59", False),
        ("2026-11-18 09:00", True),
        ("2026-11-18 12:59:59", True),
        ("2026-11-18 13:00", False),
        ("2026-11-19 10:00", False),
    ],
)
def test_a_shift_of_the_week_holds_its_hours_in_rome(moment: str, works: bool) -> None:
    assert plan.on_shift([WEDNESDAY], rome(moment)) == ({1: {"bn", "hi"}} if works else {})


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_on_the_day_on_which_clocks_change_a_shift_begins_and_ends_as_clocks_show(day: str) -> None:
    sunday = weekly(1, 6, 9, 13, "bn")
    works = [hour for hour in range(24) if plan.on_shift([sunday], rome(f"{day} {hour:02}:00"))]
    assert works == [9, 10, 11, 12]


def test_the_day_is_romes_also_when_utc_has_another() -> None:
    late = Shift(1, frozenset({"bn"}), 0, 60, weekday=2)
    assert plan.on_shift([late], datetime(2026, 11, 17, 23, 30, tzinfo=UTC)) == {1: {"bn"}}


def test_a_single_day_takes_the_place_of_the_week() -> None:
    day = date(2026, 11, 18)
    instead = Shift(1, frozenset({"bn"}), 15 * 60, 17 * 60, day=day)
    away = Shift(2, frozenset(), 7 * 60, 21 * 60, day=day)
    rota = [WEDNESDAY, weekly(2, 2, 9, 18, "en"), instead, away]
    assert plan.on_shift(rota, rome("2026-11-18 10:00")) == {}
    assert plan.on_shift(rota, rome("2026-11-18 16:00")) == {1: {"bn"}}
    assert plan.on_shift(rota, rome("2026-11-25 10:00")) == {1: {"bn", "hi"}, 2: {"en"}}


def test_two_shifts_at_once_speak_the_languages_of_both() -> None:
    rota = [WEDNESDAY, weekly(1, 2, 12, 14, "it")]
    assert plan.on_shift(rota, rome("2026-11-18 12:30")) == {1: {"bn", "hi", "it"}}
    assert plan.on_shift(rota, rome("2026-11-18 13:30")) == {1: {"it"}}
