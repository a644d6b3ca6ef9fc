"""Every kind of alert is found where it is: its state is made in rows, seen as that one alert with its figures, and over with it.

A new kind fails here until somebody writes down how it comes about and how it ends (`alert_states`, `alert_faults`).
"""

from types import SimpleNamespace

import pytest

from helpline import db
from helpline.alerts import gathering, reading
from helpline.alerts.kinds import MEANINGS, Kind
from helpline.db import tallies
from tests.integration import alert_faults, alert_states, queue_rows
from tests.integration.alert_deeds import CASES, MINUTE, later, looked, worker

BOTH = (alert_states, alert_faults)  # what they say stands in `CASES`


@pytest.fixture(autouse=True)
def _well(at, database, monkeypatch):
    """A line of which nothing is wrong: closed, with its workers, and room on its disk."""
    at(queue_rows.TUESDAY)
    tallies.taken()  # what other tests of this process counted
    monkeypatch.setattr(gathering.shutil, "disk_usage", lambda _: SimpleNamespace(total=1000, free=500))
    for name in gathering.QUEUES:
        worker(name).register_birth()


@pytest.mark.parametrize("kind", Kind)
def test_its_state_is_seen_as_this_one_alert_and_over_when_it_is(kind, settings):
    case = CASES[kind]
    assert looked(settings) == {}, "nothing is wrong, of all kinds"
    state = case.deeds()
    next(state)
    found = looked(settings)
    for _ in range(int(MEANINGS[kind].holds / MINUTE)):
        if not found:
            later(minutes=1)
            found = looked(settings)
    assert found == {(kind, case.subject): (case.about, case.facts)}
    assert next(state, "undone") == "undone"
    looked(settings)
    later(seconds=MEANINGS[kind].clears.total_seconds())
    assert looked(settings) == {}
    with db.transaction() as session:
        (over,) = reading.past(session)
    assert (over.kind, over.subject) == (kind, case.subject)


def test_of_every_kind_it_is_written_down_how_it_comes_about():
    assert set(CASES) == set(Kind)
