"""Which project takes a request, and why not the others: pure, knows nothing of tables, locks or the time.

Filter (`filters`), match (`matching`), explain (`explaining`); `values` holds what goes in and comes out.
"""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from helpline.routing.explaining import Planned, explain
from helpline.routing.filters import Market, Profile, expected_profile, profile_of, why_not
from helpline.routing.lookahead import kept_at_most, week_of
from helpline.routing.matching import Matching
from helpline.routing.values import (
    ANY,
    GROUPS,
    Decision,
    Expected,
    Forecast,
    Held,
    How,
    Limits,
    Outcome,
    Project,
    Reason,
    Used,
    Wanted,
    free,
    pairs,
)

__all__ = [
    "ANY",
    "GROUPS",
    "Decision",
    "Expected",
    "Forecast",
    "Held",
    "How",
    "Limits",
    "Outcome",
    "Planned",
    "Project",
    "Reason",
    "Used",
    "Wanted",
    "explain",
    "fit",
    "free",
    "order",
    "plan",
    "why_not",
]


def order(waiting: Iterable[Wanted]) -> list[Wanted]:
    """The published order: urgent ones, then who has waited longest, then the id."""
    found = sorted(waiting, key=attrgetter("id"))
    found.sort(key=attrgetter("waiting_since"))
    return [one for one in found if one.urgent] + [one for one in found if not one.urgent]


def plan(
    waiting: Iterable[Wanted],
    projects: Iterable[Project],
    today: date,
    *,
    forecast: Forecast | None = None,
) -> Planned:
    """Decide for everybody who waits, in the published order, how many can be placed; offers made before stay as they are.

    As many as can be are placed, and for every k as many of the first k as can be, by moving others of the same plan
    where needed; among free projects the least used takes a request, ties by id. The order of neither input makes a
    difference. With a `forecast`, expected urgent ones come after those who wait and before all others, and are kept
    at most its share of a project's places of the week.
    """
    market = Market(projects, today)
    line = order(waiting)
    classes = _Classes(market)
    kinds = list(map(classes.__getitem__, map(profile_of, line)))
    expected = [] if forecast is None else _expected(forecast, market, classes)
    matching = Matching(
        rooms=[project.free for project in market.projects],
        limits=[pairs(project.limits, project.used) for project in market.projects],
        masks=classes.masks,
        gates=[kept_at_most(project, forecast.percent) if forecast else 0 for project in market.projects],
        kinds=kinds,
        expected=expected,
    )
    urgent = sum(one.urgent for one in line)
    matching.seat(range(urgent))
    matching.expect(after=urgent - 1)
    matching.seat(range(urgent, len(line)))
    held = _held(forecast, market, matching) if forecast else ()
    return Planned(market, line, matching, forecast, held)


def fit(
    wanted: Wanted, projects: Iterable[Project], today: date, *, forecast: Forecast | None = None
) -> Decision:
    """The plan for a single request: the least used project that fits and has a place, or why none does.

    A request that some project would take once it has a place, goes on or begins, waits; so does every request while
    no project runs at all; what no project could ever take needs a person.
    """
    return plan([wanted], projects, today, forecast=forecast).decision(0)


class _Classes(dict[Profile, int]):
    """The number of each profile's class: those whom the same projects would take are one. Parked ones nobody takes."""

    def __init__(self, market: Market) -> None:
        super().__init__()
        self._market = market
        self._numbers: dict[int, int] = {}
        self.masks: list[int] = []

    def __missing__(self, profile: Profile) -> int:
        parked = profile[-1]
        number = self[profile] = self.of(0 if parked else self._market.open_to(profile))
        return number

    def of(self, mask: int) -> int:
        """The number of the class that these projects would take."""
        if mask not in self._numbers:
            self._numbers[mask] = len(self.masks)
            self.masks.append(mask)
        return self._numbers[mask]


def _expected(forecast: Forecast, market: Market, classes: _Classes) -> list[int]:
    """The classes of the expected ones, by the gates of the projects that would take them."""
    masks = (market.open_to(expected_profile(one)) for one in forecast.expected)
    return [classes.of(mask << len(market.projects)) for mask in masks]


def _held(forecast: Forecast, market: Market, matching: Matching) -> tuple[Held, ...]:
    kept = zip(market.projects, matching.kept, strict=True)
    return tuple(
        Held(project.id, places, week_of(project), forecast.until) for project, places in kept if places
    )
