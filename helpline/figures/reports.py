"""Reports of months and quarters: made by the worker, read, issued under a number. What was issued stays as it is.

Only what is issued leaves the console as a file: of a draft that is made anew each day, every difference would be somebody.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.figures import (
    report_blocks,
    report_counts,
    report_facts,
    report_issued,
    report_layout,
    suppression,
)
from helpline.figures import report_periods as periods
from helpline.figures.facts import Fact, Facts
from helpline.figures.report_models import Report, ReportFile, ReportState
from helpline.figures.report_periods import Period
from helpline.hours import today
from helpline.people import audit
from helpline.people.accounts import Who

LANGUAGES = ("it", "en")
QUEUE = "slow"
OVERDUE = timedelta(minutes=2)
log = logging.getLogger(__name__)


class NotIssued(Exception):
    """A report cannot be issued: `unfinished` (its period goes on), `not_ready`, `not_read` (it was made anew since),
    `outdated` (another one that says something of the same days was issued since), `follows` (hidden numbers follow from
    what is told, and nobody said that it is issued all the same), `why` (a correction says what it corrects)."""


@dataclass(frozen=True)
class Listed:
    """A report in a list. `files`: in which languages there is a PDF."""

    id: int
    period: str
    state: str
    asked_at: datetime
    as_of: datetime | None
    year: int | None
    number: int | None
    version: int | None
    issued_at: datetime | None
    issued_by_id: int | None
    why: str
    files: tuple[str, ...]


def ask(session: Session, period: Period, by: Who) -> int:
    """Have a report of a month or quarter made; its id. A draft of the same period is made anew."""
    name = periods.name(period)
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('reports'))"))
    draft = session.scalar(select(Report).where(Report.period == name, Report.state != ReportState.ISSUED))
    if draft is None:
        draft = Report(period=name)
        session.add(draft)
    draft.state, draft.asked_at, draft.asked_by_id = ReportState.MAKING, clock.now(), by.id
    draft.content = draft.facts = draft.as_of = None
    session.flush()
    audit.record(session, by.in_audit, "asked_for_report", f"report {draft.id}", period=name)
    db.ring(session, "make_report", draft.id, queue=QUEUE)
    return draft.id


def make(report_id: int) -> None:
    """Read, hide and lay out a report that was asked for. Does nothing to one that is made or issued."""
    with db.transaction() as session:
        # All is read as it is at one moment, or the sums would not be sums.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        report = session.get(Report, report_id)
        if report is None or report.state != ReportState.MAKING:
            return
        asked_at, period = report.asked_at, periods.named(report.period)
        made = written(session, period) if period else None
    with db.transaction() as session:
        report = session.get(Report, report_id, with_for_update=True)
        if report is None or report.state != ReportState.MAKING or report.asked_at != asked_at:
            return
        report.state = ReportState.READY if made else ReportState.FAILED
        if made:
            report.content, report.facts, report.as_of = made


def written(session: Session, period: Period) -> tuple[dict[str, Any], dict[str, Any], datetime]:
    """A report of a period as it is now: its content, its facts, and the moment."""
    now = clock.now()
    counts = report_counts.counts(session, period)
    funds = report_counts.funds(session, period)
    months = periods.months(period) if period.months > 1 else []
    pieces = periods.divided(period, [fund.period for fund in funds])
    beside = report_blocks.Beside(
        all=report_counts.brief(session, period),
        before=report_counts.brief(session, periods.before(period)),
        year=report_counts.brief(session, periods.a_year_before(period)),
        months=[report_counts.brief(session, one) for one in months],
        pieces=[report_counts.brief(session, one) for one in pieces] if len(pieces) > 1 else [],
        funds=funds,
        began=report_counts.began(session),
    )
    parts = {"months": beside.months, "pieces": beside.pieces}
    found = report_facts.facts(counts, parts, (beside.before, beside.year))
    own = dict(found.counts)
    sums = list(found.sums)
    unseen = set(found.unseen)
    of_tables = {fact: count for fact, count in own.items() if fact not in found.unseen}
    told, kept = report_facts.join(found, report_issued.told_before(session, found))
    veiled = suppression.veiled(
        found.counts,
        found.sums,
        found.people,
        told=told | _never_hidden(found),
        kept=kept,
        unseen=found.unseen,
    )
    follows = len(veiled.bare & own.keys())
    if follows:
        log.warning("%s numbers of the report of %s follow from what is told", follows, period.days)
    content = {
        "period": periods.name(period),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "as_of": now.isoformat(),
        "provisional": period.last >= today(now),
        "blocks": report_layout.blocks(counts, beside, of_tables, veiled.hidden),
        "entities": {id: counts.entities[id] for id in sorted({row.of["entity"] for row in counts.offers})},
        "projects": {id: of.name for id, of in counts.projects.items()},
        "hidden": len(veiled.hidden & own.keys()),
        "follows": follows,
    }  # fmt: skip
    heeded = report_issued.heeded(session, period)
    return content, report_issued.kept(own, sums, unseen, veiled.hidden, heeded), now


def issue(
    session: Session, report_id: int, by: Who, *, why: str = "", read: str = "", although: bool = False
) -> Report:
    """Issue a report that is ready, as it was read: it gets its number and version, and is never changed again.

    `why`: what a second version corrects; `read`: as of when its figures were that somebody read, where that is known;
    `although`: it is issued although hidden numbers of it follow from what is told (`content["follows"]`).
    Raises `NotIssued`, `LookupError`.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('reports'))"))
    report = session.get(Report, report_id, with_for_update=True)
    if report is None:
        raise LookupError(report_id)
    if report.state != ReportState.READY or report.as_of is None or report.content is None:
        raise NotIssued("not_ready")
    if read and read != report.content["as_of"]:
        raise NotIssued("not_read")
    if report.content["provisional"]:
        raise NotIssued("unfinished")
    if report_issued.outdated(session, report):
        raise NotIssued("outdated")
    follows = report.content.get("follows", 0)
    if follows and not although:
        raise NotIssued("follows")
    last = session.scalars(
        select(Report).where(Report.period == report.period, Report.version.is_not(None)).order_by(Report.version.desc())
    ).first()  # fmt: skip
    if last and not why:
        raise NotIssued("why")
    year = clock.in_rome().year
    if last:
        report.year, report.number, report.version = last.year, last.number, (last.version or 0) + 1
    else:
        newest = session.scalar(select(func.max(Report.number)).where(Report.year == year)) or 0
        report.year, report.number, report.version = year, newest + 1, 1
    report.state, report.issued_at, report.issued_by_id = ReportState.ISSUED, clock.now(), by.id
    report.why = why if last else ""
    audit.record(
        session, by.in_audit, "issued_report", f"report {report.id}",
        period=report.period, number=f"{report.number} of {report.year}", version=report.version,
        **({"follows": follows} if follows else {}),
    )  # fmt: skip
    db.ring(session, "print_report", report.id, queue=QUEUE)
    return report


