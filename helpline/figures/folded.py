"""The figures of calls that leave the console: what people asked for is one number, and where few did, it is hidden. Pure.

A row (a language, an hour, a number of ours) either tells its calls whole, or leaves out whatever would tell how many asked
for something. Of a row that leaves in part, everybody knows how many calls it had but for those in which nothing was pressed
and those never answered (its `room`): how many of them asked is between nought and that, unless the sums say more. In a
table of which only the sums of rows and columns are known, the bounds of a cell follow from its two sums (`_between`),
so what can be found is known exactly, and rows are left out until it is little enough.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from helpline.figures.overview import SUMS, Calls, Overview
from helpline.figures.report_facts import ASKED
from helpline.small_cells import FEWEST

NOT_ASKED = ("information", "gave_up")
"""Outcomes that are left out with the asks: as what is left of all calls, they would tell them."""
LEFT_OUT = ("asked", *NOT_ASKED, "listened", "wanted_person", "in_time", "left_waiting")
"""What is left out of a row in which few asked. Who listened and did not ask heard information; who waited for a person,
and neither hung up nor found nobody there, talked."""
TELLING = 2 * FEWEST
"""Of fewer calls nought is left out too: of one call that was left out only where somebody asked, it would be known."""
COLUMNS = ("asked", *NOT_ASKED, "silent", "refused", "offered")
"""The outcomes of a row as it leaves, and their sum."""


@dataclass(frozen=True)
class Row:
    """What a row says of people. `room`: calls that may have been an ask; `asked`: those that were; `talked`: those of them
    that were answered within a minute."""

    room: int
    asked: int
    talked: int

    @property
    def least(self) -> int:
        """How many asked at least, where it is left out: nought is told of many calls."""
        return int(self.room >= TELLING)

    @property
    def few(self) -> bool:
        """Whether few asked, or talked."""
        return bool(self.room) and (self.least <= self.asked < FEWEST or 0 < self.talked < FEWEST)


@dataclass(frozen=True)
class Folded:
    """Which rows leave in part, by table (of those that were given, in their order), and whether their sums do."""

    rows: tuple[frozenset[str], ...]
    whole: bool


def asked(calls: Calls) -> int:
    """In how many of these calls somebody asked for something: a request, a callback, a talk, a message."""
    return sum(calls.outcomes[word] for word in ASKED)


def row(calls: Calls) -> Row:
    """What these calls say of people."""
    found = asked(calls)
    room = found + sum(calls.outcomes[word] for word in NOT_ASKED)
    return Row(room, found, calls.sums["in_time"])


def folded(tables: Sequence[Mapping[str, Calls]], whole: Calls) -> Folded:
    """Which rows of these tables leave in part; each table has the same calls in all, whose sums stand below it."""
    lines = [{name: row(calls) for name, calls in table.items()} for table in tables]
    found = [None if row(whole).few else _left_out(table) for table in lines]
    if None not in found:
        return Folded(tuple(hidden for hidden in found if hidden is not None), False)
    # The sums leave in part, and with them every row: what one table tells would be the sum of another.
    return Folded(
        tuple(frozenset(name for name, one in table.items() if one.room) for table in lines),
        bool(row(whole).room),
    )


def cells(calls: Calls, *, in_part: bool) -> dict[str, int | None]:
    """The columns of a row by name; None: left out."""
    every = {"asked": asked(calls), "offered": calls.offered, **{name: calls.sums[name] for name in SUMS}}
    every |= {word: calls.outcomes[word] for word in COLUMNS if word not in every}
    return {name: None if in_part and name in LEFT_OUT else count for name, count in every.items()}


def as_they_came(found: Overview, languages: Collection[str]) -> bool:
    """Whether the kinds of asks are told apart by time: of whole months, where asks are of more languages than one.

    `languages`: those whose row leaves in part. That the figures are of all languages and numbers, who asks knows.
    """
    ends = [moment for moment in found.moments if moment.first.day != 1 or not _last(moment.last)]
    of_one = any(
        asked(calls) == asked(found.calls) for code, calls in found.languages.items() if code not in languages
    )
    return found.unit == "month" and not ends and not of_one


def _last(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _left_out(table: Mapping[str, Row]) -> frozenset[str] | None:
    """The rows of a table that leave in part while its sums are told; None where the sums tell too much whatever is left out."""
    hidden = {name for name, one in table.items() if one.few}
    # The smallest first, so that what is told is as much as can be.
    others = sorted(
        (name for name, one in table.items() if one.asked and name not in hidden),
        key=lambda name: (table[name].room, name),
    )
    while hidden and not _safe([table[name] for name in hidden]):
        if not others:
            return None
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _safe(rows: Sequence[Row]) -> bool:
    """Whether nobody finds how few asked, or talked, in one of these rows, who knows the room of each and all their sums."""
    room, asks, talks = (sum(getattr(one, name) for one in rows) for name in ("room", "asked", "talked"))
    if asks < FEWEST or 0 < talks < FEWEST:
        return False
    known = sum(one.least for one in rows)
    for one in rows:
        least, most = _between(one.room - one.least, asks - known, room - known)
        if one.asked < FEWEST and most - least < min(one.room, FEWEST):
            return False
        least, most = _between(one.room, talks, room)
        if 0 < one.talked < FEWEST and most - least < min(one.room, FEWEST):
            return False
    return True


def _between(own: int, total: int, every: int) -> tuple[int, int]:
    """From where to where a cell may be, in a row of so many calls and a column of so many, of all so many."""
    return max(0, own + total - every), min(own, total)
