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
from helpline.languages import CODES
from helpline.line import loading as line
from helpline.line.reading import Table, tables, twice
from helpline.places import REGION_CODES, is_country
from helpline.routing import loading_people
from helpline.routing.models import Entity, Project
from helpline.routing.policy import GROUPS

KNOWN = ("hours", "callback_hours", "closures", "notices", "entities", "projects", "people")


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


def load(path: Path, *, who: str) -> Loaded:
    """Load a file: all of it, or, with `Faults` that lists everything wrong with it, nothing.

    Safe to run again: entities and projects are found by id, people by login, closures and notices by name, hours replaced as a whole;
    what the file does not speak of stays. Dates such as `today-300d` are taken from the day of the load, in Rome.
    """
    faults: list[str] = []
    document = _document(path, faults)
    raise_if_any(faults)
    plan = _read(document, source=str(path), today=clock.in_rome().date(), faults=faults)
    with db.transaction() as session:
        line.lock(session)
        _compare(session, plan, source=str(path), faults=faults)
        raise_if_any(faults)
        changes = line.apply(session, plan.line)
        _apply(session, plan, changes)
        version = line.new_version(session, changes, who=who, source=path.name)
        people = loading_people.apply(session, plan.people, who=who, source=str(path))
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
        entities=_by_id(document, "entities", "entity", _entity, **common),
        projects=_by_id(document, "projects", "project", _project, **common),
        people=loading_people.read(document, **common),
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


def _entity(table: Table) -> dict[str, Any]:
    return {
        "name": table.text("name"),
        "contact": table.text("contact"),
        "paused_reason": table.text_or_none("paused_reason"),
    }


def _project(table: Table) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "entity_id": table.text("entity"),
        "name": table.text("name"),
        "funder": table.text("funder"),
        "starts_on": table.day("starts_on"),
        "ends_on": table.day("ends_on"),
        "places_total": table.whole("places_total", 0),
        "regions": table.words("regions", REGION_CODES, "twenty regions"),
        "countries": table.words("countries", is_country, "countries (two capital letters, ISO 3166-1)"),
        "groups": table.words("groups", GROUPS, f"groups ({', '.join(GROUPS)})"),
        "languages": table.words("languages", CODES, "nine languages"),
        "contact_phone": table.digits("contact_phone"),
    }
    if table.sound("starts_on", "ends_on") and fields["ends_on"] < fields["starts_on"]:
        table.fault("ends_on", "must not be before starts_on")
    return fields


def _compare(session: Session, plan: _Plan, *, source: str, faults: list[str]) -> None:
    """What only the tables can tell: entities that exist nowhere, projects that change hands."""
    known = set(plan.entities) | set(session.scalars(select(Entity.id)))
    owners = {project.id: project.entity_id for project in session.scalars(select(Project))}
    for id, fields in plan.projects.items():
        entity_id = fields["entity_id"]
        if entity_id and entity_id not in known:
            faults.append(f'{source}: project "{id}": entity: there is no entity "{entity_id}"')
        # The entity's row is the lock under which the project's places are counted: it stays the same.
        elif owners.get(id, entity_id) != entity_id:
            faults.append(f'{source}: project "{id}": entity: is "{owners[id]}" and cannot be changed')
    loading_people.compare(session, plan.people, entities=known, source=source, faults=faults)


def _apply(session: Session, plan: _Plan, changes: dict[str, Any]) -> None:
    session.execute(select(Entity.id).order_by(Entity.id).with_for_update())
    for id, fields in plan.entities.items():
        line.upsert(session, Entity, {"id": id}, fields, changes, f"entity {id}")
    session.flush()
    for id, fields in plan.projects.items():
        line.upsert(session, Project, {"id": id}, fields, changes, f"project {id}")
