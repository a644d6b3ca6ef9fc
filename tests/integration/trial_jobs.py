"""Jobs to try a worker with: one that works, one that fails and quotes what somebody said, one that is killed, and more."""

import os
import signal
import sys

from rq import get_current_job


def work() -> None:
    """Do nothing, well."""


def fail() -> None:
    """Fail like a statement that quotes its values."""
    raise ValueError("+393330000001")


def die() -> None:
    """End as one does whom the machine ran out of memory for."""
    os.kill(os.getpid(), signal.SIGKILL)


def child() -> int:
    """Say which process does this."""
    return os.getpid()


def has_loaded(module: str) -> bool:
    """Say whether the process that does this has loaded a module, before it was asked to."""
    return module in sys.modules


def wait_for(word: str) -> int:
    """Say, under the word, which process does this, and wait until the same word comes."""
    job = get_current_job()
    assert job is not None
    job.connection.rpush(f"began {word}", os.getpid())
    job.connection.blpop(word, 0)
    return os.getpid()
