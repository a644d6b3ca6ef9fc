"""A whole installation in real processes, for races: web, workers, clock, a carrier whose telephones are answered, and
operators. Makes who asks and who works; judges nothing."""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from rq import Queue
from sqlalchemy import func, select, update

from helpline import clock, db
from helpline.callbacks.models import ENGAGED, Callback
from helpline.calls import journeys
from helpline.calls.models import Call
from helpline.db import pretence
from helpline.people import passwords
from helpline.people.accounts import Who
from helpline.people.models import Person
from helpline.phone import PhoneNumber
from helpline.telephony.models import Leg, LegState
from tests import servers
from tests.conftest import ENVIRONMENT
from tests.faults.operators import Habits
from tests.integration import queue_rows as rows
from tests.ports import free_port

REPOSITORY = Path(__file__).parents[2]
TUESDAY = datetime.fromisoformat("2026-11-24T10:00+01:00")
TONGUES = (("bn",), ("bn",), ("bn", "hi"), ("bn",), ("hi",))
START_SECONDS = 60
PASSWORD = "the password of every operator in a race"
STOP_SECONDS = 20


@dataclass(frozen=True)
class Crowd:
    """How many work, on how many callbacks; what is lost on the way; and which `helpline` the processes run.

    `willing`: everybody picks up and talks, each at a telephone of their own. `lost`: of each status of a call, which
    messages (counted from 1) never arrive. `rest`: what becomes of what is asked of the carrier, in order
    (`simulator.mischief`). `a_second`: how many calls the carrier takes. `forking`: whether workers do each job in a child
    of its own, as the installation's do; else as many at once, with much less work for the machine. `quiet_within`: how
    long it may take until nothing goes on any more; what broken code began may go on for ever.
    """

    operators: int
    items: int
    willing: bool = False
    seed: str = "1"
    web: int = 2
    workers: int = 3
    forking: bool = False
    a_second: float = 200.0
    lost: dict[str, list[int]] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    habits: Habits = field(default_factory=Habits)
    root: Path = REPOSITORY
    longest: float = 1700.0
    quiet_within: float = 240.0


@dataclass
class Seen:
    """What came of it: the callbacks' ids, the carrier's calls, the operators' days, what went wrong at telephones,
    real seconds, and the processor's by kind of process."""

    ids: list[int]
    calls: list[dict[str, Any]]
    days: list[dict[str, Any]]
    troubles: list[str]
    seconds: float
    costs: dict[str, int]


def race(crowd: Crowd, where: servers.Servers, folder: Path) -> Seen:
    """Start everything, let everybody work, wait until nothing goes on any more, stop everything."""
    pretence.apply(TUESDAY)
    rows.always()
    people, mediators = staff(crowd.operators)
    ids = market(random.Random(crowd.seed), crowd.items, sharing=0 if crowd.willing else 0.1)
    web, carrier = free_port(), free_port()
    variables = os.environ | ENVIRONMENT | {
        "DATABASE_URL": servers.plain(where.database_url),
        "REDIS_URL": where.redis_url,
        "HELPLINE_DATA_DIR": str(folder / "data"),
        "HELPLINE_PUBLIC_URL": f"http://127.0.0.1:{web}",
        "TWILIO_API_URL": f"http://127.0.0.1:{carrier}",
        "HELPLINE_NOW": TUESDAY.isoformat(),
        "HELPLINE_PARENT": str(os.getpid()),
        "HELPLINE_CALLS_A_SECOND": str(crowd.a_second),
        "HELPLINE_SECOND_FACTOR": "optional",
        "PYTHONPATH": f"{crowd.root}{os.pathsep}{REPOSITORY}",
    }  # fmt: skip
    wanted = {
        "port": carrier,
        "people": crowd.seed,
        "mediators": mediators,
        "willing": crowd.willing,
        "lost": crowd.lost,
        "rest": crowd.rest,
    }
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        stack.callback(lambda: print((folder / "log").read_text("utf-8", "replace")[-4000:]))
        started: list[tuple[tuple[str, ...], subprocess.Popen[str]]] = []

        def start(*words: str, **pipes: Any) -> "subprocess.Popen[str]":
            command = [sys.executable, *words]
            process = stack.enter_context(
                _running(command, env=variables, cwd=crowd.root, stderr=log, **pipes)
            )
            started.append((words, process))
            return process

        exchange = start(_file("exchange.py"), str(crowd.root), json.dumps(wanted), **_PIPES)
        start("-m", "helpline", "serve", "--port", str(web), "--workers", str(crowd.web))
        for _ in range(crowd.workers):
            start(
                *(
                    ("-m", "helpline", "worker", "ring")
                    if crowd.forking
                    else (_file("worker.py"), str(crowd.root), str(crowd.habits.rings_the_bell_twice))
                )
            )
        start("-m", "helpline", "clock")
        assert exchange.stdout and json.loads(exchange.stdout.readline())["ready"]
        until(lambda: _answers(web), START_SECONDS)
        began = time.monotonic()
        operators = start(_file("operators.py"), str(crowd.root), **_PIPES)
        given = {"people": [asdict(who) for who in people], "ids": ids, "seed": crowd.seed}
        given |= {"habits": asdict(crowd.habits), "longest": crowd.longest}
        given |= {"port": web, "password": PASSWORD}
        before = _of_children()
        try:
            said, _ = operators.communicate(json.dumps(given) + "\n", timeout=crowd.longest)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"the operators still work after {crowd.longest} s: {standing()}") from None
        days = json.loads(said)
        worked = _of_children() - before  # theirs alone: no other child has ended meanwhile
        seconds = time.monotonic() - began
        until(is_quiet, crowd.quiet_within, or_else=False)
        seen = _ask(exchange)
        costs: Counter[str] = Counter()
        for words, process in started:
            costs[Path(words[0]).stem if words[0] != "-m" else words[2]] += round(_worked(process))
        costs["operators"] = round(worked)
    return Seen(ids, seen["calls"], days, seen["troubles"], seconds, costs)


