"""What reports that were issued told already of the days of a new one, so that it reveals nothing beside them; and the numbers of
a report as they are kept for that."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from helpline.figures import report_periods as periods
from helpline.figures.concluding import Sum
from helpline.figures.facts import Fact, Facts
from helpline.figures.report_facts import Issued
from helpline.figures.report_models import Report, ReportState
from helpline.figures.report_periods import Period


def heeded(session: Session, period: Period) -> list[int]:
    """Ids of the issued reports that a report of this period, made now, heeds."""
    return sorted(_overlapping(session, _spans(period)))


def _overlapping(session: Session, wanted: Iterable[Period]) -> set[int]:
    """Ids of issued reports that say something of these days. Each tells the sums of the months before its own, and of a
    year before, as well."""
    spans = list(wanted)
    rows = session.execute(select(Report.id, Report.period).where(Report.state == ReportState.ISSUED))
    found = ((row.id, periods.named(row.period)) for row in rows)
    return {id for id, of in found if of and any(one.meets(span) for one in _spans(of) for span in spans)}


def _spans(period: Period) -> tuple[Period, ...]:
    return (period, periods.before(period), periods.a_year_before(period))


def told_before(session: Session, found: Facts) -> list[Issued]:
    """What issued reports say of the days that a new one speaks of."""
    spans = {Period(*map(date.fromisoformat, fact[0].split("/"))) for fact in found.counts}
    rows = session.scalars(
        select(Report)
        .where(Report.id.in_(_overlapping(session, spans)))
        .options(undefer(Report.facts))
        .order_by(Report.id)
    )
    return [_read(row.id, row.facts, _heard(periods.named(row.period), spans)) for row in rows if row.facts]


def _heard(of: Period | None, spans: Collection[Period]) -> Collection[Period]:
    """The days of which a report of this period is read: all of its own where these are among them, else only these."""
    return {*spans, *_spans(of)} if of and any(of.meets(span) for span in spans) else spans


def outdated(session: Session, report: Report) -> bool:
    """Whether a report was issued that this one did not heed when it was made: one may be issued by a transaction that was
    not over then, so moments do not tell."""
    period = periods.named(report.period)
    heeded = set((report.facts or {}).get("heeded", ()))
    return period is not None and not _overlapping(session, _spans(period)) <= heeded


def kept(
    own: dict[Fact, int], sums: list[Sum[Fact]], unseen: set[Fact], hidden: Iterable[Fact], heeded: list[int]
) -> dict[str, Any]:
    """A report's numbers, how they add up, and which reports it heeded: as they are kept beside it."""
    veil = set(hidden)
    place = {fact: at for at, fact in enumerate(own)}
    return {
        "facts": [[*fact, count, fact in veil] for fact, count in own.items()],
        "sums": [[place[one.total], [place[part] for part in one.parts]] for one in sums],
        "unseen": sorted(place[fact] for fact in unseen),
        "heeded": heeded,
    }


def _read(id: int, kept: dict[str, Any], spans: Collection[Period]) -> Issued:
    """What a report that was issued says of these days; its sums go with it only where all that they hold does."""
    facts: list[Fact] = [(days, what, by, which) for days, what, by, which, _, _ in kept["facts"]]
    told = {
        fact: (row[4], row[5]) for fact, row in zip(facts, kept["facts"], strict=True) if _of_these(fact[0], spans)
    }  # fmt: skip
    sums = [Sum(facts[total], tuple(facts[part] for part in parts)) for total, parts in kept["sums"]]
    return Issued(
        id,
        told,
        [one for one in sums if all(fact in told for fact in one.cells)],
        frozenset(facts[at] for at in kept["unseen"]) & told.keys(),
    )


def _of_these(days: str, spans: Collection[Period]) -> bool:
    of = Period(*map(date.fromisoformat, days.split("/")))
    return any(of.meets(span) for span in spans)
