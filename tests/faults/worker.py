"""A worker of the queue in one process: does the same jobs as `helpline worker ring`, without a child for each, which would
cost more than the job. Some jobs that ring a telephone are done twice, by two workers at once. Run by `floor.py`; its
arguments are the folder whose `helpline` must run, and the share of jobs that are done twice.
"""

import importlib
import random
import sys
from pathlib import Path

from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job

from helpline import environment
from helpline.processes import parents, worker


class InOneProcess(SimpleWorker):
    """Tells of failed jobs as the worker of the installation does."""

    handle_exception = worker.QuietWorker.handle_exception
    twice = 0.0

    def execute_job(self, job: Job, queue: Queue) -> None:
        """As ever; before one that rings a telephone somebody else may be given the same."""
        if job.func_name == "helpline.jobs.place_leg" and random.random() < self.twice and not job.meta:
            queue.enqueue(job.func_name, *job.args, result_ttl=60, meta={"twice": True})
        super().execute_job(job, queue)


def main() -> None:
    parents.die_with_parent()
    root = Path(sys.argv[1]).resolve()
    if root not in Path(worker.__file__).resolve().parents:
        sys.exit(f"runs {worker.__file__}, which is not in {root}")
    settings = environment.settings()
    environment.connect_with_carrier(settings)
    importlib.import_module(worker.JOBS)
    connection = Redis.from_url(environment.addresses(settings)["REDIS_URL"])
    InOneProcess.twice = float(sys.argv[2])
    InOneProcess([Queue("ring", connection=connection)], connection=connection).work(logging_level="WARNING")


if __name__ == "__main__":
    main()
