"""Of any number of people at once one gets a callback, and each is rung once; and the same race lost without the lock."""

from pathlib import Path

import pytest

from tests import servers
from tests.faults.claims_race import Race, run
from tests.faults.test_places_race import broken_by
from tests.integration import queue_rows as rows

PEOPLE = 20


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()


def test_four_people_who_press_next_never_get_the_same_callback(database: servers.Servers) -> None:
    assert run(Race(people=4, callbacks=40), database) == []


def test_of_six_people_who_want_one_callback_one_gets_it(database: servers.Servers) -> None:
    assert run(Race(people=6, callbacks=4, chosen=True), database) == []


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_twenty_people_ring_a_thousand_callers_once_each(database: servers.Servers) -> None:
    assert run(Race(PEOPLE, 1000), database) == []


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_of_twenty_people_who_want_one_callback_one_gets_it_and_nineteen_are_told_who(
    database: servers.Servers,
) -> None:
    assert run(Race(PEOPLE, 50, chosen=True), database) == []


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_without_the_locks_the_same_race_is_lost(database: servers.Servers, tmp_path: Path) -> None:
    root = broken_by("no_claim_lock.patch", tmp_path)
    breaches = run(Race(PEOPLE, 300, root=root), database)
    assert any("claimed 2 times" in breach or "Stale" in breach for breach in breaches), breaches
