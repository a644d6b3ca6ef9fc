"""Operators who press Next and Call until nobody is left: one each in a process, all beginning at the same moment.

They sign in at the console and press its own buttons, over HTTP; what a page does not tell (which call a click began) is read
from the tables. Run by `floor.py`, with whom it speaks JSON lines. Its first argument is the folder whose `helpline` must run.
"""

import json
import multiprocessing
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import select

from helpline import db, environment
from helpline.callbacks.models import Attempt, Callback, CallbackState
from helpline.people.accounts import Who
from helpline.processes import parents
from helpline.telephony.models import Leg, Purpose
from tests.faults.browser import Answer, Browser

NOBODY_LEFT = 4
"""Who is told so many times in a row that nobody is next goes home."""


@dataclass(frozen=True)
class Habits:
    """How often somebody does what, of one press; every how many seconds the page looks how the call stands. How often a
    job that rings a telephone runs twice at once (`rings_the_bell_twice`) is the workers' habit.
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


@dataclass(frozen=True)
class Claim:
    """What the sheet of a callback says one has."""

    callback_id: int
    claim_no: int

    def at(self, button: str = "") -> str:
        """The address of a button of its sheet."""
        return f"/callbacks/{self.callback_id}{button}"


class Operator:
    """Somebody at the console, who presses what its pages offer. `ids`: all callbacks, for those who choose."""

    def __init__(self, who: Who, browser: Browser, ids: list[int], seed: str, habits: Habits) -> None:
        self.who, self.browser, self.ids, self.habits = who, browser, ids, habits
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
                self._done(self.browser.press(claim.at("/release"), claim_no=claim.claim_no))
                return True
            attempt_id = self._calls(claim)
            if attempt_id is None:
                return True
            self._waits(claim, attempt_id)
        if self._has(claim, CallbackState.TALKING):
            self._says_how_it_went(claim)
        elif self._has(claim, CallbackState.RINGING):
            time.sleep(self.habits.looks_every)  # rung from another page of one's own
        if self._may(self.habits.uses_an_old_claim):
            self._presses_in_an_old_page(claim)
        return True

    # --- what is pressed ---------------------------------------------------------------------------------

    def _claims(self) -> Claim | None:
        """Next; now and then a certain one, or one that somebody else has."""
        if self._may(self.habits.chooses) and (chosen := self._takes(self.dice.choice(self.ids), "/claim")):
            return chosen
        if self._may(self.habits.takes_over):
            with db.quick() as connection:
                others = select(Callback.id).where(
                    Callback.state == "claimed", Callback.holder_id != self.who.id
                )
                held = list(connection.scalars(others))
            if held and (taken := self._takes(self.dice.choice(held), "/take-over")):
                return taken
        led = {one.callback_id for one in self._press("/callbacks/next") if one.callback_id}
        return next(filter(None, map(self._mine, sorted(led))), None)

    def _takes(self, callback_id: int, button: str) -> Claim | None:
        answer = self.browser.press(f"/callbacks/{callback_id}{button}")
        return self._mine(callback_id) if self._done(answer) else None

    def _mine(self, callback_id: int) -> Claim | None:
        """One's claim, if the sheet shows that one has it."""
        number = self.browser.claim_no(callback_id)
        return Claim(callback_id, number) if number is not None else None

    def _calls(self, claim: Claim) -> int | None:
        """Call, perhaps by a double click; the attempt's id, None when somebody else has it by now."""
        before = set(self._begun(claim))
        answers = self._press(claim.at("/call"), claim_no=claim.claim_no)
        done = [self._done(one) for one in answers]
        if not any(done):
            return None
        self.browser.open(claim.at())
        found = [one for one in self._begun(claim) if one not in before]
        if len(found) > 1:
            self.day.errors.append(f"callback {claim.callback_id}: a double click rang twice")
        if not found:
            self.day.errors.append(f"callback {claim.callback_id}: a click that was taken rang nobody")
            return None
        attempt_id, leg_id = found[0]
        self.day.rang.append((claim.callback_id, attempt_id, leg_id))
        if len(answers) == 1 and self._may(self.habits.stops):
            time.sleep(self.dice.uniform(0, 0.5))
            self._done(self.browser.press(claim.at("/stop")))
        return int(attempt_id)

    def _begun(self, claim: Claim) -> list[tuple[int, int]]:
        """The attempts of a claim, each with the leg to one's own telephone."""
        attempts = select(Attempt.id, Leg.id).join(Leg, Leg.subject_id == Attempt.id)
        mine = (Attempt.callback_id == claim.callback_id, Attempt.claim_no == claim.claim_no)
        with db.quick() as connection:
            found = connection.execute(attempts.where(*mine, Leg.purpose == Purpose.CALLBACK_OPERATOR))
            return [(attempt_id, leg_id) for attempt_id, leg_id in found]

    def _waits(self, claim: Claim, attempt_id: int) -> None:
        """Look at the page, as it does by itself, until the call is over, beating as it does."""
        deadline = time.monotonic() + self.habits.patience
        while _goes_on(self.browser.look(claim.at(f"/call?claim_no={claim.claim_no}"))):
            if time.monotonic() > deadline:
                raise TimeoutError(f"attempt {attempt_id} of callback {claim.callback_id} does not end")
            if self._may(0.02):
                self.browser.press(claim.at("/beat"), claim_no=claim.claim_no)
            time.sleep(self.habits.looks_every)

    def _says_how_it_went(self, claim: Claim) -> None:
        outcome = self.dice.choice(self.habits.outcomes)
        answer = self.browser.press(claim.at("/outcome"), claim_no=claim.claim_no, outcome=outcome)
        if self._done(answer):
            self.day.finished.append((claim.callback_id, outcome))
            self.browser.open(answer.leads_to)

    def _presses_in_an_old_page(self, claim: Claim) -> None:
        """A page that was left open: its claim is over, so neither Call nor Done may do anything."""
        if self._has(claim):
            return
        for button, more in (("/call", {}), ("/outcome", {"outcome": "helped"})):
            answer = self.browser.press(claim.at(button), claim_no=claim.claim_no, **more)
            if self._done(answer) and not self._has(claim):
                self.day.errors.append(f"callback {claim.callback_id}: an old page was good for {button}")

    # --- how it is pressed -------------------------------------------------------------------------------

    def _press(self, path: str, **fields: object) -> list[Answer]:
        """Press once, or twice at once; what came of it."""
        times = 2 if self._may(self.habits.clicks_twice) else 1
        clicks = [self.fingers.submit(self.browser.press, path, **fields) for _ in range(times)]
        return [click.result() for click in clicks]

    def _done(self, answer: Answer) -> bool:
        """Whether the console did it; it says so when a click came too late."""
        self.day.came_late += answer.refused
        return not answer.refused

    def _has(self, claim: Claim, state: str | None = None) -> bool:
        with db.quick() as connection:
            wanted = select(Callback.holder_id, Callback.claim_no, Callback.state)
            row = connection.execute(wanted.where(Callback.id == claim.callback_id)).one()
        mine = row.holder_id == self.who.id and row.claim_no == claim.claim_no
        return mine and state in (None, row.state)

    def _may(self, chance: float) -> bool:
        return self.dice.random() < chance


