"""The numbers of a report, and how they add up: which are sums of which, and which count people. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from helpline.figures.concluding import Sum

Fact = tuple[str, str, str, str]
"""One number: of which days (`2026-10-01/2026-12-31`), of what (`requests`), by what (`region`), of which (`lazio`)."""


def whole(days: str, what: str) -> Fact:
    """All of something in these days."""
    return (days, what, "", "")


@dataclass
class Facts:
    """Numbers by fact. `people`: those that count people; `unseen`: what is left over of a sum, and stands in no table."""

    counts: dict[Fact, int] = field(default_factory=dict)
    sums: list[Sum[Fact]] = field(default_factory=list)
    people: set[Fact] = field(default_factory=set)
    unseen: set[Fact] = field(default_factory=set)

    def put(self, fact: Fact, count: int, *, people: bool = True) -> Fact:
        """Note a number."""
        self.counts[fact] = count
        if people:
            self.people.add(fact)
        return fact

    def divide(
        self,
        total: Fact,
        by: str,
        counts: Mapping[str, int],
        *,
        people: bool = True,
        only: Iterable[str] = (),
    ) -> None:
        """Note parts that add up to a number that is noted already. `only`: which of them count people, where not all do."""
        named = set(only)
        parts = tuple(
            self.put((*total[:2], by, which), count, people=which in named if named else people)
            for which, count in sorted(counts.items())
        )
        self.sums.append(Sum(total, parts))

    def cross(
        self, days: str, what: str, one: str, other: str, counts: Mapping[tuple[str, str], int]
    ) -> None:
        """Note a table of two sides, both of which are noted; its numbers count people where either side's do."""
        rows = sorted({row for row, _ in counts})
        columns = sorted({column for _, column in counts})
        by = f"{one} {other}"

        def at(row: str, column: str) -> Fact:
            return (days, what, by, f"{row} {column}")

        for row in rows:
            for column in columns:
                people = bool({(days, what, one, row), (days, what, other, column)} & self.people)
                self.put(at(row, column), counts.get((row, column), 0), people=people)
            self.sums.append(Sum((days, what, one, row), tuple(at(row, column) for column in columns)))
        for column in columns:
            self.sums.append(Sum((days, what, other, column), tuple(at(row, column) for row in rows)))

    def tie(self, one: Fact, other: Fact) -> None:
        """Say that two numbers, where they are the same, tell the same: neither is hidden while the other is told."""
        if self.counts[one] == self.counts[other]:
            self.sums.append(Sum(other, (one,)))

    def some(self, of: Fact, part: Fact) -> None:
        """Say that one number counts some of those that another one counts; how many others there are is told nowhere."""
        rest = (*of[:3], f"{of[3]} but {part[1]}")
        self.counts[rest] = self.counts[of] - self.counts[part]
        self.unseen.add(rest)
        self.sums.append(Sum(of, (part, rest)))
