"""Who could take a request, were there room: each filter a set of projects, held as the bits of a number."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import compress
from operator import attrgetter

from helpline.routing.values import ANY, Expected, Outcome, Project, Reason, Wanted

Profile = tuple[str | None, str | None, str, str, frozenset[str], frozenset[str], bool]
"""All that the filters look at in a request. Few differ: thousands in a hundred thousand."""

profile_of: Callable[[Wanted], Profile] = attrgetter(
    "region", "country", "group", "language", "declined_by", "cooling", "parked"
)


def expected_profile(one: Expected) -> Profile:
    """The profile of a request that nobody made yet: no entity has declined it."""
    return one.region, one.country, one.group, one.language, frozenset(), frozenset(), False


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


_DIGITS = bytes.maketrans(b"01", bytes((0, 1)))


def members(mask: int, count: int) -> list[int]:
    """The same as a list, the highest first: faster for the many bits of hundreds of projects."""
    return list(compress(range(count - 1, -1, -1), f"{mask:0{count}b}".encode().translate(_DIGITS)))


def _takes(allowed: Collection[str], value: str | None) -> bool:
    """An unknown value fits only those who take any."""
    return ANY in allowed or (value is not None and value in allowed)


def why_not(wanted: Wanted, project: Project, today: date) -> Reason | None:
    """The first reason for which a project cannot take a request today, or None when it can."""
    checks = (
        (Reason.REGION, _takes(project.regions, wanted.region)),
        (Reason.COUNTRY, _takes(project.countries, wanted.country)),
        (Reason.GROUP, _takes(project.groups, wanted.group)),
        (Reason.LANGUAGE, _takes(project.languages, wanted.language)),
        (Reason.DECLINED, project.entity_id not in wanted.declined_by),
        (Reason.NOT_RUNNING, project.runs_on(today)),
        (Reason.PAUSED, not project.paused),
        (Reason.SAID_FULL, not project.full_by_word),
        (Reason.COOLING, project.entity_id not in wanted.cooling),
        (Reason.FULL, project.free != 0),
        (Reason.PARKED, not wanted.parked),
    )
    return next((reason for reason, passes in checks if not passes), None)


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the filters leave of all projects for one profile: a set after each filter, all but those about room.

    `later`: those that only have not begun yet.
    """

    left: tuple[tuple[Reason, int], ...]
    later: int

    @property
    def open(self) -> int:
        """The projects that would take such a request, had they room."""
        return self.left[-1][1]


class _Takers(dict[str | None, int]):
    """For each value that somebody asks about, who takes it; found out when it is first asked: one request asks for few."""

    def __init__(self, listed: list[Collection[str]]) -> None:
        super().__init__()
        self._listed = listed

    def __missing__(self, value: str | None) -> int:
        found = self[value] = _those(_takes(allowed, value) for allowed in self._listed)
        return found


def _those(holds: Iterable[bool]) -> int:
    """The places of which it holds, as bits."""
    return int("".join("01"[one] for one in holds)[::-1] or "0", 2)


class Market:
    """Projects by id, each a bit; and for each filter and value, who lets it pass."""

    def __init__(self, projects: Iterable[Project], today: date) -> None:
        self.projects = sorted(projects, key=attrgetter("id"))
        self.today = today
        self.all = (1 << len(self.projects)) - 1
        self._regions = _Takers([project.regions for project in self.projects])
        self._countries = _Takers([project.countries for project in self.projects])
        self._groups = _Takers([project.groups for project in self.projects])
        self._languages = _Takers([project.languages for project in self.projects])
        self.running = _those(project.runs_on(today) for project in self.projects)
        self._later = _those(project.starts_on > today for project in self.projects)
        self._going_on = _those(not project.paused for project in self.projects)
        self._not_said_full = _those(not project.full_by_word for project in self.projects)
        self._able = self.running & self._going_on & self._not_said_full
        self._entities: dict[str, int] = {}
        for place, project in enumerate(self.projects):
            self._entities[project.entity_id] = self._entities.get(project.entity_id, 0) | 1 << place

    def _of(self, entities: frozenset[str]) -> int:
        mask = 0
        for entity in entities:
            mask |= self._entities.get(entity, 0)
        return mask

    def open_to(self, profile: Profile) -> int:
        """The projects that would take such a request, had they room: what `sieve` ends with, in one step."""
        region, country, group, language, declined_by, cooling, _ = profile
        able = (
            self._able
            & self._regions[region]
            & self._countries[country]
            & self._groups[group]
            & self._languages[language]
        )
        return able & ~self._of(declined_by | cooling) if declined_by or cooling else able

    def sieve(self, profile: Profile) -> Sieve:
        """Every filter that is not about room, one after the other, in the order in which reasons are told."""
        region, country, group, language, declined_by, cooling, _ = profile
        here = self._regions[region]
        there = here & self._countries[country]
        such = there & self._groups[group]
        speaking = such & self._languages[language]
        asked = speaking & ~self._of(declined_by) if declined_by else speaking
        running = asked & self.running
        going_on = running & self._going_on
        not_said_full = going_on & self._not_said_full
        rested = not_said_full & ~self._of(cooling) if cooling else not_said_full
        left = (
            (Reason.REGION, here),
            (Reason.COUNTRY, there),
            (Reason.GROUP, such),
            (Reason.LANGUAGE, speaking),
            (Reason.DECLINED, asked),
            (Reason.NOT_RUNNING, running),
            (Reason.PAUSED, going_on),
            (Reason.SAID_FULL, not_said_full),
            (Reason.COOLING, rested),
        )
        return Sieve(left, asked & self._later)

    def without_room(self, profile: Profile, sieve: Sieve) -> Outcome:
        """What follows for a request of this profile that gets no place.

        One that some project would take once it has a place, goes on, answers or begins, waits; so does every request
        while no project runs at all, and one that a coordinator parked. What no project could ever take is a person's.
        """
        fitting = dict(sieve.left)[Reason.NOT_RUNNING]
        if fitting or sieve.later or profile[-1]:
            return Outcome.WAIT
        return Outcome.NOBODY_FITS if self.running else Outcome.NO_PROJECT
