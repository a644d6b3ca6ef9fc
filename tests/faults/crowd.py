"""Lets a crowd loose on entities, requests and offers, takes the database and the queue away, and judges what is left."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from helpline import db
from helpline.config import Settings
from helpline.db import embedded, postgres_server
from helpline.db.states import Moved
from helpline.routing import ticking
from helpline.routing.models import Offer, Request
from helpline.routing.records import EntityChange
from tests import servers
from tests.conftest import ENVIRONMENT
from tests.integration import routing_rows as rows

REPOSITORY = Path(__file__).parents[2]

OVER = """
SELECT p.id FROM projects p JOIN offers o ON o.project_id = p.id GROUP BY p.id
HAVING count(*) FILTER (WHERE o.state = 'pending' OR (o.state = 'accepted' AND o.ended_at IS NULL)) > min(p.open_cases)
    OR count(*) FILTER (WHERE o.state = 'pending' OR (o.state = 'accepted' AND o.ended_at IS NULL) OR o.begun_at IS NOT NULL)
       > min(p.places_total)
"""
STATES = """
SELECT r.id, r.state, count(o.id) FILTER (WHERE o.state = 'pending') AS pending,
       count(o.id) FILTER (WHERE o.state = 'accepted' AND o.ended_at IS NULL) AS accepted,
       count(o.id) FILTER (WHERE o.state = 'accepted' AND o.ended_at IS NOT NULL) AS ended
  FROM requests r LEFT JOIN offers o ON o.request_id = r.id GROUP BY r.id
