"""What becomes of what was asked: when somebody is rung and how that ends, who takes a request and what comes of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from helpline import hours
from helpline.callbacks.values import Cause
from helpline.hours import Calendar
from helpline.routing.filters import why_not
from helpline.routing.values import Project, Reason, Wanted

Move = tuple[datetime, str | None, str, str, str]
"""A change of state: when, from, to, by whom, why."""

_CAUSES: Mapping[str, int] = {
    Cause.CONNECTED: 60, Cause.NO_ANSWER: 22, Cause.BUSY: 6, Cause.MACHINE: 5, Cause.REFUSED: 1, Cause.WRONG_MOMENT: 3,
    Cause.NETWORK: 1, Cause.OPERATOR_NO_KEY: 2,
}  # fmt: skip
_TRIES = 3
_NOT_BEFORE = timedelta(minutes=4)
_ROOM = timedelta(minutes=15)
"""So long before the end of a day's hours nobody is rung any more."""


@dataclass(frozen=True)
class Tried:
    """One try to ring somebody."""

    began: datetime
    ended: datetime
    cause: str


@dataclass
class Rung:
    """What became of a callback: its tries, its moves, its last state and since when."""

    tries: list[Tried]
    moves: list[Move]

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.moves[-1][2]

    @property
    def closed_at(self) -> datetime:
        """Since when."""
        return self.moves[-1][0]


def rung(
    dice: Random, calendar: Calendar, language: str, window: str, asked_at: datetime, until: datetime
) -> Rung:
    """How somebody is called back who asked for it; all of it is over by `until`: what is not ends with a word of theirs."""
    found = Rung([], [(asked_at, None, "waiting", "caller", "asked to be called")])
    soonest = asked_at + _NOT_BEFORE
    for n in range(1, _TRIES + 1):
        slot = hours.next_slot(calendar, language, window, soonest)
        if slot is None:
            break
        begins = max(slot.begins, soonest)
        room = max(0.0, (slot.ends - begins - _ROOM).total_seconds())
        at = begins + timedelta(seconds=int(room * dice.random() ** 2))
        cause = dice.choices(list(_CAUSES), list(_CAUSES.values()))[0]
        talks = at + timedelta(seconds=dice.randrange(20, 60))
        ends = talks + timedelta(seconds=dice.randrange(90, 900) if cause == Cause.CONNECTED else 5)
        if ends > until:
            break
        found.tries.append(Tried(at, ends, cause))
        found.moves += [
            (at - timedelta(seconds=20), "waiting", "claimed", "queue", "next"),
            (at, "claimed", "ringing", "queue", "rings"),
        ]
        if cause == Cause.CONNECTED:
            found.moves += [(talks, "ringing", "talking", "caller", "took the call"), (ends, "talking", "done", "queue", "helped")]  # fmt: skip
            return found
        last = n == _TRIES
        found.moves.append((ends, "ringing", "unreachable" if last else "waiting", "queue", cause))
        if last:
            return found
        soonest = hours.at_hour(hours.today(at) + timedelta(days=1), 9)
    since = found.moves[-1][0]
    over = min(until, since + timedelta(seconds=dice.randrange(60, 3600)))
    found.moves.append((max(since, over), "waiting", "cancelled", "caller", "wants no call any more"))
    return found


_OUTCOMES: Mapping[str, int] = {"returned": 34, "withdrew": 30, "not_eligible": 14, "unreachable": 22}
_WOULD = (None, Reason.PAUSED, Reason.SAID_FULL, Reason.FULL)
"""A project that says so now may have had room then."""
_FIRST_NO: Mapping[str, int] = {
    "no_place_now": 50,
    "not_our_territory": 20,
    "not_eligible_here": 15,
    "other": 15,
}


@dataclass(frozen=True)
class Offered:
    """One offer to a project, from its making to its end."""

    project: Project
    made: datetime
    state: str
    answered: datetime
    declined_for: str | None = None
    contacted: datetime | None = None
    begun: datetime | None = None
    ended: datetime | None = None
    outcome: str | None = None

    @property
    def accepted(self) -> datetime | None:
        """When it was accepted, if it was."""
        return self.answered if self.state == "accepted" else None

    @property
    def moves(self) -> list[Move]:
        """Its changes of state."""
        return [
            (self.made, None, "pending", "router", f"offered for {self.project.id}"),
            (self.answered, "pending", self.state, "entity", self.declined_for or self.state),
        ]


