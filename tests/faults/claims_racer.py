"""Starts many processes, each of them somebody who claims callbacks, all at once. Run by `claims_race.py`.

Its first argument is the folder whose `helpline` must run; speaks JSON lines on its pipes, like `racer.py`.
"""

import json
import multiprocessing
import os
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from helpline import clock, db
from helpline.callbacks import desk
from helpline.config import Settings
from helpline.people.accounts import Who

LONGEST = 900
"""Seconds after which a process that does not answer is taken for stuck."""

DOUBLE_CLICKS = 0.1


def main() -> None:
    root = Path(sys.argv[1]).resolve()
    if root not in Path(desk.__file__).resolve().parents:
        sys.exit(f"runs {desk.__file__}, which is not in {root}")
    for line in sys.stdin:
        print(json.dumps(race(**json.loads(line))), flush=True)


def race(people: list[int], chosen: list[int], now: str, seed: float) -> list[dict[str, Any]]:
    """Let one process for each person run. `chosen`: callbacks that all of them want, one after the other; without
    any, each takes what is next until there is nothing more."""
    clock.set_offset(datetime.fromisoformat(now) - clock.now())
    context = multiprocessing.get_context("fork")
    replies: Queue[dict[str, Any]] = context.Queue()
    start = context.Barrier(len(people))
    offset = clock.offset() / timedelta(seconds=1)
    processes = [
        context.Process(target=run, args=(person, chosen, offset, f"{seed} {person}", start, replies))
        for person in people
    ]
    for process in processes:
        process.start()
    heard = [replies.get(timeout=LONGEST) for _ in processes]
    for process in processes:
        process.join()
    return heard


def run(
    person: int, chosen: list[int], offset: float, seed: str, start: Barrier, replies: "Queue[dict[str, Any]]"
) -> None:
    """Be one person until everything is done; say what was claimed, who was said to have the rest, what went wrong."""
    clock.set_offset(timedelta(seconds=offset))
    db.connect(Settings.from_env(os.environ))
    with db.transaction() as session:
        session.connection()
    who = Who(person, f"P{person}", f"p{person}", ("operator",), ("bn",), None, "it")
    dice = random.Random(seed)
    claimed: list[tuple[int, int]] = []
    held: list[tuple[int, int]] = []
    errors: list[str] = []
    start.wait()
    try:
        work = _all_want(chosen, who, start, held) if chosen else _next_ones(who, dice, errors)
        for claim in work:
            claimed.append((claim.callback_id, claim.claim_no))
            _ring_and_finish(claim, who)
            if chosen:
                start.wait()  # the others have tried, and were told
    except Exception as error:
        errors.append(f"person {person}: {type(error).__name__}: {error}".splitlines()[0])
        start.abort()
    db.disconnect()
    replies.put(
        {"process": os.getpid(), "person": person, "claimed": claimed, "held": held, "errors": errors}
    )


def _next_ones(who: Who, dice: random.Random, errors: list[str]) -> Iterator[desk.Claim]:
    while True:
        with db.transaction() as session:
            claim = desk.claim_next(session, who)
        if claim is None:
            return
        if dice.random() < DOUBLE_CLICKS:
            with db.transaction() as session:
                again = desk.claim_next(session, who)
            if again is None or (again.callback_id, again.claim_no) != (claim.callback_id, claim.claim_no):
                errors.append(f"a double click of person {who.id} claimed another one")
        yield claim


def _all_want(
    chosen: list[int], who: Who, start: Barrier, held: list[tuple[int, int]]
) -> Iterator[desk.Claim]:
    for callback_id in chosen:
        start.wait()
        with db.transaction() as session:
            answer = desk.claim(session, callback_id, who)
        start.wait()  # nobody finishes it before all have asked
        if isinstance(answer, desk.Claim):
            yield answer
        else:
            held.append((callback_id, answer.by))
            start.wait()


def _ring_and_finish(claim: desk.Claim, who: Who) -> None:
    with db.transaction() as session:
        attempt = desk.attempt_began(session, claim.callback_id, claim.claim_no)
    with db.transaction() as session:
        desk.attempt_ended(session, attempt, "connected")
    with db.transaction() as session:
        desk.finish(session, claim.callback_id, who, claim.claim_no, "helped")


if __name__ == "__main__":
    main()
