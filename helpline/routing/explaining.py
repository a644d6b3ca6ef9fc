"""Why a plan decided as it did: counts that add up, candidates, proofs and days, made when somebody asks for them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import islice

from helpline.routing.filters import Market, Profile, Sieve, bits, profile_of
from helpline.routing.matching import NOWHERE, Matching
from helpline.routing.values import (
    Decision,
    Forecast,
    Held,
    How,
    Outcome,
    Project,
    Reason,
    Wanted,
)

_ORDER = {reason: place for place, reason in enumerate(Reason)}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


class Planned:
    """Decisions for everybody who waited, in the published order; nothing was written by making it."""

    def __init__(
        self,
        market: Market,
        waiting: Sequence[Wanted],
        matching: Matching,
        forecast: Forecast | None = None,
        held: tuple[Held, ...] = (),
    ) -> None:
        self.market, self.waiting = market, waiting
        self.matching, self.forecast, self.held = matching, forecast, held
        self._sieves: dict[Profile, Sieve] = {}
        self._closed: dict[int, int] = {}
        self._monday: int | None = None
        self._first_days: dict[Profile, date | None] = {}

    @property
    def placed(self) -> int:
        """How many got a place."""
        return len(self.waiting) - self.matching.at[: len(self.waiting)].count(NOWHERE)

    def __len__(self) -> int:
        """How many waited."""
        return len(self.waiting)

    def __iter__(self) -> Iterator[tuple[Wanted, Decision]]:
        """Each with its decision, in the published order."""
        return ((wanted, self.decision(rank)) for rank, wanted in enumerate(self.waiting))

    def offers(self) -> Iterator[tuple[Wanted, Decision]]:
        """Only those who got a place, in the published order."""
        found = (rank for rank in range(len(self.waiting)) if self.matching.at[rank] != NOWHERE)
        return ((self.waiting[rank], self.decision(rank)) for rank in found)

    def decision(self, rank: int) -> Decision:
        """The decision for one place in the published order, the first being 0."""
        place = self.matching.at[rank]
        profile = profile_of(self.waiting[rank])
        outcome, how, project = Outcome.PLACE, How.DIRECT, None
        if place == NOWHERE:
            outcome = self.market.without_room(profile, self.sieve(rank))
            kept_from = self.matching.held and self.closed(rank) & self.matching.held
            how = How.HELD if kept_from else How.NONE
        else:
            project = self.market.projects[place].id
            how = How.REARRANGED if rank in self.matching.moved else How.DIRECT
        return Decision(
            request_id=self.waiting[rank].id,
            rank=rank,
            outcome=outcome,
            project_id=project,
            how=how,
            total=len(self.market.projects),
            forecast_id=self.forecast.id if self.forecast else None,
            parts=Sight(self, rank),
        )

    def sieve(self, rank: int) -> Sieve:
        """What the filters left for the request of this place in the order."""
        profile = profile_of(self.waiting[rank])
        if profile not in self._sieves:
            self._sieves[profile] = self.market.sieve(profile)
        return self._sieves[profile]

    def closed(self, rank: int) -> int:
        """For one without a place: the projects that any rearrangement could reach. All are full, with earlier ones."""
        profile = profile_of(self.waiting[rank])
        start = 0 if profile[-1] else self.market.open_to(profile)
        if start not in self._closed:
            self._closed[start] = self.matching.reached(start) & self.market.all
        return self._closed[start]

    def may_free_on(self, rank: int) -> date | None:
        """The first known day on which a project that fits may have a place for one without; the same for all alike.

        Known are the day on which a project begins, the next week's places, the end of an entity's rest, and the day by
        which an offer must be answered that holds a place.
        """
        profile = profile_of(self.waiting[rank])
        if profile not in self._first_days:
            self._first_days[profile] = min(self._days(self.sieve(rank)), default=None)
        return self._first_days[profile]

    def _days(self, sieve: Sieve) -> Iterator[date]:
        market, left = self.market, dict(sieve.left)
        for place in bits(sieve.later):
            project = market.projects[place]
            if not project.paused and not project.full_by_word:
                yield project.starts_on
        tomorrow = market.today + timedelta(days=1)
        for place in bits(left[Reason.SAID_FULL] & ~sieve.open):
            if market.projects[place].free != 0 and tomorrow <= market.projects[place].ends_on:
                yield tomorrow
        yield from islice((day for day, places in self.answers_due if sieve.open & places), 1)
        if sieve.open & self.free_on_monday:
            yield self.monday

    @cached_property
    def answers_due(self) -> list[tuple[date, int]]:
        """The days, the first one first, by which an offer must be answered that holds a place, and of which full projects."""
        found: dict[date, int] = {}
        for place, project in enumerate(self.market.projects):
            due = project.answer_due_on and max(project.answer_due_on, self.market.today)
            if due and project.free == 0 and due <= project.ends_on:
                found[due] = found.get(due, 0) | 1 << place
        return sorted(found.items())

    @property
    def monday(self) -> date:
        """The first day of the next week."""
        return self.market.today + timedelta(days=7 - self.market.today.weekday())

    @property
    def free_on_monday(self) -> int:
        """The projects in whose way nothing stands but this week's places: their other limits have room after this plan."""
        if self._monday is None:
            self._monday = sum(
                1 << place for place in range(len(self.market.projects)) if self._only_the_week(place)
            )
        return self._monday

    def _only_the_week(self, place: int) -> bool:
        project, gained = self.market.projects[place], len(self.matching.gains[place])
        limits, used = project.limits, project.used
        if limits.per_week is None or project.ends_on < self.monday:
            return False
        others = ((limits.total, used.total), (limits.open_cases, used.open))
        return all(limit is None or taken + gained < limit for limit, taken in others)


