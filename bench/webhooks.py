"""How fast webhooks are answered, beside a bare application; also alone: `python -m bench.webhooks`.

Both servers run all the time, each on a port of its own, and answer short bursts in turns. A machine that is throttled for
a while slows both bursts of a turn, so that a turn's ratio means something where two rates measured minutes apart do not.
"""

import asyncio
import os
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from bench.calls import CALLBACK, Script
from bench.circumstances import ENVIRONMENT, migrated
from bench.load import CONNECTIONS, Measured, as_many_as_it_takes, make, open_loop
from bench.servers import Server, everywhere, running
from helpline import db, environment
from helpline.calls.models import Step
from helpline.config import Settings
from helpline.db import embedded
from helpline.intake.models import Ask
from helpline.ivr.speaking import Speaker
from helpline.ivr.start import ready_flow
from helpline.voice.library import open_library

PORT, BARE_PORT = 8765, 8766
TURNS = int(os.environ.get("BENCH_TURNS", "15"))
CALLS = int(os.environ.get("BENCH_CALLS", "32"))  # in a burst: each connection has two
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
WEBHOOKS = int(os.environ.get("BENCH_WEBHOOKS", "50000"))  # after which memory is looked at


def measure(settings: Settings, environ: dict[str, str], cores: list[int]) -> None:
    """Measure everything about webhooks, and print it. Raises `SystemExit` when an answer was wrong or an ask was lost."""
    library = open_library(settings)
    flow = ready_flow(library.catalogue)
    script, bare_script = (
        Script(settings, flow, Speaker(flow, library), bare=bare) for bare in (False, True)
    )
    served = [
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
    bared = ["-m", "granian", "--interface", "wsgi", "--workers", str(len(cores)), "--blocking-threads", "1",
             "--port", str(BARE_PORT), "--no-access-log", "--log-level", "warning", "bench.bare:app"]  # fmt: skip
    with ExitStack() as servers:
        with everywhere(cores):
            ours = servers.enter_context(running(served, environ, PORT))
            bare = servers.enter_context(running(bared, environ, BARE_PORT))
        print(
            f"from start to the first answered call: {ours.start:.2f} s (aim: under 3);"
            f" {ours.start_processor:.2f} s of the processor"
        )
        print(f"memory of the web processes when they have just started: {_memory(ours)}")
        sent, knee = _in_turns(ours, script, bare, bare_script)
        for open_calls in (100, max(100, round(knee / 2 * 5))):
            sent += _open_loop(script, open_calls)
        while sum(len(one.seconds) for one in sent) < WEBHOOKS:
            sent.append(_burst(ours, script, 10 * CALLS))
        answered = sum(len(one.seconds) for one in sent)
        print(f"memory of the web processes after {answered} webhooks: {_memory(ours)} (aim: at most 120 MB)")
    _compare(sent)


def _in_turns(
    ours: Server, script: Script, bare: Server, bare_script: Script
) -> tuple[list[Measured], float]:
    """All that ours was sent, and how many webhooks a second it takes (in the middle of its bursts)."""
    sent, bared = [_burst(ours, script, 2 * CALLS)], [_burst(bare, bare_script, 2 * CALLS)]  # both warm
    before = ours.processor(), bare.processor()
    for turn in range(TURNS):
        if turn % 2:  # whoever is first now is second next time
            sent.append(_burst(ours, script, CALLS))
        bared.append(_burst(bare, bare_script, CALLS))
        if not turn % 2:
            sent.append(_burst(ours, script, CALLS))
    after = ours.processor(), bare.processor()
    mine, theirs = sent[1:], bared[1:]
    for name, bursts in (("bare", theirs), ("helpline", mine)):
        print(_line(f"{name}, {TURNS} bursts of {CALLS} calls, {CONNECTIONS} connections", bursts))
    ratios = sorted(one.rate / other.rate for one, other in zip(mine, theirs, strict=True))
    print(
        f"ratio, median of {TURNS} turns: {statistics.median(ratios):.2f} (aim: at least 0.50); half of them"
        f" {ratios[TURNS // 4]:.2f} to {ratios[-1 - TURNS // 4]:.2f}, all {ratios[0]:.2f} to {ratios[-1]:.2f}"
    )
    each = [
        1000 * (now - then) / sum(len(one.seconds) for one in bursts)
        for now, then, bursts in zip(after, before, (mine, theirs), strict=True)
    ]
    print(
        f"processor of the web processes for a webhook: helpline {each[0]:.2f} ms, bare {each[1]:.2f} ms;"
        f" ratio {each[1] / each[0]:.2f}"
    )
    return sent, statistics.median(one.rate for one in mine)


def _burst(server: Server, script: Script, calls: int) -> Measured:
    return asyncio.run(as_many_as_it_takes(server.port, make(script, calls), CONNECTIONS))


def _open_loop(script: Script, open_calls: int) -> list[Measured]:
    each = 3 + round(SECONDS / 5 / (len(CALLBACK) + 2))
    loop = open_loop(PORT, make(script, open_calls * each), every=5.0, open_calls=open_calls, lasts=SECONDS)
    head_start, measured = asyncio.run(loop)
    print(_line(f"{open_calls} calls open, a webhook each every 5 s", [measured]))
    return [head_start, measured]


def _line(name: str, parts: list[Measured]) -> str:
    whole = Measured([second for part in parts for second in part.seconds], sum(part.wrong for part in parts))
    rate = statistics.median(part.rate for part in parts)
    return (
        f"{name:<52} {rate:7.0f} /s   median {whole.median:6.1f} ms   "
        f"99th {whole.percentile(0.99):6.1f} ms   wrong {whole.wrong}"
    )


def _memory(server: Server) -> str:
    return ", ".join(f"{worker.memory_info().rss / 2**20:.0f} MB" for worker in server.workers)


def _compare(sent: list[Measured]) -> None:
    """Compare what was sent with what the database has."""
    with db.transaction() as session:
        kept = session.scalar(select(func.count()).select_from(Step))
        saved = session.scalar(select(func.count()).select_from(Ask))
    asks, wrong = sum(one.asks for one in sent), sum(one.wrong for one in sent)
    print(
        f"steps recorded: {kept} of {sum(len(one.seconds) for one in sent)} webhooks;"
        f" asks saved: {saved} of {asks} (must be equal)"
    )
    if wrong or saved != asks:
        raise SystemExit(f"{wrong} answers were wrong, or an ask was lost: what was measured says nothing")


def main() -> None:
    """Measure webhooks alone, on servers of their own."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the database's own account has to pass
        environ = ENVIRONMENT | {"HELPLINE_DATA_DIR": folder}
        try:
            with everywhere(cores):
                settings = migrated(environ)
            measure(settings, environ | environment.addresses(settings), cores)
            db.disconnect()
        finally:
            embedded.stop(Path(folder))


if __name__ == "__main__":
    main()
