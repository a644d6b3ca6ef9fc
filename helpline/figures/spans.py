"""What the counts of a period come to, added up by the database: whole months by the month, other days by the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline.figures.periods import parts


@dataclass(frozen=True)
class Counts:
    """Counts that are kept by the day and by the month: their two tables, by which columns they are added up, and which."""

    days: str
    months: str
    by: tuple[str, ...]
    sums: tuple[str, ...]


def added_up(
    session: Session,
    counts: Counts,
    periods: Sequence[tuple[date, date]],
    which: str = "TRUE",
    by: tuple[str, ...] = (),
    given: Mapping[str, Any] | None = None,
) -> Sequence[Any]:
    """Rows of the columns of `by`, then the sums of the first period, then of the next; nought where one has none.

    `which`: rows that are wanted, as SQL of our own with the words of `given`; `by`: other columns, or what stands for them.
    """
    columns = by or counts.by
    branches, values = list[str](), dict[str, Any](given or {})
    for place, (first, last) in enumerate(periods):
        for table, when, span in _spans(counts, first, last):
            # Each part is added up by itself: fewer rows are put together than there are.
            number = len(branches)
            values |= {f"first_{number}": span[0], f"last_{number}": span[1]}
            keys = ", ".join(f"{each} AS k{at}" for at, each in enumerate(columns))
            own = [
                f"sum({name})" if here == place else "0"
                for here in range(len(periods))
                for name in counts.sums
            ]
            sums = ", ".join(f"{each} AS s{at}" for at, each in enumerate(own))
            groups = ", ".join(str(at + 1) for at in range(len(columns)))
            of = f"{table} WHERE {when} BETWEEN :first_{number} AND :last_{number} AND {which}"
            branches.append(f"SELECT {keys}, {sums} FROM {of} GROUP BY {groups}")  # noqa: S608 - our own words alone
    keys = ", ".join(f"k{at}" for at in range(len(columns)))
    sums = ", ".join(f"sum(s{at})::bigint" for at in range(len(periods) * len(counts.sums)))
    told = f"SELECT {keys}, {sums} FROM ({' UNION ALL '.join(branches)}) n GROUP BY {keys}"  # noqa: S608 - our own words alone
    # To start helpers takes the database longer than to add up.
    session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    return session.execute(text(told), values).all()


def _spans(counts: Counts, first: date, last: date) -> Sequence[tuple[str, str, tuple[date, date]]]:
    """Which tables a period is read from, each with its column of days and the span of them."""
    chosen = parts(first, last)
    months = [(counts.months, "month", chosen.months)] if chosen.months else []
    return [*((counts.days, "day", span) for span in chosen.days), *months]
