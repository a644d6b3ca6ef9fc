"""A report as it is kept: its tables, row by row, with what is hidden left out. No words of any language in it. Pure.

A cell is a number, None (hidden), or "" (there is none). `columns`: what each is, and what kind of number; a row may have
a kind of its own. What is calculated (shares, changes) is calculated from numbers that are shown, and from no others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from helpline.figures.facts import Fact, whole
from helpline.figures.models import Spread
from helpline.figures.overview import Calls
from helpline.figures.report_counted import Brief, Counts, Fund
from helpline.figures.report_facts import ACCEPTED, ASKED, ENDS, GROUPS, NOTHING
from helpline.figures.report_periods import Period
from helpline.figures.report_values import ENOUGH, Cell, change, share, single_days, weeks
from helpline.languages import CODES
from helpline.places import REGION_CODES
from helpline.small_cells import FEWEST

Shown = Callable[[Fact], int | None]
OUTCOMES = (*ASKED, "information", *NOTHING)
ANSWERS = (ACCEPTED, "no_place", "not_eligible", "other", "no_answer", "withdrawn", "pending")
_ORDER = {"language": (*CODES, ""), "region": (*REGION_CODES, ""), "outcome": OUTCOMES, "stage": ()}


@dataclass
class Block:
    """A table: in which section, what it is called, by what its rows are. `chart`: what is drawn of its first column."""

    section: str
    name: str
    by: str
    columns: list[tuple[str, str]]
    rows: list[tuple[str, list[Cell]]]
    total: list[Cell] | None = None
    chart: str = ""
    kinds: dict[str, str] | None = None


@dataclass(frozen=True)
class Beside:
    """What a period is compared with, and of what it consists. `began`: the first day on which anybody called."""

    before: Brief
    year: Brief
    months: Sequence[Brief]
    pieces: Sequence[Brief]
    funds: Sequence[Fund]
    all: Brief
    began: date | None


def blocks(
    counts: Counts, beside: Beside, known: Mapping[Fact, int], hidden: Iterable[Fact]
) -> list[dict[str, Any]]:
    """All tables of a report, in their order; those without a row are left out."""
    veil = frozenset(hidden)

    def shown(fact: Fact) -> int | None:
        return None if fact in veil else known.get(fact, 0)

    lay = _Layout(counts, beside, known, shown)
    found = [*lay.brief(), *lay.calls(), *lay.languages(), *lay.menu(), *lay.callbacks(), *lay.requests(),
             *lay.entities(), *lay.returned(), *lay.missing(), *lay.prompts(), *lay.funding()]  # fmt: skip
    return [asdict(block) for block in found if block.rows]


class _Layout:
    def __init__(self, counts: Counts, beside: Beside, known: Mapping[Fact, int], shown: Shown) -> None:
        self.counts, self.beside, self.known, self.shown = counts, beside, known, shown
        self.days = counts.period.days

    def part(self, what: str, by: str) -> list[str]:
        """Which parts there are, in an order that says nothing of how many each has."""
        there = {fact[3] for fact in self.known if fact[:3] == (self.days, what, by)}
        there = {which for which in there if self.known[self.days, what, by, which]}
        order = _ORDER.get(by, ())
        return sorted(there, key=lambda which: (order.index(which) if which in order else len(order), which))

    def simple(
        self, section: str, what: str, by: str, *, name: str = "", chart: str = "", of: Fact | None = None
    ) -> Block:
        """A table of parts and their sum, with what part of it each is."""
        total = self.shown(of or whole(self.days, what))
        rows: list[tuple[str, list[Cell]]] = []
        for which in self.part(what, by):
            count = self.shown((self.days, what, by, which))
            rows.append((which, [count, share(count, total)]))
        columns = [("count", "count"), ("share", "share")]
        return Block(section, name or f"{what}_{by}", by, columns, rows, [total, share(total, total)], chart)

    def brief(self) -> list[Block]:
        now, then, year = self.beside.all, self.beside.before, self.beside.year
        changed = ("change", "change")
        columns = [("now", "count"), ("before", "count"), changed, ("year", "count"), changed]
        rows: list[tuple[str, list[Cell]]] = []
        kinds: dict[str, str] = {}
        for name in ("offered", "listened", "wanted_person", "in_time", "left_waiting", "nobody"):
            cells = [_of_calls(name, each.calls) for each in (now, then, year)]
            if name in {"in_time", "left_waiting"}:
                kinds[name] = "share"
                # Hidden where what they are calculated from is.
                if None in (self.shown((self.days, "person", "end", end)) for end in ENDS):
                    cells[0] = None
                rows.append((name, [cells[0], cells[1], "", cells[2], ""]))
            else:
                rows.append((name, _compared(cells)))
        for name, of in (("callbacks", ("callbacks", "", "")), ("requests", ("requests", "", "")),
                         ("accepted", ("offers", "answer", ACCEPTED))):  # fmt: skip
            rows.append(
                (name, _compared([self.shown((each.period.days, *of)) for each in (now, then, year)]))
            )
        for each, place in ((then, 1), (year, 3)):
            if not (each.calls.offered or each.callbacks or each.requests):  # there was no line yet
                for _, row in rows:
                    row[place] = ""
            if each.period.first < (self.beside.began or each.period.first):  # it is known in part
                for _, row in rows:
                    row[place + 1] = ""
        return [Block("brief", "indicators", "indicator", columns, rows, kinds=kinds)]

    def calls(self) -> list[Block]:
        counts, total = self.counts, self.shown(whole(self.days, "calls"))
        outcomes: list[tuple[str, list[Cell]]] = []
        for word in OUTCOMES:
            count = self.shown((self.days, "calls", "outcome", word))
            outcomes.append((word, [count, share(count, total)]))
        of_outcomes = Block(
            "calls", "outcomes", "outcome", [("offered", "count"), ("share", "share")], outcomes,
            [total, share(total, total)], "bars",
        )  # fmt: skip
        found = [of_outcomes]
        if counts.period.months > 1:
            found.append(self._pieces("calls", "months", "month", self.beside.months))
        columns = [("offered", "count"), ("listened", "count"), ("wanted_person", "count")]
        spans = weeks(counts.period) if counts.period.months > 1 else single_days(counts.period)
        rows = []
        for span in spans:
            calls = Calls()
            for day, each in counts.days.items():
                if span.first <= date.fromisoformat(day) <= span.last:
                    calls.outcomes.update(each.outcomes)
                    calls.sums.update(each.sums)
            rows.append((span.days, _plain(calls)))
        by_week = counts.period.months > 1
        found.append(
            Block("calls", "weeks" if by_week else "days", "days", columns, rows, _added(rows), "columns")
        )
        rows = [(hour, _plain(calls)) for hour, calls in counts.hours.items()]
        found.append(Block("calls", "hours", "hour", columns, rows, _added(rows), "columns"))
        numbers: list[tuple[str, list[Cell]]] = [
            (number, [count]) for number, count in sorted(counts.numbers.items())
        ]
        if len(numbers) > 1:
            found.append(Block("calls", "numbers", "number", columns[:1], numbers, _added(numbers)))
        return found

    def languages(self) -> list[Block]:
        counts = self.counts
        rows: list[tuple[str, list[Cell]]] = []
        served: list[tuple[str, list[Cell]]] = []
        for code in self.part("calls", "language"):
            groups = [
                self.shown((self.days, "calls", "language group", f"{code} {group}")) for group in GROUPS
            ]
            listened = counts.languages[code].sums["listened"]
            rows.append((code, [self.shown((self.days, "calls", "language", code)), *groups, listened]))
        for code in self.part("person", "language"):
            ends = [self.shown((self.days, "person", "language end", f"{code} {end}")) for end in ENDS]
            served.append((code, [self.shown((self.days, "person", "language", code)), *ends]))
        groups = [self.shown((self.days, "calls", "group", group)) for group in GROUPS]
        listened = sum(calls.sums["listened"] for calls in counts.languages.values())
        ends = [self.shown((self.days, "person", "end", end)) for end in ENDS]
        return [
            Block(
                "languages", "languages", "language",
                [("offered", "count"), *((group, "count") for group in GROUPS), ("listened", "count")], rows,
                [self.shown(whole(self.days, "calls")), *groups, listened], "bars",
            ),
            Block(
                "languages", "served", "language", [("wanted_person", "count"), *((end, "count") for end in ENDS)],
                served, [self.shown(whole(self.days, "person")), *ends],
            ),
            self._times("languages", "waits", (Spread.WAIT_SECONDS,)),
        ]  # fmt: skip

    def menu(self) -> list[Block]:
        counts = self.counts
        topics: list[tuple[str, list[Cell]]] = [
            (name, [count]) for name, count in counts.topics.items() if count
        ]
        rows: list[tuple[str, list[Cell]]] = []
        ended = 0
        for name, stage in counts.stages.items():
            if stage.entered or stage.ended:
                rows.append((name, [stage.entered, stage.ended, share(stage.ended, stage.entered)]))
                ended += stage.ended
        outside = sum(calls.offered for calls in counts.languages.values()) - ended
        if outside > 0:
            rows.append(("outside", ["", outside, ""]))
        total: list[Cell] = ["", ended + max(0, outside), ""]
        columns = [("entered", "count"), ("ended", "count"), ("ended_share", "share")]
        return [
            Block("menu", "stages", "stage", columns, rows, total),
            Block("menu", "topics", "topic", [("heard", "count")], topics, _added(topics), "bars"),
            self._times("menu", "ways", (Spread.USEFUL_SECONDS, Spread.USEFUL_KEYS)),
        ]

    def callbacks(self) -> list[Block]:
        total = self.shown(whole(self.days, "callbacks"))
        attempts = sum(row.attempts for row in self.counts.callbacks)
        tries: list[tuple[str, list[Cell]]] = [("attempts", [None if total is None else attempts])]
        found = [
            self.simple("callbacks", "callbacks", by)
            for by in ("state", "source", "topic", "language", "late")
        ]
        tries = tries if total != 0 else []
        found.insert(1, Block("callbacks", "attempts", "figure", [("count", "count")], tries))
        spreads = (Spread.FIRST_TRY_MINUTES, Spread.CONTACT_MINUTES)
        return [*found, self._times("callbacks", "callback_times", spreads)]

    def requests(self) -> list[Block]:
        found = [self.simple("requests", "requests", by) for by in ("state", "group", "language")]
        found.append(self.simple("requests", "requests", "region", chart="bars"))
        found.append(self.simple("requests", "requests", "country"))
        closed = (self.days, "requests", "state", "closed")
        found.append(self.simple("requests", "requests", "outcome", of=closed))
        spreads = (Spread.OFFER_MINUTES, Spread.ACCEPTANCE_MINUTES)
        return [*found, self._times("requests", "request_times", spreads)]

    def entities(self) -> list[Block]:
        here = [word for word in ANSWERS if word in self.part("offers", "answer")]
        rows: list[tuple[str, list[Cell]]] = []
        for entity in self.part("offers", "entity"):
            answers = [
                self.shown((self.days, "offers", "entity answer", f"{entity} {word}")) for word in here
            ]
            rows.append((entity, [*answers, self.shown((self.days, "offers", "entity", entity))]))
        answers = [self.shown((self.days, "offers", "answer", word)) for word in here]
        total: list[Cell] = [*answers, self.shown(whole(self.days, "offers"))]
        columns = [*((word, "count") for word in here), ("all", "count")]
        projects: list[tuple[str, list[Cell]]] = []
        for id in self.part("offers", "project"):
            of = self.counts.projects[id]
            cells: list[Cell] = [of.entity, of.funder, Period(of.first, of.last).days]
            projects.append((id, [*cells, self.shown((self.days, "offers", "project", id))]))
        accepted = self.shown((self.days, "offers", "answer", ACCEPTED))
        about = [("entity", "entity"), ("funder", "text"), ("dates", "days"), ("accepted", "count")]
        return [
            Block("entities", "answers", "entity", columns, rows, total),
            Block("entities", "projects", "project", about, projects, ["", "", "", accepted]),
        ]

    def returned(self) -> list[Block]:
        figures = tuple(self.counts.returned)
        ids = sorted({id for figure in figures for id in self.part(f"returned {figure}", "project")})
        rows: list[tuple[str, list[Cell]]] = []
        for id in ids:
            rows.append(
                (id, [self.shown((self.days, f"returned {figure}", "project", id)) for figure in figures])
            )
        total: list[Cell] = [self.shown(whole(self.days, f"returned {figure}")) for figure in figures]
        columns = [(figure, "count") for figure in figures]
        return [Block("entities", "returned_counts", "project", columns, rows, total)]

    def missing(self) -> list[Block]:
        return [self.simple("missing", "unplaced", by) for by in ("why", "region", "country")] + [
            self.simple("missing", "talks", "went")
        ]

    def prompts(self) -> list[Block]:
        rows: list[tuple[str, list[Cell]]] = []
        for code, wanted in self.counts.prompts.items():
            recorded = min(wanted, self.counts.recorded.get(code, 0))
            live = self.counts.sets.get(code)
            rows.append((code, ["" if live is None else live, wanted, recorded, share(recorded, wanted)]))
        columns = [("set", "plain"), ("prompts", "count"), ("recorded", "count"), ("share", "share")]
        return [Block("prompts", "prompts", "language", columns, rows)]

    def funding(self) -> list[Block]:
        rows: list[tuple[str, list[Cell]]] = [(fund.name, [fund.period.days]) for fund in self.beside.funds]
        found = [Block("funding", "funds", "fund", [("dates", "days")], rows)]
        if len(self.beside.pieces) > 1:
            found.append(self._pieces("funding", "pieces", "days", self.beside.pieces))
        return found

    def _pieces(self, section: str, name: str, by: str, pieces: Sequence[Brief]) -> Block:
        columns = [("offered", "count"), *((group, "count") for group in GROUPS),
                   ("callbacks", "count"), ("requests", "count"), ("accepted", "count")]  # fmt: skip

        def cells(days: str) -> list[Cell]:
            groups = [self.shown((days, "calls", "group", group)) for group in GROUPS]
            others = [self.shown(whole(days, what)) for what in ("callbacks", "requests")]
            return [
                self.shown(whole(days, "calls")),
                *groups,
                *others,
                self.shown((days, "offers", "answer", ACCEPTED)),
            ]

        rows = [(piece.period.days, cells(piece.period.days)) for piece in pieces]
        return Block(section, name, by, columns, rows, cells(self.days))

    def _times(self, section: str, name: str, spreads: Iterable[Spread]) -> Block:
        rows: list[tuple[str, list[Cell]]] = []
        for which in spreads:
            told = self.counts.spreads[which]
            if told.count >= ENOUGH:
                rows.append((str(which), [told.median, told.ninth]))
            elif told.count:
                rows.append((str(which), [None, None]))
        return Block(section, name, "spread", [("median", "length"), ("ninth", "length")], rows)


def _of_calls(name: str, calls: Calls) -> Cell:
    match name:
        case "offered":
            return calls.offered
        case "nobody":
            return calls.sums["nobody"] + calls.sums["turned_away"]
        case "wanted_person":
            return calls.sums["wanted_person"] + calls.sums["turned_away"]
        case "in_time" | "left_waiting":
            asked = calls.sums["wanted_person"] - calls.sums["nobody"]
            if 0 < asked < ENOUGH or 0 < calls.sums["answered"] < FEWEST:
                return None
            return share(calls.sums[name], asked)
    return calls.sums[name]


def _compared(cells: Sequence[Cell]) -> list[Cell]:
    now, then, year = cells
    return [now, then, change(now, then), year, change(now, year)]


def _plain(calls: Calls) -> list[Cell]:
    return [calls.offered, calls.sums["listened"], calls.sums["wanted_person"] + calls.sums["turned_away"]]


def _added(rows: Sequence[tuple[str, list[Cell]]]) -> list[Cell]:
    return [
        sum(int(cell or 0) for cell in column) for column in zip(*(cells for _, cells in rows), strict=True)
    ]
