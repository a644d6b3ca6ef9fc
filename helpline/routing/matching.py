"""Places as many as can be, the first in the order first: augmentation over sets of projects held as bits.

Knows numbers only: turns (ranks with the number of their class), projects by place, and how much room each has. Who
was placed once is never left without again, only moved; who is refused stays refused, and so does everybody later who
reaches no further. Expected ones pass through a gate at each project, which lets only so many in: gates are states of
the search above the projects' own (a project is `e`, its gate `e + n`).
"""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heapreplace
from itertools import pairwise

from helpline.routing.filters import bits

NOWHERE = -1
EXPECTED = -1
"""The rank of whoever has not come yet."""

_UNLIMITED = 1 << 60

Key = tuple[float, int, int]


class Matching:
    """Who is placed where, while a plan is made and after it."""

    def __init__(
        self,
        rooms: Sequence[int | None],
        limits: Sequence[Sequence[tuple[int, int]]],
        masks: Sequence[int],
        gates: Sequence[int],
        turns: int,
    ) -> None:
        """`rooms`: how many more each project takes; `limits`: each of its limits with what is used, for how used it is.

        `masks`: for each class, who may take it; `gates`: how many expected ones each project may be kept for;
        `turns`: how many are going to be placed.
        """
        count = len(rooms)
        self.count = count
        self.masks = list(masks)
        self._limits, self._gates = limits, gates
        self._left = [_UNLIMITED if room is None else room for room in rooms]
        self.free = sum(1 << place for place, room in enumerate(self._left) if room > 0)
        self._live = (1 << 2 * count) - 1
        self.held = 0
        self.kept = [0] * count
        self.gains: list[list[int]] = [[] for _ in range(count)]
        self._here: list[dict[int, list[int]]] = [{} for _ in range(count)]
        self._reach = [0] * count
        self._keys: list[Key | None] = [
            self._key(place) if room > 0 else None for place, room in enumerate(self._left)
        ]
        self._heaps: list[list[Key] | None] = [None] * len(masks)
        self.at = [NOWHERE] * turns
        self.moved: set[int] = set()
        self.free_at: list[int] = []
        self.held_at: list[int] = []

    def use(self, place: int, gained: int) -> float:
        """How used a project is once it has gained so many: the fullest of its limits; 0 where it has none."""
        return max(((used + gained) / limit for limit, used in self._limits[place]), default=0.0)

    def _key(self, place: int) -> Key:
        """The least comes first: the least used, and among those without limits who was given fewest; then by id."""
        gained = len(self.gains[place])
        return self.use(place, gained), 0 if self._limits[place] else gained, place

    def seat(self, turns: Iterable[tuple[int, int]]) -> None:
        """Place everybody of these (rank, class), one after the other."""
        masks, keys, heaps = self.masks, self._keys, self._heaps
        for rank, kind in turns:
            self.free_at.append(self.free)
            self.held_at.append(self.held)
            mask = masks[kind] & self._live
            if mask & self.free:
                heap = heaps[kind]
                if heap is None:
                    heap = heaps[kind] = self._heap(mask)
                # A key that is no longer the project's own is old: it was given somebody since, or is full.
                while (now := keys[place := heap[0][2]]) is not heap[0]:
                    if now is None:
                        heappop(heap)
                    else:
                        heapreplace(heap, now)
                self._put(kind, rank, place)
                self._gain(place, rank)
            elif mask:
                self._rearrange(kind, rank, mask, rank)

    def expect(self, kinds: Iterable[int], after: int) -> None:
        """Keep places for expected ones of these classes, whose masks are of gates, once rank `after` has had its turn."""
        for kind in kinds:
            open_gates = sum(1 << e for e in bits(self.free) if self.kept[e] < self._gates[e])
            able = [key for e in bits(self.masks[kind] >> self.count & open_gates) if (key := self._keys[e])]
            if able:
                place = min(able)[2]
                self._put(kind, EXPECTED, place)
                self._gain(place, after)
            elif start := self.masks[kind] & self._live:
                self._rearrange(kind, EXPECTED, start, after)

    def reached(self, start: int) -> int:
        """All states that moves inside this plan could reach from these: for a refusal, none of them has room."""
        seen, queue = start, list(bits(start))
        for state in queue:
            new = self._onward(state) & ~seen
            seen |= new
            queue.extend(bits(new))
        return seen

    def _heap(self, mask: int) -> list[Key]:
        heap = [key for place in bits(mask & self.free) if (key := self._keys[place])]
        heapify(heap)
        return heap

    def _put(self, kind: int, rank: int, place: int) -> None:
        here = self._here[place]
        if kind in here:
            here[kind].append(rank)
        else:
            here[kind] = [rank]
            self._reach[place] |= self.masks[kind]
        if rank >= 0:
            self.at[rank] = place
        else:
            self.kept[place] += 1
            self.held |= 1 << place

    def _gain(self, place: int, rank: int) -> None:
        self.gains[place].append(rank)
        self._left[place] -= 1
        if self._left[place]:
            self._keys[place] = self._key(place)
        else:
            self._keys[place] = None
            self.free &= ~(1 << place)

    def _rearrange(self, kind: int, rank: int, start: int, turn: int) -> None:
        """Make room by moving earlier ones of this plan along the shortest way; nobody loses a place by it."""
        path = self._search(start)
        if not path:
            return
        self.moved.add(rank)
        for state, onward in pairwise(path):
            place = state % self.count
            if state >= self.count and onward == place:
                continue  # through a gate that is open, nobody else moves
            other = self._take(place, onward)
            self._put(kind, rank, place)
            kind, rank = other
            self.moved.add(rank)
        self._put(kind, rank, path[-1])
        self._gain(path[-1], turn)

    def _search(self, start: int) -> list[int]:
        """The shortest way to a project with room, the least used of the nearest; without one, all seen are closed."""
        seen, queue, before = start, list(bits(start)), dict[int, int]()
        for state in queue:
            new = self._onward(state) & self._live & ~seen
            room = new & self.free
            if room:
                path = [min(key for place in bits(room) if (key := self._keys[place]))[2], state]
                while path[-1] in before:
                    path.append(before[path[-1]])
                return path[::-1]
            seen |= new
            for other in bits(new):
                before[other] = state
                queue.append(other)
        self._live &= ~seen
        return []

    def _onward(self, state: int) -> int:
        """Where somebody could go who makes room here; a gate that is open leads to its own project."""
        if state < self.count:
            return self._reach[state]
        place = state - self.count
        if self.kept[place] < self._gates[place]:
            return 1 << place
        return self._reach[place] >> self.count << self.count

    def _take(self, place: int, onward: int) -> tuple[int, int]:
        """Take out somebody who may go onward: of the class that came here first, who came last."""
        here = self._here[place]
        kind = next(kind for kind in here if self.masks[kind] >> onward & 1)
        rank = here[kind].pop()
        if not here[kind]:
            del here[kind]
            self._reach[place] = 0
            for other in here:
                self._reach[place] |= self.masks[other]
        if rank < 0:
            self.kept[place] -= 1
            if not self.kept[place]:
                self.held &= ~(1 << place)
        return kind, rank
