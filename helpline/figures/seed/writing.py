"""Writes a made-up year into the database, all of it or nothing, with its counts; only where no real carrier is."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from helpline import clock, db, hours, line
from helpline.calls.models import Call
from helpline.config import Settings
from helpline.faults import Faults
from helpline.figures import counting, lengths
from helpline.figures.seed import after, causes, returned, year
from helpline.figures.seed.causes import Cause, Met
from helpline.figures.seed.journeys import STEP_COLUMNS, Journeys
from helpline.figures.seed.lines import TABLES, Ids
from helpline.figures.seed.rows import Line, Numbers, Rows
from helpline.figures.seed.walking import World
from helpline.figures.seed.year import Begun, Planted
from helpline.hours import Calendar, Span, Status
from helpline.ivr import flow
from helpline.ivr.actions.help_to_return import consent_version
from helpline.people import audit
from helpline.routing import counts_values, snapshot
from helpline.voice import catalogue, newest

MOST_DAYS = 365
"""Calls are forgotten after a year."""
MARK = "seed"
"""With this a made-up call's id begins: no carrier names a call so."""
_CALLS_AT_ONCE = 8000
_SLOT_SECONDS = 3.0

_USUAL = Calendar(tuple(Span(day, 9, 18) for day in range(5)), tuple(Span(day, 9, 20) for day in range(6)))
"""Where the line has no hours yet."""


@dataclass(frozen=True)
class Seeded:
    """What was written: how many calls, from which day to which."""

    calls: int
    first: date
    last: date


def seed(
    settings: Settings,
    *,
    calls: int,
    days: int = MOST_DAYS,
    number: int = 1,
    cause: str = "random",
    again: bool = False,
    told: Callable[[int], None] = lambda done: None,
) -> Seeded:
    """Make up so many calls of the last days until yesterday, and all that they led to; the same for the same `number`.

    `cause`: why Bangla callers give up on the last Tuesday (`causes.Cause`, `none`, or `random`), which nothing but the
    audit says. `told` is given how many calls are written. Raises `Faults` where the carrier is a real one, and where
    such calls are already there unless `again` says to put more beside them.
    """
    if settings.real_carrier:
        raise Faults(["helpline seed: refused, because TWILIO_API_URL is the real carrier"])
    last = clock.in_rome().date() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    dice = Random(number)  # noqa: S311 - nothing is kept secret with it
    met = _met(dice, cause)
    planted = Planted(year.last_tuesday(last + timedelta(days=1)), least=24) if met else None
    with db.transaction() as session:
        before = session.scalar(select(func.count()).where(func.starts_with(Call.sid, MARK))) or 0
        if before and not again:
            raise Faults(
                [f"helpline seed: {before} made-up calls are there already; --again puts others beside them"]
            )
        rows = Rows(_line(session, settings, dice, before), Numbers(clock.in_rome().year), Ids())
        length = lengths.of_sets(session, {rows.line.set_id})[rows.line.set_id]
        walks = Journeys(dice, length, settings.toll_free_number)
        _write(session, _chunks(rows, walks, year.calls(dice, first, last, calls, planted), met, told))
        returned.write(session, Random(number), first, last)  # noqa: S311 - as above
        _count(session, first, clock.in_rome().date())  # calls of the last evening led to asks of today
        what, step = (str(met.cause), met.step) if met else ("none", "")
        audit.record(session, "seed", "seeded", "calls", calls=calls, cause=what, step=step)
    return Seeded(calls, first, last)


def _met(dice: Random, cause: str) -> Met | None:
    if cause == "none":
        return None
    return causes.met(dice, dice.choice(list(Cause)) if cause == "random" else Cause(cause))


def _line(session: Session, settings: Settings, dice: Random, before: int) -> Line:
    known = line.current().calendar
    calendar = Calendar(
        known.opening or _USUAL.opening, known.callback or _USUAL.callback, known.closures,
        opening_from=known.opening_from, callback_from=known.callback_from,
    )  # fmt: skip
    now, texts = clock.now(), catalogue.repository()
    places = after.places(snapshot.projects(session), snapshot.week_begins(now))
    series = f"{before:08x}"[-8:]
    versions = {language: consent_version(texts, language) for language in texts.languages}
    number = settings.toll_free_number
    return Line(dice, calendar, places, now, number, newest.number(session), versions, series)


def _chunks(
    rows: Rows, walks: Journeys, days: Iterator[list[Begun]], met: Met | None, told: Callable[[int], None]
) -> Iterator[dict[str, list[str]]]:
    menu, length, calendar = flow.load(), _length(), rows.line.calendar

    @lru_cache(maxsize=100_000)
    def standing(language: str, hour: datetime) -> Status:
        return hours.status(calendar, language, hour)

    def world(begun: Begun) -> World:
        by = standing(begun.language, begun.at.replace(minute=0, second=0)) if begun.language else Status.OPEN
        hit = met if begun.planted and (by is Status.OPEN or not (met and met.hold)) else None
        return World(menu, length, rows.line.set_id, begun.language, by, hit)

    gathered = 0
    for day in days:
        for begun in day:
            rows.add(begun, walks.one(world(begun)))
        gathered += len(day)
        if gathered >= _CALLS_AT_ONCE:
            yield rows.taken()
            told(rows.calls)
            gathered = 0
    yield rows.taken()
    told(rows.calls)


def _length() -> Callable[[str, str], float]:
    """How long a prompt lasts by its words; what is filled in (`{opening}`) a few seconds."""
    texts = catalogue.repository().texts

    @cache
    def length(prompt: str, language: str) -> float:
        words = texts.get(language, {}).get(prompt)
        return catalogue.seconds(language, words) if words else _SLOT_SECONDS

    return length


def _write(session: Session, chunks: Iterator[dict[str, list[str]]]) -> None:
    """Chunk after chunk, the next one made while one is written."""
    connection: Any = session.connection().connection.driver_connection
    under_way: Future[None] | None = None
    with ThreadPoolExecutor(1) as writer:
        for chunk in chunks:
            if under_way:
                under_way.result()
            under_way = writer.submit(_copy, connection, chunk)
        if under_way:
            under_way.result()


def _copy(connection: Any, chunk: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            lines = chunk.get(table)
            if lines:
                with cursor.copy(f"COPY {table} ({columns or ', '.join(STEP_COLUMNS)}) FROM STDIN") as copy:
                    copy.write("\n".join(lines) + "\n")


def _count(session: Session, first: date, last: date) -> None:
    """The counts of these days, month by month, from the rows that were written."""
    session.execute(text(f"ANALYZE {', '.join((*TABLES,))}"))
    begins = first
    while begins <= last:
        ends = min(last, counts_values.after(counts_values.month_of(begins)) - timedelta(days=1))
        counting.recount(session, begins, ends)
        begins = ends + timedelta(days=1)
    tables = sorted({one.table for one in counting.ALL})
    session.execute(text(f"ANALYZE {', '.join(tables)}"))
