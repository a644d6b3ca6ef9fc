"""A worker of the queue in one process: does the same jobs as `helpline worker ring`, without a child for each, which would
cost more than the job. Run by `floor.py`; its argument is the folder whose `helpline` must run.
"""

import importlib
import sys
from pathlib import Path

from redis import Redis
from rq import Queue, SimpleWorker

from helpline import environment
from helpline.processes import parents, worker


class InOneProcess(SimpleWorker):
    """Tells of failed jobs as the worker of the installation does."""

    handle_exception = worker.QuietWorker.handle_exception


def main() -> None:
    parents.die_with_parent()
    root = Path(sys.argv[1]).resolve()
    if root not in Path(worker.__file__).resolve().parents:
        sys.exit(f"runs {worker.__file__}, which is not in {root}")
    settings = environment.settings()
    environment.connect_with_carrier(settings)
    importlib.import_module(worker.JOBS)
    connection = Redis.from_url(environment.addresses(settings)["REDIS_URL"])
    InOneProcess([Queue("ring", connection=connection)], connection=connection).work(logging_level="WARNING")


if __name__ == "__main__":
    main()
