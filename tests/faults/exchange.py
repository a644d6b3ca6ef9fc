"""A stand-in carrier whose telephones are answered: by mediators who mostly take the call, and by callers of all kinds.

Run by `floor.py` as a process of its own, which speaks JSON lines: it says when it listens, and at every line that it
reads, which calls there were. Its first argument is the folder whose `helpline` must run.
"""

import json
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from helpline import clock, environment
from helpline.processes import parents
from helpline.simulator import server, transport
from helpline.simulator.call import Call
from helpline.simulator.carrier import Carrier
from helpline.simulator.mischief import Fields
from helpline.simulator.refusal import NotPossible
from helpline.simulator.transport import Answer, Budget, Headers

PICKING_UP_AT_ONCE = 24
TICK = 0.05
LONGEST_TALK = 0.3
PATIENCE = 120.0
"""So long somebody waits for words, and the carrier for an answer: how fast the machine is decides nothing here."""


def patient(method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
    """Send a webhook over HTTP, and wait for its answer longer than the carrier would."""
    return transport.over_http(method, url, headers, body, Budget(PATIENCE, PATIENCE, PATIENCE))


@dataclass(frozen=True)
class Dialled:
    """A call as the carrier saw it: whom, for which leg, from when to when (None: it still lasts), how it ended."""

    sid: str
    to: str
    leg_id: int
    began: float
    ended: float | None
    status: str
    troubles: list[str]


class Exchange(Carrier):
    """The carrier, and everybody whom it can reach. What a telephone does is drawn from the seed, its number and how
    often it has rung before: the same in every run.

    `mediators`: the numbers of those who work here. `willing`: everybody picks up, presses 1 and talks; else people are
    of all sorts. `lost`: which messages about calls never arrive: of each kind
    (`mediator busy`, `caller ringing`, `talk completed`: a caller's who pressed 1) the n-th, counted from 1.
    """

    def __init__(
        self,
        *words: Any,
        people: str,
        mediators: Collection[str],
        willing: bool,
        lost: Mapping[str, Collection[int]],
        picking_up: int = PICKING_UP_AT_ONCE,
        **more: Any,
    ) -> None:
        super().__init__(*words, strict=False, real_time=True, clock=clock.now, **more)
        self.people, self.mediators, self.willing = people, frozenset(mediators), willing
        self.mischief.drop, self._lost = self._loses, lost
        self.troubles: list[str] = []
        self._pool = ThreadPoolExecutor(picking_up, thread_name_prefix="telephone")
        self._told: Counter[str] = Counter()
        self._talked: set[str] = set()
        self._lock = threading.Lock()
        self._rung: Counter[str] = Counter()
        self._legs: dict[str, int] = {}
        self._began: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._stopped = threading.Event()
        self._ticking = threading.Thread(target=self._tick, daemon=True)
        self._ticking.start()

    def stop(self) -> None:
        """Nobody picks up any more."""
        self._stopped.set()
        self._ticking.join()
        self._pool.shutdown(cancel_futures=True)

    def dialled(self) -> list[Dialled]:
        """Every call that was placed, in order."""
        return [
            Dialled(
                call.sid, call.to, self._legs[call.sid], self._began[call.sid], self._ended.get(call.sid),
                call.status, [trouble for _, trouble in call.troubles],
            )
            for call in list(self.calls.values())
            if call.sid in self._legs
        ]  # fmt: skip

    # --- what the carrier does ---------------------------------------------------------------------------

    def report(self, call: Call) -> None:
        """As ever; and what begins to ring is heard by somebody."""
        if call.sid not in self._legs:
            path = urlsplit(call.status_url).path
            self._legs[call.sid] = int(path.split("/")[3])
            self._began[call.sid] = time.monotonic()
        super().report(call)
        if call.status == "ringing":
            self._pool.submit(self._picked_up, call)

    def over(self, call: Call, status: str) -> None:
        """As ever; and the real moment is noted (a call's own time runs ahead of it while words are said)."""
        self._ended.setdefault(call.sid, time.monotonic())
        super().over(call, status)

    def _loses(self, kind: str, fields: Fields) -> bool:
        if kind != "status":
            return False
        said = dict(fields)
        who = (
            "mediator"
            if said["To"] in self.mediators
            else "talk"
            if said["CallSid"] in self._talked
            else "caller"
        )
        what = f"{who} {said['CallStatus']}"
        with self._lock:
            self._told[what] += 1
            return self._told[what] in self._lost.get(what, ())

    def _tick(self) -> None:
        while not self._stopped.wait(TICK):
            self.advance(0)

    # --- what people do ----------------------------------------------------------------------------------

    def _picked_up(self, call: Call) -> None:
        with self._lock:
            self._rung[call.to] += 1
            dice = random.Random(f"{self.people} {call.to} {self._rung[call.to]}")
        time.sleep(dice.uniform(0, 0.05))
        try:
            (self._mediator if call.to in self.mediators else self._caller)(call, dice)
        except NotPossible:
            return  # it was taken back, or ended from the other side, at this very moment
        except Exception as error:
            self.troubles.append(f"a telephone: {type(error).__name__}: {error}".splitlines()[0])

    def _mediator(self, call: Call, dice: random.Random) -> None:
        way = self._way(dice)
        if way < 0.02:
            self.outbound.refuse(call)
            return
        self.outbound.answer(call)
        if way < 0.04:
            self._when(call, "gather").keep_silent()
        elif way < 0.06:
            call.hang_up()
        else:
            self._when(call, "gather").press("1")
            if way < 0.10:  # and goes away while the other telephone rings, or just after
                time.sleep(dice.uniform(0, LONGEST_TALK))
                call.hang_up()

    def _caller(self, call: Call, dice: random.Random) -> None:
        way = self._way(dice)
        if way < 0.20:
            self.outbound.refuse(call, dice.choice(["busy", "busy", "no-answer", "failed"]))
            return
        self.outbound.answer(call, machine=way < 0.28)
        if way < 0.28:
            return
        if way < 0.33:
            call.hang_up()
        elif way < 0.37:
            self._when(call, "gather").press("2")
        elif way < 0.40:
            self._when(call, "gather").keep_silent()
            self._when(call, "gather").keep_silent()
        else:
            self._talked.add(call.sid)
            self._when(call, "gather").press("1")
            time.sleep(dice.uniform(0.02, LONGEST_TALK))
            self._one_of_both(call, dice).hang_up()

    def _way(self, dice: random.Random) -> float:
        """What somebody does, from 0 to 1: at 1 they take the call and talk."""
        return 1.0 if self.willing else dice.random()

    def _one_of_both(self, call: Call, dice: random.Random) -> Call:
        """Whoever puts the receiver down first after a talk."""
        room = next((one for one in self.rooms.all() if call.sid in one.members), None)
        inside = [member.call for member in room.members.values()] if room else []
        return dice.choice(sorted(inside, key=lambda one: one.sid)) if inside else call

    def _when(self, call: Call, kind: str) -> Call:
        """The call, as soon as it waits for this. Raises NotPossible when it never does."""
        deadline = time.monotonic() + PATIENCE
        while call.waiting_for != kind:
            if call.ended or time.monotonic() > deadline:
                raise NotPossible(f"it is {call.waiting_for}")
            time.sleep(0.01)
        return call


def main() -> None:
    """Be the carrier of the installation that the variables name, until the pipe is closed."""
    parents.die_with_parent()
    root, wanted = Path(sys.argv[1]).resolve(), json.loads(sys.argv[2])
    if root not in Path(server.__file__).resolve().parents:
        sys.exit(f"runs {server.__file__}, which is not in {root}")
    settings = environment.settings(os.environ)
    environment.connect(settings)  # for the time that is pretended
    exchange = Exchange(
        settings.account_sid,
        settings.auth_token,
        settings.public_url,
        patient,
        per_second=settings.calls_a_second,
        people=wanted["people"],
        mediators=wanted["mediators"],
        willing=wanted["willing"],
        lost=wanted["lost"],
    )
    exchange.mischief.rest = wanted["rest"]
    with server.serving(exchange, port=wanted["port"]):
        print(json.dumps({"ready": True}), flush=True)
        for _ in sys.stdin:
            told = [vars(one) for one in exchange.dialled()]
            print(json.dumps({"calls": told, "troubles": exchange.troubles}), flush=True)
        exchange.stop()


if __name__ == "__main__":
    main()
