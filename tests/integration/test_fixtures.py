"""The ground that other tests stand on: a database emptied between tests, a clock to set, no network."""

import socket

import pytest
from sqlalchemy import text

from helpline import clock, db
from helpline.db.states import Moved


def _leave_a_row() -> int:
    with db.transaction() as session:
        session.add(Moved(kind="test", subject_id=1, who="test", from_state=None, to_state="x", why="test"))
    with db.transaction() as session:
        return session.execute(text("select count(*) from moves")).scalar_one()


@pytest.mark.parametrize("round_", [1, 2])
@pytest.mark.usefixtures("database")
def test_each_test_begins_with_empty_tables(round_):
    assert _leave_a_row() == 1


@pytest.mark.usefixtures("database")
def test_a_job_rung_in_one_test_is_gone_in_the_next(valkey):
    assert valkey.keys() == []
    with db.transaction() as session:
        db.ring(session, "nothing", 1)
    assert valkey.llen("rq:queue:ring") == 1


def test_the_clock_shows_the_time_in_rome_that_was_set(at):
    at("2026-12-24 17:59")
    assert clock.in_rome().strftime("%Y-%m-%d %H:%M") == "2026-12-24 17:59"
    assert clock.now().strftime("%H:%M") == "16:59"


@pytest.mark.parametrize(("fold", "utc"), [(0, "00:30"), (1, "01:30")])
def test_the_hour_that_comes_twice_can_be_told_apart(at, fold, utc):
    at("2026-10-25 02:30", fold=fold)
    assert clock.now().strftime("%H:%M") == utc


def test_no_test_reaches_another_machine():
    with pytest.raises(RuntimeError, match="no other machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(RuntimeError, match="no other machine"):
        socket.getaddrinfo("example.org", 443)
