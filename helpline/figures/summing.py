"""What one finished call comes to: where it ended, what was heard of a message, how long the way to it was. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpline.calls.steps import TOLD

HEARD = 0.8
"""So much of a message must have been heard for whoever called to count as a listener (DOMAIN §5)."""

SOUGHT = "find_person"
"""What is done where somebody asks for a person."""
TURNED_AWAY = frozenset({"closed", "holiday", "nobody_free", "difficult_call", "minor_call"})
"""Where the menu leads from there when nobody is there, and only then (tests compare it with the menu)."""
LEFT_BY_KEY = "leave_hold=left"
"""What is done where somebody who waits for a person presses a key to do something else."""
SHUT = ("closed", "holiday")
"""Those of them which say that the line is closed: in all others somebody was missing who should have been there."""

KEYS = ("key", "language", "digits", "wrong")
"""First words of what the journey says was heard when keys were pressed."""

Length = Callable[[str, str], float]
"""How many seconds the message of a step lasts in a language; nought for a step that has none."""


@dataclass(frozen=True)
class Passed:
    """One row of a journey: when it was answered, what had been heard, and where that led."""

    at: datetime
    heard: str | None
    did: str | None
    to_step: str | None
    to_language: str | None


@dataclass(frozen=True)
class Summed:
    """`last_step`: where the call ended (None: before any step). `keys`: how often something was pressed. `listened`: at
    least four fifths of one key message were heard. `useful_seconds`, `useful_keys`: the way to the first of them, in
    seconds since the call was answered and in keys; None where none was reached. `turned_away`: a person was asked for, and
    nobody was there."""

    last_step: str | None = None
    keys: int = 0
    listened: bool = False
    useful_seconds: int | None = None
    useful_keys: int | None = None
    turned_away: bool = False


def came_to(way: Sequence[Passed]) -> list[str]:
    """Every step that a journey came to, each once, by its name."""
    return sorted({row.to_step for row in way if row.to_step})


def summed(way: Sequence[Passed], ended_at: datetime | None, length: Length) -> Summed:
    """What a journey comes to; `way` in the order it was walked, `ended_at` when the call did (None: not known).

    A message is heard from the answer that begins it until the next row, or until the end of the call. Where the end is
    not known nothing is counted as heard after the last row.
    """
    keys, listened, turned_away = 0, False, False
    useful_seconds = useful_keys = None
    for place, row in enumerate(way):
        keys += (row.heard or "").startswith(KEYS)
        did = (row.did or "").split()
        sought = any(word.partition("=")[0] == SOUGHT for word in did)
        turned_away |= sought and row.to_step in TURNED_AWAY
        if TOLD not in did:
            continue
        if useful_seconds is None:
            useful_seconds, useful_keys = round((row.at - way[0].at).total_seconds()), keys
        until = way[place + 1].at if place + 1 < len(way) else ended_at
        lasts = length(row.to_step or "", row.to_language or "")
        if until is not None and lasts > 0 and (until - row.at).total_seconds() >= HEARD * lasts:
            listened = True
    last = way[-1].to_step if way else None
    return Summed(last, keys, listened, useful_seconds, useful_keys, turned_away)
