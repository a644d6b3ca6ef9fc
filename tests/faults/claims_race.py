"""Many real processes claim the same callbacks at once; says what went wrong, seed by seed."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from helpline import clock, db
from helpline.callbacks.models import Attempt, Callback
from tests import servers
from tests.conftest import ENVIRONMENT
from tests.faults.race import REPOSITORY
from tests.integration import queue_rows as rows


@dataclass(frozen=True)
class Race:
    """How many people take part, for how many callbacks (`chosen`: all want the same one, one after the other)."""

    people: int
    callbacks: int
    chosen: bool = False
    root: Path = REPOSITORY


def run(race: Race, where: servers.Servers, *, seed: int = 1) -> list[str]:
    """Run the race and return every breach; an empty list is what we want."""
    people = [rows.person(f"P{number}").id for number in range(race.people)]
    ids = rows.many(race.callbacks)
    words = {
        "people": people,
        "chosen": ids if race.chosen else [],
        "now": clock.now().isoformat(),
        "seed": seed,
    }
    replies = _race(race, where, words)
    return [error for reply in replies for error in reply["errors"]] + list(_judge(ids, replies, race))


def _judge(ids: list[int], replies: list[dict[str, Any]], race: Race) -> Iterator[str]:
    claims = Counter(callback for reply in replies for callback, _ in reply["claimed"])
    yield from (f"callback {one}: claimed {claims[one]} times" for one in ids if claims[one] != 1)
    with db.transaction() as session:
        rung: Counter[int] = Counter(
            dict(
                session.execute(select(Attempt.callback_id, func.count()).group_by(Attempt.callback_id)).all()
            )
        )
        states = Counter(session.scalars(select(Callback.state)))
    yield from (f"callback {one}: rung {rung[one]} times" for one in ids if rung[one] != 1)
    if states != {"done": len(ids)}:
        yield f"not all are done: {dict(states)}"
    winners = {callback: reply["person"] for reply in replies for callback, _ in reply["claimed"]}
    for reply in replies:
        for callback, by in reply["held"]:
            if winners.get(callback) != by:
                yield f"callback {callback}: person {reply['person']} was told that person {by} has it"
    told = sum(len(reply["held"]) for reply in replies)
    if race.chosen and told != len(ids) * (race.people - 1):
        yield f"{told} were told who has it, not {len(ids) * (race.people - 1)}"


def _race(race: Race, where: servers.Servers, words: dict[str, Any]) -> list[dict[str, Any]]:
    environ = os.environ | ENVIRONMENT
    environ |= {
        "DATABASE_URL": where.database_url,
        "REDIS_URL": where.redis_url,
        "PYTHONPATH": str(race.root),
    }
    command = [sys.executable, str(REPOSITORY / "tests/faults/claims_racer.py"), str(race.root)]
    done = subprocess.run(
        command,
        env=environ,
        input=json.dumps(words) + "\n",
        stdout=subprocess.PIPE,
        text=True,
        cwd=race.root,
        check=True,
    )
    replies: list[dict[str, Any]] = json.loads(done.stdout)
    assert len({reply["process"] for reply in replies}) == race.people
    return replies
