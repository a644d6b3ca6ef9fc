"""Operators who press Next and Call until nobody is left: one each in a process, all beginning at the same moment.

Run by `floor.py`, with whom it speaks JSON lines. Its first argument is the folder whose `helpline` must run.
"""

import json
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import select

from helpline import db, environment
from helpline.callbacks import desk, dialling
from helpline.callbacks.models import Attempt, Callback, CallbackState
from helpline.people.accounts import Who
from helpline.processes import parents

NOBODY_LEFT = 4
"""Who is told so many times in a row that nobody is next goes home."""


@dataclass(frozen=True)
class Habits:
    """How often somebody does what, of one press; every how many seconds the page looks how the call stands.
    `patience`: seconds after which a call that does not end is a fault; `works_for`: after which one takes no other. `outcomes`: of which one is said after a talk.
    """

    clicks_twice: float = 0.15
    rings_the_bell_twice: float = 0.1
    chooses: float = 0.03
    takes_over: float = 0.03
    gives_back: float = 0.02
    stops: float = 0.02
    uses_an_old_claim: float = 0.1
    looks_every: float = 0.5
    patience: float = 400.0
    works_for: float = 3600.0
    outcomes: tuple[str, ...] = (
        *["helped"] * 12,
        "stop_calling",
        "no_answer",
        "wrong_moment",
    )


@dataclass
class Day:
    """What came of one operator's work."""

    person_id: int
    process: int = 0
    claims: list[tuple[int, int]] = field(default_factory=list)
    rang: list[tuple[int, int, int]] = field(default_factory=list)
    finished: list[tuple[int, str]] = field(default_factory=list)
    came_late: int = 0
    errors: list[str] = field(default_factory=list)


class Operator:
    """Somebody at the console, who presses what its pages offer. `ids`: all callbacks, for those who choose."""

    def __init__(self, who: Who, ids: list[int], seed: str, habits: Habits) -> None:
        self.who, self.ids, self.habits = who, ids, habits
        self.dice = random.Random(f"{seed} {who.id}")
        self.day = Day(who.id, os.getpid())

    def works(self) -> Day:
        """Work until nobody is next, several times in a row."""
        nobody, until = 0, time.monotonic() + self.habits.works_for
        with ThreadPoolExecutor(2) as self.fingers:
            while nobody < NOBODY_LEFT and not self.day.errors and time.monotonic() < until:
                try:
                    nobody = 0 if self._round() else nobody + 1
                except Exception as error:
                    self.day.errors.append(f"{type(error).__name__}: {error}".splitlines()[0])
                if nobody:
                    time.sleep(self.dice.uniform(0.2, 0.6))
        return self.day

    def _round(self) -> bool:
        claim = self._claims()
        if claim is None:
            return False
        self.day.claims.append((claim.callback_id, claim.claim_no))
        if self._has(claim, CallbackState.CLAIMED):
            if self._may(self.habits.gives_back):
                self._attempt(desk.release, claim.callback_id, self.who, claim.claim_no)
                return True
            attempt_id = self._calls(claim)
            if attempt_id is None:
                return True
            self._waits(attempt_id)
        if self._has(claim, CallbackState.TALKING):
            self._says_how_it_went(claim)
        elif self._has(claim, CallbackState.RINGING):
            time.sleep(self.habits.looks_every)  # rung from another page of one's own
        if self._may(self.habits.uses_an_old_claim):
            self._presses_in_an_old_page(claim)
        return True

    # --- what is pressed ---------------------------------------------------------------------------------

    def _claims(self) -> desk.Claim | None:
        """Next; now and then a certain one, or one that somebody else has."""
        if self._may(self.habits.chooses):
            chosen = self._attempt(desk.claim, self.dice.choice(self.ids), self.who)
            if isinstance(chosen, desk.Claim):
                return chosen
        if self._may(self.habits.takes_over):
            with db.transaction() as session:
                others = select(Callback.id).where(
                    Callback.state == "claimed", Callback.holder_id != self.who.id
                )
                held = list(session.scalars(others))
            taken = self._attempt(desk.take_over, self.dice.choice(held), self.who) if held else None
            if isinstance(taken, desk.Claim):
                return taken
        answers = self._press(lambda: do(desk.claim_next, self.who))
        claims = [one for one in answers if one is not None]
        return next((one for one in claims if self._has(one)), claims[0] if claims else None)

    def _calls(self, claim: desk.Claim) -> int | None:
        """Call, perhaps by a double click; the attempt's id, None when somebody else has it by now."""
        answers = self._press(
            lambda: self._attempt(dialling.call, claim.callback_id, self.who, claim.claim_no)
        )
        rung = {one for one in answers if one is not None}
        if len(rung) > 1:
            self.day.errors.append(f"callback {claim.callback_id}: a double click rang twice")
        if not rung:
            return None
        one = rung.pop()
        self.day.rang.append((claim.callback_id, one.attempt_id, one.leg_id))
        if self._may(self.habits.rings_the_bell_twice):  # jobs may run twice
            do(db.ring, "place_leg", one.leg_id)
        if len(answers) == 1 and self._may(self.habits.stops):
            time.sleep(self.dice.uniform(0, 0.5))
            do(dialling.stop, claim.callback_id, self.who)
        return int(one.attempt_id)

    def _waits(self, attempt_id: int) -> None:
        """Look at the page until the call is over, beating as it does."""
        deadline = time.monotonic() + self.habits.patience
        wanted = select(Attempt.callback_id, Attempt.claim_no, Attempt.ended_at).where(
            Attempt.id == attempt_id
        )
        while True:
            with db.quick() as connection:
                attempt = connection.execute(wanted).one()
            if attempt.ended_at is not None:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"attempt {attempt_id} of callback {attempt.callback_id} does not end")
            if self._may(0.02):
                do(desk.beat, attempt.callback_id, self.who, attempt.claim_no)
            time.sleep(self.habits.looks_every)

    def _says_how_it_went(self, claim: desk.Claim) -> None:
        outcome = self.dice.choice(self.habits.outcomes)
        finished = self._attempt(desk.finish, claim.callback_id, self.who, claim.claim_no, outcome)
        if finished is not None:
            self.day.finished.append((claim.callback_id, outcome))

    def _presses_in_an_old_page(self, claim: desk.Claim) -> None:
        """A page that was left open: its claim is over, so neither Call nor Done may do anything."""
        if self._has(claim):
            return
        for act, more in ((dialling.call, ()), (desk.finish, ("helped",))):
            words = [claim.callback_id, self.who, claim.claim_no, *more]
            if self._attempt(act, *words) is not None and not self._has(claim):
                self.day.errors.append(
                    f"callback {claim.callback_id}: an old claim was good for {act.__name__}"
                )

    # --- how it is pressed -------------------------------------------------------------------------------

    def _press(self, button: Callable[[], Any]) -> list[Any]:
        """Press once, or twice at once; what came of it."""
        times = 2 if self._may(self.habits.clicks_twice) else 1
        return [click.result() for click in [self.fingers.submit(button) for _ in range(times)]]

    def _attempt(self, act: Callable[..., Any], *words: Any) -> Any:
        """One press; None when the console would have said that it came too late."""
        try:
            return do(act, *words)
        except (desk.Stale, desk.Occupied, desk.NotNow, LookupError) as error:
            if isinstance(error, (KeyError, IndexError)):
                raise
            self.day.came_late += 1
            return None

    def _has(self, claim: desk.Claim, state: str | None = None) -> bool:
        with db.transaction() as session:
            row = session.get_one(Callback, claim.callback_id)
            mine = row.holder_id == self.who.id and row.claim_no == claim.claim_no
            return mine and state in (None, row.state)

    def _may(self, chance: float) -> bool:
        return self.dice.random() < chance


