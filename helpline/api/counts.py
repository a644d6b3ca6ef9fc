"""Counts of a month by program: what an organisation returns of its projects, people and never a person. Decides nothing."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from helpline.api import gate, schemas
from helpline.api.judging import Fault
from helpline.api.problems import Problem
from helpline.people.access import token
from helpline.people.scopes import Scope
from helpline.routing import counts, projects
from helpline.routing.counts_values import KINDS, MOST, STEPS, UNKNOWN, Doubt, Line, Why, Wrong

_SAID = {
    Why.NOT_BEGUN: "the project had not begun in this month",
    Why.OVER: "the project was over in this month",
    Why.FUTURE: "must not be a month to come",
    Why.COUNTRY: "must be the two letters of a country (ISO 3166-1), or null where it is not known",
    Why.TWICE: "stands in a line before: one line for each country",
    Why.NUMBER: f"must be from 0 to {MOST}",
    Why.NOTHING: "count nobody: say `nothing` where there was nothing in this month",
}

pages = Blueprint("api_counts", __name__)


@pages.get("/api/v1/projects/<project_id>/counts")
@token(Scope.COUNTS_READ)
def list_counts(project_id: str) -> Response:
    """The months of a project whose counts were returned, as they count now."""

    def look(session: Session) -> dict[str, Any]:
        _own(session, project_id)
        return {"items": [_plain(one) for one in counts.of_projects(session, [project_id])]}

    return gate.shown(look)


@pages.get("/api/v1/projects/<project_id>/counts/<month>")
@token(Scope.COUNTS_READ)
def get_counts(project_id: str, month: str) -> Response:
    """The counts of one month, as they count now."""

    def look(session: Session) -> dict[str, Any]:
        _own(session, project_id)
        found = counts.newest(session, project_id, _month(month))
        if found is None:
            raise LookupError(f"no counts of {month}")
        return _whole(session, found)

    return gate.shown(look)


@pages.put("/api/v1/projects/<project_id>/counts/<month>")
@token(Scope.COUNTS_WRITE)
def return_counts(project_id: str, month: str) -> Response:
    """Return the counts of one month, all of them; what was returned before stays as an older version."""
    said = gate.body_of(schemas.COUNTS_GIVEN)
    lines = [_line(one) for one in said["lines"]]

    def work(session: Session) -> dict[str, Any]:
        _own(session, project_id)
        try:
            found = counts.hand_in(
                session, project_id, _month(month), lines, who=gate.bearer().who, why=said.get("why", ""),
                empty=said.get("nothing", False), seen=said.get("replaces"),
            )  # fmt: skip
        except counts.Refused as refused:
            raise Problem("invalid", errors=[_fault(one) for one in refused.faults]) from None
        except counts.Outdated as newer:
            raise Problem("outdated", version=newer.version) from None
        return _whole(session, found)

    return gate.done(work)


def _own(session: Session, project_id: str) -> None:
    """Raises `LookupError` for a project that is not the entity's own."""
    if project_id not in {row.id for row in projects.listed(session, entity_id=gate.bearer().entity_id)}:
        raise LookupError(f"no project {project_id}")


def _month(word: str) -> date:
    """Raises `LookupError` for what is no month."""
    if not re.fullmatch(schemas.MONTH, word, re.ASCII):
        raise LookupError(f"no month {word}")
    return date.fromisoformat(f"{word}-01")


def _line(given: dict[str, Any]) -> Line:
    kinds = given.get("reintegration", {})
    people = {step: given.get(step, 0) for step in STEPS} | {kind: kinds.get(kind, 0) for kind in KINDS}
    return Line(given["country"] or UNKNOWN, {str(what): int(count) for what, count in people.items()})


def _fault(wrong: Wrong) -> Fault:
    inside = f"reintegration/{wrong.field}" if wrong.field in KINDS else wrong.field
    return Fault(f"/{inside}" if wrong.row is None else f"/lines/{wrong.row}/{inside}", _SAID[wrong.why])


def _whole(session: Session, found: counts.Returned) -> dict[str, Any]:
    doubts = counts.doubtful(session, found.project_id, found.month, found.lines)
    return _plain(found) | {"doubts": [_doubt(one) for one in doubts]}


def _plain(found: counts.Returned) -> dict[str, Any]:
    return {
        "project": found.project_id,
        "month": f"{found.month:%Y-%m}",
        "version": found.version,
        "at": found.at.isoformat(),
        "why": found.why,
        "lines": [_given(line) for line in found.lines],
    }


def _given(line: Line) -> dict[str, Any]:
    return (
        {"country": line.country or None}
        | {str(step): line.people.get(step, 0) for step in STEPS}
        | {"reintegration": {str(kind): line.people.get(kind, 0) for kind in KINDS}}
    )


def _doubt(one: Doubt) -> dict[str, Any]:
    return {
        "country": one.country or None,
        "more": one.more,
        "than": one.less,
        "people": one.people,
        "of": one.of,
    }
