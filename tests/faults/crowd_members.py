"""Everybody who may touch an offer, each a process that does one thing after the other at random; some are killed.

Run by `crowd.py`, with whom it speaks JSON lines. Its first argument is the folder whose `helpline` must run. What a
member did it appends to a file of its own: whoever is killed has written what it was told is saved.
"""

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.config import Settings
from helpline.routing import offers, projects, ticking
from helpline.routing.models import CaseOutcome, DeclineReason, Entity, Offer, Project, Request
from helpline.routing.records import EntityChange
from helpline.routing.requests import withdraw
from tests.integration import routing_rows as rows

REGIONS = ("lazio", "veneto", None)
EXPECTED = (offers.Late, offers.NotAccepted, offers.Full, LookupError, ValueError)
PAUSE = 0.2


def main() -> None:
    root = Path(sys.argv[1]).resolve()
    if root not in Path(offers.__file__).resolve().parents:
        sys.exit(f"runs {offers.__file__}, which is not in {root}")
    for line in sys.stdin:
        print(json.dumps(crowd(**json.loads(line))), flush=True)


def crowd(
    members: int, seconds: float, kill_every: float, seed: int, folder: str, only: list[str]
) -> dict[str, Any]:
    """Let so many members act for so long; every now and then one is killed, and another comes."""
    context = multiprocessing.get_context("fork")
    _once(f"{folder}/first.jsonl")
    dice, until, number, killed = random.Random(seed), time.monotonic() + seconds, 0, 0

    def another() -> Any:
        nonlocal number
        number += 1
        process = context.Process(
            target=act, args=(f"{seed} {number}", until, f"{folder}/{number}.jsonl", only)
        )
        process.start()
        return process

    here = [another() for _ in range(members)]
    next_kill = time.monotonic() + kill_every
    while time.monotonic() < until:
        time.sleep(0.05)
        if time.monotonic() >= next_kill:
            next_kill += kill_every
            place = dice.randrange(len(here))
            os.kill(here[place].pid, signal.SIGKILL)
            here[place].join()
            killed += 1
            here[place] = another()
    for process in here:
        process.join(timeout=60)
        if process.is_alive():
            process.kill()
            return {"killed": killed, "stuck": process.pid}
    return {"killed": killed, "stuck": None}


def _once(path: str) -> None:
    """Do everything once before the others are forked: what SQLAlchemy learned of its statements they need not learn."""
    db.connect(Settings.from_env(os.environ))
    dice = random.Random(0)
    with Path(path).open("a", encoding="utf-8") as file:
        for name in ("ask", "offer", "accept", "report", *WHAT, "offer", "accept", "report"):
            try:
                made = WHAT[name][1](dice)
            except EXPECTED:
                continue
            if name == "ask":
                file.write(json.dumps({"did": name, "made": made, "took": 0.0}) + "\n")
    db.engine().dispose()


def act(seed: str, until: float, path: str, only: list[str]) -> None:
    """Do one thing after the other (`only` these, if any are named) until the time is over."""
    dice = random.Random(seed)
    db.engine().dispose(close=False)
    weights = dict.fromkeys(only, 1.0) or {name: weight for name, (weight, _) in WHAT.items()}
    weights = {name: weight * (only.count(name) or 1) for name, weight in weights.items()}
    with Path(path).open("a", encoding="utf-8") as file:
        while time.monotonic() < until:
            name = dice.choices(list(weights), list(weights.values()))[0]
            said: dict[str, Any] = {"did": name}
            began = time.monotonic()
            try:
                found = WHAT[name][1](dice)
                said |= {"made": found} if name == "ask" else {}
            except EXPECTED as error:
                said["refused"] = type(error).__name__
            except SQLAlchemyError as error:
                said |= _of_the_database(error)
                time.sleep(PAUSE)
            except Exception as error:
                said["error"] = f"{type(error).__name__}: {error}".splitlines()[0]
            said["took"] = round(time.monotonic() - began, 3)
            file.write(json.dumps(said) + "\n")
            file.flush()
    db.disconnect()


def _of_the_database(error: SQLAlchemyError) -> dict[str, Any]:
    """That it was down is no fault of ours; that we block one another, or break its rules, is."""
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    gone = isinstance(error, DBAPIError) and (error.connection_invalidated or code in GONE)
    if gone or not isinstance(error, DBAPIError):
        return {"gone": type(error).__name__}
    return {"error": f"{type(error).__name__} {code}"}


GONE = {None, "57P01", "57P02", "57P03", "08000", "08003", "08006"}


def _pick(session: Session, dice: random.Random, column: Any, *where: Any) -> Any:
    found = session.scalars(select(column).where(*where).order_by(column.desc()).limit(60)).all()
    if not found:
        raise LookupError("nobody")
    return dice.choice(found)


def _look(dice: random.Random, column: Any, *where: Any) -> Any:
    with db.transaction() as session:
        return _pick(session, dice, column, *where)


def ask(dice: random.Random) -> list[int]:
    with db.transaction() as session:
        made = rows.requests(session, dice.randint(1, 3), region=dice.choice(REGIONS))
        return [request.id for request in made]


