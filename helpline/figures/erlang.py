"""How long calls wait for so many people, and how many people a target needs: Erlang C, Erlang A, the square-root rule.

Pure. Calls come at random, talks are of exponential length, everybody can take every call, and who waits is served in
order. A. K. Erlang, 1917 (C: callers wait for ever); C. Palm, 1946, and A. Mandelbaum and S. Zeltyn, "Service Engineering in Action:
The Palm/Erlang-A Queue", 2007 (A: callers hang up); A. K. Erlang and S. Halfin and W. Whitt, 1981 (the square root). The table of
ROUTING §5, a simulation and laws that must hold are its tests.
"""

from dataclasses import dataclass
from math import ceil, exp, inf, sqrt

MOST = 10_000
"""More people than any line has: who needs more is told so many."""
_NEGLIGIBLE = 1e-13


@dataclass(frozen=True)
class Work:
    """What comes in: `calls` an hour, each keeping one person busy for `minutes` on the average.

    Raises `ValueError` for less than no calls, and for calls that take no time.
    """

    calls: float
    minutes: float

    def __post_init__(self) -> None:
        if not (0 <= self.calls < inf and 0 < self.minutes < inf):
            raise ValueError("calls must not be negative, and must take some time")

    @property
    def load(self) -> float:
        """How many people it keeps busy on the average (erlangs)."""
        return self.calls * self.minutes / 60


def blocked(load: float, people: int) -> float:
    """Erlang B: the part of calls that find everybody busy where nobody waits. What the other formulas are made of."""
    found = 1.0
    for here in range(1, people + 1):
        found = load * found / (here + load * found)
    return found


def waits(work: Work, people: int) -> float:
    """Erlang C: the part of calls that must wait at all; 1 where the people are too few for the line ever to end."""
    if work.load >= people:
        return 1.0 if work.load > 0 else 0.0
    busy = work.load / people
    lost = blocked(work.load, people)
    return lost / (1 - busy + busy * lost)


def in_time(work: Work, people: int, seconds: float) -> float:
    """The service level: the part of calls that are taken within so many seconds, where callers wait for ever."""
    if work.load >= people:
        return 0.0 if work.load > 0 else 1.0
    return 1 - waits(work, people) * exp(-(people - work.load) * seconds / (work.minutes * 60))


def mean_wait(work: Work, people: int) -> float:
    """How many seconds a call waits on the average, where callers wait for ever; infinite where the people are too few."""
    if work.load >= people:
        return inf if work.load > 0 else 0.0
    return waits(work, people) * work.minutes * 60 / (people - work.load)


def needed(work: Work, share: float, seconds: float, *, occupancy: float = 1.0) -> int:
    """The fewest people with whom this share of calls is taken within so many seconds.

    Nobody is to be busy for more than `occupancy` of the time. Nobody is needed where nothing comes. Raises `ValueError` for a
    share that is not from 0 to below 1, and for an occupancy that is not above 0 and at most 1.
    """
    if not (0 <= share < 1 and 0 < occupancy <= 1):
        raise ValueError("a share is from 0 to below 1, an occupancy above 0 and at most 1")
    if work.load == 0:
        return 0
    people = max(1, ceil(work.load / occupancy - 1e-9))
    while people < MOST and in_time(work, people, seconds) < share:
        people += 1
    return min(people, MOST)


@dataclass(frozen=True)
class Patient:
    """What callers who hang up make of it: the part that `gave_up` before somebody took the call, the mean wait of all in
    seconds, whoever ends it, and how busy people are (of 1)."""

    gave_up: float
    wait: float
    busy: float


def patient(work: Work, people: int, patience: float) -> Patient:
    """Erlang A: callers hang up after `patience` minutes of waiting on the average.

    Raises `ValueError` for no people, and for no patience.
    """
    if people < 1 or not 0 < patience < inf:
        raise ValueError("there must be people, and callers must have some patience")
    full = blocked(work.load, people)
    if full == 0:  # nothing comes, or so little that all being busy is less likely than any number can say
        return Patient(0.0, 0.0, work.load / people)
    # How likely each number of calls in the house is, next to that of exactly as many as there are people.
    most_free = 1 / full
    by_minute, served, lost = work.calls / 60, people / work.minutes, 1 / patience
    likely, waiting, together, line = 1.0, 0.0, most_free, 0
    while line < people or likely > _NEGLIGIBLE * together:
        line += 1
        likely *= by_minute / (served + line * lost)
        together += likely
        waiting += line * likely
    length = waiting / together
    gave_up = length * lost / by_minute
    busy = min(1.0, work.load * (1 - gave_up) / people)  # a hair more by the last digits of such sums
    return Patient(gave_up, length / by_minute * 60, busy)


def needed_for_patient(work: Work, gave_up: float, patience: float) -> int:
    """The fewest people with whom at most this part of calls is given up. Raises `ValueError` for a part of none, and no patience."""
    if not 0 < gave_up <= 1:
        raise ValueError("somebody always hangs up: the part must be above nought")
    if work.load == 0:
        return 0
    people = 1
    while people < MOST and patient(work, people, patience).gave_up > gave_up:
        people += 1
    return people


def square_root(load: float, safety: float = 0.9) -> float:
    """What the rule of thumb says: the load, and for chance so many times its square root."""
    return load + safety * sqrt(load)