def listed(session: Session) -> list[Listed]:
    """All reports, the newest period first, of each the newest version first."""
    files: dict[int, list[str]] = {}
    for id, language in session.execute(
        select(ReportFile.report_id, ReportFile.language).order_by(ReportFile.language)
    ):
        files.setdefault(id, []).append(language)
    columns = [getattr(Report, name) for name in Listed.__dataclass_fields__ if name != "files"]
    rows = session.execute(
        select(*columns).order_by(Report.period.desc(), Report.version.desc().nulls_first())
    ).mappings()
    return [
        Listed(**{str(name): row[name] for name in row}, files=tuple(files.get(row["id"], ())))
        for row in rows
    ]


def one(session: Session, report_id: int) -> Report | None:
    """A report, with its content; None when there is none."""
    return session.get(Report, report_id)


def version_before(session: Session, report: Report) -> Report | None:
    """The version that was issued before this one, if any."""
    older = select(Report).where(
        Report.period == report.period, Report.version.is_not(None), Report.id != report.id
    )
    if report.version is not None:
        older = older.where(Report.version < report.version)
    return session.scalars(older.order_by(Report.version.desc()).limit(1)).first()


def corrected_by(session: Session, report: Report) -> int | None:
    """The id of the newest version, where this one is not it."""
    newest = session.scalars(
        select(Report).where(Report.period == report.period, Report.version.is_not(None)).order_by(Report.version.desc())
    ).first()  # fmt: skip
    return newest.id if newest and report.version and (newest.version or 0) > report.version else None


