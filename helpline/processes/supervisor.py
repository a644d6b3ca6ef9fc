"""Keeps several processes running: starts them, starts again what died, stops all. Knows not what they do."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from helpline.processes.parents import PARENT

log = logging.getLogger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
HEALTHY_SECONDS = 60.0
STOP_SECONDS = 15.0
_LOOK_EVERY = 0.2


@dataclass
class Child:
    """One process to keep running, and how it has fared. Times are of the monotonic clock.

    `again_at`: when it is to be started, if it does not run; at once unless put off.
    """

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    again_at: float = 0.0
    wait: float = FIRST_WAIT
    endings: list[int] = field(default_factory=list)

    def put_off(self, seconds: float) -> None:
        """Do not start it for so many seconds yet; 0 takes that back."""
        self.again_at = time.monotonic() + seconds

    def start(self) -> None:
        """Start it now; one that runs already would be lost from sight. Raises OSError when there is no such program."""
        # In a session of its own: Ctrl-C reaches only us, and we can stop it with all it started.
        self.process = subprocess.Popen(
            list(self.command),
            env=dict(self.environ) | {PARENT: str(os.getpid())},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        self.started = time.monotonic()

    def look(self) -> None:
        """Notice that it died, wait a little longer each time, start it again."""
        now = time.monotonic()
        if self.process:
            code = self.process.poll()
            if code is None:
                return
            self._signal(signal.SIGKILL)  # what it may have left behind
            self.process = None
            self.endings.append(code)
            self.wait = (
                FIRST_WAIT if now - self.started > HEALTHY_SECONDS else min(self.wait * 2, LONGEST_WAIT)
            )
            self.again_at = now + self.wait
            log.warning("%s ended with %d; starting it again in %.1f s", self.name, code, self.wait)
        elif now >= self.again_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Ask it to stop (SIGTERM) and wait for nothing; one that does not run, or just ended, is none the worse."""
        if self.process:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def finish(self, deadline: float) -> None:
        """Wait until it has stopped; kill it, and what it started, when the deadline has passed."""
        if not self.process:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("%s does not stop: killed", self.name)
            self.process.kill()
            self.process.wait()
        self._signal(signal.SIGKILL)
        self.process = None

    def _signal(self, which: signal.Signals) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, which)


def own_command(*words: str) -> list[str]:
    """The command line that runs one of our own commands, with this very Python."""
    return [sys.executable, "-m", "helpline", *words]


def run(children: Sequence[Child], *, now_and_then: Callable[[], None], every: float) -> None:
    """Keep `children` running until this process is told to stop (SIGTERM, SIGINT); then stop them all.

    `now_and_then` is called every so many seconds; what it raises is logged by its kind, and changes nothing.
    """
    asked: list[int] = []

    def stop(which: int, _: object) -> None:
        # Only noted: an exception raised here may come up in the middle of a line of the log, which would swallow it, or
        # of a start, which would lose the child.
        asked.append(which)

    before = {which: signal.signal(which, stop) for which in (signal.SIGTERM, signal.SIGINT)}
    looked = time.monotonic()
    try:
        while not asked:
            for child in children:
                child.look()
            time.sleep(_LOOK_EVERY)
            if time.monotonic() - looked >= every and not asked:
                looked = time.monotonic()
                _quietly(now_and_then)
    finally:
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.finish(deadline)
        for which, handler in before.items():
            signal.signal(which, handler)


def _quietly(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as error:
        log.warning("%s", type(error).__name__)