class Sight:
    """What one request's turn looked like; all is taken from the plan, nothing kept."""

    __slots__ = ("_left", "plan", "rank")

    def __init__(self, plan: Planned, rank: int) -> None:
        self.plan, self.rank = plan, rank
        self._left: list[tuple[Reason, int]] | None = None

    @property
    def chosen(self) -> Project | None:
        """The project that takes the request, as it was before the plan."""
        place = self.plan.matching.at[self.rank]
        return None if place == NOWHERE else self.plan.market.projects[place]

    @property
    def _profile(self) -> Profile:
        return profile_of(self.plan.waiting[self.rank])

    def _masks(self) -> list[tuple[Reason, int]]:
        """What each filter leaves, room and parking among them, at this request's turn."""
        if self._left is None:
            sieve, matching = self.plan.sieve(self.rank), self.plan.matching
            free, held = matching.at_turn(self.rank)
            in_room = sieve.open & (free | held)
            left = [*sieve.left, (Reason.FULL, in_room), (Reason.HELD, in_room & free)]
            self._left = [*left, (Reason.PARKED, 0)] if self._profile[-1] else left
        return self._left

    def chain(self) -> tuple[tuple[Reason, int], ...]:
        """Each filter in its order, with how many projects are left after it."""
        return tuple((reason, left.bit_count()) for reason, left in self._masks())

    def refused(self) -> tuple[tuple[Reason, int], ...]:
        """How many projects each filter took out, the most first."""
        counts, before = [], len(self.plan.market.projects)
        for reason, left in self.chain():
            if left < before:
                counts.append((reason, before - left))
            before = left
        return tuple(sorted(counts, key=lambda item: (-item[1], _ORDER[item[0]])))

    def _candidates(self) -> Iterator[int]:
        return bits(self._masks()[-1][1])

    def candidates(self) -> tuple[str, ...]:
        """The ids of the projects that fitted and had a place at this request's turn."""
        return tuple(self.plan.market.projects[place].id for place in self._candidates())

    def uses(self) -> tuple[tuple[str, float], ...]:
        """How used each candidate was at this request's turn (0 to 1; 0 where nothing limits it)."""
        matching = self.plan.matching
        return tuple(
            (
                self.plan.market.projects[place].id,
                matching.use(place, bisect_left(matching.gains[place], self.rank)),
            )
            for place in self._candidates()
        )

    def proof(self) -> tuple[str, ...]:
        """For a refusal: the projects that any rearrangement could reach, all full with earlier ones."""
        if self.plan.matching.at[self.rank] != NOWHERE:
            return ()
        return tuple(self.plan.market.projects[place].id for place in bits(self.plan.closed(self.rank)))

    def may_free_on(self) -> date | None:
        """The first day, if one is known, on which a project that fits may have a place (`Planned.may_free_on`)."""
        return None if self.plan.matching.at[self.rank] != NOWHERE else self.plan.may_free_on(self.rank)

    def declined_on(self) -> tuple[date, ...]:
        """The days on which the entities behind "declined" said no, as far as known."""
        left = dict(self.plan.sieve(self.rank).left)
        days = dict(self.plan.waiting[self.rank].declined_on)
        projects = self.plan.market.projects
        gone = left[Reason.LANGUAGE] & ~left[Reason.DECLINED]
        return tuple(
            sorted(
                days[projects[place].entity_id] for place in bits(gone) if projects[place].entity_id in days
            )
        )


def explain(decision: Decision) -> str:
    """One line for coordinators: `0 of 12: 7 other region, 3 full, 1 language, 1 declined on 3 May`."""
    head = f"{len(decision.candidates)} of {decision.total}"
    if decision.project_id and decision.how is How.DIRECT:
        head = f"{decision.project_id}, the least used of {head}"
    elif decision.project_id:
        head = f"{decision.project_id}, by moving others of the same plan, {head}"
    said = ", ".join(
        f"{count} {reason}{_days(decision, reason, count)}" for reason, count in decision.refused
    )
    if decision.outcome is Outcome.NO_PROJECT:
        said = f"no project runs today; {said}" if said else "no project runs today"
    return f"{head}: {said}" if said else head


def _days(decision: Decision, reason: Reason, count: int) -> str:
    """When the entities said no: ` on 3 May`, where all of these days are known."""
    days = decision.declined_on if reason is Reason.DECLINED else ()
    if len(days) < count or not days:
        return ""
    return " on " + " and ".join(f"{day.day} {_MONTHS[day.month - 1]}" for day in sorted(set(days)))