def staff(count: int) -> tuple[list[Who], list[str]]:
    """So many operators, each with a telephone; who they are, and their numbers. Many speak Bangla, a few Hindi."""
    people, numbers = [], [f"+39333009{one:04}" for one in range(count)]
    password_hash = passwords.hashed(PASSWORD)
    with db.transaction() as session:
        for one, number in enumerate(numbers):
            languages = TONGUES[one % len(TONGUES)]
            row = Person(
                login=f"operator{one}", name=f"Operator {one}", roles=["operator"], languages=list(languages),
                phone=number, password_hash=password_hash,
            )  # fmt: skip
            session.add(row)
            session.flush()
            people.append(Who(row.id, row.name, row.login or "", ("operator",), languages, None, "it"))
    return people, numbers


def market(dice: random.Random, count: int, *, sharing: float) -> list[int]:
    """So many who asked: all due now, one in four in Hindi, some minors; such a share of them use the telephone of the one
    before."""
    ids, number, shared = [], "", True
    for one in range(count):
        shared = not shared and dice.random() < sharing
        number = number if shared else f"+39333000{one:04}"
        language = "bn" if dice.random() < 0.75 else "hi"
        sid = f"CA{one:032x}"
        with db.transaction() as session:  # who calls from a number of their own is counted by it
            journeys.begin(session, sid, PhoneNumber(number), "+39800000000")
            session.execute(update(Call).where(Call.sid == sid).values(finished=True, ended_at=clock.now()))
        ids.append(rows.asked(language, number=number, call=sid, minor=dice.random() < 0.05))
    return ids


_PIPES: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}


@contextmanager
def _running(command: Sequence[str], **more: Any) -> "Iterator[subprocess.Popen[str]]":
    more = {"stdin": subprocess.DEVNULL, "stdout": more["stderr"]} | more
    process = subprocess.Popen(command, text=True, **more)
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _worked(process: "subprocess.Popen[str]") -> float:
    """The processor's seconds that a process and all its children have taken."""
    try:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        return sum(sum(member.cpu_times()[:4]) for member in family)
    except psutil.Error:
        return 0.0


def _of_children() -> float:
    """The processor's seconds of our children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _file(name: str) -> str:
    return str(Path(__file__).with_name(name))


def _ask(exchange: "subprocess.Popen[str]") -> Any:
    assert exchange.stdin and exchange.stdout
    exchange.stdin.write("calls\n")
    exchange.stdin.flush()
    return json.loads(exchange.stdout.readline())


def standing() -> dict[str, Any]:
    """How the callbacks, their calls and the queue of jobs stand, in numbers."""
    with db.transaction() as session:
        callbacks = Counter(session.scalars(select(Callback.state)))
        legs = Counter(session.execute(select(Leg.purpose, Leg.state, Leg.cause, Leg.settled)).all())
    return {"callbacks": callbacks, "legs": legs, "jobs": Queue("ring", connection=db.redis()).count}


def is_quiet() -> bool:
    """Nothing rings, nobody holds anything, and everything was told to whom it is for."""
    with db.transaction() as session:
        legs = select(func.count()).where((Leg.state != LegState.ENDED) | ~Leg.settled)
        held = select(func.count()).where(Callback.state.in_(ENGAGED))
        return session.scalar(legs) == session.scalar(held) == 0


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def until(what: Callable[[], bool], seconds: float, *, or_else: bool = True) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            if or_else:
                raise TimeoutError(f"waited {seconds} s in vain")
            return
        time.sleep(0.2)
