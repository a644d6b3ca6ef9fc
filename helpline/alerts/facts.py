"""How the line stands at one moment, in values: all that rules of alerts may look at. Pure; no person is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpline.alerts.kinds import Kind


@dataclass(frozen=True)
class Tongue:
    """How one language stands. `ahead`: so many on shift at the moment that is looked ahead to, if it is open then (None:
    closed). `held`: since when callers wait for a person. `recorded`, `missing`: prompts of what callers hear."""

    code: str
    is_open: bool = False
    on_shift: int = 0
    there: int = 0
    ahead: int | None = None
    held: tuple[datetime, ...] = ()
    callbacks: int = 0
    oldest: datetime | None = None
    recorded: int = 0
    missing: int = 0


@dataclass(frozen=True)
class Organisation:
    """How one organisation stands. `expiring`: when its unanswered offers expire. `unanswered`: so many have expired in a
    row, where it is paused for that."""

    id: str
    name: str
    expiring: tuple[datetime, ...] = ()
    unanswered: int = 0
    not_told: bool = False


@dataclass(frozen=True)
class Calls:
    """`last`: when the last call began. `usual`: how many calls usually begin in an hour, by the hour's beginning; none are
    known of a line that is too young, and on days that are not like others."""

    last: datetime | None = None
    usual: Mapping[datetime, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """Jobs that wait in a queue, and workers that do them."""

    waiting: int
    workers: int


@dataclass(frozen=True)
class Facts:
    """All of it. `deadline_now`: this moment by the clock that offers are measured by. `unknown`: kinds of which nothing
    could be found out: what is known of them stays as it is. `tallies`: how often each `Mishap` was counted."""

    now: datetime
    deadline_now: datetime
    tongues: tuple[Tongue, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    promises_passed: int = 0
    undecided: int = 0
    undecided_since: datetime | None = None
    calls: Calls = Calls()
    legs: int = 0
    legs_failed: int = 0
    tallies: Mapping[str, int] = field(default_factory=dict)
    calls_lately: int = 0
    counted_at: datetime | None = None
    failing: Mapping[str, datetime] = field(default_factory=dict)
    queues: Mapping[str, Queue] | None = field(default_factory=dict)
    web_at: datetime | None = None
    stuck: int = 0
    stuck_since: datetime | None = None
    disk_free: int | None = None
    probes: Mapping[str, datetime] = field(default_factory=dict)
    unknown: frozenset[Kind] = frozenset()
