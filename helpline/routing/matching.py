"""Places as many as can be, the first in the order first: augmentation over sets of projects held as bits.

Knows numbers only: ranks and the number of each one's class, projects by place, and how much room each has. Who
was placed once is never left without again, only moved; who is refused stays refused, and so does everybody later who
reaches no further. Expected ones pass through a gate at each project, which lets only so many in: gates are states of
the search above the projects' own (a project is `e`, its gate `e + n`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

from helpline.routing.filters import bits, members

NOWHERE = -1
_NOBODY = -1

_UNLIMITED = 1 << 60
_FINE, _PLACES = 36, 20
"""A key is a number, since millions are compared: how used a project is, in so fine steps, and below that its place."""

_PLACE = (1 << _PLACES) - 1
_NEVER = 1 << _FINE + _PLACES + 8
"""The key of a project that is full: after all others."""


class Matching:
    """Who is placed where, while a plan is made and after it.

    A rank is a place in the order; those who are only expected have the ranks after all who wait.
    """

    def __init__(
        self,
        rooms: Sequence[int | None],
        limits: Sequence[Sequence[tuple[int, int]]],
        masks: Sequence[int],
        gates: Sequence[int],
        kinds: Sequence[int],
        expected: Sequence[int] = (),
    ) -> None:
        """`rooms`: how many more each project takes; `limits`: each of its limits with what is used, for how used it is.

        `masks`: for each class, who may take it, those of expected ones by their gates; `gates`: how many expected ones
        each project may be kept for; `kinds`, `expected`: the class of each who waits, and of each who is expected.
        """
        self.count, self.waiting = len(rooms), len(kinds)
        self.masks = masks
        self._limits, self._gates = limits, gates
        self._kinds = [*kinds, *expected]
        self._rooms = [_UNLIMITED if room is None else room for room in rooms]
        self._free = sum(1 << place for place, room in enumerate(self._rooms) if room > 0)
        self._live = (1 << 2 * self.count) - 1
        # The projects whose gates let one more in; those for which some are kept, and how many.
        self._open = sum(1 << place for place, gate in enumerate(gates) if gate > 0)
        self.held = 0
        self.kept = [0] * self.count
        self.at = [NOWHERE] * len(self._kinds)
        self.moved: set[int] = set()
        self.gains: list[list[int]] = [[] for _ in rooms]
        # Of each class at a project, who came last, and behind each who came before; whom they could go to, if known.
        self._last: list[dict[int, int]] = [{} for _ in rooms]
        self._before = [_NOBODY] * len(self._kinds)
        self._reach: list[int | None] = [None] * self.count
        self._keys = [self._key(place) if room > 0 else _NEVER for place, room in enumerate(self._rooms)]
        self._closures: list[int] | None = None
        self._members: list[list[int] | None] = [None] * len(masks)
        # What was free and kept, since which turn: it changes seldom.
        self._since = [_NOBODY]
        self._then = [(self._free, self.held)]

    def use(self, place: int, gained: int) -> float:
        """How used a project is once it has gained so many: the fullest of its limits; 0 where it has none."""
        return max(((used + gained) / limit for limit, used in self._limits[place]), default=0.0)

    def at_turn(self, rank: int) -> tuple[int, int]:
        """Which projects were free, and at which places were kept, when the turn of this rank came."""
        return self._then[bisect_left(self._since, rank) - 1]

    def seat(self, turns: Iterable[int]) -> None:
        """Place everybody of these ranks, one after the other."""
        masks, kinds, members_of, key_of = self.masks, self._kinds, self._members, self._keys.__getitem__
        for rank in turns:
            kind = kinds[rank]
            mask = masks[kind] & self._live
            if mask & self._free:
                able = members_of[kind]
                if able is None:
                    able = members_of[kind] = members(mask & self._free, self.count)
                place = min(map(key_of, able)) & _PLACE
                self._put(rank, place)
                self._gain(place, rank)
            elif mask:
                self._rearrange(rank, mask, rank)

    def expect(self, after: int) -> None:
        """Keep places for those who are expected, once rank `after` has had its turn."""
        for rank in range(self.waiting, len(self._kinds)):
            mask = self.masks[self._kinds[rank]]
            able = mask >> self.count & self._free & self._open
            if able:
                place = self._least(able)
                self._put(rank, place)
                self._gain(place, after)
            elif start := mask & self._live:
                self._rearrange(rank, start, after)
            self._note(after)

    def reached(self, start: int) -> int:
        """All states that moves inside this plan could reach from these: for a refusal, none of them has room.

        To be asked once the plan is made: thousands ask, so what each state reaches is found out for all at once.
        """
        if self._closures is None:
            self._closures = self._closed()
        seen = start
        for state in bits(start):
            seen |= self._closures[state]
        return seen

    def _closed(self) -> list[int]:
        """For each state all that it reaches: whoever reaches another reaches what that one does."""
        found = [self._onward(state) for state in range(2 * self.count)]
        for state in range(2 * self.count):
            further, bit = found[state], 1 << state
            if further:
                found = [one | further if one & bit else one for one in found]
        return found

    def _key(self, place: int) -> int:
        """The least comes first: the least used, and among those without limits who was given fewest; then by id."""
        used, limits = len(self.gains[place]), self._limits[place]
        if len(limits) == 1:
            ((limit, before),) = limits
            used = (before + used << _FINE) // limit
        elif limits:
            used = max((before + used << _FINE) // limit for limit, before in limits)
        return used << _PLACES | place

    def _least(self, able: int) -> int:
        return min(map(self._keys.__getitem__, bits(able))) & _PLACE

    def _put(self, rank: int, place: int) -> None:
        last, kind = self._last[place], self._kinds[rank]
        self._before[rank] = last.get(kind, _NOBODY)
        last[kind] = rank
        self._reach[place] = None
        self.at[rank] = place
        if rank >= self.waiting:
            self.kept[place] += 1
            self.held |= 1 << place
            if self.kept[place] == self._gates[place]:
                self._open &= ~(1 << place)

    def _gain(self, place: int, turn: int) -> None:
        gained = self.gains[place]
        gained.append(turn)
        if len(gained) < self._rooms[place]:
            self._keys[place] = self._key(place)
        else:
            self._keys[place] = _NEVER
            self._free &= ~(1 << place)
            self._note(turn)

    def _note(self, turn: int) -> None:
        """What is free and kept after this turn."""
        self._since.append(turn)
        self._then.append((self._free, self.held))

    def _rearrange(self, rank: int, start: int, turn: int) -> None:
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
            self._put(rank, place)
            self.moved.add(other)
            rank = other
        self._put(rank, path[-1])
        self._gain(path[-1], turn)
        self._note(turn)

    def _search(self, start: int) -> list[int]:
        """The shortest way to a project with room, the least used of the nearest; without one, all seen are closed."""
        seen, queue, before = start, list(bits(start)), dict[int, int]()
        for state in queue:
            new = self._onward(state) & self._live & ~seen
            room = new & self._free
            if room:
                path = [self._least(room), state]
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
        place = state % self.count
        if state >= self.count and self._open >> place & 1:
            return 1 << place
        reach = self._reach[place]
        if reach is None:
            reach = 0
            for kind in self._last[place]:
                reach |= self.masks[kind]
            self._reach[place] = reach
        return reach if state < self.count else reach >> self.count << self.count

    def _take(self, place: int, onward: int) -> int:
        """Take out somebody who may go onward: of the class that came here first, who came last."""
        last = self._last[place]
        kind = next(kind for kind in last if self.masks[kind] >> onward & 1)
        rank = last[kind]
        if self._before[rank] == _NOBODY:
            del last[kind]
        else:
            last[kind] = self._before[rank]
        self._reach[place] = None
        if rank >= self.waiting:
            self.kept[place] -= 1
            self._open |= 1 << place
            if not self.kept[place]:
                self.held &= ~(1 << place)
        return rank