def keep_file(session: Session, report_id: int, language: str, pdf: bytes) -> None:
    """Keep an issued report as PDF; the first that is kept stays, of two that are kept at once too."""
    kept = insert(ReportFile).values(report_id=report_id, language=language, pdf=pdf)
    session.execute(kept.on_conflict_do_nothing())


def file(session: Session, report_id: int, language: str) -> bytes | None:
    """An issued report as PDF; None where there is none (yet)."""
    return session.scalar(
        select(ReportFile.pdf).where(ReportFile.report_id == report_id, ReportFile.language == language)
    )


def files_of(session: Session, report_id: int) -> set[str]:
    """The languages in which there is a PDF."""
    return set(session.scalars(select(ReportFile.language).where(ReportFile.report_id == report_id)))


def taken(session: Session, report: Report, by: Who, *, form: str, language: str) -> None:
    """Write down that somebody took a report as a file."""
    audit.record(
        session, by.in_audit, "exported", f"report {report.id}",
        period=report.period, version=report.version, form=form, language=language,
    )  # fmt: skip


def throw_away(session: Session, report_id: int, by: Who) -> bool:
    """Throw a draft away; False where it is none."""
    done = session.execute(
        delete(Report)
        .where(Report.id == report_id, Report.state != ReportState.ISSUED)
        .returning(Report.period)
    ).first()
    if done:
        audit.record(session, by.in_audit, "threw_away_report", f"report {report_id}", period=done.period)
    return done is not None


def unprinted(session: Session) -> list[int]:
    """Issued reports that are not there as PDF in every language a while after they were."""
    there = select(ReportFile.report_id).group_by(ReportFile.report_id).having(func.count() == len(LANGUAGES))
    due = select(Report.id).where(Report.state == ReportState.ISSUED, Report.id.not_in(there))
    return list(session.scalars(due.where(Report.issued_at < clock.now() - OVERDUE).order_by(Report.id)))


def sweep() -> int:
    """Make the reports whose bell was lost; how many there were. One that cannot be made says so, and keeps no other."""
    with db.transaction(durable=False) as session:
        due = select(Report.id).where(
            Report.state == ReportState.MAKING, Report.asked_at < clock.now() - OVERDUE
        )
        ids = list(session.scalars(due.order_by(Report.id)))
    for id in ids:
        try:
            make(id)
        except Exception as error:
            log.error("report %s cannot be made: %s", id, type(error).__name__)
            _fail(id)
    return len(ids)


def _fail(report_id: int) -> None:
    """It was tried twice by now, by the worker and by the sweep: whoever waits for it is told."""
    with db.transaction() as session:
        report = session.get(Report, report_id, with_for_update=True)
        if report is not None and report.state == ReportState.MAKING:
            report.state = ReportState.FAILED


def _never_hidden(found: Facts) -> set[Fact]:
    """Numbers of calls that other tables tell too: to hide them here would hide nothing."""
    wholes = {fact for fact in found.counts if fact[1] in {"calls", "person"} and not fact[2]}
    return wholes | {fact for fact in found.counts if fact[1:] == ("person", "end", "nobody")}