def offer(dice: random.Random) -> None:
    offers.offer_request(_look(dice, Request.id, Request.state == "waiting"))


def accept(dice: random.Random) -> None:
    id = _look(dice, Offer.id, Offer.state.in_(["pending", "expired"]))
    with db.transaction() as session:
        offers.accept(session, id, who="crowd")


def decline(dice: random.Random) -> None:
    id = _look(dice, Offer.id, Offer.state.in_(["pending", "accepted"]))
    with db.transaction() as session:
        offers.decline(session, id, reason=dice.choice(list(DeclineReason)), who="crowd")


def report(dice: random.Random) -> None:
    id = _look(dice, Offer.id, Offer.state == "accepted")
    with db.transaction() as session:
        offers.report(session, id, dice.choice(list(CaseOutcome)), who="crowd")


def cancel(dice: random.Random) -> None:
    id = _look(dice, Request.id, Request.state.not_in(["closed", "cancelled"]))
    with db.transaction() as session:
        withdraw(session, session.get_one(Request, id), who="caller", why="changed their mind")


def pull_back(dice: random.Random) -> None:
    id = _look(dice, Offer.id, Offer.state.in_(["pending", "accepted"]))
    with db.transaction() as session:
        offers.withdraw(session, id, who="crowd", why="other plans")


def assign(dice: random.Random) -> None:
    request, project = _look(dice, Request.id, Request.state == "waiting"), _look(dice, Project.id)
    with db.transaction() as session:
        offers.assign(session, request, project, who="crowd", why="they know each other")


def set_aside(dice: random.Random) -> None:
    id = _look(dice, Request.id, Request.state.in_(["waiting", "needs_person"]))
    with db.transaction() as session:
        if dice.random() < 0.5:
            offers.park(session, id, clock.now() + timedelta(seconds=2), who="crowd", why="later")
        else:
            offers.unpark(session, id, who="crowd")


def change_places(dice: random.Random) -> None:
    """Never below what is used: what was given is not taken back, and the judge could not tell it from our fault."""
    id = _look(dice, Project.id)
    with db.transaction() as session:
        owner = session.scalars(select(Project.entity_id).where(Project.id == id)).one()
        projects.locked_entity(session, owner)
        (row,) = [row for row in projects.listed(session, entity_id=owner) if row.id == id]
        changed = {
            "places_total": row.used.total + dice.randint(0, 6),
            "open_cases": row.used.open + dice.randint(0, 3),
        }
        session.execute(update(Project).where(Project.id == id).values(**changed))
        projects.write(
            session,
            f"project {id}",
            {"places_total": (row.places_total, changed["places_total"])},
            who="crowd",
            why="-",
        )


def make_room(dice: random.Random) -> None:
    """One place more than is used, in a project of an entity that has said nothing against it."""
    id = _look(dice, Project.id)
    with db.transaction() as session:
        owner = session.scalars(select(Project.entity_id).where(Project.id == id)).one()
        projects.set_full(session, owner, False, who="crowd")
        (row,) = [row for row in projects.listed(session, entity_id=owner) if row.id == id]
        room = {"places_total": row.used.total + 1, "open_cases": row.used.open + 1}
        session.execute(update(Project).where(Project.id == id).values(**room))


def pause_or_go_on(dice: random.Random) -> None:
    id = _look(dice, Entity.id)
    with db.transaction() as session:
        if dice.random() < 0.3:
            projects.pause(session, "holiday", who="crowd", entity_id=id)
        else:
            projects.resume(session, who="crowd", entity_id=id)
            projects.set_full(session, id, False, who="crowd")


def let_expire(dice: random.Random) -> None:
    """An offer whose time is over from now on; written down, since no other may ever expire."""
    with db.transaction() as session:
        id = _pick(session, dice, Offer.id, Offer.state == "pending")
        ends = (
            update(Offer)
            .where(Offer.id == id, Offer.state == "pending")
            .values(expires_at=func.clock_timestamp())
        )
        if session.scalar(ends.returning(Offer.id)):
            session.add(EntityChange(who="crowd", about=f"offer {id}", field="forced", why="-"))


def tick(_: random.Random) -> None:
    ticking.tick()


def plan(_: random.Random) -> None:
    offers.sweep_waiting()


def flush(_: random.Random) -> None:
    db.redis().flushall()


WHAT: dict[str, tuple[float, Any]] = {
    "ask": (8, ask), "offer": (30, offer), "accept": (18, accept), "decline": (12, decline), "report": (14, report),
    "cancel": (3, cancel), "pull_back": (3, pull_back), "assign": (5, assign), "set_aside": (5, set_aside),
    "change_places": (6, change_places), "pause_or_go_on": (4, pause_or_go_on), "let_expire": (6, let_expire),
    "tick": (3, tick), "plan": (3, plan), "flush": (0.3, flush), "make_room": (0.5, make_room),
}  # fmt: skip


if __name__ == "__main__":
    main()
