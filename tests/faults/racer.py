"""Starts many processes that offer the same requests at once. Run by `race.py`; speaks JSON lines on its pipes.

Its first argument is the folder whose `helpline` must run: the repository, or a copy that is broken on purpose.
"""

import json
import multiprocessing
import os
import random
import sys
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import update

from helpline import db
from helpline.config import Settings
from helpline.routing import offers
from helpline.routing.models import Request

LONGEST = 600
"""Seconds after which a process that does not answer is taken for stuck."""


def main() -> None:
    root = Path(sys.argv[1]).resolve()
    if root not in Path(offers.__file__).resolve().parents:
        sys.exit(f"runs {offers.__file__}, which is not in {root}")
    for line in sys.stdin:
        print(json.dumps(race(**json.loads(line))), flush=True)


def race(shares: list[list[int]], decline: float, seed: float) -> list[dict[str, Any]]:
    """Let one process for each share of requests run; they all begin at the same moment."""
    context = multiprocessing.get_context("fork")
    replies: Queue[dict[str, Any]] = context.Queue()
    start = context.Barrier(len(shares))
    processes = [
        context.Process(target=run, args=(share, decline, f"{seed} {number}", start, replies))
        for number, share in enumerate(shares)
    ]
    for process in processes:
        process.start()
    heard = [replies.get(timeout=LONGEST) for _ in processes]
    for process in processes:
        process.join()
    return heard


def run(ids: list[int], decline: float, seed: str, start: Barrier, replies: "Queue[dict[str, Any]]") -> None:
    """Let each request come in and offer it, in an order of our own; decline some offers, so that places come back."""
    db.connect(Settings.from_env(os.environ))
    with db.transaction() as session:
        session.connection()
    dice = random.Random(seed)
    dice.shuffle(ids)
    made, errors = 0, []
    start.wait()
    for one in ids:
        try:
            with db.transaction() as session:
                session.execute(update(Request).where(Request.id == one).values(parked_until=None))
            offer_id = offers.offer_request(one)
            made += offer_id is not None
            if offer_id is not None and dice.random() < decline:
                with db.transaction() as session:
                    offers.decline(session, offer_id, reason="not_our_territory", who="racer")
        except Exception as error:
            errors.append(f"request {one}: {type(error).__name__}: {error}".splitlines()[0])
    db.disconnect()
    replies.put({"process": os.getpid(), "made": made, "errors": errors})


if __name__ == "__main__":
    main()
