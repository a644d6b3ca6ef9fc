"""Servers to measure: started on ports of their own, asked until they answer, stopped at the end."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlencode

import psutil

from bench.circumstances import ENVIRONMENT
from helpline.calls import probes
from helpline.telephony.signature import sign

PROBE = probes.new_sid()  # the call that asks whether the server answers yet; it leaves nothing behind
INCOMING = "/voice/incoming"


@dataclass
class Server:
    """A server that answers. `start`: seconds from its start until it did, and of the processor in that time."""

    port: int
    process: psutil.Process
    start: float = 0.0
    start_processor: float = 0.0

    @property
    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return self.process.children(recursive=True)

    def processor(self) -> float:
        """Seconds of the processor that the workers have had."""
        return sum(_seconds(one) for one in self.workers)


@contextmanager
def running(words: Sequence[str], environ: dict[str, str], port: int) -> Iterator[Server]:
    """A server that answers the first webhook of a call; it is stopped at the end. `words` are for Python."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], env=os.environ | environ, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit("the server does not start")
            time.sleep(0.02)
        server = Server(port, psutil.Process(process.pid), time.perf_counter() - began)
        server.start_processor = _seconds(server.process) + server.processor()
        yield server
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def everywhere(cores: Sequence[int]) -> Iterator[None]:
    """Children started here may use every core."""
    pinned = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(cores))
    try:
        yield
    finally:
        os.sched_setaffinity(0, pinned)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _answers(port: int) -> bool:
    body = urlencode({"CallSid": PROBE, "From": "anonymous", "To": ENVIRONMENT["HELPLINE_TOLL_FREE_NUMBER"]})
    signature = sign(
        ENVIRONMENT["TWILIO_AUTH_TOKEN"], ENVIRONMENT["HELPLINE_PUBLIC_URL"] + INCOMING, parse_qsl(body)
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("POST", INCOMING, body, headers)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
