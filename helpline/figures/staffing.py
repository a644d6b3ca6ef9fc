"""How many people a week needs, hour by hour and language by language, against who is on the rota, and how sure that is. Pure.

What is known is how many asked for a person in each hour of some weeks; what is reckoned is how many will, within which bounds, and
how many people that needs. Languages by themselves are the lower bound of what a team can do (nobody speaks two), all of them
together the upper (everybody speaks all).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from math import ceil, floor, log, sqrt

from helpline.figures import erlang
from helpline.figures.erlang import Work

Hour = tuple[int, int]
"""A weekday (0 = Monday) and an hour of Rome's clock."""

EVERY = ""
"""In the place of a language: all of them, pooled."""
RARE = 0.5
"""Hours in which fewer than one caller in two weeks asks for a person are not called gaps: a callback serves them."""
LIKELY = 0.8
"""The part of weeks in which the number of callers should lie within the bounds that are told."""
TESTED = 4
"""So many of the last weeks are foretold from those before them, and compared."""
FEWEST = 3
"""From fewer weeks nothing is foretold as a trial."""


@dataclass(frozen=True)
class Target:
    """What is aimed at: `share` of the calls taken within `seconds`; a talk keeps somebody for `minutes`, and nobody is to be busy
    for more than `occupancy` of the time."""

    share: float = 0.8
    seconds: int = 60
    minutes: float = 12.0
    occupancy: float = 0.85

    def needs(self, calls: float) -> int:
        """How many people so many calls an hour need."""
        return _needed(calls, self)


@lru_cache(maxsize=8192)
def _needed(calls: float, target: Target) -> int:
    """Kept, since it is asked again for the same numbers: by other hours and languages, and at the next look at the page."""
    work = Work(calls, target.minutes)
    return erlang.needed(work, target.share, target.seconds, occupancy=target.occupancy)


@dataclass(frozen=True)
class Bounds:
    """A number of calls: what is expected, and between which numbers it will lie four times in five."""

    low: int
    mean: float
    high: int


@dataclass(frozen=True)
class Slot:
    """One hour of the week for one language (or `EVERY`). `asked`: calls that ask for a person; `callbacks`: calls of ours in an hour.

    `need`, `fewest`, `most`: people needed for what is expected, and for its bounds. `staffed`: people on the rota, on the average of
    the hour. `open`: whether the line is open then.
    """

    language: str
    hour: Hour
    asked: Bounds
    callbacks: float
    need: int
    fewest: int
    most: int
    staffed: float
    open: bool

    @property
    def missing(self) -> int:
        """How many people are missing, where the line is open and callers are no rarity."""
        return ceil(self.need - self.staffed - 1e-9) if self.open and self.asked.mean >= RARE else 0


@dataclass(frozen=True)
class Gap:
    """Hours of a weekday, one after the other, in which equally many people of a language are missing. `asked`: callers an hour."""

    language: str
    weekday: int
    begins: int
    ends: int
    asked: float
    need: int
    staffed: float


@dataclass(frozen=True)
class Trial:
    """The last weeks, foretold from those before: how many calls were expected and how many came; and in which part of the hours
    these lay within the bounds in which four in five should."""

    weeks: int
    expected: float
    came: int
    within: float


@dataclass(frozen=True)
class Language:
    """What a week of a language comes to. `weekly`: calls of each week that asked for a person, the oldest first; `spread`: how much more
    the weeks differ than by chance alone (1: chance); `needed` and `staffed`: hours of people; `short`: hours with too few.

    `busiest`: the hour that needs most, and what it needs where callers hang up (`impatient`), and by the rule of thumb (`thumb`).
    """

    language: str
    weekly: tuple[int, ...]
    callbacks: float
    spread: float
    needed: int
    staffed: float
    short: int
    busiest: Slot | None
    impatient: int
    thumb: float
    trial: Trial | None


_SMALL = 500.0
_TENTH = 1.2816
"""So many standard deviations from the middle of a bell a tenth of it is left."""
PATIENCE = 5.0
"""Minutes after which a caller hangs up, on the average, where that is reckoned with (ROUTING §5)."""
MAY_GIVE_UP = 0.05


@dataclass(frozen=True)
class Seen:
    """Callers of a language who asked for a person: for each hour of the week, how many in each week that counts (days off do not)."""

    hours: Mapping[Hour, Sequence[int]]
    weekly: tuple[int, ...]

    @cached_property
    def spread(self) -> float:
        """How much more the same hour differs from week to week than chance makes it: variance by mean; 1 at least."""
        varied = expected = 0.0
        for counts in self.hours.values():
            if len(counts) > 1:
                mean = sum(counts) / len(counts)
                varied += sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
                expected += mean
        return max(1.0, varied / expected) if expected else 1.0


