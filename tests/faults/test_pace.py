"""One outbound call a second for the whole installation, however many processes place calls at the same moment; and the
same calls placed too fast by code that is broken on purpose."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Worker
from sqlalchemy import select, text

from helpline import clock, db
from helpline.phone import PhoneNumber
from helpline.simulator import server
from helpline.simulator.call import Call
from helpline.simulator.carrier import Carrier
from helpline.simulator.transport import Answer, Budget, Headers
from helpline.telephony import legs
from helpline.telephony.models import Leg, LegState, Purpose
from tests import servers
from tests.conftest import ENVIRONMENT
from tests.faults.race import REPOSITORY
from tests.faults.test_places_race import broken_by

WORKERS, CALLS = 3, 7
PATIENCE, SWEPT_EVERY = 240, 5
LATE = 0.9
"""Seconds by which one call may come later than its turn, on a machine that has other things to do."""


class Stopwatch(Carrier):
    """A carrier that notes when each call was asked for; nobody answers at the address it tells."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        super().__init__(
            ENVIRONMENT["TWILIO_ACCOUNT_SID"],
            ENVIRONMENT["TWILIO_AUTH_TOKEN"],
            ENVIRONMENT["HELPLINE_PUBLIC_URL"],
            _nobody,
            clock=clock.now,
            strict=False,
            real_time=True,
        )

    def new_call(self, to: str, from_: str, direction: str, *, strict: bool | None = None) -> Call:
        """As ever."""
        self.asked.append(time.monotonic())
        return super().new_call(to, from_, direction, strict=strict)


def _nobody(method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
    return Answer(204, [], b"")


@contextmanager
def working(root: Path, carrier: Stopwatch, where: servers.Servers, folder: Path) -> Iterator[None]:
    """Several worker processes of the code in `root`, each of which places what it is told to."""
    variables = os.environ | ENVIRONMENT | {
        "DATABASE_URL": servers.plain(where.database_url),
        "REDIS_URL": where.redis_url,
        "TWILIO_API_URL": carrier.api_url,
        "HELPLINE_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": str(root),
    }  # fmt: skip
    command = [sys.executable, "-m", "helpline", "worker", "ring"]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        stack.callback(
            lambda: print((folder / "log").read_text("utf-8", "replace"))
        )  # shown if the test fails
        queue = stack.enter_context(Redis.from_url(where.redis_url))
        started = [
            stack.enter_context(running(command, env=variables, cwd=root, stdout=log, stderr=log))
            for _ in range(WORKERS)
        ]
        ours = {process.pid for process in started}

        def ready() -> bool:
            assert all(process.poll() is None for process in started), "a worker has ended"
            return ours <= {worker.pid for worker in Worker.all(connection=queue)}

        until(ready, "all workers look at the queue")
        yield


@contextmanager
def running(command: list[str], **more: Any) -> "Iterator[subprocess.Popen[bytes]]":
    """One process, which is asked to stop at the end."""
    process = subprocess.Popen(command, **more)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def until(what: Callable[[], Any], words: str, meanwhile: Callable[[], Any] = lambda: None) -> None:
    """Wait until something is so, and do something else about once in five seconds."""
    began = again = time.monotonic()
    while not what():
        now = time.monotonic()
        assert now - began < PATIENCE, f"waited {PATIENCE} s in vain until {words}"
        if now - again > SWEPT_EVERY:
            again = now
            meanwhile()
        time.sleep(0.05)


@contextmanager
def starting_gun() -> Iterator[None]:
    """Holds the workers back where they ask for their turn, and lets all of them go at one moment."""
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE relation = 'pace'::regclass AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with db.transaction() as session:
        session.execute(text("INSERT INTO pace (id, next_at) VALUES (1, now() - interval '1 minute')"))
    with db.transaction() as session:
        session.execute(text("LOCK TABLE pace IN SHARE ROW EXCLUSIVE MODE"))
        yield
        until(lambda: session.scalar(waiting) == WORKERS, "all workers ask for their turn", ring_again)


def ring_again() -> None:
    """Ring once more for calls that nobody has asked for: bells may be lost, and a job may fail on a busy machine.

    An installation's clock does so (`placing.place_due`); here none runs, since it would place calls itself.
    """
    with db.transaction() as session:
        for leg_id in session.scalars(select(Leg.id).where(Leg.state == LegState.INTENDED)):
            db.ring(session, "place_leg", leg_id)


def placed(root: Path, where: servers.Servers, folder: Path) -> tuple[list[Leg], list[float]]:
    """Mean all calls at once, let all workers place them: the legs, and the seconds between one call and the next."""
    carrier = Stopwatch()
    with server.serving(carrier), working(root, carrier, where, folder):
        with starting_gun(), db.transaction() as session:
            meant = [
                legs.place(
                    session, Purpose.LIVE_OPERATOR, one, PhoneNumber(f"+39333000{one:04}"), language="bn"
                ).id
                for one in range(CALLS)
            ]
        until(lambda: len(carrier.asked) >= CALLS, "all calls are asked for", ring_again)
        time.sleep(1.5)  # whatever else would be asked for by now
    gaps = [after - before for before, after in pairwise(carrier.asked)]
    print("seconds between calls:", [round(gap, 2) for gap in gaps])
    with db.transaction() as session:
        return [session.get_one(Leg, leg_id) for leg_id in meant], gaps


def is_too_fast(gaps: list[float]) -> bool:
    """Whether more than one call a second was placed, at any moment or all in all."""
    return min(gaps) <= 1 - LATE or any(sum(gaps[:many]) <= many - LATE for many in range(1, CALLS))


@pytest.mark.timeout(600)  # a dozen seconds when nothing else goes on
def test_three_processes_that_place_seven_calls_at_once_place_one_a_second(
    database: servers.Servers, tmp_path: Path
) -> None:
    found, gaps = placed(REPOSITORY, database, tmp_path)
    assert len(gaps) == CALLS - 1 and not is_too_fast(gaps)
    assert all(leg.state != LegState.INTENDED for leg in found)
    assert len({leg.sid for leg in found}) == CALLS


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_processes_that_do_not_wait_for_each_others_turn_place_more(
    database: servers.Servers, tmp_path: Path
) -> None:
    root = broken_by("no_lock_on_the_pace.patch", tmp_path)
    assert is_too_fast(placed(root, database, tmp_path)[1])