"""
WANTED = {"offered": (1, 0, 0), "accepted": (0, 1, 0), "closed": (0, 0, 1)}


@dataclass(frozen=True)
class Crowd:
    """How many act for how long, how often one of them is killed, and whether the database is taken away meanwhile."""

    members: int
    seconds: float
    kill_every: float
    seed: int = 1
    database_gone: float | None = None
    only: tuple[str, ...] = ()
    root: Path = REPOSITORY


def run(crowd: Crowd, where: servers.Servers, folder: Path, *, servers_of: Path | None = None) -> list[str]:
    """Every breach of the promises; an empty list is what we want. `servers_of`: whose database may be killed."""
    _world()
    notes = folder / "notes"
    notes.mkdir()
    with _members(crowd, where, notes) as process, _watching() as overfull:
        gone = _take_away(crowd, servers_of) if crowd.database_gone and servers_of else None
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            return [f"the crowd ended with {process.wait()}"]
        said = json.loads(line)
    found = [f"more offers than places: {full}" for full in overfull]
    found += [f"{said['stuck']} does not end"] if said["stuck"] else []
    ticking.tick()
    did = _notes(notes)
    found += sorted({f"{line['did']}: {line['error']}" for line in did if "error" in line})
    found += _judge({id for line in did for id in line.get("made", ())}, gone)
    _say(did, said)
    return found


def _say(did: list[dict[str, Any]], said: dict[str, Any]) -> None:
    done = Counter(line["did"] for line in did if not {"refused", "gone", "error"} & set(line))
    took: Counter[str] = Counter()
    for line in did:
        took[line["did"]] = max(took[line["did"]], line["took"])
    print(f"the longest: {took.most_common(5)}")
    print(f"killed {said['killed']}; refused {sum('refused' in line for line in did)};", dict(done))


def _world() -> None:
    with db.transaction() as session:
        for number, regions in enumerate(
            (["*"], ["lazio"], ["veneto"], ["lazio", "veneto"], ["*"], ["lazio"])
        ):
            projects = 2 if number % 2 else 1
            rows.entity(session, f"e{number}", places=6, projects=projects, regions=regions, open_cases=4)
        rows.requests(session, 40)
    ticking.tick()


def _notes(folder: Path) -> list[dict[str, Any]]:
    """What all members wrote; the last line of one that was killed may be half."""
    found = []
    for file in folder.iterdir():
        for line in file.read_text("utf-8").splitlines():
            if line.endswith("}"):
                found.append(json.loads(line))
    return found


def _judge(made: set[int], gone: tuple[datetime, datetime] | None) -> Iterator[str]:
    """What the tables say when all is over."""
    with db.transaction() as session:
        yield from (f"{id}: more than its places" for (id,) in session.execute(text(OVER)))
        for row in session.execute(text(STATES)):
            counts = (row.pending, row.accepted, row.ended)
            wanted = WANTED.get(row.state, (0, 0, 0))
            if counts != wanted:
                yield f"request {row.id} is {row.state} with offers {counts}"
        lost = made - set(session.scalars(select(Request.id)))
        yield from (f"request {id} was saved and is lost" for id in sorted(lost))
        yield from _replayed(session)
        yield from _expired(session, gone)
        untold = text(
            "SELECT count(*) FROM offers o WHERE NOT EXISTS (SELECT FROM outbox b WHERE b.offer_id = o.id AND b.kind = 'offer_made')"
        )
        if count := session.scalar(untold):
            yield f"{count} offers of which nobody is told"


def _replayed(session: Any) -> Iterator[str]:
    """The log holds every change: replayed from nothing it ends where each request and each offer stands."""
    lines = defaultdict(list)
    for line in session.scalars(select(Moved).where(Moved.kind.in_(["request", "offer"])).order_by(Moved.id)):
        lines[line.kind, line.subject_id].append((line.from_state, line.to_state))
    stands = {("request", id): state for id, state in session.execute(select(Request.id, Request.state))}
    stands |= {("offer", id): state for id, state in session.execute(select(Offer.id, Offer.state))}
    if set(lines) != set(stands):
        yield f"the log and the tables know of others: {sorted(set(lines) ^ set(stands))[:5]}"
    for what, state in stands.items():
        at = None
        for before, after in lines[what]:
            if before != at:
                yield f"{what}: the log goes from {at} to {before}"
            at = after
        if at != state:
            yield f"{what} is {state}, and {at} by the log"


def _expired(session: Any, gone: tuple[datetime, datetime] | None) -> Iterator[str]:
    """Only those expire whose time was made to end, and none because nobody could answer."""
    changed = select(EntityChange.about).where(EntityChange.field == "forced")
    forced = {int(about.removeprefix("offer ")) for about in session.scalars(changed)}
    expired = select(Offer.id, Offer.expires_at, Offer.ended_at).where(Offer.state == "expired")
    for id, expires_at, ended_at in session.execute(expired):
        if id not in forced:
            yield f"offer {id} expired before its time"
        elif ended_at < expires_at:
            yield f"offer {id} expired before its moment"
    if gone:
        began, ended = gone
        doomed = select(EntityChange.about).where(EntityChange.field == "doomed")
        for about in session.scalars(doomed):
            offer = session.get(Offer, int(about.removeprefix("offer ")))
            if offer.state == "expired" and offer.ended_at < ended + (offer.expires_at - ended):
                yield f"{about} expired by an outage from {began} to {ended}"
            if offer.state == "pending" and offer.expires_at < ended:
                yield f"{about} was not given the outage"


def _take_away(crowd: Crowd, folder: Path) -> tuple[datetime, datetime]:
    """Kill the database in the middle, let it be gone for a while, and start it again."""
    time.sleep(crowd.seconds / 3)
    with db.transaction() as session:
        # Their time would be over while the database is gone.
        ids = session.scalars(select(Offer.id).where(Offer.state == "pending").limit(5)).all()
        soon = datetime.now(UTC) + timedelta(seconds=(crowd.database_gone or 0) / 2)
        for id in ids:
            session.execute(
                text("UPDATE offers SET expires_at = :soon WHERE id = :id"), {"soon": soon, "id": id}
            )
            for field in ("doomed", "forced"):
                session.add(EntityChange(who="crowd", about=f"offer {id}", field=field, why="-"))
    ticking.tick()
    began = datetime.now(UTC)
    process = postgres_server._process(folder / "postgres")
    assert process is not None
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            each.kill()
    time.sleep(crowd.database_gone or 0)
    embedded.postgres(folder, lasting=False)
    return began, datetime.now(UTC)


@contextmanager
def _watching() -> Iterator[list[str]]:
    """Look, again and again while it runs, for a moment at which a project has more than its places."""
    over, seen = threading.Event(), set[str]()
    found: list[str] = []

    def watch() -> None:
        while not over.wait(0.1):
            try:
                with db.transaction() as session:
                    seen.update(id for (id,) in session.execute(text(OVER)))
            except SQLAlchemyError:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        found += sorted(seen)


@contextmanager
def _members(crowd: Crowd, where: servers.Servers, notes: Path) -> Iterator[subprocess.Popen[str]]:
    """One process that has read the code once, from which the members are forked."""
    environ = os.environ | ENVIRONMENT
    environ |= {"DATABASE_URL": where.database_url, "REDIS_URL": where.redis_url}
    environ |= {"PYTHONPATH": f"{crowd.root}:{REPOSITORY}"}
    command = [sys.executable, str(REPOSITORY / "tests/faults/crowd_members.py"), str(crowd.root)]
    order = {name: getattr(crowd, name) for name in ("members", "seconds", "kill_every", "seed", "only")}
    started = subprocess.Popen(
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=crowd.root
    )
    assert started.stdin
    started.stdin.write(json.dumps(order | {"folder": str(notes)}) + "\n")
    started.stdin.flush()
    try:
        yield started
    finally:
        started.communicate(timeout=90)


@contextmanager
def own_servers(settings: Settings) -> Iterator[tuple[servers.Servers, Path]]:
    """A database and a queue that may be killed, with our tables, and this process connected to them."""
    folder = servers.new_folder()
    folder.mkdir(parents=True)
    address, queue = embedded.postgres(folder, lasting=False), embedded.valkey(folder, lasting=False)
    servers.make_tables(address)
    db.connect(settings, database_url=address, redis_url=queue)
    try:
        yield servers.Servers(address, queue), folder
    finally:
        db.disconnect()
        embedded.release(folder)
        embedded.stop(folder)
