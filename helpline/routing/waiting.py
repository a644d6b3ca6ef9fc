"""Who waits and why, for coordinators: grouped by what would help; one request with all that was decided about it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db.states import Moved
from helpline.hours import today
from helpline.routing import keeping, reading, snapshot
from helpline.routing.filters import why_not
from helpline.routing.helping import Help, Helping, Row
from helpline.routing.models import UNPLACED, Offer, Project, Request, RequestState
from helpline.routing.reading import OfferRow
from helpline.routing.records import CaseReport, RequestNote
from helpline.routing.values import Project as Seen

__all__ = [
    "Group", "Help", "Line", "Note", "Row", "Whole", "anybody_waits", "of_ids", "one", "open_projects", "open_projects_for",
    "rows", "waiting",
]  # fmt: skip

UNCALLED = (*UNPLACED, RequestState.OFFERED)
"""Where nobody can have called the person as was promised: an organisation does once it has accepted."""

SHOWN = 20
"""So many requests of a group at most; its count is always whole, and all are found one by one (`finding`)."""


@dataclass(frozen=True)
class Group:
    """People whom the same thing would help, those first who wait longest; urgent ones first of all."""

    help: Help
    says: str
    count: int
    urgent: int
    waiting_since: datetime
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Note:
    """Somebody's own words about a request."""

    at: datetime
    who: str
    about: str
    text: str | None


@dataclass(frozen=True)
class Line:
    """One change: of the request or an offer of it, or a report of its case."""

    at: datetime
    who: str
    what: str
    before: str | None
    after: str
    why: str


@dataclass(frozen=True)
class Whole:
    """One request with its decision record (`keeping.read`), its offers, its history and the words about it."""

    row: Row
    outcome: str | None
    entity_id: str | None
    record: dict[str, Any]
    offers: tuple[OfferRow, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]


def waiting(session: Session) -> list[Group]:
    """Everybody who waits, by what would help them: groups with urgent ones first, then the largest."""
    helping = Helping(snapshot.projects(session), today(clock.now()))
    wanted = {one.id: one for one in snapshot.wanted(session)}
    groups: dict[Help, list[Row]] = defaultdict(list)
    known: dict[Any, Help] = {}
    for row in rows(session, Request.state.in_(UNPLACED)):
        one = wanted.get(row.id)
        key = (row.code, row.region, row.country, row.group, row.language, row.parked_until) + (
            (one.declined_by, one.cooling) if one else ()
        )
        if key not in known:
            known[key] = helping.of(row, one)
        groups[known[key]].append(row)
    found = [_group(help, rows) for help, rows in groups.items()]
    return sorted(
        found,
        key=lambda group: (
            not group.urgent,
            -group.count,
            group.waiting_since,
            group.help.kind,
            group.help.value,
        ),
    )


def _group(help: Help, rows: list[Row]) -> Group:
    rows.sort(key=lambda row: (not row.urgent, row.waiting_since, row.id))
    count = len(rows)
    says = f"{count} {'person waits' if count == 1 else 'people wait'} for {help.says}"
    urgent = sum(row.urgent for row in rows)
    return Group(help, says, count, urgent, min(row.waiting_since for row in rows), tuple(rows[:SHOWN]))


def one(session: Session, request_id: int) -> Whole:
    """One request, whatever its state, with all that was decided and done. Raises `LookupError`."""
    found = rows(session, Request.id == request_id)
    request = session.get(Request, request_id, populate_existing=True)
    if not found or request is None:
        raise LookupError(f"no request {request_id}")
    offers = session.scalars(select(Offer).where(Offer.request_id == request_id).order_by(Offer.id)).all()
    record = request.reason or (offers[-1].why if offers else None)
    return Whole(
        row=found[0],
        outcome=request.outcome,
        entity_id=request.entity_id,
        record=keeping.read(session, record),
        offers=tuple(reading.offer_row(session, offer.id) for offer in offers),
        lines=tuple(_lines(session, request_id, [offer.id for offer in offers])),
        notes=tuple(
            Note(note.at, note.who, note.about, note.text)
            for note in session.scalars(
                select(RequestNote).where(RequestNote.request_id == request_id).order_by(RequestNote.id)
            )
        ),
    )


