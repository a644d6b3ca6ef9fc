"""The values that routing decides on and answers with: plain, frozen, compared by what they hold; no rule lives here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

ANY = "*"
GROUPS = ("self", "family")
MOST_KEPT = 25
"""At most so many percent of a project's places of the week are ever kept for expected urgent ones."""


class Reason(StrEnum):
    """Why a project cannot take a request: the first of these that applies. Read aloud: "7 other region"."""

    REGION = "other region"
    COUNTRY = "other country"
    GROUP = "other group"
    LANGUAGE = "language"
    DECLINED = "declined"
    NOT_RUNNING = "not running"
    PAUSED = "paused"
    SAID_FULL = "full by their word"
    COOLING = "did not answer lately"
    FULL = "full"
    HELD = "held for urgent ones"
    PARKED = "parked"


class Outcome(StrEnum):
    """What follows for the request: a project, waiting for a place or for a project, or a person who looks at it."""

    PLACE = "place"
    WAIT = "wait"
    NO_PROJECT = "no_project"
    NOBODY_FITS = "nobody_fits"


class How(StrEnum):
    """How a decision came about. `HELD`: it would have had a place that is kept for expected urgent ones."""

    DIRECT = "direct"
    REARRANGED = "rearranged"
    HELD = "held"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many a project takes: in its life, at the same time, in an ISO week of Rome; None where it has no limit."""

    total: int | None = None
    open_cases: int | None = None
    per_week: int | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """How much of each limit is used, as counted from offers. The next offer counts in all three."""

    total: int = 0
    open: int = 0
    week: int = 0


def free(limits: Limits, used: Used) -> int | None:
    """How many more a project can be offered now: the least of what its limits leave, never below none.

    None when it has no limit at all.
    """
    left = [limit - taken for limit, taken in pairs(limits, used)]
    return max(0, min(left)) if left else None


def pairs(limits: Limits, used: Used) -> list[tuple[int, int]]:
    """Each limit that is set, with what is used of it."""
    both = (
        (limits.total, used.total),
        (limits.open_cases, used.open),
        (limits.per_week, used.week),
    )
    return [(limit, taken) for limit, taken in both if limit is not None]


@dataclass(frozen=True, slots=True)
class Project:
    """A project as the policy sees it. Lists hold codes, or `*` alone for any.

    `paused` is so when the project or its entity is. `full_by_word`: the entity said that it has no place now.
    `answer_due_on`: the day on which the first of its unanswered offers must be answered; it decides nothing.
    """

    id: str
    entity_id: str
    starts_on: date
    ends_on: date
    limits: Limits = Limits()
    used: Used = Used()
    regions: tuple[str, ...] = (ANY,)
    countries: tuple[str, ...] = (ANY,)
    groups: tuple[str, ...] = (ANY,)
    languages: tuple[str, ...] = (ANY,)
    paused: bool = False
    full_by_word: bool = False
    answer_due_on: date | None = field(default=None, compare=False)

    def runs_on(self, day: date) -> bool:
        """Whether the project runs on a day, its first and its last among them."""
        return self.starts_on <= day <= self.ends_on

    @property
    def free(self) -> int | None:
        """How many more its limits allow now; None when it has none."""
        return free(self.limits, self.used)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request as the policy sees it; a family is one. `region` and `country` are None when not known.

    `declined_by`: entities that said no to this very request, for good; `declined_on`: the day of each that is known.
    `cooling`: entities that let an offer of it expire lately. `parked`: a coordinator keeps it back for now.
    """

    id: int
    language: str
    region: str | None
    country: str | None
    group: str
    waiting_since: datetime
    urgent: bool = False
    declined_by: frozenset[str] = frozenset()
    cooling: frozenset[str] = frozenset()
    parked: bool = False
    declined_on: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """An urgent request that is expected until the end of the week, as the filters see it."""

    language: str
    region: str | None
    country: str | None
    group: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What look-ahead keeps places for, until a day (the next Monday). `id` names it in every record that rests on it.

    `percent`: how much of a project's places of the week may be kept.
    """

    id: str
    until: date
    expected: tuple[Expected, ...]
    percent: int = MOST_KEPT


@dataclass(frozen=True, slots=True)
class Held:
    """How many places of a project are kept for expected urgent ones, out of how many in its week; shown to staff."""

    project_id: str
    places: int
    of: int
    until: date


class Parts(Protocol):
    """The long parts of a decision, made when somebody asks for them: a plan has a hundred thousand."""

    @property
    def chosen(self) -> Project | None:
        """The project that takes the request."""

    def chain(self) -> tuple[tuple[Reason, int], ...]:
        """Each filter in its order, with how many projects are left after it."""

    def refused(self) -> tuple[tuple[Reason, int], ...]:
        """How many projects each filter took out, the most first; with the candidates they add up to all."""

    def candidates(self) -> tuple[str, ...]:
        """The ids of the projects that fitted and had a place at this request's turn."""

    def uses(self) -> tuple[tuple[str, float], ...]:
        """How used each candidate was at this request's turn (0 to 1; 0 where nothing limits it)."""

    def proof(self) -> tuple[str, ...]:
        """For a refusal: the projects that any rearrangement could reach, all full with earlier ones."""

    def may_free_on(self) -> date | None:
        """The first day, if one is known, on which a project that fits may have a place."""

    def declined_on(self) -> tuple[date, ...]:
        """The days on which the entities behind "declined" said no, as far as known."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one request, and why; `rank` is its place in the published order, the first being 0.

    Counts of `refused` and the `candidates` add up to `total`, the number of projects. `how` is empty when it got no
    place, but for `held`.
    """

    request_id: int
    rank: int
    outcome: Outcome
    project_id: str | None
    how: How
    total: int
    forecast_id: str | None = None
    parts: Parts = field(repr=False, compare=False, kw_only=True)

    @property
    def chosen(self) -> Project | None:
        """The project that takes the request, as it was before this plan."""
        return self.parts.chosen

    @property
    def chain(self) -> tuple[tuple[Reason, int], ...]:
        """Each filter in its order, with how many projects are left after it."""
        return self.parts.chain()

    @property
    def refused(self) -> tuple[tuple[Reason, int], ...]:
        """How many projects each filter took out, the most first."""
        return self.parts.refused()

    @property
    def candidates(self) -> tuple[str, ...]:
        """The ids of the projects that fitted and had a place at this request's turn."""
        return self.parts.candidates()

    @property
    def free(self) -> tuple[str, ...]:
        """The same: the candidates, by id."""
        return self.parts.candidates()

    @property
    def proof(self) -> tuple[str, ...]:
        """For a refusal: the projects that any rearrangement could reach, all full with earlier ones."""
        return self.parts.proof()

    @property
    def may_free_on(self) -> date | None:
        """The first day, if one is known, on which a project that fits may have a place."""
        return self.parts.may_free_on()

    @property
    def declined_on(self) -> tuple[date, ...]:
        """The days on which the entities behind "declined" said no, as far as known."""
        return self.parts.declined_on()

    def record(self) -> dict[str, Any]:
        """All of it, ready for JSON: what is kept with an offer, or with a request that waits."""
        day = self.may_free_on
        return {
            "rank": self.rank,
            "outcome": str(self.outcome),
            "project": self.project_id,
            "how": str(self.how),
            "total": self.total,
            "chain": [[str(reason), left] for reason, left in self.chain],
            "refused": {str(reason): count for reason, count in self.refused},
            "candidates": [[id, round(use, 4)] for id, use in self.parts.uses()],
            "proof": list(self.proof),
            "may_free_on": day.isoformat() if day else None,
            "forecast": self.forecast_id,
        }


class Plan(Protocol):
    """Decisions for everybody who waits, in the published order; nothing is written by making one."""

    @property
    def held(self) -> tuple[Held, ...]:
        """What look-ahead keeps back, by project; empty when it is off."""

    @property
    def placed(self) -> int:
        """How many got a place."""

    def __len__(self) -> int:
        """How many waited."""

    def __iter__(self) -> Iterator[tuple[Wanted, Decision]]:
        """Each with its decision, in the published order."""
