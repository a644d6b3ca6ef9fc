"""How the lines of a day are chained and judged: pure, knows no table, no key and no time.

Each line's hash is made of the hash before it and of everything the line says; the last hash of the day, with how many
lines there are and which day came before, is signed by a key that the database does not have. So whoever changes,
removes, puts in or reorders a line would have to make all later hashes anew, and could not sign the last one.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hmac import compare_digest
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line as the database holds it. `position` and `hash` are None on a line that we did not chain."""

    id: int
    day: date
    position: int | None
    at: datetime
    who: str
    what: str
    about: str
    details: Mapping[str, Any]
    hash: str | None = None


@dataclass(frozen=True)
class Head:
    """How a day's chain stands, and its signature."""

    day: date
    before: date | None
    lines: int
    head: str
    signature: str = ""


@dataclass(frozen=True)
class Fault:
    """What does not fit, on which day, and at which line where one can be named."""

    day: date
    line_id: int | None
    reason: str

    def __str__(self) -> str:
        where = f"{self.day}" if self.line_id is None else f"{self.day}, line with the id {self.line_id}"
        return f"{where}: {self.reason}"


def link(previous: str, line: Line) -> str:
    """The hash of a line that stands behind the one with the hash `previous` ("" at the beginning of a day)."""
    said = [
        line.day.isoformat(),
        line.position,
        line.id,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.who,
        line.what,
        line.about,
        dict(line.details),
    ]
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def to_sign(head: Head) -> str:
    """What the signature of a day's head is made over."""
    return json.dumps(
        [head.day.isoformat(), head.before.isoformat() if head.before else None, head.lines, head.head]
    )


def faults_of_day(
    day: date, lines: Iterable[Line], head: Head | None, sign: Callable[[str], str]
) -> Iterator[Fault]:
    """What does not fit in one day. `lines` by position, those without one last; `sign` gives the good signature."""
    position, previous = 0, ""
    for line in lines:
        if line.position is None or line.hash is None:
            yield Fault(day, line.id, "is in no chain: it was not written by this application")
            continue
        if line.position == position + 1:
            if not compare_digest(line.hash, link(previous, line)):
                yield Fault(day, line.id, "does not follow from the lines before: changed, moved or put in")
        elif line.position > position + 1:
            yield Fault(day, line.id, f"{line.position - position - 1} before it are missing")
        else:
            yield Fault(day, line.id, f"stands at the place {line.position}, which is another's")
        position, previous = line.position, line.hash
    yield from _faults_of_head(day, position, previous, head, sign)


def _faults_of_head(
    day: date, position: int, last: str, head: Head | None, sign: Callable[[str], str]
) -> Iterator[Fault]:
    if head is None:
        if position:
            yield Fault(day, None, "the signed head of the day is missing")
        return
    if not compare_digest(head.signature, sign(to_sign(head))):
        yield Fault(day, None, "the head of the day is not signed with the key of this installation")
    if head.lines > position:
        yield Fault(day, None, f"{head.lines - position} at the end are missing")
    elif head.lines < position:
        yield Fault(day, None, f"{position - head.lines} at the end are too many")
    elif not compare_digest(head.head, last):
        yield Fault(day, None, "the head of the day belongs to another last line")


def faults_between_days(heads: Iterable[Head], days: Collection[date], *, due: date) -> Iterator[Fault]:
    """Days that are missing as a whole: each day names the one before it. Those before `due` may be gone."""
    for head in heads:
        if head.before is not None and head.before >= due and head.before not in days:
            yield Fault(head.before, None, "the whole day is missing")
