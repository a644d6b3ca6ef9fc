"""Proves the counts against the rows they are made of, or makes all of them anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from helpline import clock
from helpline.figures import counting, keeping
from helpline.figures.models import CallSum

MOST = 20
"""So many differences of one table are told; how many there are in all is told too."""


@dataclass(frozen=True)
class Difference:
    """A table of counts that is not what the rows say: how many rows of it, and the first of them in words."""

    table: str
    rows: int
    told: tuple[str, ...]


def whole_since() -> date:
    """The first day whose calls are all still there."""
    return clock.in_rome().date() - keeping.WHOLE_FOR + timedelta(days=1)


def differences(session: Session, first: date, last: date) -> list[Difference]:
    """Where what is counted of these days, both included, is not what a count from scratch gives; empty when all is well.

    Changes of the last seconds that the worker has not counted yet are differences too. Raises `ValueError` for days
    before `whole_since`, of which calls have been forgotten.
    """
    if first < whole_since():
        raise ValueError(
            f"calls before {whole_since().isoformat()} are forgotten: their counts cannot be proved"
        )
    session.execute(
        text("SET LOCAL statement_timeout = 0")
    )  # a month of a busy line takes longer than a page may
    found = list(_sums(session, first, last))
    for count in counting.ALL:
        given = counting.moments(first, last)
        fresh = f"SELECT {count.columns} FROM ({count.made}) n"  # noqa: S608 - our own words alone
        stored = f"SELECT {count.columns} {count.counted}"
        told = [
            *(
                f"not counted: {_words(row)}"
                for row in session.execute(text(f"{fresh} EXCEPT {stored}"), given)
            ),
            *(
                f"counted, and not there: {_words(row)}"
                for row in session.execute(text(f"{stored} EXCEPT {fresh}"), given)
            ),
        ]
        if told:
            found.append(Difference(count.table, len(told), tuple(told[:MOST])))
    return found


def rebuild(session: Session, first: date, last: date) -> Iterator[int]:
    """Sum up and count these days anew, both included; gives the number of calls of each batch. Raises as `differences`."""
    if first < whole_since():
        raise ValueError(
            f"calls before {whole_since().isoformat()} are forgotten: their counts cannot be made again"
        )
    for ids in keeping.finished(session, first, last):
        keeping.sum_up(session, ids)
        yield len(ids)
    counting.recount(session, first, last)


def _sums(session: Session, first: date, last: date) -> Iterator[Difference]:
    wrong: list[str] = []
    for ids in keeping.finished(session, first, last):
        stored = {
            row.call_id: row for row in session.scalars(select(CallSum).where(CallSum.call_id.in_(ids)))
        }
        for sums in keeping.sums_of(session, ids):
            kept = stored.get(sums["call_id"])
            if kept is None:
                wrong.append(f"call {sums['call_id']}: not summed up")
                continue
            fields = [name for name, value in sums.items() if getattr(kept, name) != value]
            if fields:
                wrong.append(f"call {sums['call_id']}: {', '.join(fields)}")
    if wrong:
        yield Difference("call_sums", len(wrong), tuple(wrong[:MOST]))


def _words(row: Row[Any]) -> str:
    return " ".join(str(value) or "-" for value in row)