@lru_cache(maxsize=8192)
def bounds(mean: float, spread: float, weeks: int) -> Bounds:
    """Between which numbers a week's count will lie four times in five, where so many weeks had this mean.

    Chance is that of calls that come by themselves (Poisson); where weeks differ more, by `spread`, it is the negative binomial. That
    the mean is known from few weeks makes the bounds wider.
    """
    if mean <= 0:
        return Bounds(0, 0.0, 0)
    wide = max(1.0, spread) * (1 + 1 / max(1, weeks))
    size, more = mean / (wide - 1), 1 - 1 / wide
    if size * log(wide) > _SMALL:  # so many that the bell is as good
        reach = _TENTH * sqrt(wide * mean)
        return Bounds(max(0, floor(mean - reach)), mean, ceil(mean + reach))
    likely = together = wide**-size
    count, low = 0, -1
    while True:
        if low < 0 and together >= (1 - LIKELY) / 2:
            low = count
        if together >= (1 + LIKELY) / 2:
            return Bounds(low, mean, count)
        likely *= (count + size) / (count + 1) * more
        count += 1
        together += likely


def slots(
    language: str,
    seen: Seen,
    target: Target,
    *,
    staffed: Mapping[Hour, float],
    opened: Iterable[Hour],
    callbacks: Mapping[Hour, float],
) -> list[Slot]:
    """Every hour of the week in which the line is open, we ring, somebody works, or somebody asked, in order."""
    opened, spread = set(opened), seen.spread
    found = []
    asked_in = {hour for hour, counts in seen.hours.items() if any(counts)}
    for hour in sorted(opened | asked_in | set(staffed) | set(callbacks)):
        counts = seen.hours.get(hour, ())
        mean = sum(counts) / len(counts) if counts else 0.0
        asked, ours = bounds(mean, spread, len(counts)), callbacks.get(hour, 0.0)
        need, fewest, most = (target.needs(calls + ours) for calls in (asked.mean, asked.low, asked.high))
        found.append(
            Slot(language, hour, asked, ours, need, fewest, most, staffed.get(hour, 0.0), hour in opened)
        )
    return found


def gaps(slots: Iterable[Slot]) -> list[Gap]:
    """Where people are missing: hours one after the other with as many needed and as many there are one gap; the widest first."""
    short = sorted((slot for slot in slots if slot.missing > 0), key=lambda slot: (slot.language, slot.hour))
    numbered = enumerate(short)
    found = []
    for _, run in groupby(
        numbered,
        key=lambda each: (
            each[1].language,
            each[1].hour[0],
            each[1].hour[1] - each[0],
            each[1].need,
            each[1].staffed,
        ),
    ):
        of = [slot for _, slot in run]
        one = of[0]
        asked = sum(slot.asked.mean for slot in of) / len(of)
        found.append(
            Gap(one.language, one.hour[0], one.hour[1], of[-1].hour[1] + 1, asked, one.need, one.staffed)
        )
    return sorted(found, key=lambda gap: (-gap.asked * (gap.ends - gap.begins), gap.language, gap.weekday))


def trial(seen: Seen) -> Trial | None:
    """The last weeks foretold from those before; None where these are too few."""
    expected, came, within, hours = 0.0, 0, 0, 0
    spread = Seen({hour: counts[:-TESTED] for hour, counts in seen.hours.items()}, ()).spread
    for counts in seen.hours.values():
        known, later = counts[:-TESTED], counts[-TESTED:]
        if len(known) < FEWEST:
            continue
        mean = sum(known) / len(known)
        told = bounds(mean, spread, len(known))
        expected += mean * len(later)
        came += sum(later)
        if mean > 0 or any(later):
            within += sum(told.low <= count <= told.high for count in later)
            hours += len(later)
    return Trial(TESTED, expected, came, within / hours) if hours else None


def language(name: str, seen: Seen, slots: Sequence[Slot], callbacks: float, target: Target) -> Language:
    """What the hours of a language come to together; `callbacks`: how many are asked for in a week."""
    opened = [slot for slot in slots if slot.open]
    busiest = max(opened, key=lambda slot: (slot.need, slot.asked.mean), default=None)
    busy = Work(busiest.asked.mean + busiest.callbacks if busiest else 0.0, target.minutes)
    return Language(
        name,
        seen.weekly,
        callbacks,
        seen.spread,
        sum(slot.need for slot in opened),
        sum(slot.staffed for slot in opened),
        sum(slot.missing > 0 for slot in opened),
        busiest if busiest and busiest.need else None,
        erlang.needed_for_patient(busy, MAY_GIVE_UP, PATIENCE),
        erlang.square_root(busy.load),
        trial(seen),
    )
