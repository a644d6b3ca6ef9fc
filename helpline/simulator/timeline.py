"""The carrier's own time: what falls due when, and errands that wait until no call is in the middle of a step."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

What = Callable[[], None]


class Timeline:
    """A clock, and virtual time added to it by whoever lets it pass; in real time the clock alone counts."""

    def __init__(self, clock: Callable[[], datetime], *, real_time: bool = False) -> None:
        self.real_time = real_time
        self._clock = clock
        self._ahead = timedelta()
        self._due: list[tuple[datetime, int, bool, What]] = []
        self._order = itertools.count()
        self._errands: deque[What] = deque()
        self._lock = threading.RLock()

    def now(self) -> datetime:
        """The carrier's moment."""
        return self._clock() + self._ahead

    def at(self, moment: datetime, what: What, *, weak: bool = False) -> None:
        """Do something when time reaches a moment. `settle` does not wait for what is `weak`."""
        with self._lock:
            heapq.heappush(self._due, (moment, next(self._order), weak, what))

    def reach(self, moment: datetime) -> None:
        """Time is at least this late: everything due until then happens, each at its own moment."""
        while True:
            with self._lock:
                now = self.now()
                if not self._due or self._due[0][0] > (now if self.real_time else max(now, moment)):
                    self._pass(moment - now)
                    return
                when, _, _, what = heapq.heappop(self._due)
                self._pass(when - now)
            what()

    def settle(self) -> None:
        """Let time pass until nothing is due any more (in real time: do what is due now)."""
        while True:
            with self._lock:
                strong = [when for when, _, weak, _ in self._due if not weak]
            if not strong or (self.real_time and min(strong) > self.now()):
                return
            self.reach(min(strong))
            self.run_errands()

    def later(self, errand: What) -> None:
        """Do something once no call of this thread is in the middle of a step."""
        self._errands.append(errand)

    def run_errands(self) -> None:
        """Do what was left for later, and what comes of it."""
        while True:
            try:
                errand = self._errands.popleft()
            except IndexError:
                return
            errand()

    def _pass(self, time: timedelta) -> None:
        if not self.real_time:
            self._ahead += max(time, timedelta())