def _lines(session: Session, request_id: int, offer_ids: Sequence[int]) -> list[Line]:
    of_request = (Moved.kind == "request") & (Moved.subject_id == request_id)
    of_offers = (Moved.kind == "offer") & Moved.subject_id.in_(offer_ids)
    moved = select(Moved).where(of_request | of_offers).order_by(Moved.id)
    lines = [
        Line(line.at, line.who, f"{line.kind} {line.subject_id}", line.from_state, line.to_state, line.why)
        for line in session.scalars(moved)
    ]
    reports = select(CaseReport).where(CaseReport.offer_id.in_(offer_ids)).order_by(CaseReport.id)
    lines += [
        Line(report.at, report.who, f"offer {report.offer_id}", None, report.outcome, "reported")
        for report in session.scalars(reports)
    ]
    return sorted(lines, key=lambda line: line.at)


def open_projects(session: Session) -> list[tuple[str, str, str]]:
    """The projects that somebody could be assigned to by hand now: id, name, whose it is; by their ids."""
    names = {row.id: row.name for row in session.execute(select(Project.id, Project.name))}
    return [(project.id, names[project.id], project.entity_id) for project in _able(session)]


def _able(session: Session) -> list[Seen]:
    here = today(clock.now())
    return [
        project
        for project in snapshot.projects(session)
        if project.runs_on(here) and not project.paused and not project.full_by_word and project.free != 0
    ]


def open_projects_for(session: Session, request_id: int) -> list[tuple[str, str]]:
    """The projects that a request could be assigned to by hand now: id and name, those first that its lists fit."""
    here = today(clock.now())
    found = snapshot.wanted(session, request_id=request_id)
    names = {row.id: row.name for row in session.execute(select(Project.id, Project.name))}
    able = _able(session)

    def fits(project: Seen) -> bool:
        return bool(found) and why_not(found[0], project, here) is None

    return [(project.id, names[project.id]) for project in sorted(able, key=lambda p: (not fits(p), p.id))]


def of_ids(session: Session, ids: Sequence[int]) -> list[Row]:
    """These requests, in this order; those that are not there are left out."""
    found = {row.id: row for row in rows(session, Request.id.in_(ids))}
    return [found[id] for id in ids if id in found]


def rows(session: Session, *conditions: Any) -> list[Row]:
    """Requests of which these conditions hold, as lists show them."""
    ask, callback = db.table("asks"), db.table("callbacks")
    # One of ours talked with them since they asked, and explained: the promised call was made.
    talked = exists().where(callback.c.ask_id == ask.c.id, callback.c.state == "done")
    talked = talked.where(callback.c.created_at >= Request.created_at)
    wanted = (
        select(
            Request.id, Request.language, Request.region, Request.country, Request.group, Request.urgent,
            Request.waiting_since, ask.c.promised_on, Request.state, Request.reason["code"].as_string(),
            Request.reason["says"].as_string(), Request.reason["may_free_on"].as_string(), Request.held_for,
            Request.parked_until, talked.label("talked"),
        )
        .join(ask, ask.c.id == Request.ask_id)
        .where(*conditions)
    )  # fmt: skip
    here = today(clock.now())
    found = []
    for row in session.execute(wanted):
        passed = row.promised_on is not None and row.promised_on < here and row.state in UNCALLED
        late = passed and not row.talked
        known = dict(zip(_FIELDS, row[:-1], strict=True))
        found.append(Row(**known | {"code": known["code"] or "new", "late": late}))
    return found


_FIELDS = [field.name for field in fields(Row)][:-1]


def anybody_waits(session: Session) -> bool:
    """Whether anybody waits at all."""
    return bool(session.scalar(select(exists().where(Request.state.in_(UNPLACED)))))
