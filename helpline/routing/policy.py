"""Which project takes a request, and why not the others: pure, knows nothing of tables, locks or the time."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

ANY = "*"
GROUPS = ("self", "family")


class Reason(StrEnum):
    """Why a project cannot take a request: the first of these that applies. Read aloud: "7 other region"."""

    REGION = "other region"
    COUNTRY = "other country"
    GROUP = "other group"
    LANGUAGE = "language"
    DECLINED = "declined"
    NOT_RUNNING = "not running"
    PAUSED = "paused"
    FULL = "full"


class Outcome(StrEnum):
    """What follows for the request: a project, waiting for a place or for a project, or a person who looks at it."""

    PLACE = "place"
    WAIT = "wait"
    NO_PROJECT = "no_project"
    NOBODY_FITS = "nobody_fits"


@dataclass(frozen=True)
class Candidate:
    """A project as the policy sees it. `taken` counts its live offers. Lists hold codes, or `*` alone for any."""

    id: str
    entity_id: str
    starts_on: date
    ends_on: date
    places: int
    taken: int = 0
    regions: tuple[str, ...] = (ANY,)
    countries: tuple[str, ...] = (ANY,)
    groups: tuple[str, ...] = (ANY,)
    languages: tuple[str, ...] = (ANY,)
    paused: bool = False

    def runs_on(self, day: date) -> bool:
        """Whether the project runs on a day, its first and its last among them."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Wanted:
    """A request as the policy sees it. `region` and `country` are None when not known.

    `declined_by`: entities that said no to this very request.
    """

    id: int
    language: str
    region: str | None
    country: str | None
    group: str
    waiting_since: datetime
    urgent: bool = False
    declined_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """What was decided for one request: counts of `refused` reasons and the `free` projects add up to `total`."""

    outcome: Outcome
    chosen: Candidate | None
    free: tuple[str, ...]
    refused: tuple[tuple[Reason, int], ...]
    total: int


def _takes(allowed: Collection[str], value: str | None) -> bool:
    """An unknown value fits only those who take any."""
    return ANY in allowed or (value is not None and value in allowed)


def why_not(wanted: Wanted, project: Candidate, today: date) -> Reason | None:
    """The first reason for which a project cannot take a request today, or None when it can."""
    if not _takes(project.regions, wanted.region):
        return Reason.REGION
    if not _takes(project.countries, wanted.country):
        return Reason.COUNTRY
    if not _takes(project.groups, wanted.group):
        return Reason.GROUP
    if not _takes(project.languages, wanted.language):
        return Reason.LANGUAGE
    if project.entity_id in wanted.declined_by:
        return Reason.DECLINED
    if not project.runs_on(today):
        return Reason.NOT_RUNNING
    if project.paused:
        return Reason.PAUSED
    return Reason.FULL if project.taken >= project.places else None


def fit(wanted: Wanted, projects: Iterable[Candidate], today: date) -> Decision:
    """Choose the least used project that fits and has a free place (ties by id), or say why none does.

    The order of `projects` makes no difference. A request that some project would take once it has a place, goes on
    or begins, waits; so does every request while no project runs at all; what no project could ever take needs a
    person.
    """
    projects = list(projects)
    free: list[Candidate] = []
    refused: Counter[Reason] = Counter()
    hopes = 0
    for project in projects:
        reason = why_not(wanted, project, today)
        if reason is None:
            free.append(project)
            continue
        refused[reason] += 1
        begins_later = reason is Reason.NOT_RUNNING and project.starts_on > today
        hopes += begins_later or reason in (Reason.PAUSED, Reason.FULL)
    chosen = min(free, key=lambda p: (p.taken / p.places, p.id), default=None)
    if chosen:
        outcome = Outcome.PLACE
    elif hopes:
        outcome = Outcome.WAIT
    elif not any(project.runs_on(today) for project in projects):
        outcome = Outcome.NO_PROJECT
    else:
        outcome = Outcome.NOBODY_FITS
    order = list(Reason)
    return Decision(
        outcome=outcome,
        chosen=chosen,
        free=tuple(sorted(project.id for project in free)),
        refused=tuple(sorted(refused.items(), key=lambda item: (-item[1], order.index(item[0])))),
        total=len(projects),
    )


def explain(decision: Decision) -> str:
    """One line for coordinators: `0 of 12: 7 other region, 3 full, 1 language, 1 not running`."""
    head = f"{len(decision.free)} of {decision.total}"
    if decision.chosen:
        head = f"{decision.chosen.id}, the least used of {head}"
    said = ", ".join(f"{count} {reason}" for reason, count in decision.refused)
    if decision.outcome is Outcome.NO_PROJECT:
        said = f"no project runs today; {said}" if said else "no project runs today"
    return f"{head}: {said}" if said else head


def order(waiting: Iterable[Wanted]) -> list[Wanted]:
    """The published order: urgent ones, then who has waited longest, then the id."""
    return sorted(waiting, key=lambda wanted: (not wanted.urgent, wanted.waiting_since, wanted.id))


def plan(
    waiting: Iterable[Wanted], projects: Sequence[Candidate], today: date
) -> list[tuple[Wanted, Decision]]:
    """Decide for everybody who waits, in the published order, each decision taking the place that it gives."""
    now = {project.id: project for project in projects}
    decided = []
    for wanted in order(waiting):
        decision = fit(wanted, now.values(), today)
        if decision.chosen:
            now[decision.chosen.id] = replace(decision.chosen, taken=decision.chosen.taken + 1)
        decided.append((wanted, decision))
    return decided
