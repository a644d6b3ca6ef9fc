"""A worker outlives its jobs, forgets what they said, and serves one queue only."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy.exc import OperationalError

from helpline.processes import worker
from tests.servers import plain

ROOT = Path(__file__).parents[2]
JOBS = "tests.integration.trial_jobs"
NUMBER = b"333000"


@pytest.fixture
def connection(database):
    with Redis.from_url(database.redis_url) as client:
        yield client


@pytest.fixture
def ring(database, environ, tmp_path):
    """The worker of the queue `ring`, and the file that its log goes to."""
    log = tmp_path / "log"
    variables = {"DATABASE_URL": plain(database.database_url), "REDIS_URL": database.redis_url}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "helpline", "worker", "ring"],
            env=dict(os.environ) | environ | variables,
            stdout=out,
            stderr=out,
            cwd=ROOT,
        )
    yield process, log
    process.terminate()
    assert process.wait(30) == 0


def finished(job, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not (job.is_finished or job.is_failed):
        assert time.monotonic() < deadline, job.get_status()
        time.sleep(0.05)
    return job


def test_a_job_that_fails_or_is_killed_harms_no_other_and_its_words_are_not_kept(ring, connection):
    process, log = ring
    queue = Queue("ring", connection=connection)
    failing, killed, working = (queue.enqueue(f"{JOBS}.{name}") for name in ("fail", "die", "work"))
    assert finished(working).is_finished
    assert finished(failing).is_failed
    assert finished(killed).is_failed
    assert process.poll() is None
    assert NUMBER not in b"".join(connection.dump(key) or b"" for key in connection.scan_iter())
    assert not failing.latest_result().exc_string
    said = log.read_bytes()
    assert b"trial_jobs.fail failed: ValueError" in said
    assert NUMBER not in said


def test_what_is_rung_on_the_other_queue_is_left_to_its_own_worker(ring, connection):
    other = Queue("slow", connection=connection).enqueue(f"{JOBS}.work")
    assert finished(Queue("ring", connection=connection).enqueue(f"{JOBS}.work")).is_finished
    assert other.get_status() == "queued"


def test_a_killed_worker_is_noticed_within_minutes_not_tens_of_them():
    assert worker.WORKER_TTL <= 30
    assert worker.MAINTENANCE_INTERVAL <= 10


class Jobs:
    """Jobs whose database has gone."""

    @staticmethod
    def get_ready():
        raise OperationalError("SELECT", {}, Exception("gone"))


def test_a_database_that_is_not_there_yet_stops_no_worker(caplog):
    worker._get_ready(Jobs)
    assert caplog.messages == ["the database does not answer yet: OperationalError"]
