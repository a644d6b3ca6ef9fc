"""What is different from usual: one rule for hanging up, for staying, and for finding nobody, with how much it takes. Pure."""

from dataclasses import dataclass
from math import sqrt

from helpline.figures.traffic import Stay

MORE = 5
"""So many calls more than were to be expected, or nobody is told of it."""
TIMES = 2
"""And twice the usual share, or half of those who usually go on."""
CHANCE = 3
"""And further from the usual than chance leads (in standard deviations)."""
ENOUGH = 10
"""To compare how long people stay, so many must have come, now and before."""
SECONDS = 5
"""Who stays less than so much longer or shorter stays as usual."""


@dataclass(frozen=True)
class Part:
    """Some of many: who hung up of those who came."""

    some: int
    of: int

    @property
    def share(self) -> float:
        """Which part they are; nought of nothing."""
        return self.some / self.of if self.of else 0.0


@dataclass(frozen=True)
class Compared:
    """What a step was like beside what it usually is. `more`: so many calls above what was to be expected ended there (nought:
    as usual). `stayed`: `shorter` or `longer` than usual, or nothing."""

    now: Stay
    usual: Stay
    more: float = 0.0
    stayed: str = ""

    @property
    def odd(self) -> bool:
        """Whether anything is different."""
        return self.more > 0 or bool(self.stayed)


def above(now: Part, usual: Part) -> float:
    """How many more these are than was to be expected, where that is worth telling; else nought.

    Rare things have no share one could rely on: one of five is added to what was seen before.
    """
    share = (usual.some + 1) / (usual.of + 5)
    most = min(TIMES * share, (1 + share) / TIMES)
    more = now.some - share * now.of
    chance = CHANCE * sqrt(share * (1 - share) * now.of)
    told = more >= max(MORE, chance) and now.share >= most and now.share > usual.share
    return more if told else 0.0


def compared(now: Stay, usual: Stay, *, ends: bool = False) -> Compared:
    """This step beside itself in the weeks before. `ends`: calls end here as they should; hanging up says nothing."""
    more = 0.0 if ends else above(Part(now.ended, now.reached), Part(usual.ended, usual.reached))
    return Compared(now, usual, more, "" if ends else _stayed(now, usual, hung_up=more > 0))


def _stayed(now: Stay, usual: Stay, *, hung_up: bool) -> str:
    """Whether people stayed longer or shorter; where many hung up, those are asked."""
    stay = now.mean_ended if hung_up else now.mean
    if stay is None or usual.mean is None:
        return ""
    if usual.reached < ENOUGH or (not hung_up and now.reached < ENOUGH):
        return ""
    if stay >= TIMES * usual.mean and stay - usual.mean >= SECONDS:
        return "longer"
    return "shorter" if stay * TIMES <= usual.mean and usual.mean - stay >= SECONDS else ""