def _goes_on(part: Answer) -> bool:
    """Whether the part of the sheet that looks by itself shows a call under way; 204: it is nobody's of ours any more."""
    return part.status != 204 and 'aria-live="polite"' in part.body


def main() -> None:
    """Let everybody work whom the one line on the pipe names."""
    parents.die_with_parent()
    root = Path(sys.argv[1]).resolve()
    if root not in Path(db.__file__).resolve().parents:
        sys.exit(f"runs {db.__file__}, which is not in {root}")
    wanted = json.loads(sys.stdin.readline())
    context = multiprocessing.get_context("fork")
    replies: Queue[dict[str, Any]] = context.Queue()
    start = context.Barrier(len(wanted["people"]))
    habits = Habits(**wanted["habits"])
    processes = [
        context.Process(target=run, args=(one, wanted, habits, start, replies)) for one in wanted["people"]
    ]
    for process in processes:
        process.start()
    days = [replies.get(timeout=wanted["longest"]) for _ in processes]
    for process in processes:
        process.join()
    print(json.dumps(days), flush=True)


def run(
    person: dict[str, Any],
    wanted: dict[str, Any],
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
    try:
        browser = Browser(wanted["port"]).sign_in(who.login, wanted["password"])
    except Exception as error:
        start.abort()
        replies.put(asdict(Day(who.id, os.getpid(), errors=[f"{type(error).__name__}: {error}"])))
        return
    start.wait()
    day = Operator(who, browser, wanted["ids"], wanted["seed"], habits).works()
    db.disconnect()
    replies.put(asdict(day))


if __name__ == "__main__":
    main()
