"""Loads a settings file in one transaction: the line's part, entities', projects', people's; knows no command line."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.faults import raise_if_any
from helpline.line import loading as line
from helpline.line.reading import Table, tables, twice
from helpline.routing import (
    fields,
    holding,
    loading_interpreters,
    loading_network,
    loading_people,
    mailboxes,
    projects,
    unseen,
)
from helpline.routing.models import Entity, Project
from helpline.routing.records import LookAhead

KNOWN = (
    "hours", "callback_hours", "closures", "notices", "articles", "funding",
    "entities", "projects", "people", "interpreters", "focal_points", "look_ahead",
)  # fmt: skip

_STAYS = (*fields.LIMITS, "paused_reason", "email", "hours")
"""What entities and coordinators change in between: a file that does not speak of it leaves it as it is."""


@dataclass(frozen=True)
class Loaded:
    """What a load did: the version it made (None when the line's settings are as before), and each thing that changed."""

    version: int | None
    changes: dict[str, Any]


@dataclass(frozen=True)
class _Plan:
    line: line.Plan
    entities: dict[str, dict[str, Any]]
    projects: dict[str, dict[str, Any]]
    people: loading_people.People
    interpreters: loading_interpreters.Interpreters
    focal_points: loading_network.FocalPoints
    look_ahead: dict[str, int] | None


def load(path: Path, *, who: str, over: bool = False) -> Loaded:
    """Load a file: all of it, or, with `Faults` that lists everything wrong with it, nothing.

    Safe to run again: entities and projects are found by id, people by login, Focal Points by id, interpreters, closures and notices by name, hours replaced as a whole;
    what the file does not speak of stays. Hours, closures, notices, Focal Points, organisations, projects and people that somebody changed in the console since are a fault, unless the
    file is loaded `over` them: neither way of editing undoes the other unseen. Dates such as `today-300d` are taken from the day of the load, in Rome.
    """
    faults: list[str] = []
    document = _document(path, faults)
    raise_if_any(faults)
    today = clock.in_rome().date()
    plan = _read(document, source=str(path), today=today, faults=faults)
    with db.transaction() as session:
        line.lock(session)
        _compare(session, plan, source=str(path), faults=faults)
        raise_if_any(faults)
        before = unseen.before(session, plan.line.notices, today)
        changes = line.apply(session, plan.line, today=today)
        loading_network.apply(session, plan.focal_points, changes)
        undone = unseen.of_the_line(session, changes, before, source=str(path))
        undone += _apply(session, plan, changes, who=who, path=path)
        people, undone_people = loading_people.apply(session, plan.people, who=who, source=str(path))
        if not over:
            raise_if_any(undone + undone_people)
        if plan.look_ahead is not None:
            line.upsert(session, LookAhead, {"id": holding.ONLY}, plan.look_ahead, changes, "look_ahead")
        version = line.new_version(session, changes, who=who, source=path.name)
        people |= loading_interpreters.apply(session, plan.interpreters, who=who)
        loading_network.link(session, plan.focal_points, source=str(path))
        if version:
            db.ring(session, "sweep_waiting")
    return Loaded(version, changes | people)


def _document(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        faults.append(f"{path}: is not text in UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path}: is not TOML: {error}")
    return {}


def _read(document: dict[str, Any], *, source: str, today: date, faults: list[str]) -> _Plan:
    for name in sorted(set(document) - set(KNOWN)):
        faults.append(f"{source}: {name}: unknown table; known are {', '.join(KNOWN)}")
    common: dict[str, Any] = {"source": source, "today": today, "faults": faults}
    return _Plan(
        line=line.read(document, **common),
        entities=_by_id(document, "entities", "entity", fields.entity, **common),
        projects=_by_id(document, "projects", "project", fields.project, **common),
        people=loading_people.read(document, **common),
        interpreters=loading_interpreters.read(document, **common),
        focal_points=_by_id(document, "focal_points", "focal point", loading_network.read, **common),
        look_ahead=holding.read(document, **common),
    )


def _by_id(
    document: dict[str, Any], name: str, kind: str, reader: Any, **common: Any
) -> dict[str, dict[str, Any]]:
    source, faults = common["source"], common["faults"]
    found = []
    for number, values in enumerate(tables(document, name, source=source, faults=faults), start=1):
        given = values.get("id") if isinstance(values, dict) else None
        called = f'{kind} "{given}"' if isinstance(given, str) else f"{kind} {number}"
        table = Table(values, where=f"{source}: {called}", faults=faults, today=common["today"])
        found.append((table.slug("id"), reader(table)))
        table.done()
    twice(found, source=source, kind=kind, faults=faults)
    return dict(found)


def _compare(session: Session, plan: _Plan, *, source: str, faults: list[str]) -> None:
    """What only the tables can tell: entities that exist nowhere, projects that change hands."""
    known = set(plan.entities) | set(session.scalars(select(Entity.id)))
    owners = {project.id: project.entity_id for project in session.scalars(select(Project))}
    for id, given in plan.projects.items():
        entity_id = given["entity_id"]
        if entity_id and entity_id not in known:
            faults.append(f'{source}: project "{id}": entity: there is no entity "{entity_id}"')
        # The entity's row is the lock under which the project's places are counted: it stays the same.
        elif owners.get(id, entity_id) != entity_id:
            faults.append(f'{source}: project "{id}": entity: is "{owners[id]}" and cannot be changed')
    loading_people.compare(session, plan.people, entities=known, source=source, faults=faults)


def _apply(session: Session, plan: _Plan, changes: dict[str, Any], *, who: str, path: Path) -> list[str]:
    """Write what differs; every change of an entity or a project is kept in its history too. Gives what the console had
    changed since, as faults."""
    undone: list[str] = []
    session.execute(select(Entity.id).order_by(Entity.id).with_for_update())
    rows: list[tuple[Any, str, str, dict[str, Any]]] = []
    rows += [(Entity, "entity", id, given) for id, given in plan.entities.items()]
    rows += [(Project, "project", id, given) for id, given in plan.projects.items()]
    for model, kind, id, given in rows:
        about, differs = f"{kind} {id}", dict[str, Any]()
        said = {name: value for name, value in given.items() if value is not None or name not in _STAYS}
        line.upsert(session, model, {"id": id}, said, differs, about)
        session.flush()
        if differs:
            undone += unseen.of_fields(session, about, differs[about], source=str(path))
            projects.write(session, about, differs[about], who=who, why=f"loaded from {path.name}")
            if kind == "entity" and "email" in differs[about]:
                mailboxes.changed(session, session.get_one(Entity, id))
            changes |= differs
    return undone
