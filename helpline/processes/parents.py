"""Children that do not outlive whoever started them, however it ended."""

import ctypes
import os
import signal
import sys

PARENT = "HELPLINE_PARENT"
_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG in Linux's prctl.h


def die_with_parent() -> None:
    """Have this process asked to stop when the one that started it is gone (on Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGTERM)


def die_with_supervisor() -> None:
    """The same for a process that was started by `helpline up`, and only for those."""
    supervisor = os.environ.pop(PARENT, "")
    if not supervisor:
        return
    die_with_parent()
    if os.getppid() != int(supervisor):  # gone already, before we could ask
        sys.exit(1)
