"""The clock: what is due is called, once, whatever else fails; each name in its list exists."""

import importlib
import logging
import threading

import pytest
from flask import Flask
from sqlalchemy import text

from helpline import db
from helpline.db import sweepings
from helpline.health import health_blueprint
from helpline.processes import clock
from helpline.sweeps import SWEEPS, Sweep

called = []


def working():
    called.append("working")
    return 3


def failing():
    called.append("failing")
    raise ValueError("+393330000001")


def calling_itself():
    """While this sweep runs, another clock is told to run it too."""
    called.append("calling_itself")
    return 7 if clock.run(Sweep(f"{__name__}.calling_itself", 1)) is None else 0


@pytest.fixture(autouse=True)
def _nothing_called_yet(database):
    called.clear()
    clock._noted.clear()


def sweep(function, every=1.0):
    return Sweep(f"{__name__}.{function.__name__}", every)


@pytest.mark.parametrize("known", SWEEPS, ids=lambda known: known.function)
def test_each_sweep_is_there_finds_nothing_to_do_and_needs_no_queue(known):
    module, _, name = known.function.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))
    assert known.every > 0


def test_one_that_fails_stops_no_other_and_its_values_are_not_logged(caplog):
    with caplog.at_level(logging.INFO):
        clock.tick([sweep(failing), sweep(working)], {}, now=0.0)
    assert called == ["failing", "working"]
    assert "ValueError" in caplog.text
    assert "333" not in caplog.text


def test_monitors_see_which_one_fails_and_since_when_each_does_its_work(settings):
    application = Flask(__name__)
    application.register_blueprint(health_blueprint(settings))
    application.config["PROPAGATE_EXCEPTIONS"] = True
    bad, good = sweep(failing), sweep(working)
    clock.tick([bad, good], {}, now=0.0)
    figures = application.test_client().get("/metrics").text
    assert f'helpline_sweep_failing{{sweep="{bad.function}"}} 1.0' in figures
    assert f'helpline_sweep_failing{{sweep="{good.function}"}} 0.0' in figures
    assert f'helpline_sweep_good_seconds{{sweep="{good.function}"}}' in figures
    assert f'helpline_sweep_good_seconds{{sweep="{bad.function}"}}' not in figures


def test_how_it_went_is_noted_when_it_changes_and_else_once_a_minute(monkeypatch):
    def noted():
        with db.transaction() as session:
            return {row.function: (row.good_at, row.failed_at) for row in session.query(sweepings.Sweeping)}

    one = sweep(working)
    clock.run(one)
    [(first, _)] = noted().values()
    clock.run(one)
    assert [good for good, _ in noted().values()] == [first]
    monkeypatch.setattr(clock, "_function", lambda name: failing)
    clock.run(one)
    [(good, failed)] = noted().values()
    assert good == first and failed > first
    monkeypatch.undo()
    clock.run(one)
    [(good, failed)] = noted().values()
    assert good > first and failed is None


def test_one_that_takes_long_does_not_hold_back_those_that_must_not_wait(monkeypatch):
    stuck, again, stop = threading.Event(), threading.Event(), threading.Event()

    def slow():
        stuck.set()
        return stop.wait(100)

    def prompt():
        called.append("prompt")
        if stuck.is_set() and called.count("prompt") >= 3:
            again.set()
        return 0

    monkeypatch.setattr(clock, "_function", {"slow": slow, "prompt": prompt}.get)
    lanes = clock.lanes_of([Sweep("slow", 0), Sweep("prompt", 0, alone=True)])
    threads = [threading.Thread(target=clock._go_round, args=(lane, 0.01, stop)) for lane in lanes]
    for thread in threads:
        thread.start()
    went_on = again.wait(60)
    stop.set()
    for thread in threads:
        thread.join(60)
    assert went_on
    assert [[each.function for each in lane] for lane in clock.lanes_of(SWEEPS)[1:]] == [
        ["helpline.routing.beats.beat_of_clock"], ["helpline.routing.ticking.tick"],
        ["helpline.alerts.standing.work"], ["helpline.alerts.telling.tell"], ["helpline.alerts.heartbeat.beat"],
    ]  # fmt: skip


def test_each_is_called_at_once_and_then_when_it_is_due():
    due = {}
    sweeps = [sweep(working, every=10)]
    for now in (0.0, 5.0, 9.9, 10.0, 12.0):
        clock.tick(sweeps, due, now)
    assert called == ["working"] * 2


def test_two_clocks_do_not_run_the_same_sweep_at_once():
    assert clock.run(sweep(calling_itself)) == 7
    assert called == ["calling_itself"]


def test_a_clock_that_was_killed_leaves_no_claim():
    assert clock.run(sweep(working)) == 3
    with db.engine().connect() as connection:
        held = text(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert connection.execute(held).scalar() == 0
    assert clock.run(sweep(working)) == 3


def test_without_its_database_the_clock_goes_on(settings, caplog):
    db.connect(
        settings,
        database_url="postgresql+psycopg://nobody@/nothing?host=/nowhere",
        redis_url="unix:///nowhere",
    )
    assert clock.run(sweep(working)) is None
    assert "OperationalError" in caplog.text
