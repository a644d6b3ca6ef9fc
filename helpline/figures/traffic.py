"""What went on at each step of the menu, added up from its arrows: who came, who went on, who hung up, how long they stayed.
Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

ENDED = ""
"""In the place of a step: the call ended."""


class Gone(NamedTuple):
    """How often one arrow was gone, and for how many seconds in all callers had stayed where it begins."""

    step: str
    to_step: str
    passed: int
    seconds: int


class Stay(NamedTuple):
    """One step: how often somebody came to it, hung up there, and after how many seconds in all (of all; of those).

    Who hears a step again has not left it and does not come anew.
    """

    reached: int = 0
    ended: int = 0
    seconds: int = 0
    ended_seconds: int = 0

    @property
    def went_on(self) -> int:
        """Who left it for another step."""
        return self.reached - self.ended

    @property
    def share(self) -> float | None:
        """The part that hung up there; None where nobody came."""
        return self.ended / self.reached if self.reached else None

    @property
    def mean(self) -> float | None:
        """Seconds that they stayed there, on average."""
        return self.seconds / self.reached if self.reached else None

    @property
    def mean_ended(self) -> float | None:
        """Seconds that those stayed who hung up there."""
        return self.ended_seconds / self.ended if self.ended else None

    def __add__(self, other: "Stay") -> "Stay":  # type: ignore[override]
        return Stay(
            self.reached + other.reached,
            self.ended + other.ended,
            self.seconds + other.seconds,
            self.ended_seconds + other.ended_seconds,
        )


_NOTHING = Stay()


@dataclass
class Traffic:
    """Steps with what went on there, and the arrows between them: how often each was gone."""

    stays: dict[str, Stay] = field(default_factory=dict)
    arrows: dict[tuple[str, str], int] = field(default_factory=dict)

    def at(self, step: str) -> Stay:
        """What went on at this step; nothing, where nobody came."""
        return self.stays.get(step, _NOTHING)

    def sources(self, step: str) -> dict[str, int]:
        """From which other steps somebody came to this one, and how often."""
        return {source: count for (source, to_step), count in self.arrows.items() if to_step == step}

    def into(self, step: str) -> int:
        """How often somebody came to this step from another."""
        return sum(self.sources(step).values())


def added_up(gone: Iterable[tuple[str, str, int, int]]) -> Traffic:
    """All that these arrows (`Gone`) say together. Where a call began is left out: it is no step."""
    sums: dict[str, list[int]] = {}
    arrows: dict[tuple[str, str], int] = {}
    for step, to_step, passed, seconds in gone:
        if not step:
            continue
        here = sums.get(step)
        if here is None:
            here = sums[step] = [0, 0, 0, 0]
        here[2] += seconds
        if to_step == ENDED:
            here[0] += passed
            here[1] += passed
            here[3] += seconds
        elif to_step != step:
            here[0] += passed
            arrow = step, to_step
            arrows[arrow] = arrows.get(arrow, 0) + passed
    return Traffic({step: Stay(*values) for step, values in sums.items()}, arrows)


def merged(each: Iterable[Traffic]) -> Traffic:
    """The traffic of several languages together."""
    known = list(each)
    sums: dict[str, list[int]] = {}
    for one in known:
        for step, stay in one.stays.items():
            here = sums.setdefault(step, [0, 0, 0, 0])
            here[0] += stay.reached
            here[1] += stay.ended
            here[2] += stay.seconds
            here[3] += stay.ended_seconds
    return Traffic({step: Stay(*values) for step, values in sums.items()}, gone(known))


def gone(each: Iterable[Traffic]) -> dict[tuple[str, str], int]:
    """How often each arrow was gone in several languages, or periods, together."""
    found: dict[tuple[str, str], int] = {}
    for one in each:
        for arrow, count in one.arrows.items():
            found[arrow] = found.get(arrow, 0) + count
    return found


def begun_at(traffic: Traffic, start: str, targets: Iterable[str]) -> Traffic:
    """The same, with the arrows from `start`: what is counted in one language begins only once it is chosen.

    Whoever came to one of `targets` from no other step came from `start`.
    """
    arrows = dict(traffic.arrows)
    for target in targets:
        came = traffic.at(target).reached - traffic.into(target)
        if target != start and came > 0:
            arrows[start, target] = arrows.get((start, target), 0) + came
    begun = Stay(reached=sum(count for (step, _), count in arrows.items() if step == start))
    return Traffic({**traffic.stays, start: begun}, arrows)


def together(traffic: Traffic, groups: Mapping[str, str]) -> Traffic:
    """The same, with the steps of a group taken for one; `groups`: step -> the group's name. Ways within it are no arrows."""
    found = Traffic()
    for step, stay in traffic.stays.items():
        name = groups.get(step, step)
        found.stays[name] = found.at(name) + stay
    for (step, to_step), count in traffic.arrows.items():
        here, there = groups.get(step, step), groups.get(to_step, to_step)
        if here != there:
            found.arrows[here, there] = found.arrows.get((here, there), 0) + count
        else:
            inner = found.at(here)
            found.stays[here] = Stay(inner.reached - count, inner.ended, inner.seconds, inner.ended_seconds)
    return found
