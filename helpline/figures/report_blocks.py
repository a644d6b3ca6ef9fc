"""What the tables of a report are made of: a table, what a period stands beside, and a sheet that knows which numbers are shown.

Pure, and without words of any language. A cell is a number, None (hidden), or "" (there is none). `columns`: what each is, and
what kind of number; a row may have a kind of its own. What is calculated (shares, changes) is calculated from numbers that are
shown, and from no others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from helpline.figures.facts import Fact, whole
from helpline.figures.models import Spread
from helpline.figures.report_counted import Brief, Counts, Fund
from helpline.figures.report_facts import ACCEPTED, ASKED, GROUPS, NOTHING
from helpline.figures.report_values import ENOUGH, Cell, share
from helpline.languages import CODES
from helpline.places import REGION_CODES

Rows = list[tuple[str, list[Cell]]]
Shown = Callable[[Fact], int | None]
OUTCOMES = (*ASKED, "information", *NOTHING)
_ORDER = {"language": (*CODES, ""), "region": (*REGION_CODES, ""), "outcome": OUTCOMES, "stage": ()}


@dataclass
class Block:
    """A table: in which section, what it is called, by what its rows are. `chart`: what is drawn of its first column."""

    section: str
    name: str
    by: str
    columns: list[tuple[str, str]]
    rows: Rows
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


class Sheet:
    """What is known of a period and of what stands beside it; `shown`: a number, or None where it is hidden."""

    def __init__(self, counts: Counts, beside: Beside, known: Mapping[Fact, int], shown: Shown) -> None:
        self.counts, self.beside, self.known, self.shown = counts, beside, known, shown
        self.days = counts.period.days

    def part(self, what: str, by: str) -> list[str]:
        """Which parts there are, in an order that says nothing of how many each has."""
        there = {fact[3] for fact in self.known if fact[:3] == (self.days, what, by)}
        there = {which for which in there if self.known[self.days, what, by, which]}
        order = _ORDER.get(by, ())
        return sorted(there, key=lambda which: (order.index(which) if which in order else len(order), which))

    def simple(self, section: str, what: str, by: str, *, chart: str = "", of: Fact | None = None) -> Block:
        """A table of parts and their sum, with what part of it each is."""
        total = self.shown(of or whole(self.days, what))
        rows: Rows = []
        for which in self.part(what, by):
            count = self.shown((self.days, what, by, which))
            rows.append((which, [count, share(count, total)]))
        columns = [("count", "count"), ("share", "share")]
        return Block(section, f"{what}_{by}", by, columns, rows, [total, share(total, total)], chart)

    def pieces(self, section: str, name: str, by: str, pieces: Sequence[Brief]) -> Block:
        """A table of the parts of a period, a row for each, and of the whole."""
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

    def times(self, section: str, name: str, spreads: Iterable[Spread]) -> Block:
        """A table of lengths of time; of fewer than `ENOUGH` nothing is told but that there are some."""
        rows: Rows = []
        for which in spreads:
            told = self.counts.spreads[which]
            if told.count >= ENOUGH:
                rows.append((str(which), [told.median, told.ninth]))
            elif told.count:
                rows.append((str(which), [None, None]))
        return Block(section, name, "spread", [("median", "length"), ("ninth", "length")], rows)


def added(rows: Rows) -> list[Cell]:
    """The sums of each column."""
    return [
        sum(int(cell or 0) for cell in column) for column in zip(*(cells for _, cells in rows), strict=True)
    ]
