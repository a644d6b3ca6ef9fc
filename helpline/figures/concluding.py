"""What may be concluded about numbers that are not told, from sums that are. Pure, exact: whole numbers and fractions.

Whoever reads a report knows of each hidden number that it is one or more, and the sums it stands in. A hidden number is
safe when there are other tables of whole numbers with the same sums in which it is clearly another one. They are looked
for along the corners of what is possible (a simplex with Bland's rule), and only tables of whole numbers count.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Number = int | Fraction


@dataclass(frozen=True)
class Sum(Generic[Key]):
    """A number that is the sum of others."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def cells(self) -> tuple[Key, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


def together(sums: Iterable[Sum[Key]], hidden: Collection[Key]) -> list[frozenset[Key]]:
    """Hidden numbers by those that say something of one another: what is in the same sum, and so on."""
    home: dict[Key, Key] = {key: key for key in hidden}

    def root(key: Key) -> Key:
        while home[key] != key:
            home[key] = home[home[key]]
            key = home[key]
        return key

    for one in sums:
        found = [key for key in one.cells if key in home]
        for key in found[1:]:
            home[root(key)] = root(found[0])
    groups: dict[Key, set[Key]] = defaultdict(set)
    for key in home:
        groups[root(key)].add(key)
    return [frozenset(group) for group in groups.values()]


def narrow(
    values: Mapping[Key, int],
    sums: Sequence[Sum[Key]],
    hidden: Collection[Key],
    width: int,
    unseen: Collection[Key] = (),
) -> frozenset[Key]:
    """Those of these hidden numbers of which no two possible values are found that far apart.

    All are one or more; but those that are `unseen` stand in no table, may be nought, and are not judged.
    """
    order = sorted(hidden, key=repr)
    place = {key: at for at, key in enumerate(order)}
    rows = []
    for one in sums:
        row = [0] * len(order)
        for key in one.parts:
            if key in place:
                row[place[key]] += 1
        if one.total in place:
            row[place[one.total]] -= 1
        if any(row):
            rows.append(row)
    corners = _Corners(rows, [values[key] - (key not in unseen) for key in order])
    judged = [at for at, key in enumerate(order) if key not in unseen]
    return frozenset(order[at] for at in corners.narrow(width, judged))


class _Corners:
    """Goes from corner to corner of what is possible: all `y >= 0` with `rows @ y == rows @ true`."""

    def __init__(self, rows: Sequence[Sequence[int]], true: Sequence[int]) -> None:
        self.count = len(true)
        self.least: list[Number] = list(true)
        self.most: list[Number | None] = list(true)
        self.rows: list[list[Number]] = []
        for row in rows:
            right = sum(factor * value for factor, value in zip(row, true, strict=True))
            sign = -1 if right < 0 else 1
            self.rows.append([*(sign * factor for factor in row), sign * right])
        self.basis = [self.count + at for at in range(len(self.rows))]
        self._begin()

    def narrow(self, width: int, judged: Iterable[int]) -> list[int]:
        """Which of these have no two values found that far apart."""
        found = []
        for at in judged:
            for direction in (1, -1):
                if self._far(at, width):
                    break
                self._go(at, direction, width)
            if not self._far(at, width):
                found.append(at)
        return found

    def _far(self, at: int, width: int) -> bool:
        most = self.most[at]
        return most is None or most - self.least[at] >= width

    def _begin(self) -> None:
        """Reach the first corner: what is still missing of each sum goes down to nought."""
        missing = [-sum(row[column] for row in self.rows) for column in range(self.count + 1)]
        while (
            entering := next((at for at in range(self.count) if missing[at] < 0), None)
        ) is not None and missing[-1] < 0:
            leaving = self._leaving(entering)
            if leaving is None:
                break
            self._pivot(leaving, entering, missing)
        for at in range(len(self.rows) - 1, -1, -1):
            if self.basis[at] >= self.count:
                other = next((column for column in range(self.count) if self.rows[at][column]), None)
                if other is None:  # this sum follows from others
                    del self.rows[at], self.basis[at]
                else:
                    self._pivot(at, other, missing)
        self._note()

    def _go(self, wanted: int, direction: int, width: int) -> None:
        """Make one of them as large, or as small, as it can be."""
        gain: list[Number] = [0] * (self.count + 1)
        gain[wanted] = direction
        if wanted in self.basis:
            row = self.rows[self.basis.index(wanted)]
            gain = [own - direction * factor for own, factor in zip(gain, row, strict=True)]
        while (entering := next((at for at in range(self.count) if gain[at] > 0), None)) is not None:
            leaving = self._leaving(entering)
            if leaving is None:
                self._endless(entering)
                return
            self._pivot(leaving, entering, gain)
            self._note()
            if self._far(wanted, width):
                return

    def _leaving(self, entering: int) -> int | None:
        best: tuple[Number, int, int] | None = None
        for at, row in enumerate(self.rows):
            if row[entering] > 0:
                found = (Fraction(row[-1]) / row[entering], self.basis[at], at)
                best = found if best is None else min(best, found)
        return None if best is None else best[2]

    def _pivot(self, leaving: int, entering: int, beside: list[Number]) -> None:
        row = self.rows[leaving]
        by = row[entering]
        if by != 1:
            row = [value * by if by == -1 else Fraction(value) / by if value else 0 for value in row]
            self.rows[leaving] = row
        filled = [(column, value) for column, value in enumerate(row) if value]
        for other in (*self.rows, beside):
            if other is not row and (factor := other[entering]):
                for column, value in filled:
                    other[column] -= factor * value
        self.basis[leaving] = entering

    def _note(self) -> None:
        """What each of them is at this corner, if all are whole."""
        if any(Fraction(row[-1]).denominator != 1 for row in self.rows):
            return
        here: list[Number] = [0] * self.count
        for at, row in zip(self.basis, self.rows, strict=True):
            here[at] = row[-1]
        for at, value in enumerate(here):
            most = self.most[at]
            self.least[at] = min(self.least[at], value)
            self.most[at] = None if most is None else max(most, value)

    def _endless(self, entering: int) -> None:
        """This one can grow without end, and some of the others with it."""
        self.most[entering] = None
        for at, row in zip(self.basis, self.rows, strict=True):
            if row[entering] < 0:
                self.most[at] = None
