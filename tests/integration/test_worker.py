"""A worker outlives its jobs, forgets what they said, and serves one queue only."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from redis import Redis
from rq import Queue
from sqlalchemy.exc import OperationalError

from helpline.processes import worker
from tests.servers import plain

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]
JOBS = "tests.integration.trial_jobs"
NUMBER = b"333000"
PATIENCE = 100
"""Seconds: a worker loads what all jobs need, on a machine that may have much else to do."""


@pytest.fixture
def connection(database):
    with Redis.from_url(database.redis_url, socket_timeout=None) as client:
        yield client


@contextmanager
def running(database, environ, log, *, change="", queue="ring"):
    """A worker of a queue with something of it changed, and the file that its log goes to."""
    variables = {"DATABASE_URL": plain(database.database_url), "REDIS_URL": database.redis_url}
    code = f"from helpline.processes import keeping, worker\n{change}\nworker.work('{queue}')"
    with log.open("wb") as out:
        everything = dict(os.environ) | environ | variables
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=everything, stdout=out, stderr=out, cwd=ROOT
        )
    try:
        yield process
    finally:
        process.terminate()
        ended = process.wait(PATIENCE)
    assert ended in (0, -signal.SIGKILL)


@pytest.fixture
def ring(database, environ, tmp_path):
    """The worker of the queue `ring`, and the file that its log goes to."""
    with running(database, environ, tmp_path / "log") as process:
        yield process, tmp_path / "log"


def began(connection, word):
    """The child that began to wait for a word."""
    _, pid = connection.blpop(f"began {word}", PATIENCE)
    return int(pid)


def finished(job, *, seconds=PATIENCE):
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


def child_of(queue, **words):
    return finished(queue.enqueue(f"{JOBS}.child", **words)).return_value()


def test_a_child_does_job_after_job_until_one_fails_or_takes_too_long(ring, connection):
    process, _ = ring
    queue = Queue("ring", connection=connection)
    first = child_of(queue)
    assert first != process.pid
    assert child_of(queue) == first
    assert finished(queue.enqueue(f"{JOBS}.fail")).is_failed
    second = child_of(queue)
    assert second not in (first, process.pid)
    assert not psutil.pid_exists(first)
    assert finished(queue.enqueue(f"{JOBS}.wait_for", "nobody", job_timeout=1)).is_failed
    assert child_of(queue) not in (first, second)


def test_a_child_is_not_kept_for_ever_and_outlives_a_killed_worker_only_until_its_job_is_done(
    database, environ, connection, tmp_path
):
    queue = Queue("ring", connection=connection)
    with running(database, environ, tmp_path / "log", change="keeping.JOBS = 2") as process:
        one, two, three = (child_of(queue) for _ in range(3))
        assert one == two != three
        job = queue.enqueue(f"{JOBS}.wait_for", "go")
        child = psutil.Process(began(connection, "go"))
        process.kill()
        process.wait()
        connection.rpush("go", 1)
        assert finished(job).is_finished
        psutil.wait_procs([child], timeout=PATIENCE)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_job_in_hand_is_finished_when_the_worker_is_asked_to_stop(ring, connection):
    process, _ = ring
    job = Queue("ring", connection=connection).enqueue(f"{JOBS}.wait_for", "go")
    began(connection, "go")
    process.terminate()
    connection.rpush("go", 1)
    assert finished(job).is_finished
    assert process.wait(PATIENCE) == 0
    assert not psutil.pid_exists(job.return_value())


STOPPED_WHILE_IT_FORKS = """
import os, signal
forks = []
def stop():
    forks.append(1)
    if len(forks) == 2:
        os.kill(os.getpid(), signal.SIGTERM)
os.register_at_fork(after_in_parent=stop)
"""


def test_a_worker_that_is_asked_to_stop_while_it_forks_stops(database, environ, connection, tmp_path):
    with running(database, environ, tmp_path / "log", change=STOPPED_WHILE_IT_FORKS) as process:
        assert finished(Queue("ring", connection=connection).enqueue(f"{JOBS}.fail")).is_failed
        assert process.wait(PATIENCE) == 0


def test_what_is_rung_on_the_other_queue_is_left_to_its_own_worker(ring, connection):
    other = Queue("slow", connection=connection).enqueue(f"{JOBS}.work")
    assert finished(Queue("ring", connection=connection).enqueue(f"{JOBS}.work")).is_finished
    assert other.get_status() == "queued"


def test_what_opens_sounds_is_loaded_once_for_all_slow_jobs(database, environ, connection, tmp_path):
    with running(database, environ, tmp_path / "log", queue="slow"):
        job = Queue("slow", connection=connection).enqueue(f"{JOBS}.has_loaded", "helpline.voice.audio")
        assert finished(job).return_value() is True


def test_a_killed_worker_is_noticed_within_minutes_not_tens_of_them():
    assert worker.WORKER_TTL <= 30
    assert worker.MAINTENANCE_INTERVAL <= 10


class Jobs:
    """Jobs whose database has gone."""

    @staticmethod
    def get_ready():
        raise OperationalError("SELECT", {}, Exception("gone"))


def test_a_database_that_is_not_there_yet_stops_no_worker(caplog):
    worker._get_ready(Jobs.get_ready)
    assert caplog.messages == ["the database does not answer yet: OperationalError"]
