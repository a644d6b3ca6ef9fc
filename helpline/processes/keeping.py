"""A worker that keeps its child: one child does job after job while all goes well. Knows no job by name.

A child for each job costs three times what a short job does: a connection, and all that a connection and a process learn
by their first statements. What a child of its own is for stays so: whatever ends or hangs a job, the worker lives, tells
of it, and takes the next one to a new child (docs/adr/0026-a-child-that-stays.md).
"""

import os
import random
import resource
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job

JOBS = 500
"""So many jobs a child does; what they left behind, ends with it."""

MOST_MEGABYTES = 300
"""A child that ever had more is not kept: a plan for a hundred thousand leaves much behind."""

_STOPS = (signal.SIGTERM, signal.SIGINT)
_STAYS, _LEAVES = b"+", b"-"


@dataclass(frozen=True)
class Child:
    """A child, and the line to it. It is told `<job> <execution>`, and says when that is over whether it stays."""

    pid: int
    line: socket.socket

    def stays(self) -> bool:
        """Whether it can be given a job: not, if it said that it leaves, or ended without a word."""
        readable, _, _ = select.select([self.line], [], [], 0)
        return not readable or self.line.recv(1) == _STAYS

    def let_go(self) -> None:
        """Have it end, and wait until it has."""
        self.line.close()
        with suppress(ChildProcessError):  # it was waited for already
            os.waitpid(self.pid, 0)


class KeepingWorker(Worker):
    """A worker of one queue whose child stays for the next job, unless one failed, or it did many, or it grew.

    The rest is RQ's own way with a child for each job: beats while one goes on, an end to what takes too long.
    """

    get_ready: Callable[[], None] = staticmethod(lambda: None)
    """What a child does before its first job comes."""

    _child: Child | None = None

    def bootstrap(self, *words: Any, **named: Any) -> None:
        """Begin, with a child that is ready for the first job."""
        super().bootstrap(*words, **named)
        self._living()

    def teardown(self) -> None:
        """End, and the child with it."""
        if self._child is not None:
            self._child.let_go()
        super().teardown()

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Have the child do it; when it does not stay, the next one gets ready before there is a job for it."""
        super().execute_job(job, queue)
        self._living()

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Give the job to the child."""
        child, execution = self._living(), self.execution
        if execution is not None:
            with suppress(OSError):  # it has just ended: whoever waits for its word will see
                child.line.send(f"{job.id} {execution.id}".encode())
        self._horse_pid = child.pid

    def wait_for_horse(self) -> tuple[Any, Any, Any]:
        """Wait until the child says that the job is over, or has ended; how it ended, as `os.wait4` tells it."""
        child = self._child
        if child is None:
            return None, None, None
        # Only looked at: an alarm of RQ's may cut in before it is known here, and then it is waited for again.
        if child.line.recv(1, socket.MSG_PEEK):
            return child.pid, os.EX_OK, None
        with suppress(ChildProcessError):
            return os.wait4(child.pid, 0)
        return None, None, None

    def _living(self) -> Child:
        with _undisturbed():
            if self._child is None or not self._child.stays():
                if self._child is not None:
                    self._child.let_go()
                self._child = self._begun()
        return self._child

    def _begun(self) -> Child:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._do_jobs(theirs)
        theirs.close()
        return Child(pid, ours)

    def _do_jobs(self, line: socket.socket) -> NoReturn:
        """The life of a child: it ends when its worker has, and never returns."""
        ended = 1
        try:
            os.setpgrp()  # what is sent to the worker's group is not for it: it finishes its job
            random.seed()
            self.setup_work_horse_signals()
            self._is_horse = True
            self.get_ready()
            for number in range(1, JOBS + 1):
                told = line.recv(1024).decode()
                if not told:
                    break
                stays = self._did(*told.split()) and number < JOBS and _megabytes() <= MOST_MEGABYTES
                line.send(_STAYS if stays else _LEAVES)
                if not stays:
                    break
            ended = os.EX_OK
        finally:
            os._exit(ended)

    def _did(self, job_id: str, execution_id: str) -> bool:
        """Do a job; whether it ended well."""
        job = self.job_class.fetch(job_id, connection=self.connection, serializer=self.serializer)
        execution = Execution.fetch(execution_id, job_id, connection=self.connection)
        return self.perform_job(job, self.queues[0], execution)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever asks us to stop is heard at the end of this: what a handler raises while Python forks is swallowed.

    To block the signals would not do: they would come to RQ's other thread, and be handled here all the same.
    """
    heard: list[int] = []
    before = {which: signal.signal(which, lambda which, _: heard.append(which)) for which in _STOPS}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
        for asked in heard[:1]:
            signal.raise_signal(asked)


def _megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
