"""`make bench`: starts the helpline and a bare application, one after the other, on the same server, and measures both."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import psutil
from sqlalchemy import func, select

from bench import prompts, queue, recordings, routing_plan, routing_weeks
from bench.calls import CALLBACK, Script
from bench.circumstances import ENVIRONMENT, migrated
from bench.load import CONNECTIONS, Measured, as_many_as_it_takes, make, open_loop
from helpline import db, environment
from helpline.calls import probes
from helpline.calls.models import Step
from helpline.db import embedded
from helpline.intake.models import Ask
from helpline.ivr.speaking import Speaker
from helpline.ivr.start import ready_flow
from helpline.telephony.signature import sign
from helpline.voice.library import open_library

PORT = 8765
CALLS = int(os.environ.get("BENCH_CALLS", "400"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PROBE = probes.new_sid()  # the call that asks whether the server answers yet; it leaves nothing behind


@contextmanager
def running(words, environ, path="/health/live"):
    """A server that answers, with its processes; stopped at the end."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], env=os.environ | environ, stdout=subprocess.DEVNULL)
    try:
        while not _answers(path):
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit("the server does not start")
            time.sleep(0.02)
        yield process, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(30)


def _answers(path):
    """Whether the server says anything: to a question for its health, or to a signed first webhook of a call."""
    body = urlencode({"CallSid": PROBE, "From": "anonymous", "To": ENVIRONMENT["HELPLINE_TOLL_FREE_NUMBER"]})
    signature = sign(
        ENVIRONMENT["TWILIO_AUTH_TOKEN"], ENVIRONMENT["HELPLINE_PUBLIC_URL"] + path, parse_qsl(body)
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
    connection = HTTPConnection("127.0.0.1", PORT, timeout=1)
    try:
        if path.startswith("/voice"):
            connection.request("POST", path, body, headers)
        else:
            connection.request("GET", path)
        return connection.getresponse().status in {200, 404}
    except OSError:
        return False
    finally:
        connection.close()


def _line(name: str, measured: Measured) -> str:
    return (
        f"{name:<46} {measured.rate:7.0f} /s   median {measured.median:6.1f} ms   "
        f"99th {measured.percentile(0.99):6.1f} ms   wrong {measured.wrong}"
    )


def main() -> None:
    """Measure, and print what was measured with what it was measured on."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print(
        f"{len(cores)} cores; the generator is pinned to core {cores[-1]}, servers and database use all of them"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the database's own account has to pass
        environ = ENVIRONMENT | {"HELPLINE_DATA_DIR": folder}
        try:
            with _everywhere(cores):
                settings = migrated(environ)
            environ |= environment.addresses(settings)
            measure(settings, environ, cores)
            queue.main(settings)
            prompts.main(settings)
            recordings.main()
            with _everywhere(cores):
                routing_plan.main()
                routing_weeks.main()
            db.disconnect()
        finally:
            embedded.stop(Path(folder))
    with _everywhere(cores):
        for measured_alone in (
            "bench.routing_commit",
            "bench.figures",
            "bench.exports",
        ):  # their memory is measured too
            subprocess.run([sys.executable, "-m", measured_alone], check=True)


@contextmanager
def _everywhere(cores):
    """Children started here may use every core."""
    pinned = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(cores))
    try:
        yield
    finally:
        os.sched_setaffinity(0, pinned)


def measure(settings, environ, cores) -> None:
    library = open_library(settings)
    flow = ready_flow(library.catalogue)
    script = Script(settings, flow, Speaker(flow, library), bare=False)
    bare_script = Script(settings, flow, Speaker(flow, library), bare=True)
    ours = [
        "-m",
        "helpline",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(PORT),
        "--workers",
        str(len(cores)),
    ]
    bare = ["-m", "granian", "--interface", "wsgi", "--workers", str(len(cores)), "--blocking-threads", "1",
            "--port", str(PORT), "--no-access-log", "--log-level", "warning", "bench.bare:app"]  # fmt: skip
    ratios, knees, sent = [], [], []
    for number in range(ROUNDS):
        speeds = {}
        for name, words, made in (("bare", bare, bare_script), ("helpline", ours, script)):
            calls = make(made, CALLS)
            with _everywhere(cores):
                server = running(words, environ)
                process, _ = server.__enter__()
            warm = asyncio.run(as_many_as_it_takes(PORT, make(made, 20), CONNECTIONS))
            measured = asyncio.run(as_many_as_it_takes(PORT, calls, CONNECTIONS))
            sent += [warm, measured] if name == "helpline" else []
            speeds[name] = measured.rate
            print(_line(f"round {number + 1}, {name}, {CONNECTIONS} connections", measured))
            server.__exit__(None, None, None)
        ratios.append(speeds["helpline"] / speeds["bare"])
        knees.append(speeds["helpline"])
        print(f"   ratio {ratios[-1]:.2f}")
    knee = sorted(knees)[len(knees) // 2]
    print(f"ratio, middle of {ROUNDS} rounds: {sorted(ratios)[len(ratios) // 2]:.2f} (aim: at least 0.50)")
    with _everywhere(cores):
        server = running(ours, environ, "/voice/incoming")
        process, start = server.__enter__()
    print(f"from start to the first answered call: {start:.2f} s (aim: under 3)")
    for open_calls in (100, round(knee / 2 * 5)):
        each = 3 + round(SECONDS / 5 / (len(CALLBACK) + 2))
        calls = make(script, open_calls * each)
        warm = asyncio.run(as_many_as_it_takes(PORT, make(script, 20), 2))
        loop = open_loop(PORT, calls, every=5.0, open_calls=open_calls, lasts=SECONDS)
        head_start, measured = asyncio.run(loop)
        sent += [warm, head_start, measured]
        print(_line(f"{open_calls} calls open, a webhook each every 5 s", measured))
    with db.transaction() as session:
        kept = session.scalar(select(func.count()).select_from(Step))
        saved = session.scalar(select(func.count()).select_from(Ask))
    print(
        f"steps recorded: {kept} of {sum(len(one.seconds) for one in sent)} webhooks;"
        f" asks saved: {saved} of {sum(one.asks for one in sent)} (must be equal)"
    )
    workers = psutil.Process(process.pid).children(recursive=True)
    print(
        "memory of the web processes: " + ", ".join(f"{w.memory_info().rss / 2**20:.0f} MB" for w in workers)
    )
    server.__exit__(None, None, None)
    wrong = sum(one.wrong for one in sent)
    if wrong or saved != sum(one.asks for one in sent):
        raise SystemExit(f"{wrong} answers were wrong, or an ask was lost: what was measured says nothing")


if __name__ == "__main__":
    main()
