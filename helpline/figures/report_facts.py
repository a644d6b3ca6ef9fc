"""The numbers of a report as facts that add up, with what others know already from reports that were issued. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from helpline.figures.concluding import Sum
from helpline.figures.facts import Fact, Facts, whole
from helpline.figures.overview import Calls
from helpline.figures.report_counted import Brief, Counts, Row
from helpline.figures.report_periods import Period

ASKED = ("request", "callback", "live", "message")
"""Outcomes of calls in which somebody asked for something: those count people."""
OF_PEOPLE = ("request", "callback")
"""Of the outcomes, those that say as well how many people are in another table; the others count calls."""
NOTHING = ("gave_up", "silent", "refused")
GROUPS = ("asked", "information", "nothing")
USES = ("of_use", "nothing")
"""The same by language in two: what was asked there is in other tables (callbacks, requests, talks), which one could take from
what was asked in all, and keep what a single one of them hides."""
WENT_PEOPLE = ("helped", "written_down", "emergency")
ENDS = ("answered", "nobody", "left")
ACCEPTED = "accepted"


@dataclass
class Issued:
    """What an issued report tells and hides: its numbers (with whether each is hidden), and how they add up."""

    id: int
    facts: Mapping[Fact, tuple[int, bool]] = field(default_factory=dict)
    sums: Sequence[Sum[Fact]] = ()
    unseen: frozenset[Fact] = frozenset()


def of_groups(calls: Calls) -> dict[str, int]:
    """Calls by what came of them, in three groups."""
    asked = sum(calls.outcomes[word] for word in ASKED)
    nothing = sum(calls.outcomes[word] for word in NOTHING)
    return {"asked": asked, "information": calls.outcomes["information"], "nothing": nothing}


def of_uses(calls: Calls) -> dict[str, int]:
    """Calls by what came of them, in two groups: with information, a request or a talk; or with nothing."""
    groups = of_groups(calls)
    return {"of_use": groups["asked"] + groups["information"], "nothing": groups["nothing"]}


def of_ends(calls: Calls) -> dict[str, int]:
    """Calls that asked for a person, by how that ended."""
    sums = calls.sums
    nobody = sums["nobody"] + sums["turned_away"]
    return {
        "answered": sums["answered"],
        "nobody": nobody,
        "left": sums["wanted_person"] - sums["answered"] - sums["nobody"],
    }


def facts(counts: Counts, parts: Mapping[str, Sequence[Brief]], beside: Sequence[Brief]) -> Facts:
    """The facts of a period; `parts`: the totals of its months, and of its pieces, each adding up to it; `beside`: of others."""
    found = Facts()
    days = counts.period.days
    _calls(found, days, counts.languages)
    _callbacks(found, days, counts.callbacks)
    _requests(found, days, counts.requests)
    _offers(found, days, counts.offers, {id: row.entity for id, row in counts.projects.items()})
    for figure, projects in counts.returned.items():
        found.divide(
            found.put(whole(days, f"returned {figure}"), sum(projects.values())), "project", projects
        )
    talks = found.put(whole(days, "talks"), sum(counts.talks.values()), people=False)
    found.divide(talks, "went", counts.talks, only=WENT_PEOPLE)
    found.tie((days, "calls", "outcome", "request"), whole(days, "requests"))
    found.tie((days, "calls", "outcome", "callback"), whole(days, "callbacks"))
    for pieces in parts.values():
        for piece in pieces:
            _brief(found, piece)
        if pieces:
            for fact in _totals(days):
                found.sums.append(Sum(fact, tuple((one.period.days, *fact[1:]) for one in pieces)))
    for other in beside:
        _brief(found, other)
    return found


def _calls(found: Facts, days: str, languages: Mapping[str, Calls]) -> None:
    outcomes: Counter[str] = Counter()
    for calls in languages.values():
        outcomes.update(calls.outcomes)
    all_calls = Calls(outcomes)
    total = found.put(whole(days, "calls"), all_calls.offered, people=False)
    found.divide(total, "group", of_groups(all_calls), only=["asked"])
    asked, nothing = ({word: outcomes[word] for word in words} for words in (ASKED, NOTHING))
    found.divide((days, "calls", "group", "asked"), "outcome", asked, only=OF_PEOPLE)
    found.divide((days, "calls", "group", "nothing"), "outcome", nothing, people=False)
    only = {"information": outcomes["information"]}
    found.divide((days, "calls", "group", "information"), "outcome", only, people=False)
    found.divide(total, "language", {code: calls.offered for code, calls in languages.items()}, people=False)
    found.divide(total, "use", of_uses(all_calls), only=["of_use"])
    parts = tuple((days, "calls", "group", group) for group in ("asked", "information"))
    found.sums.append(Sum((days, "calls", "use", "of_use"), parts))
    found.tie((days, "calls", "use", "nothing"), (days, "calls", "group", "nothing"))
    cells = {(code, use): count for code, calls in languages.items() for use, count in of_uses(calls).items()}
    found.cross(days, "calls", "language", "use", cells)
    ends = {(code, end): count for code, calls in languages.items() for end, count in of_ends(calls).items()}
    wanted = found.put(whole(days, "person"), sum(ends.values()), people=False)
    found.divide(wanted, "end", _by(ends, 1, ENDS), only=["answered"])
    found.divide(wanted, "language", _by(ends, 0, languages), people=False)
    found.cross(days, "person", "language", "end", ends)


def _callbacks(found: Facts, days: str, rows: Sequence[Row]) -> None:
    total = found.put(whole(days, "callbacks"), sum(row.count for row in rows))
    for by in ("state", "source", "topic", "language"):
        found.divide(total, by, _of(rows, by))
    late = sum(row.late for row in rows)
    found.divide(total, "late", {"late": late, "not": found.counts[total] - late})


def _requests(found: Facts, days: str, rows: Sequence[Row]) -> None:
    total = found.put(whole(days, "requests"), sum(row.count for row in rows))
    for by in ("state", "group", "language", "region", "country"):
        found.divide(total, by, _of(rows, by))
    closed = [row for row in rows if row.of["state"] == "closed"]
    if closed:
        found.divide((days, "requests", "state", "closed"), "outcome", _of(closed, "outcome"))
    waits = [row for row in rows if row.of["state"] in {"waiting", "needs_person"}]
    unplaced = found.put(whole(days, "unplaced"), sum(row.count for row in waits))
    states = [(days, "requests", "state", state) for state in sorted(_of(waits, "state"))]
    found.sums.append(Sum(unplaced, tuple(states)))
    found.divide(unplaced, "why", _of(waits, "why"))
    for by in ("region", "country"):
        found.divide(unplaced, by, _of(waits, by))
        for which in _of(waits, by):
            found.some((days, "requests", by, which), (days, "unplaced", by, which))


def _offers(found: Facts, days: str, rows: Sequence[Row], entity_of: Mapping[str, str]) -> None:
    total = found.put(whole(days, "offers"), sum(row.count for row in rows))
    found.divide(total, "answer", {ACCEPTED: 0} | _of(rows, "answer"))
    found.divide(total, "entity", _of(rows, "entity"))
    cells: Counter[tuple[str, str]] = Counter()
    for row in rows:
        cells[row.of["entity"], row.of["answer"]] += row.count
    found.cross(days, "offers", "entity", "answer", cells)
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.of["answer"] == ACCEPTED:
            taken[entity_of[row.of["project"]]][row.of["project"]] += row.count
    for entity, projects in sorted(taken.items()):
        found.divide((days, "offers", "entity answer", f"{entity} {ACCEPTED}"), "project", projects)


def _brief(found: Facts, brief: Brief) -> None:
    days = brief.period.days
    groups = of_groups(brief.calls)
    counts = (brief.calls.offered, brief.callbacks, brief.requests, brief.accepted)
    for fact, count in zip(_totals(days)[:4], counts, strict=True):
        found.put(fact, count, people=fact[1] != "calls")
    found.divide(whole(days, "calls"), "group", groups, only=["asked"])


def _totals(days: str) -> list[Fact]:
    """The numbers of which months and pieces of a period tell too."""
    groups = [(days, "calls", "group", group) for group in GROUPS]
    return [whole(days, "calls"), whole(days, "callbacks"), whole(days, "requests"),
            (days, "offers", "answer", ACCEPTED), *groups]  # fmt: skip


def _of(rows: Iterable[Row], by: str) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for row in rows:
        counted[row.of[by]] += row.count
    return dict(counted)


def _by(cells: Mapping[tuple[str, str], int], side: int, names: Iterable[str]) -> dict[str, int]:
    counted = Counter(dict.fromkeys(names, 0))
    for key, count in cells.items():
        counted[key[side]] += count
    return dict(counted)


def join(found: Facts, issued: Iterable[Issued]) -> tuple[set[Fact], set[Fact]]:
    """Add what issued reports say to the facts of a new one; what is told already, and what was hidden.

    A number that has changed since is another number: nothing follows from one about the other.
    """
    told: set[Fact] = set()
    kept: set[Fact] = set()
    for report in issued:
        names: dict[Fact, Fact] = {}
        for fact, (count, hidden) in report.facts.items():
            here = fact
            if found.counts.get(fact, count) != count:
                here = (*fact[:3], f"{fact[3]} as in {report.id}")
            names[fact] = here
            found.counts[here] = count
            if fact in report.unseen:
                found.unseen.add(here)
            else:
                (kept if hidden else told).add(here)
        found.sums += [Sum(names[one.total], tuple(names[part] for part in one.parts)) for one in report.sums]
    _months_of_quarters(found)
    return told, kept - told


def _months_of_quarters(found: Facts) -> None:
    """A quarter’s number is the sum of its months’, where all this is told somewhere; what is missing of it is unseen."""
    same: dict[tuple[Any, ...], list[tuple[Period, Fact]]] = defaultdict(list)
    for fact in sorted(found.counts.keys() - found.unseen):
        period = Period(*map(date.fromisoformat, fact[0].split("/")))
        if period.months:
            same[fact[1:]].append((period, fact))
    known = {(one.total, frozenset(one.parts)) for one in found.sums}
    # Of a month with a report of its own all is told: what does not stand there is nought.
    reported = {
        Period(*map(date.fromisoformat, fact[0].split("/"))) for fact in found.counts if fact[1] == "person"
    }
    for facts_of in same.values():
        for whole_of, total in facts_of:
            months = [fact for period, fact in facts_of if period.months == 1 and period.within(whole_of)]
            rest = found.counts[total] - sum(found.counts[fact] for fact in months)
            if not months or rest < 0 or (total, frozenset(months)) in known:
                continue
            here = {period for period, _ in facts_of} | reported
            if sum(period.months == 1 and period.within(whole_of) for period in here) < whole_of.months:
                left: Fact = (*total[:3], f"{total[3]} of other months")
                found.counts[left] = rest
                found.unseen.add(left)
                months.append(left)
            elif rest:
                continue
            found.sums.append(Sum(total, tuple(months)))