def do(act: Callable[..., Any], *words: Any) -> Any:
    """One act in a transaction of its own."""
    with db.transaction() as session:
        return act(session, *words)


def main() -> None:
    """Let everybody work whom the one line on the pipe names."""
    parents.die_with_parent()
    root = Path(sys.argv[1]).resolve()
    if root not in Path(desk.__file__).resolve().parents:
        sys.exit(f"runs {desk.__file__}, which is not in {root}")
    wanted = json.loads(sys.stdin.readline())
    context = multiprocessing.get_context("fork")
    replies: Queue[dict[str, Any]] = context.Queue()
    start = context.Barrier(len(wanted["people"]))
    habits = Habits(**wanted["habits"])
    processes = [
        context.Process(target=run, args=(one, wanted["ids"], wanted["seed"], habits, start, replies))
        for one in wanted["people"]
    ]
    for process in processes:
        process.start()
    days = [replies.get(timeout=wanted["longest"]) for _ in processes]
    for process in processes:
        process.join()
    print(json.dumps(days), flush=True)


def run(
    person: dict[str, Any],
    ids: list[int],
    seed: str,
    habits: Habits,
    start: Barrier,
    replies: "Queue[dict[str, Any]]",
) -> None:
    """One operator's process."""
    parents.die_with_parent()
    environment.connect(environment.settings(os.environ))
    with db.transaction() as session:
        session.connection()
    known: dict[str, Any] = person | {
        "roles": tuple(person["roles"]),
        "languages": tuple(person["languages"]),
    }
    who = Who(**known)
    start.wait()
    day = Operator(who, ids, seed, habits).works()
    db.disconnect()
    replies.put(asdict(day))


if __name__ == "__main__":
    main()
