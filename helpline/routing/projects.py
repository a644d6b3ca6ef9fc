"""Entities and their projects: listed, changed, paused, full by word; each change kept with who, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db, personal
from helpline.faults import raise_if_any
from helpline.line import loading as line
from helpline.line.reading import Table
from helpline.routing import fields, mailboxes, snapshot
from helpline.routing.models import Entity, Project
from helpline.routing.records import EntityChange
from helpline.routing.values import Used

HEARD_ON_THE_LINE = ("name", "starts_on", "ends_on", "contact_phone")
"""What callers hear of a project: when it changes, every web process reads it anew."""


@dataclass(frozen=True)
class Row:
    """A project as it is now, with its entity, what is used of its limits, and how many it may still be offered.

    `free`: None when it has no limit. `state`: `open`, `full`, `said_full`, `paused`, `coming` or `over`.
    """

    id: str
    entity_id: str
    entity: str
    name: str
    funder: str
    starts_on: date
    ends_on: date
    places_total: int | None
    open_cases: int | None
    per_week: int | None
    used: Used
    free: int | None
    regions: tuple[str, ...]
    countries: tuple[str, ...]
    groups: tuple[str, ...]
    languages: tuple[str, ...]
    contact_phone: str | None
    paused_reason: str | None
    entity_paused_reason: str | None
    entity_full_since: datetime | None
    state: str


@dataclass(frozen=True)
class Change:
    """One field that changed; `about` is `entity <id>`, `project <id>` or `offer <id>`."""

    at: datetime
    who: str
    about: str
    field: str
    before: Any
    after: Any
    why: str


def listed(session: Session, *, entity_id: str | None = None) -> list[Row]:
    """Every project (or those of one entity), those that go on first, then by their last day; with what is used."""
    wanted = select(Project, Entity).join(Entity, Entity.id == Project.entity_id)
    if entity_id is not None:
        wanted = wanted.where(Project.entity_id == entity_id)
    seen = {project.id: project for project in snapshot.projects(session, entity_id=entity_id)}
    day = clock.in_rome().date()
    rows = []
    for project, entity in session.execute(wanted):
        if project.id not in seen:
            continue
        value = seen[project.id]
        kept: dict[str, Any] = {name: getattr(project, name) for name in _KEPT}
        kept |= {name: tuple(getattr(project, name)) for name in fields.LISTS}
        rows.append(
            Row(
                **kept,
                entity=entity.name,
                used=value.used,
                free=value.free,
                entity_paused_reason=entity.paused_reason,
                entity_full_since=entity.full_since,
                state=_state(project, entity, value.free, day),
            )
        )
    return sorted(rows, key=lambda row: (row.state == "over", row.ends_on, row.id))


_KEPT = (
    "id", "entity_id", "name", "funder", "starts_on", "ends_on", "places_total", "open_cases", "per_week",
    "contact_phone", "paused_reason",
)  # fmt: skip


def _state(project: Project, entity: Entity, free: int | None, day: date) -> str:
    if project.ends_on < day:
        return "over"
    if project.starts_on > day:
        return "coming"
    if project.paused_reason or entity.paused_reason:
        return "paused"
    if entity.full_since:
        return "said_full"
    return "full" if free == 0 else "open"


def history(session: Session, about: str, *, limit: int = 200) -> list[Change]:
    """What changed in an entity, a project or an offer's deadline (`about` as in `Change`), the newest first.

    `entity <id>` holds the changes of that entity alone, not those of its projects.
    """
    wanted = select(EntityChange).where(EntityChange.about == about).order_by(EntityChange.id.desc())
    return [
        Change(row.at, row.who, row.about, row.field, row.before, row.after, row.why)
        for row in session.scalars(wanted.limit(limit))
    ]


def entity(session: Session, entity_id: str) -> Entity:
    """An entity's row, to be read. Raises `LookupError`."""
    found = session.get(Entity, entity_id, populate_existing=True)
    if found is None:
        raise LookupError(f"no entity {entity_id}")
    return found


def change(session: Session, project_id: str, *, who: str, why: str, **changed: Any) -> list[str]:
    """Change fields of a project (as a settings file names them, but for `id` and `entity`); gives those that differ.

    Dates and lists may also be given as values. `None` takes an optional field away. Raises `LookupError`, `ValueError`
    for a `why` that may not be kept (`personal.reason`), and `Faults` with everything that is wrong, in which case
    nothing has changed.
    """
    personal.reason(why)
    line.lock(session)
    owner = session.scalar(select(Project.entity_id).where(Project.id == project_id))
    if owner is None:
        raise LookupError(f"no project {project_id}")
    locked_entity(session, owner)
    row = session.get_one(Project, project_id, populate_existing=True)
    faults: list[str] = []
    document = fields.as_in_a_file(row) | dict(changed)
    table = as_table(document, f'project "{project_id}"', faults)
    read = fields.project(table, owner=owner)
    table.done()
    raise_if_any(faults)
    return _apply(session, row, f"project {project_id}", read, who=who, why=why)


def change_entity(session: Session, entity_id: str, *, who: str, why: str, **changed: Any) -> list[str]:
    """As `change`, for an entity: `name`, `contact`, `email`, `hours`."""
    personal.reason(why)
    row = locked_entity(session, entity_id)
    faults: list[str] = []
    document = fields.entity_as_in_a_file(row) | dict(changed)
    table = as_table(document, f'entity "{entity_id}"', faults)
    read = fields.entity(table)
    table.done()
    raise_if_any(faults)
    return _apply(session, row, f"entity {entity_id}", read, who=who, why=why)


