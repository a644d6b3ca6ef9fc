"""Several processes kept running: started again when they die, later each time, and all stopped at the end."""

import logging
import os
import signal
import sys
import threading
import time

import psutil

from helpline.processes import supervisor
from helpline.processes.supervisor import Child, run

SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
DIE = [sys.executable, "-S", "-c", "raise SystemExit(3)"]
DEAF = [
    sys.executable, "-S", "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]  # fmt: skip


def supervise(children, meanwhile, **kwargs):
    """Run `children` in this thread while another does `meanwhile`, and then asks us to stop."""

    def other():
        try:
            meanwhile()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=other)
    thread.start()
    run(children, **{"now_and_then": lambda: None, "every": 60.0} | kwargs)
    thread.join()


def wait_for(what):
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_child_that_was_killed_is_started_again_and_all_are_stopped():
    children = [Child("one", SLEEP, os.environ), Child("two", SLEEP, os.environ)]
    seen = []

    def meanwhile():
        wait_for(lambda: all(child.process for child in children))
        seen.append(children[0].process.pid)
        children[0].process.kill()
        wait_for(lambda: children[0].process and children[0].process.pid != seen[0])
        seen.extend(child.process.pid for child in children)

    supervise(children, meanwhile)
    assert children[0].endings == [-signal.SIGKILL]
    assert len(set(seen)) == 3
    assert not any(psutil.pid_exists(pid) for pid in seen)


def test_one_that_dies_at_once_is_started_again_later_each_time(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.05)
    child = Child("dies", DIE, os.environ, wait=0.05)
    waits = []

    def meanwhile():
        while len(waits) < 3:
            wait_for(lambda: len(child.endings) > len(waits))
            waits.append(child.wait)

    supervise([child], meanwhile)
    assert waits == sorted(set(waits))
    assert set(child.endings) == {3}


def test_one_that_does_not_want_to_stop_is_killed(monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    child = Child("deaf", DEAF, os.environ)
    pids = []

    def meanwhile():
        wait_for(lambda: child.process)
        time.sleep(0.5)
        pids.append(child.process.pid)

    supervise([child], meanwhile)
    assert not psutil.pid_exists(pids[0])


def test_what_is_done_now_and_then_may_fail(caplog):
    times = []

    def fail():
        times.append(1)
        raise OSError("somewhere")

    supervise(
        [Child("one", SLEEP, os.environ)],
        lambda: wait_for(lambda: len(times) > 1),
        now_and_then=fail,
        every=0.1,
    )
    assert "OSError" in caplog.text
    assert "somewhere" not in caplog.text


def test_one_that_is_put_off_starts_when_that_is_taken_back():
    first, second = Child("first", SLEEP, os.environ), Child("second", SLEEP, os.environ)
    second.put_off(600)

    def meanwhile():
        wait_for(lambda: first.process)
        time.sleep(0.5)
        assert second.process is None
        second.put_off(0)
        wait_for(lambda: second.process)

    supervise([first, second], meanwhile)


class StopsUs:
    """Somewhere to log to, where the process is asked to stop in the middle of each line."""

    def write(self, text):
        os.kill(os.getpid(), signal.SIGTERM)

    def flush(self):
        pass


def test_asked_to_stop_in_the_middle_of_a_line_of_the_log_it_stops(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.05)
    handler = logging.StreamHandler(StopsUs())
    supervisor.log.addHandler(handler)
    try:
        child = Child("dies", DIE, os.environ)
        run([child], now_and_then=lambda: None, every=60.0)
    finally:
        supervisor.log.removeHandler(handler)
    assert child.endings == [3]
