"""The worker process: does what was rung on one queue, in a child, so that no job ends it. Knows no job by name.

One queue per worker: a worker of two that is killed between taking a job and starting it loses it for ever.
What must not be lost never depends on this process alone: the clock finds overdue work by a query.
"""

import importlib
import logging
import os
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from types import TracebackType
from typing import Any

from redis import Redis
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from sqlalchemy.exc import SQLAlchemyError

from helpline import environment
from helpline.processes.keeping import KeepingWorker
from helpline.processes.supervisor import Child, own_command, run

QUEUES = ("ring", "slow")

# So that a job whose worker was killed is found within about a minute and a half, not within ten.
WORKER_TTL = 30
MAINTENANCE_INTERVAL = 10

JOBS = "helpline.jobs"

log = logging.getLogger(__name__)


class QuietWorker(Worker):
    """A worker that tells which job failed, and where, but keeps no values: errors quote what people said."""

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        kind, _, trace = exc_info
        log.error("job %s failed: %s%s", job.func_name, kind.__name__, _where(trace))

    def handle_job_failure(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: Any = None,
        exc_string: str = "",
        execution: Execution | None = None,
    ) -> None:
        super().handle_job_failure(job, queue, started_job_registry, "", execution)


class RingWorker(QuietWorker, KeepingWorker):
    """For short jobs that somebody waits for: a child does one after the other."""


KINDS: dict[str, type[QuietWorker]] = {"ring": RingWorker, "slow": QuietWorker}


def work(queue: str) -> None:
    """Do the jobs of one queue until told to stop; a job in hand is finished first. Raises `Faults`."""
    settings = environment.settings()
    environment.connect_with_carrier(settings)
    jobs = importlib.import_module(JOBS) if find_spec(JOBS) else None
    if jobs:
        _get_ready(partial(jobs.get_ready, queue))
    connection = Redis.from_url(environment.addresses(settings)["REDIS_URL"])
    worker = KINDS[queue](
        [Queue(queue, connection=connection)],
        connection=connection,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_INTERVAL,
    )
    if jobs and isinstance(worker, RingWorker):
        worker.get_ready = partial(_get_ready, jobs.get_child_ready)
    worker.work(logging_level="WARNING", with_scheduler=False)


def _get_ready(act: Callable[[], None]) -> None:
    """Before there is a job, so that it starts at once; a database that is not there yet stops nothing."""
    try:
        act()
    except SQLAlchemyError as error:
        log.warning("the database does not answer yet: %s", type(error).__name__)


def work_all() -> None:
    """Keep one worker running for each queue until told to stop. Raises `Faults`."""
    settings = environment.settings()
    shared = dict(os.environ) | environment.addresses(settings)
    children = [Child(f"worker {queue}", own_command("worker", queue), shared) for queue in QUEUES]
    run(children, now_and_then=lambda: environment.look_after_servers(settings), every=environment.LOOK_EVERY)


def _where(trace: TracebackType | None) -> str:
    """The last line of our own code in a traceback."""
    where = ""
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("helpline"):
            where = f" at {name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where