def add(session: Session, project_id: str, entity_id: str, *, who: str, why: str, **given: Any) -> None:
    """A new project of an entity, its fields as a settings file names them. Raises as `change`."""
    personal.reason(why)
    line.lock(session)
    locked_entity(session, entity_id)
    faults: list[str] = []
    table = as_table({"id": project_id} | dict(given), f'project "{project_id}"', faults)
    table.slug("id")
    read = fields.project(table, owner=entity_id)
    table.done()
    if session.get(Project, project_id) is not None:
        faults.append(f'project "{project_id}": id: there is one already')
    raise_if_any(faults)
    row = Project(id=project_id, **read)
    session.add(row)
    session.flush()
    about = f"project {project_id}"
    noted = {name: (None, plain(value)) for name, value in read.items()}
    write(session, about, noted, who=who, why=why)
    line.new_version(
        session,
        {about: {name: list(pair) for name, pair in noted.items()}},
        who=who,
        source="console",
        why=why,
    )
    db.ring(session, "sweep_waiting")


def as_table(document: Mapping[str, Any], where: str, faults: list[str]) -> Table:
    """Fields as a settings file would give them, to be read; what is wrong is added to `faults`."""
    # What is None is not given: a settings file has no word for nothing.
    given = {name: value for name, value in document.items() if value is not None}
    return Table(given, where=where, faults=faults, today=clock.in_rome().date())


def _apply(
    session: Session, row: Entity | Project, about: str, read: Mapping[str, Any], *, who: str, why: str
) -> list[str]:
    noted = {name: (plain(getattr(row, name)), plain(value)) for name, value in read.items()}
    noted = {name: pair for name, pair in noted.items() if pair[0] != pair[1]}
    for name in noted:
        setattr(row, name, read[name])
    write(session, about, noted, who=who, why=why)
    if isinstance(row, Entity) and "email" in noted:
        mailboxes.changed(session, row)
    if noted:
        if isinstance(row, Project) and set(noted) & set(HEARD_ON_THE_LINE):
            told = {about: {name: list(pair) for name, pair in noted.items()}}
            line.new_version(session, told, who=who, source="console", why=why)
        db.ring(session, "sweep_waiting")
    session.flush()
    return sorted(noted)


def plain(value: Any) -> Any:
    """A field's value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


def write(session: Session, about: str, noted: Mapping[str, Sequence[Any]], *, who: str, why: str) -> None:
    """Write down fields that changed, `{field: (before, after)}`, in the caller's transaction."""
    session.add_all(
        EntityChange(who=who, about=about, field=name, before=before, after=after, why=why)
        for name, (before, after) in noted.items()
    )


def pause(
    session: Session, reason: str, *, who: str, entity_id: str | None = None, project_id: str | None = None
) -> None:
    """Offer nothing more to an entity, or for one project, until `resume`; what it holds already it keeps.

    Raises `LookupError`, and `ValueError` for an empty reason, or one that may not be kept (`personal.reason`).
    """
    if not reason.strip():
        raise ValueError("a pause needs a reason")
    said = personal.reason(reason.strip())
    row = _locked(session, entity_id, project_id)
    _pause(session, row, said, who=who, why=said)


def resume(
    session: Session,
    *,
    who: str,
    entity_id: str | None = None,
    project_id: str | None = None,
    why: str = "resumed",
) -> None:
    """End a pause; offers that an entity let expire before count no longer. Raises `LookupError`."""
    row = _locked(session, entity_id, project_id)
    if isinstance(row, Entity):
        row.unanswered = 0
    _pause(session, row, None, who=who, why=why)


def pause_entity(session: Session, entity: Entity, reason: str, *, who: str) -> None:
    """Pause an entity whose row the caller has locked."""
    _pause(session, entity, reason, who=who, why=reason)


def _pause(session: Session, row: Entity | Project, reason: str | None, *, who: str, why: str) -> None:
    if row.paused_reason == reason:
        return
    about = f"{'entity' if isinstance(row, Entity) else 'project'} {row.id}"
    write(session, about, {"paused_reason": (row.paused_reason, reason)}, who=who, why=why)
    row.paused_reason = reason
    session.flush()
    db.ring(session, "sweep_waiting")


def set_full(session: Session, entity_id: str, full: bool, *, who: str, why: str = "said so") -> None:
    """Note that an entity has no place now, or has places again. Raises `LookupError`."""
    say_full(session, locked_entity(session, entity_id), full=full, who=who, why=why)


def say_full(session: Session, entity: Entity, *, full: bool, who: str, why: str) -> None:
    """As `set_full`, for an entity whose row the caller has locked."""
    if (entity.full_since is not None) == full:
        return
    write(session, f"entity {entity.id}", {"full": (not full, full)}, who=who, why=why)
    entity.full_since = clock.now() if full else None
    session.flush()
    db.ring(session, "sweep_waiting")


def locked_entity(session: Session, entity_id: str) -> Entity:
    """An entity, its row locked until the transaction ends: the lock under which its places are counted.

    Raises `LookupError`.
    """
    found = session.get(Entity, entity_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise LookupError(f"no entity {entity_id}")
    return found


def _locked(session: Session, entity_id: str | None, project_id: str | None) -> Entity | Project:
    if (entity_id is None) == (project_id is None):
        raise ValueError("either an entity or a project")
    if entity_id is not None:
        return locked_entity(session, entity_id)
    owner = session.scalar(select(Project.entity_id).where(Project.id == project_id))
    if owner is None:
        raise LookupError(f"no project {project_id}")
    locked_entity(session, owner)
    return session.get_one(Project, project_id, populate_existing=True)
