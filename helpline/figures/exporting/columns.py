"""What stands in a row that leaves the house: which columns, made from what the database gives. Pure.

No number, no name, no region and no country; a caller is a word that is made anew for each file (docs/adr: exports).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

_ROME = ZoneInfo("Europe/Rome")
_PLACES = ("area", "region", "country", "office")
"""Steps that ask where somebody is or goes begin with these; which key was pressed there, and to which of them it led, would
say it."""
BRANCHING = ("area", "office")
"""Those of which there is one for each part of Italy: in a file they have one name, and are one row however many of them a
caller came to, since only one part has two."""


class What(StrEnum):
    """What is exported: a row for each call, or a row for each step of each call."""

    CALLS = "calls"
    STEPS = "steps"


class Cells(StrEnum):
    """What a column holds, which decides how it is written. WORD: a code of ours, told in words to people."""

    TEXT = "text"
    WORD = "word"
    WHOLE = "whole"
    MOMENT = "moment"
    YESNO = "yesno"


@dataclass(frozen=True)
class Column:
    """`name` is the same for ever (JSON Lines); the heading that people read is given with the export."""

    name: str
    cells: Cells
    width: int = 12


COLUMNS: Mapping[What, tuple[Column, ...]] = {
    What.CALLS: (
        Column("call", Cells.WHOLE, 10),
        Column("began_at", Cells.MOMENT, 17),
        Column("utc_offset", Cells.TEXT, 9),
        Column("caller", Cells.TEXT, 20),
        Column("language", Cells.WORD, 14),
        Column("outcome", Cells.WORD, 26),
        Column("ended_at_step", Cells.TEXT, 20),
        Column("seconds", Cells.WHOLE, 10),
        Column("keys", Cells.WHOLE, 8),
        Column("heard_message", Cells.YESNO),
        Column("useful_after_seconds", Cells.WHOLE),
        Column("useful_after_keys", Cells.WHOLE),
        Column("waited_seconds", Cells.WHOLE),
        Column("answered", Cells.YESNO),
        Column("nobody_there", Cells.YESNO),
        Column("turned_away", Cells.YESNO),
        Column("number_dialled", Cells.TEXT, 16),
    ),
    What.STEPS: (
        Column("call", Cells.WHOLE, 10),
        Column("call_began_at", Cells.MOMENT, 17),
        Column("utc_offset", Cells.TEXT, 9),
        Column("turn", Cells.WHOLE, 8),
        Column("seconds_into_call", Cells.WHOLE),
        Column("language", Cells.WORD, 14),
        Column("step", Cells.TEXT, 20),
        Column("heard", Cells.TEXT, 14),
        Column("to_step", Cells.TEXT, 20),
    ),
}


def call_rows(found: Iterable[Any], caller: Callable[[str], str]) -> list[tuple[Any, ...]]:
    """Rows of calls, in the order of the columns, of what the database gives in that order: id, moment, caller's hash, language,
    outcome, last step, rest."""
    return [
        (
            id,
            *in_rome(at),
            caller(known_as) if known_as else None,
            language,
            outcome,
            last and coarse(last),
            *rest,
        )
        for id, at, known_as, language, outcome, last, *rest in found
    ]


def step_rows(found: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Rows of steps, in the order of the columns, of what the database gives: id and moment of the call, then the step;
    of a call without steps, none.

    Steps of `BRANCHING` that follow each other are one row: it says when and how the caller left the last of them, and those
    after it are numbered on.
    """
    rows = list[tuple[Any, ...]]()
    of: int | None = None
    began: tuple[Any, ...] = ()
    folded, before = 0, ""
    for id, call_at, turn, at, language, step, heard, to_step in found:
        if turn is None:
            continue
        if id != of:  # a call has many
            of, began, folded, before = id, in_rome(call_at), 0, ""
        into = max(0, round((at - call_at).total_seconds()))
        key, here, next_ = told(step, heard, to_step)
        if here == before and here in BRANCHING:
            folded += 1
            rows.pop()
        rows.append((id, *began, turn - folded, into, language, here, key, next_))
        before = here
    return rows


@lru_cache(maxsize=4096)
def told(step: str, heard: str | None, to_step: str | None) -> tuple[str | None, str, str | None]:
    """What was heard at a step, the step, and where it led: of places as much as nobody can be told by."""
    if step.startswith(_PLACES) and heard:
        heard = heard.partition(" ")[0]
    return heard, coarse(step), to_step and coarse(to_step)


def coarse(step: str) -> str:
    """What a step is called in a file: one name for all that ask for the region within a part of Italy."""
    return next((place for place in BRANCHING if step.startswith(f"{place}_")), step)


def tells_place(step: str) -> bool:
    """Whether who is known to have come to a step is known to be in some part of Italy."""
    return coarse(step) != step


def in_rome(at: datetime) -> tuple[datetime, str]:
    """The minute on Rome's clocks, and by how much those are ahead (`UTC+2`): both together are one moment."""
    here = at.replace(second=0, microsecond=0).astimezone(_ROME)
    return here, _ahead(here.utcoffset())


@lru_cache(maxsize=8)
def _ahead(offset: timedelta | None) -> str:
    return f"UTC+{int(offset.total_seconds() // 3600) if offset else 0}"


def pseudonyms(key: bytes) -> Callable[[str], str]:
    """How callers are called in one file: the same word for the same caller, which nobody can make without the key."""

    def caller(known_as: str) -> str:
        return "c" + blake2b(known_as.encode(), key=key, digest_size=6).hexdigest()

    return caller
