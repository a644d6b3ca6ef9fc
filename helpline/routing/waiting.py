"""Who waits and why, for coordinators: grouped by what would help; one request with all that was decided about it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, exists, func, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db.states import Moved
from helpline.hours import today
from helpline.languages import CODES
from helpline.places import REGIONS
from helpline.routing import deadlines, keeping, reading, snapshot
from helpline.routing.filters import why_not
from helpline.routing.models import UNPLACED, Entity, Offer, OfferState, Project, Request
from helpline.routing.reading import OfferRow
from helpline.routing.records import CaseReport, EntityChange, RequestNote
from helpline.routing.values import ANY, Reason, Wanted
from helpline.routing.values import Project as Seen

SHOWN = 100
"""So many requests of a group at most; its count is always whole."""


@dataclass(frozen=True)
class Row:
    """One request that waits. `code`: why (`wait`, `no_project`, `nobody_fits`, `parked`, `held`, `cannot_reach`, `other`,
    `not_reached`, or `new` before anybody looked); `says`: the line with the counts. `late`: its promised day has passed.
    """

    id: int
    language: str
    region: str | None
    country: str | None
    group: str
    urgent: bool
    waiting_since: datetime
    promised_on: date | None
    state: str
    code: str
    says: str | None
    may_free_on: str | None
    held_for: str | None
    parked_until: datetime | None
    late: bool


@dataclass(frozen=True)
class Help:
    """What would help: `kind` and `value`, for pages to say in their language; `says` in English.

    Kinds: `region`, `country`, `group`, `language` (a project that also takes this code) · `project` (one for the region,
    country and language that `value` names) · `entity` (another one: all that fit have declined) · `place`, `resume`,
    `begin`, `answer` (for projects that fit, but are full, paused, not begun, or did not answer lately) ·
    `open_project` · `coordinator` · `operator` · `wait` (until a day: parked).
    """

    kind: str
    value: str
    says: str


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
class Concern:
    """What a coordinator must look at beside the list of who waits, the most pressing kind first.

    `kind`: `not_contacted` (accepted, and not reported contacted in three working days), `promise_passed`,
    `entity_silent` (paused after it let offers expire). `about` is `offer`, `request` or `entity`.
    """

    kind: str
    about: str
    id: str
    entity_id: str | None
    since: datetime


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
    """Everybody who waits, by what would help them, the largest group first."""
    projects = snapshot.projects(session)
    here = today(clock.now())
    wanted = {one.id: one for one in snapshot.wanted(session)}
    groups: dict[Help, list[Row]] = defaultdict(list)
    known: dict[Any, Help] = {}
    for row in _rows(session, Request.state.in_(UNPLACED)):
        one = wanted.get(row.id)
        key = (row.code, row.region, row.country, row.group, row.language, row.parked_until) + (
            (one.declined_by, one.cooling) if one else ()
        )
        if key not in known:
            known[key] = _help(row, one, projects, here)
        groups[known[key]].append(row)
    found = [_group(help, rows) for help, rows in groups.items()]
    return sorted(
        found, key=lambda group: (-group.count, group.waiting_since, group.help.kind, group.help.value)
    )


def _group(help: Help, rows: list[Row]) -> Group:
    rows.sort(key=lambda row: (not row.urgent, row.waiting_since, row.id))
    count = len(rows)
    says = f"{count} {'person waits' if count == 1 else 'people wait'} for {help.says}"
    urgent = sum(row.urgent for row in rows)
    return Group(help, says, count, urgent, min(row.waiting_since for row in rows), tuple(rows[:SHOWN]))


_SOLE = {
    Reason.REGION: "region",
    Reason.COUNTRY: "country",
    Reason.GROUP: "group",
    Reason.LANGUAGE: "language",
}
_LATER = {
    Reason.FULL: ("place", "a free place"),
    Reason.HELD: ("place", "a free place"),
    Reason.SAID_FULL: ("place", "a free place"),
    Reason.PAUSED: ("resume", "a project that is paused"),
    Reason.COOLING: ("answer", "the day after which an entity that did not answer is asked again"),
    Reason.NOT_RUNNING: ("begin", "a project that begins"),
    Reason.DECLINED: ("entity", "another entity: those that fit have declined"),
}


def _help(row: Row, one: Wanted | None, projects: Sequence[Seen], here: date) -> Help:
    if row.held_for:
        return Help(row.held_for, "", f"{'an' if row.held_for == 'operator' else 'a'} {row.held_for}")
    if row.parked_until and row.parked_until > clock.now():
        day = today(row.parked_until).isoformat()
        return Help("wait", day, f"{day}: they are parked until then")
    alive = [project for project in projects if project.ends_on >= here]
    if not alive or one is None:
        return Help("open_project", "", "a project that is open")
    reasons = Counter(_first_two(one, project, here) for project in alive)
    for reason, (kind, says) in _LATER.items():
        if reasons[(reason,)]:
            return Help(kind, "", says)
    sole = [(count, reason) for reason, count in reasons.items() if len(reason) == 1]
    if sole:
        (reason,) = max(sole, key=lambda item: (item[0], -list(Reason).index(item[1][0])))[1]
        return _one_code(row, _SOLE[reason])
    value = " ".join((row.region or "?", row.country or "?", row.language))
    return Help(
        "project",
        value,
        f"a project for {_place(row.region)}, {row.country or 'any country'}, {row.language}",
    )


def _first_two(one: Wanted, project: Seen, here: date) -> tuple[Reason, ...]:
    """Why a project cannot take somebody: all filters of its lists that refuse, or the first of the other reasons."""
    pairs = (
        (Reason.REGION, project.regions, one.region),
        (Reason.COUNTRY, project.countries, one.country),
        (Reason.GROUP, project.groups, one.group),
        (Reason.LANGUAGE, project.languages, one.language),
    )
    lists = tuple(reason for reason, allowed, value in pairs if ANY not in allowed and value not in allowed)
    return lists or ((why_not(one, project, here) or Reason.FULL),)


def _one_code(row: Row, field: str) -> Help:
    value = getattr(row, field)
    if value is None:
        unknown = "where they are" if field == "region" else "where they want to go"
        return Help(field, "", f"somebody who asks them {unknown}, or a project that takes any {field}")
    said = {
        "region": f"a project that covers {_place(value)}",
        "country": f"a project that takes people who return to {value}",
        "group": f"a project that takes {'families' if value == 'family' else 'people alone'}",
        "language": f"a project that speaks {value if value in CODES else 'their language'}",
    }
    return Help(field, value, said[field])


_NAMES = {region.code: region.name for region in REGIONS}


def _place(code: str | None) -> str:
    return _NAMES.get(code or "", "any region")


def concerns(session: Session) -> list[Concern]:
    """What a coordinator must look at beside the list of who waits."""
    now = deadlines.moment(session)
    found = [
        Concern("not_contacted", "offer", str(id), entity_id, by)
        for id, entity_id, by in session.execute(
            select(Offer.id, Offer.entity_id, Offer.contact_by)
            .where(
                Offer.state == OfferState.ACCEPTED,
                Offer.ended_at.is_(None),
                Offer.contacted_at.is_(None),
                Offer.contact_by <= now,
            )
            .order_by(Offer.contact_by, Offer.id)
        )
    ]
    found += [
        Concern("promise_passed", "request", str(row.id), None, row.waiting_since)
        for row in _rows(session, Request.state.in_(UNPLACED))
        if row.late
    ]
    paused_at = (
        select(func.max(EntityChange.at))
        .where(EntityChange.about == "entity " + Entity.id, EntityChange.field == "paused_reason")
        .scalar_subquery()
    )
    silent = select(Entity.id, paused_at).where(
        Entity.paused_reason.is_not(None), Entity.unanswered >= deadlines.EXPIRIES
    )
    for id, at in session.execute(silent.order_by(Entity.id)):
        found.append(Concern("entity_silent", "entity", id, id, at or now))
    return found


def one(session: Session, request_id: int) -> Whole:
    """One request, whatever its state, with all that was decided and done. Raises `LookupError`."""
    rows = _rows(session, Request.id == request_id)
    request = session.get(Request, request_id, populate_existing=True)
    if not rows or request is None:
        raise LookupError(f"no request {request_id}")
    offers = session.scalars(select(Offer).where(Offer.request_id == request_id).order_by(Offer.id)).all()
    record = request.reason or (offers[-1].why if offers else None)
    return Whole(
        row=rows[0],
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


def open_projects_for(session: Session, request_id: int) -> list[tuple[str, str]]:
    """The projects that a request could be assigned to by hand now: id and name, those first that its lists fit."""
    here = today(clock.now())
    found = snapshot.wanted(session, request_id=request_id)
    names = {row.id: row.name for row in session.execute(select(Project.id, Project.name))}
    able = [
        project
        for project in snapshot.projects(session)
        if project.runs_on(here) and not project.paused and not project.full_by_word and project.free != 0
    ]

    def fits(project: Seen) -> bool:
        return bool(found) and why_not(found[0], project, here) is None

    return [(project.id, names[project.id]) for project in sorted(able, key=lambda p: (not fits(p), p.id))]


def _rows(session: Session, *conditions: Any) -> list[Row]:
    ask = _table("asks")
    wanted = (
        select(
            Request.id, Request.language, Request.region, Request.country, Request.group, Request.urgent,
            Request.waiting_since, ask.c.promised_on, Request.state, Request.reason["code"].as_string(),
            Request.reason["says"].as_string(), Request.reason["may_free_on"].as_string(), Request.held_for,
            Request.parked_until,
        )
        .join(ask, ask.c.id == Request.ask_id)
        .where(*conditions)
    )  # fmt: skip
    here = today(clock.now())
    found = []
    for row in session.execute(wanted):
        known: list[Any] = list(row)
        known[9] = known[9] or "new"
        late = row.promised_on is not None and row.promised_on < here and row.state in UNPLACED
        found.append(Row(*known, late))
    return found


def anybody_waits(session: Session) -> bool:
    """Whether anybody waits at all."""
    return bool(session.scalar(select(exists().where(Request.state.in_(UNPLACED)))))


def _table(name: str) -> Table:
    """A table of another room, by its name."""
    from helpline.db import all_models

    return all_models.Base.metadata.tables[name]
