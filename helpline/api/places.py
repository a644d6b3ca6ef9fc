"""An entity's places by program: its projects and limits, its pause, its word that it is full. Decides nothing."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from helpline.api import gate, schemas
from helpline.people.access import token
from helpline.people.scopes import Scope
from helpline.routing import projects

WHY = "said by its own program"

pages = Blueprint("api_places", __name__)


@pages.get("/api/v1/entity")
@token(Scope.PLACES_READ)
def get_entity() -> Response:
    """The entity itself."""
    return gate.shown(_entity)


@pages.put("/api/v1/entity/full")
@token(Scope.PLACES_WRITE)
def set_full() -> Response:
    """Say whether there are places now."""
    full = gate.body_of(schemas.FULL)["full"]

    def work(session: Session) -> dict[str, Any]:
        who = gate.bearer()
        projects.set_full(session, who.entity_id, full, who=who.who, why=WHY)
        return _entity(session)

    return gate.done(work)


@pages.put("/api/v1/entity/pause")
@token(Scope.PLACES_WRITE)
def pause_entity() -> Response:
    """Get no offers for a while."""
    reason = gate.body_of(schemas.PAUSE)["reason"]

    def work(session: Session) -> dict[str, Any]:
        who = gate.bearer()
        projects.pause(session, reason, who=who.who, entity_id=who.entity_id)
        return _entity(session)

    return gate.done(work)


@pages.delete("/api/v1/entity/pause")
@token(Scope.PLACES_WRITE)
def resume_entity() -> Response:
    """Get offers again."""

    def work(session: Session) -> dict[str, Any]:
        who = gate.bearer()
        projects.resume(session, who=who.who, entity_id=who.entity_id, why=WHY)
        return _entity(session)

    return gate.done(work)


@pages.get("/api/v1/projects")
@token(Scope.PLACES_READ)
def list_projects() -> Response:
    """The entity's projects, with their places."""
    return gate.shown(lambda session: {"items": _projects(session)})


@pages.get("/api/v1/projects/<project_id>")
@token(Scope.PLACES_READ)
def get_project(project_id: str) -> Response:
    """One project."""
    return gate.shown(lambda session: _project(session, project_id))


@pages.patch("/api/v1/projects/<project_id>")
@token(Scope.PLACES_WRITE)
def change_places(project_id: str) -> Response:
    """Change how many places there are; what is left out stays, null takes a limit away."""
    given = gate.body_of(schemas.LIMITS)
    limits = {name: None if value is None else int(value) for name, value in given.items()}

    def work(session: Session) -> dict[str, Any]:
        _project(session, project_id)
        projects.change(session, project_id, who=gate.bearer().who, why=WHY, **limits)
        return _project(session, project_id)

    return gate.done(work)


@pages.put("/api/v1/projects/<project_id>/pause")
@token(Scope.PLACES_WRITE)
def pause_project(project_id: str) -> Response:
    """No offers for this project for a while."""
    reason = gate.body_of(schemas.PAUSE)["reason"]

    def work(session: Session) -> dict[str, Any]:
        _project(session, project_id)
        projects.pause(session, reason, who=gate.bearer().who, project_id=project_id)
        return _project(session, project_id)

    return gate.done(work)


@pages.delete("/api/v1/projects/<project_id>/pause")
@token(Scope.PLACES_WRITE)
def resume_project(project_id: str) -> Response:
    """Offers for this project again."""

    def work(session: Session) -> dict[str, Any]:
        _project(session, project_id)
        projects.resume(session, who=gate.bearer().who, project_id=project_id, why=WHY)
        return _project(session, project_id)

    return gate.done(work)


def _entity(session: Session) -> dict[str, Any]:
    row = projects.entity(session, gate.bearer().entity_id)
    full = row.full_since.isoformat() if row.full_since else None
    return {"id": row.id, "name": row.name, "paused_reason": row.paused_reason, "full_since": full}


def _project(session: Session, project_id: str) -> dict[str, Any]:
    """One of the entity's own projects. Raises `LookupError` for another's."""
    for row in _projects(session):
        if row["id"] == project_id:
            return row
    raise LookupError(f"no project {project_id}")


_SAME = ("id", "name", "funder", "state", "paused_reason", "places_total", "open_cases", "per_week", "free")
_LISTS = ("regions", "countries", "groups", "languages")


def _projects(session: Session) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in _SAME}
        | {name: list(getattr(row, name)) for name in _LISTS}
        | {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
        | {"used": {"total": row.used.total, "open": row.used.open, "week": row.used.week}}
        for row in projects.listed(session, entity_id=gate.bearer().entity_id)
    ]
