"""Which numbers of a report are hidden, so that no small group of people can be found, also not by adding and taking away.

Pure. A count of one to four people is hidden; nought is told. With it as many others are hidden as it takes that, from
all that is told (this report's tables, their sums, its months, reports that were issued before), at least five values
stay possible for every hidden number. That is proved for each by other tables with the same sums (`concluding`), so it
holds against whoever solves all the sums at once. Hidden numbers are one or more: that, too, everybody knows.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from helpline.figures.concluding import Key, Sum, narrow, together
from helpline.small_cells import FEWEST

WIDTH = FEWEST - 1
"""So far apart at least are the smallest and the largest value that a hidden number may have."""


@dataclass(frozen=True)
class Veiled(Generic[Key]):
    """`small`: hidden because they are; `beside`: hidden with them; `bare`: hidden, and yet to be found from what others
    were told before (nothing can be done about it here)."""

    small: frozenset[Key]
    beside: frozenset[Key]
    bare: frozenset[Key]

    @property
    def hidden(self) -> frozenset[Key]:
        """All that is not told."""
        return self.small | self.beside


def veiled(
    values: Mapping[Key, int],
    sums: Sequence[Sum[Key]],
    people: Collection[Key],
    *,
    told: Collection[Key] = (),
    kept: Collection[Key] = (),
    unseen: Collection[Key] = (),
) -> Veiled[Key]:
    """What is hidden of these numbers.

    `people`: those that count people; others are hidden only beside them. `told`: numbers that others know already;
    `kept`: that were hidden before, and stay so. `unseen`: what stands in no table and may be nought (the rest of a sum).
    Raises `ValueError` where a sum does not add up.
    """
    return _Veil(values, sums, people, frozenset(told), frozenset(kept), frozenset(unseen)).drawn()


class _Veil(Generic[Key]):
    def __init__(
        self,
        values: Mapping[Key, int],
        sums: Sequence[Sum[Key]],
        people: Collection[Key],
        told: frozenset[Key],
        kept: frozenset[Key],
        unseen: frozenset[Key],
    ) -> None:
        for one in sums:
            if values[one.total] != sum(values[part] for part in one.parts):
                raise ValueError(f"{one.total} is not the sum of its parts")
        self.values = values
        self.sums = [one for one in sums if values[one.total]]
        self.told, self.unseen = told, unseen
        self.small = frozenset(key for key in people if 0 < values[key] < FEWEST) - told - unseen
        self.kept = frozenset(key for key in kept if values[key]) - told - self.small - unseen
        self.hidden = set(self.small | self.kept)
        self.of: dict[Key, list[Sum[Key]]] = defaultdict(list)
        for one in self.sums:
            for key in one.cells:
                if values[key] or key in unseen:
                    self.of[key].append(one)
        self.judged: dict[frozenset[Key], frozenset[Key]] = {}

    def drawn(self) -> Veiled[Key]:
        """Hide until all is safe; then tell again what is safe without."""
        bare: set[Key] = set()
        while exposed := self._exposed() - bare:
            key = min(exposed, key=self._rank)
            found = self._beside(key)
            if found is None:
                bare.add(key)
            else:
                self.hidden.add(found)
        self._tell_again(bare)
        return Veiled(self.small, frozenset(self.hidden - self.small), frozenset(bare))

    def _exposed(self) -> frozenset[Key]:
        """Hidden numbers that can be found, or nearly. Alone in a sum first: that is seen without calculating."""
        alone = frozenset(found[0] for one in self.sums if len(found := self._hidden_in(one)) == 1)
        groups = together(self.sums, self.hidden | self.unseen)
        return (alone - self.unseen) or frozenset().union(*(self._judge(group) for group in groups))

    def _judge(self, group: frozenset[Key]) -> frozenset[Key]:
        if group not in self.judged:
            own = {id(one): one for key in group for one in self.of[key]}
            self.judged[group] = narrow(self.values, list(own.values()), group, WIDTH, self.unseen)
        return self.judged[group]

    def _beside(self, key: Key) -> Key | None:
        """The number to hide beside one that can be found: the one that opens the fewest new holes, then the smallest."""
        mine = self.of[key]
        alone = [one for one in mine if len(self._hidden_in(one)) == 1]
        for sums in (alone, mine, self._around(key)):
            found = {other for one in sums for other in one.cells if self._may_be_hidden(other)}
            if found:
                return min(found, key=lambda other: (self._holes(other), *self._rank(other)))
        return None

    def _around(self, key: Key) -> list[Sum[Key]]:
        group = next(group for group in together(self.sums, self.hidden | self.unseen) if key in group)
        return [one for other in group for one in self.of[other]]

    def _holes(self, key: Key) -> int:
        """How many sums it would be alone in, less those in which another one is alone without it."""
        counts = [len(self._hidden_in(one)) for one in self.of[key]]
        return counts.count(0) - counts.count(1)

    def _rank(self, key: Key) -> tuple[int, int, str]:
        return (sum(one.total == key for one in self.of[key]), self.values[key], repr(key))

    def _may_be_hidden(self, key: Key) -> bool:
        return self.values[key] > 0 and key not in self.hidden | self.told | self.unseen

    def _hidden_in(self, one: Sum[Key]) -> list[Key]:
        return [key for key in one.cells if key in self.hidden or key in self.unseen]

    def _tell_again(self, bare: set[Key]) -> None:
        for key in sorted(self.hidden - self.small - self.kept, key=self._rank, reverse=True):
            self.hidden.discard(key)
            if self._exposed() - bare:
                self.hidden.add(key)