@dataclass
class Taken:
    """What became of a request: its offers, its moves, its outcome."""

    offers: list[Offered] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    outcome: str | None = None

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.moves[-1][2]

    @property
    def closed_at(self) -> datetime:
        """Since when."""
        return self.moves[-1][0]


@dataclass
class Places:
    """Projects, and how many cases may still begin in each (None: any number): what is made up leaves room for others."""

    projects: Sequence[Project]
    left: dict[str, int | None]
    this_week: datetime
    """From then on places of the week would be taken: nothing is accepted."""


def places(projects: Sequence[Project], this_week: datetime) -> Places:
    """Half of what each project has left may be taken by cases that were never there."""
    left = {
        one.id: None if one.limits.total is None else max(0, one.limits.total - one.used.total) // 2
        for one in projects
    }
    return Places(projects, left, this_week)


def taken(dice: Random, held: Places, wanted: Wanted, until: datetime) -> Taken:
    """Who takes a request, after how long, and how it ends; over by `until`, and no place is held then."""
    asked_at, found = wanted.waiting_since, Taken()
    found.moves.append((asked_at, None, "waiting", "caller", "asked for help to return"))
    day = hours.today(asked_at)
    fits = [one for one in held.projects if why_not(wanted, one, day) in _WOULD]
    made = asked_at + timedelta(seconds=dice.randrange(2, 240))
    if not fits or made > held.this_week or until - made < timedelta(days=1):
        _takes_back(dice, found, until)
        return found
    if len(fits) > 1 and dice.random() < 0.18:
        first = fits.pop(dice.randrange(len(fits)))
        answered = _at_work(dice, made, until)
        reason = dice.choices(list(_FIRST_NO), list(_FIRST_NO.values()))[0]
        found.offers.append(Offered(first, made, "declined", answered, reason))
        found.moves += [
            (made, "waiting", "offered", "router", f"offered for {first.id}"),
            (answered, "offered", "waiting", "entity", reason),
        ]
        made = answered + timedelta(seconds=30)
        if made > held.this_week or until - made < timedelta(days=1):
            _takes_back(dice, found, until)
            return found
    _accepted(dice, held, fits[dice.randrange(len(fits))], made, until, found)
    return found


def _accepted(
    dice: Random, held: Places, project: Project, made: datetime, until: datetime, found: Taken
) -> None:
    answered = _at_work(dice, made, until)
    rest = until - answered
    whole = min(rest * 0.95, timedelta(days=dice.randrange(12, 90)))
    contacted, ended = answered + whole * 0.08, answered + whole
    left = held.left[project.id]
    begins = left != 0 and dice.random() < 0.7
    outcome = dice.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
    if begins and left is not None:
        held.left[project.id] = left - 1
    if not begins and outcome == "returned":
        outcome = "unreachable"
    found.offers.append(
        Offered(
            project, made, "accepted", answered, None, contacted, answered + whole * 0.25 if begins else None, ended, outcome,
        )
    )  # fmt: skip
    found.outcome = outcome
    found.moves += [
        (made, "waiting", "offered", "router", f"offered for {project.id}"),
        (answered, "offered", "accepted", "entity", "accepted"),
        (ended, "accepted", "closed", "entity", outcome),
    ]


def _takes_back(dice: Random, found: Taken, until: datetime) -> None:
    since = found.moves[-1][0]
    over = max(since, min(until, since + timedelta(hours=dice.uniform(1, 200))))
    found.moves.append((over, "waiting", "cancelled", "caller", "wants it no more"))


def _at_work(dice: Random, made: datetime, until: datetime) -> datetime:
    """When an office answers: on a working day, between nine and five, by `until` at the latest."""
    soonest = made + timedelta(minutes=dice.randrange(3, 300))
    day = hours.today(soonest)
    opens, closes = hours.at_hour(day, 9), hours.at_hour(day, 17)
    if not (hours.is_working_day(_ALWAYS, day) and soonest < closes):
        day += timedelta(days=1)
        while not hours.is_working_day(_ALWAYS, day):
            day += timedelta(days=1)
        opens = hours.at_hour(day, 9)
        soonest = opens + timedelta(seconds=dice.randrange(7 * 3600))
    return min(until, max(soonest, opens))


_ALWAYS = Calendar()
