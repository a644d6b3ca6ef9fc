"""Everybody at once: accepting, declining, expiring, planning, changing places, killed; and code broken on purpose."""

from pathlib import Path

import pytest

from helpline.config import Settings
from tests import servers
from tests.faults import crowd
from tests.faults.crowd import Crowd
from tests.faults.test_places_race import broken_by


def test_a_small_crowd_breaks_no_promise(database: servers.Servers, tmp_path: Path) -> None:
    assert crowd.run(Crowd(members=8, seconds=4, kill_every=1), database, tmp_path) == []


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_forty_at_once_break_no_promise(database: servers.Servers, tmp_path: Path) -> None:
    assert crowd.run(Crowd(members=40, seconds=120, kill_every=0.7, seed=2), database, tmp_path) == []


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_forty_at_once_break_no_promise_while_the_database_is_killed_and_gone(
    settings: Settings, tmp_path: Path
) -> None:
    with crowd.own_servers(settings) as (where, folder):
        gone = Crowd(members=40, seconds=100, kill_every=1, seed=3, database_gone=30)
        assert crowd.run(gone, where, tmp_path, servers_of=folder) == []


RUSH = ("assign",) * 8 + ("make_room", "ask")
"""Much given by hand, and few places: no plan puts those who come in a row."""


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_a_rush_for_few_places_breaks_no_promise(database: servers.Servers, tmp_path: Path) -> None:
    assert crowd.run(Crowd(members=16, seconds=20, kill_every=5, only=RUSH), database, tmp_path) == []


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("patch", "only", "breach"),
    [
        ("no_entity_lock.patch", RUSH, "more "),
        ("an_end_without_a_line.patch", (), "by the log"),
        ("expires_without_looking.patch", (), "before its"),
    ],
)
def test_code_that_is_broken_on_purpose_is_found_out(
    patch: str, only: tuple[str, ...], breach: str, database: servers.Servers, tmp_path: Path
) -> None:
    root = broken_by(patch, tmp_path)
    broken = Crowd(members=16, seconds=20, kill_every=5, only=only, root=root)
    found = crowd.run(broken, database, tmp_path)
    assert any(breach in one for one in found), found
