"""Jobs to try a worker with: one that works, one that fails and quotes what somebody said, one that is killed."""

import os
import signal


def work() -> None:
    """Do nothing, well."""


def fail() -> None:
    """Fail like a statement that quotes its values."""
    raise ValueError("+393330000001")


def die() -> None:
    """End as one does whom the machine ran out of memory for."""
    os.kill(os.getpid(), signal.SIGKILL)
