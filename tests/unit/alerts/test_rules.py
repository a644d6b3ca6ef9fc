"""What holds, by how the line stands: each kind in the case that it is for, and in the one next to it."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from helpline.alerts import rules
from helpline.alerts.facts import Calls, Facts, Organisation, Queue, Tongue
from helpline.alerts.kinds import Kind, Severity, usual

NOW = datetime(2026, 11, 2, 10, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIMITS = {kind: usual(kind) for kind in Kind}
FACTS = Facts(NOW, NOW)


def kinds(limits=LIMITS, **facts):
    return [(one.kind, one.subject) for one in rules.found(replace(FACTS, **facts), limits)]


def of(kind, **facts):
    return next((one for one in rules.found(replace(FACTS, **facts), LIMITS) if one.kind is kind), None)


def test_nothing_holds_on_a_line_where_all_is_well():
    well = Tongue(
        "bn", is_open=True, on_shift=1, there=1, ahead=1, callbacks=3, oldest=NOW - HOUR, recorded=271
    )
    assert kinds(tongues=(well, Tongue("hi")), queues={"ring": Queue(2, 1)}, web_at=NOW, counted_at=NOW) == []


@pytest.mark.parametrize(
    ("tongue", "expected"),
    [
        ({"is_open": True}, [Kind.NOBODY_ON_SHIFT]),
        ({"is_open": True, "ahead": 0}, [Kind.NOBODY_ON_SHIFT]),
        ({"is_open": True, "on_shift": 2}, [Kind.NOBODY_THERE]),
        ({"is_open": True, "on_shift": 2, "there": 1, "ahead": 0}, [Kind.NOBODY_SOON]),
        ({"ahead": 0}, [Kind.NOBODY_SOON]),
        ({"ahead": 1}, []),
        ({}, []),
        ({"held": (NOW - 5 * MINUTE, NOW), "there": 1}, [Kind.HELD_LONG]),
        ({"held": (NOW - 5 * MINUTE,)}, []),
        ({"held": (NOW - 4 * MINUTE,), "there": 1}, []),
        ({"callbacks": 51}, [Kind.CALLBACKS_MANY]),
        ({"callbacks": 50}, []),
        ({"callbacks": 1, "oldest": NOW - 72 * HOUR}, [Kind.CALLBACKS_OLD]),
        ({"recorded": 270, "missing": 1}, [Kind.CLIPS_MISSING]),
        ({"recorded": 1, "missing": 270}, []),
    ],
)
def test_a_language(tongue, expected):
    assert kinds(tongues=(Tongue("bn", **tongue),)) == [(kind, "bn") for kind in expected]


def test_offers_are_grouped_by_organisation():
    soon = (NOW + 90 * MINUTE, NOW + 100 * MINUTE, NOW + 3 * HOUR, NOW - MINUTE)
    one = of(Kind.OFFERS_EXPIRING, organisations=(Organisation("ente", "Ente", expiring=soon),))
    assert one is not None
    assert (one.subject, one.about, one.facts) == ("ente", "Ente", {"count": 2, "minutes": 90})


def test_organisations_that_do_not_answer_or_hear_nothing():
    two = (Organisation("a", "A", unanswered=3), Organisation("b", "B", not_told=True))
    assert kinds(organisations=two) == [(Kind.ENTITY_SILENT, "a"), (Kind.ENTITY_NOT_TOLD, "b")]


@given(some.floats(0, 50), some.integers(0, 240))
def test_a_silence_is_told_when_it_is_hardly_chance(a_hour, minutes):
    hours = {NOW.replace(minute=0) - n * HOUR: a_hour for n in range(6)}
    one = of(Kind.CALLS_STOPPED, calls=Calls(NOW - minutes * MINUTE, hours))
    missed = a_hour * minutes / 60
    if abs(missed - 10) > 1e-6:
        assert (one is not None) == (missed > 10)
        assert one is None or math.exp(-missed) < 1 / 20_000


def test_a_line_that_is_too_young_or_never_rang_is_not_silent():
    assert kinds(calls=Calls(NOW - 9 * HOUR, {})) == []
    assert kinds(calls=Calls(None, {NOW: 50.0})) == []


def test_only_the_part_of_an_hour_that_has_passed_is_expected():
    hour = NOW.replace(minute=0)
    assert rules.expected({hour: 8.0}, hour - HOUR, NOW) == 4
    assert rules.expected({hour: 8.0}, NOW - 15 * MINUTE, NOW) == 2


def test_refused_webhooks_are_urgent_where_no_good_call_came_beside_them():
    alone = of(Kind.WEBHOOKS_REFUSED, tallies={"webhook refused": 5})
    beside = of(Kind.WEBHOOKS_REFUSED, tallies={"webhook refused": 5}, calls_lately=2)
    assert alone is not None
    assert beside is not None
    assert (alone.pressing, beside.pressing) == (Severity.URGENT, Severity.WARNING)
    assert kinds(tallies={"webhook refused": 4}) == []


def test_the_carriers_errors_are_one_alert_that_names_the_most_frequent():
    one = of(Kind.CARRIER_ERRORS, tallies={"carrier 11200": 2, "carrier 12100": 1})
    assert one is not None
    assert one.facts == {"count": 3, "code": 11200}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"promises_passed": 1}, (Kind.PROMISES_PASSED, "")),
        ({"undecided": 2, "undecided_since": NOW - 24 * HOUR}, (Kind.REQUESTS_UNDECIDED, "")),
        ({"legs": 10, "legs_failed": 3}, (Kind.LEGS_FAILING, "")),
        ({"tallies": {"document rescued": 3}}, (Kind.DOCUMENTS_FAILING, "")),
        ({"tallies": {"webhook failed": 3}}, (Kind.WEBHOOKS_FAILING, "")),
        ({"tallies": {"clip": 5}}, (Kind.CLIPS_FAILING, "")),
        ({"counted_at": NOW - 15 * MINUTE}, (Kind.FIGURES_STOPPED, "")),
        ({"failing": {"a.b": NOW - 10 * MINUTE}}, (Kind.SWEEP_FAILING, "a.b")),
        ({"queues": None}, (Kind.QUEUE_DOWN, "")),
        ({"queues": {"slow": Queue(201, 1)}}, (Kind.QUEUE_LONG, "slow")),
        ({"queues": {"ring": Queue(0, 0)}}, (Kind.WORKER_SILENT, "ring")),
        ({"web_at": NOW - MINUTE}, (Kind.PAGES_SILENT, "")),
        ({"stuck": 1, "stuck_since": NOW - 30 * MINUTE}, (Kind.MESSAGES_STUCK, "")),
        ({"disk_free": 9}, (Kind.DISK_FULL, "")),
        ({"probes": {"milan": NOW - 10 * MINUTE}}, (Kind.PROBE_SILENT, "milan")),
    ],
)
def test_each_thing_that_is_wrong_is_one_alert(facts, expected):
    assert kinds(**facts) == [expected]


@pytest.mark.parametrize(
    "facts",
    [
        {"undecided": 2, "undecided_since": NOW - 23 * HOUR},
        {"legs": 4, "legs_failed": 4},
        {"legs": 10, "legs_failed": 2},
        {"tallies": {"document rescued": 2, "webhook failed": 2, "clip": 4, "carrier 11200": 2}},
        {"counted_at": NOW - 14 * MINUTE, "failing": {"a.b": NOW - 9 * MINUTE}},
        {"queues": {"slow": Queue(200, 1)}, "web_at": NOW - 59 * timedelta(seconds=1)},
        {
            "stuck": 1,
            "stuck_since": NOW - 29 * MINUTE,
            "disk_free": 10,
            "probes": {"milan": NOW - 9 * MINUTE},
        },
    ],
)
def test_what_is_within_its_limit_is_none(facts):
    assert kinds(**facts) == []


def test_what_is_switched_off_or_not_known_is_not_said():
    off = LIMITS | {Kind.QUEUE_DOWN: replace(usual(Kind.QUEUE_DOWN), on=False)}
    assert kinds(off, queues=None) == []
    assert kinds(queues=None, unknown=frozenset({Kind.QUEUE_DOWN})) == []
