"""Many real processes offer many requests to few places at once; says what went wrong, seed by seed."""

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.routing import offers
from helpline.routing.models import LIVE_OFFERS, Offer, Project, Request
from tests import servers
from tests.conftest import ENVIRONMENT
from tests.integration import routing_rows as rows

REPOSITORY = Path(__file__).parents[2]
REGIONS = ("lazio", "veneto", None)
TWICE = 0.1
"""The share of requests whose job runs twice, as jobs may."""
NOT_YET = timedelta(days=1)
"""Until its job runs a request is not there yet: if all were, the first plan would place them all, and nobody would race."""


@dataclass(frozen=True)
class Race:
    """How many take part, and which `helpline` the processes run. `until_lost`: no more seeds than one that is lost."""

    seeds: range
    processes: int
    requests: int
    root: Path = REPOSITORY
    until_lost: bool = False


def run(race: Race, where: servers.Servers) -> list[str]:
    """Run the race and return every breach of the promise, each with its seed; an empty list is what we want."""
    breaches: list[str] = []
    with _racer(race, where) as racer:
        for seed in race.seeds:
            dice = random.Random(seed)
            decline = 0.5 if seed % 2 else 0.0
            ids = _market(dice, race.requests)
            with _watching() as overfull:
                replies = _all_at_once(racer, race, ids, dice, decline=decline)
            found = [f"more offers than places: {full}" for full in overfull]
            found += [error for reply in replies for error in reply["errors"]]
            if decline:
                offers.sweep_waiting()
            found += _judge()
            breaches += [f"seed {seed}: {breach}" for breach in found]
            servers.empty(where)
            if breaches and race.until_lost:
                break
    return breaches


def _market(dice: random.Random, count: int) -> list[int]:
    """Four entities with one to three places each, and requests enough for every one of them."""
    with db.transaction() as session:
        for number, regions in enumerate((["*"], ["lazio"], ["veneto"], ["lazio", "veneto"])):
            two = dice.random() < 0.3
            places = 1 if two else dice.randint(1, 3)
            rows.entity(session, f"e{number}", places=places, projects=2 if two else 1, regions=regions)
        asks, agreement = rows.asks(session, count)
        made = session.execute(
            insert(Request).returning(Request.id),
            [
                {
                    "ask_id": ask, "agreement_id": agreement, "call_sid": "CA0", "language": "bn", "group": "self",
                    "region": dice.choice(REGIONS), "country": None, "waiting_since": clock.now(),
                    "urgent": dice.random() < 0.1, "parked_until": clock.now() + NOT_YET,
                }
                for ask in asks
            ],
        )  # fmt: skip
        return list(made.scalars())


def _judge() -> Iterator[str]:
    """What the tables say when all is over."""
    with db.transaction() as session:
        taken = _taken(session)
        for project in session.scalars(select(Project).order_by(Project.id)):
            if taken[project.id] != project.places_total:
                yield f"{project.id}: {taken[project.id]} live offers for {project.places_total} places"
        live = select(Offer.request_id).where(Offer.state.in_(LIVE_OFFERS))
        per_request = Counter(session.scalars(live))
        yield from (f"request {one}: {count} live offers" for one, count in per_request.items() if count > 1)
        offered = set(session.scalars(select(Request.id).where(Request.state == "offered")))
        if offered != set(per_request):
            yield f"requests that say offered and live offers differ: {sorted(offered ^ set(per_request))}"
        silent = select(func.count()).where(Request.state != "offered", Request.reason.is_(None))
        if count := session.scalar(silent):
            yield f"{count} requests wait without a reason"


def _taken(session: Session) -> Counter[str]:
    live = (
        select(Offer.project_id, func.count()).where(Offer.state.in_(LIVE_OFFERS)).group_by(Offer.project_id)
    )
    return Counter(dict(session.execute(live).all()))


@contextmanager
def _watching() -> Iterator[list[str]]:
    """Look, again and again while it runs, for a moment at which more offers are live than there are places."""
    over, seen = threading.Event(), set[str]()
    found: list[str] = []

    def watch() -> None:
        while not over.wait(0.1):
            with db.transaction() as session:
                places = dict(session.execute(select(Project.id, Project.places_total)).all())
                seen.update(one for one, taken in _taken(session).items() if taken > places[one])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        found += sorted(seen)


def _all_at_once(
    racer: subprocess.Popen[str], race: Race, ids: list[int], dice: random.Random, *, decline: float
) -> list[dict[str, Any]]:
    shares: list[list[int]] = [[] for _ in range(race.processes)]
    for one in ids:
        for share in dice.sample(shares, 2 if dice.random() < TWICE else 1):
            share.append(one)
    assert racer.stdin and racer.stdout
    racer.stdin.write(json.dumps({"shares": shares, "decline": decline, "seed": dice.random()}) + "\n")
    racer.stdin.flush()
    line = racer.stdout.readline()
    if not line:
        raise RuntimeError(f"the racing processes ended with {racer.wait()}")
    replies: list[dict[str, Any]] = json.loads(line)
    assert len({reply["process"] for reply in replies}) == race.processes
    return replies


@contextmanager
def _racer(race: Race, where: servers.Servers) -> Iterator[subprocess.Popen[str]]:
    """One process that has read the code once, from which the racing ones are forked."""
    environ = os.environ | ENVIRONMENT
    environ |= {
        "DATABASE_URL": where.database_url,
        "REDIS_URL": where.redis_url,
        "PYTHONPATH": str(race.root),
    }
    command = [sys.executable, str(REPOSITORY / "tests/faults/racer.py"), str(race.root)]
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
        "cwd": race.root,
    }
    started = subprocess.Popen(command, env=environ, **pipes)
    try:
        yield started
    finally:
        started.communicate(timeout=30)
