"""What binds a call that dials numbers with those it rings: the first who answers has it. Runs nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from helpline.simulator.call import Call


@dataclass
class Link:
    """One `<Dial>` of numbers. `later` does something once no call is in the middle of a step."""

    dialler: Call
    later: Callable[[Callable[[], None]], None]
    legs: list[Call] = field(default_factory=list)
    winner: Call | None = None
    bridged: bool = False
    over: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, leg: Call) -> bool:
        """This one answers; False when another was faster, or nobody waits any more."""
        with self._lock:
            if self.over or self.winner:
                return False
            self.winner = leg
            return True

    def bridge(self) -> None:
        """The one who answered has heard the whisper to its end: now the two talk."""
        self.bridged = True
        self.later(self.dialler.nudge)

    def left(self, leg: Call) -> None:
        """A leg is over, or was sent elsewhere: the `<Dial>` is over when it was the one, or the last."""
        with self._lock:
            self.over = self.over or leg is self.winner or all(one.ended for one in self.legs)
        self.later(self.dialler.nudge)

    def end(self) -> Call | None:
        """The dialler no longer waits or talks: what still rings must stop; gives the one who talks and must look."""
        with self._lock:
            self.over = True
            return self.winner
