"""One telephone call as the person holding the telephone sees it: keys, silence, speech, hanging up, and what was heard."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpline.simulator import clips
from helpline.simulator.refusal import NotPossible

KEYS = frozenset("0123456789*#")


@dataclass
class Heard:
    """Something the person heard. `kind`: say, play, tone, music (the carrier's own) or pause.

    For a clip, `name`, `language` and `text` are what its file says about itself. `at` counts from the start of
    the call; `whole` is False when a key or hanging up cut it short or came before it.
    """

    kind: str
    text: str = ""
    language: str = ""
    voice: str = ""
    url: str = ""
    name: str = ""
    seconds: float = 0.0
    at: float = 0.0
    whole: bool = True


@dataclass(frozen=True)
class Waiting:
    """What the call waits for, with what the document asked. Times count from the call's start.

    `kind`: `gather` or `record` wait for the person; `dial` for somebody who is being rung, `bridge` while the two talk,
    `conference` as long as the person is in one.
    """

    kind: str
    begins: float
    audio_ends: float
    timeout: float
    digits: str = ""
    most: int = 0
    finish: str = ""
    longest: float = 0.0


@dataclass(frozen=True)
class Keyed:
    """Keys are in the queue."""


@dataclass(frozen=True)
class Silent:
    """The person lets the time run out."""


@dataclass(frozen=True)
class Spoke:
    """The person spoke for so long, then waited, pressed a key or hung up."""

    seconds: float
    wav: bytes | None
    key: str
    hang_up: bool


@dataclass(frozen=True)
class HungUp:
    """The person hung up so many seconds into what is going on (None: having heard it all)."""

    after: float | None


@dataclass(frozen=True)
class Sent:
    """Somebody sends the live call to another document (the carrier's REST side)."""

    url: str
    method: str
    given: bytes = b""


@dataclass(frozen=True)
class Nudged:
    """Something outside the call has changed: whoever waits looks again. May come late, and for nothing."""


Event = Keyed | Silent | Spoke | HungUp | Sent | Nudged
Script = Generator[Waiting, Event, None]


@dataclass
class Call:
    """A call. Made by `Carrier.dial`; everything a person can do with a telephone is a method here.

    The methods return when the call waits for the person again or has ended. In between, virtual time passes.
    """

    sid: str
    from_: str
    to: str
    direction: str
    started: datetime
    strict: bool
    status: str = "queued"
    outcome: str = ""
    heard: list[Heard] = field(default_factory=list)
    waiting: Waiting | None = None
    ended: bool = False
    spent: float = 0.0
    lost_keys: str = ""
    troubles: list[tuple[int, str]] = field(default_factory=list)
    answered_by: str = ""
    queue_seconds: float = 0.0
    keys: deque[tuple[float, str]] = field(default_factory=deque, repr=False)
    more_keys: bool = field(default=False, repr=False)
    gone_after_key: bool = field(default=False, repr=False)
    cookies: dict[str, str] = field(default_factory=dict, repr=False)
    answered_at: float | None = field(default=None, repr=False)
    events: int = field(default=0, repr=False)
    fallback: str = ""
    status_url: str = ""
    status_method: str = "POST"
    status_events: frozenset[str] = frozenset({"completed"})
    parent: str = ""
    afterwards: Callable[[], None] = field(default=lambda: None, repr=False)
    _script: Script | None = field(default=None, repr=False)
    _letters: deque[Event | None] = field(default_factory=deque, repr=False)
    _open: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _busy: bool = field(default=False, repr=False)

    @property
    def at(self) -> datetime:
        """The moment this call has reached."""
        return self.started + timedelta(seconds=self.spent)

    @property
    def waiting_for(self) -> str:
        """What it waits for (a kind of `Waiting`), `nothing` (not connected yet, or just busy) or `ended`."""
        if self.ended:
            return "ended"
        return self.waiting.kind if self.waiting else "nothing"

    @property
    def ended_at(self) -> datetime | None:
        """When it ended."""
        return self.at if self.ended else None

    @property
    def duration(self) -> int:
        """Whole seconds since it was answered."""
        return 0 if self.answered_at is None else round(self.spent - self.answered_at)

    def shift(self, before: str, after: str) -> bool:
        """Change the status, if it still is `before`: of two who try, one succeeds."""
        with self._open:
            if self.ended or self.status != before:
                return False
            self.status = after
            return True

    def begin(self, script: Script) -> None:
        """Give the call what it runs, up to where it waits for the person (the carrier does this)."""
        self._script = script
        self._run(None)

    def nudge(self) -> None:
        """Something outside has changed. Never refused."""
        if self._script is not None and not self.ended:
            self._run(Nudged())

    def press(
        self,
        digits: str,
        *,
        after: float | None = None,
        gap: float = 0.4,
        more: bool = False,
        hang_up: bool = False,
    ) -> Call:
        """Press keys.

        after: seconds after the waiting began, so during the words of a menu they are cut short; None: having
            heard everything. gap: seconds between keys. more: further keys will come, so the time between keys
            does not run out. hang_up: the person hangs up at the last key, and hears nothing of the answer.
        """
        waiting = self._must_wait("press a key")
        if not digits or not set(digits) <= KEYS:
            raise NotPossible(f"there are no such keys: {digits!r}")
        if after is None:
            usual = 1.0 if waiting.kind == "record" else 0.5
            start = max(waiting.audio_ends + usual, self.spent + 0.4)
        else:
            start = max(waiting.begins + after, self.spent)
        self.keys.extend((start + index * gap, digit) for index, digit in enumerate(digits))
        self.more_keys = more
        self.gone_after_key = hang_up
        return self._run(Keyed())

    def keep_silent(self) -> Call:
        """Do nothing until the time runs out; keys pressed before count."""
        self._must_wait("keep silent")
        return self._run(Silent())

    def speak(
        self, seconds: float, wav: bytes | None = None, *, key: str = "", hang_up: bool = False
    ) -> Call:
        """Speak a message at a `<Record>`, then wait in silence, press `key`, or hang up."""
        self._must_wait("speak")
        if self.waiting_for != "record":
            raise NotPossible("nobody is recording")
        if key and key not in KEYS:
            raise NotPossible(f"there is no such key: {key!r}")
        if wav is not None:
            seconds = clips.read(wav).seconds
        return self._run(Spoke(seconds, wav, key, hang_up))

    def hang_up(self, *, after: float | None = None) -> Call:
        """Hang up, `after` seconds into what is being said or recorded. Never refused: one may always hang up."""
        if self.ended:
            return self
        return self._run(HungUp(after))

    def send_to(self, url: str, method: str = "POST", given: bytes = b"") -> Call:
        """Send the live call elsewhere, now or once it waits; what it was waiting for is forgotten."""
        if self.ended or self._script is None:
            raise NotPossible(f"cannot go elsewhere: the call is {self.status}")
        return self._run(Sent(url, method, given))

    def _must_wait(self, what: str) -> Waiting:
        if self.ended:
            raise NotPossible(f"cannot {what}: the call has ended ({self.outcome or self.status})")
        if self._script is None or self.waiting is None:
            raise NotPossible(f"cannot {what}: the call is not connected")
        return self.waiting

    def _run(self, event: Event | None) -> Call:
        """Run what the event sets off. What comes meanwhile, from whichever thread, is done after it, by the same one."""
        script = self._script
        if script is None:
            raise NotPossible("the call is not connected")
        with self._open:
            self._letters.append(event)
            if self._busy:
                return self
            self._busy = True
        try:
            while self._more():
                self._step(script, self._letters.popleft())
        except BaseException:
            self._over()
            raise
        self.afterwards()
        return self

    def _more(self) -> bool:
        """Whether there is more to do; if not, the next who comes does it."""
        with self._open:
            self._busy = bool(self._letters) and not self.ended
            return self._busy

    def _step(self, script: Script, event: Event | None) -> None:
        self.waiting = None
        try:
            self.waiting = next(script) if event is None else script.send(event)
        except StopIteration:
            self._over()

    def _over(self) -> None:
        with self._open:
            self.ended, self._busy = True, False
        self.lost_keys += "".join(key for _, key in self.keys)
        self.keys.clear()
