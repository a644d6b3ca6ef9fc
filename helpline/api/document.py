"""The interface as OpenAPI 3.1: what is published, and what a test compares with the routes. Pure; knows no request."""

from dataclasses import dataclass
from typing import Any

from helpline.api import schemas
from helpline.api.messages import TYPES
from helpline.api.problems import CONTENT_TYPE
from helpline.people.scopes import MEANINGS, Scope

VERSION = "1.0.0"


@dataclass(frozen=True)
class Operation:
    """One address and method: what it is for, who may, what comes and goes, and which problems are its own."""

    method: str
    path: str
    name: str
    summary: str
    scope: Scope | None
    gives: str | None
    takes: str | None = None
    problems: tuple[int, ...] = ()
    description: str = ""


R, A, PR, PW = Scope.OFFERS_READ, Scope.OFFERS_ANSWER, Scope.PLACES_READ, Scope.PLACES_WRITE
CR, CW = Scope.COUNTS_READ, Scope.COUNTS_WRITE
_CHANGES = (404, 409, 415, 422)
OPERATIONS: tuple[Operation, ...] = (
    Operation("get", "/api/v1/offers", "listOffers", "Your offers, the newest first", R, "Offers", None, (422,)),
    Operation("get", "/api/v1/offers/{offer_id}", "getOffer", "One offer", R, "Details", None, (404,)),
    Operation(
        "post", "/api/v1/offers/{offer_id}/accept", "acceptOffer", "Say yes", A, "Accepted", "Accept", _CHANGES,
        "Shows whom it is about, and keeps a trace that you saw it. Safe to repeat; it cannot be taken back but by declining. "
        "Send no body, or an empty object: anything else is refused, and nothing is accepted.",
    ),
    Operation(
        "get", "/api/v1/offers/{offer_id}/person", "getPerson", "Whom an accepted offer is about", A, "Person", None, (404, 409),
        "Only after accepting and while the case goes on. Each look leaves a trace.",
    ),
    Operation(
        "post", "/api/v1/offers/{offer_id}/decline", "declineOffer", "Say no, with a reason", A, "Details", "Decline", _CHANGES,
        "Also after accepting. The person keeps the place in the line.",
    ),
    Operation(
        "post", "/api/v1/offers/{offer_id}/outcome", "reportOutcome", "Report how it goes", A, "Details", "Outcome", _CHANGES,
    ),
    Operation("get", "/api/v1/entity", "getEntity", "Your organisation", PR, "Entity"),
    Operation("put", "/api/v1/entity/full", "setFull", "Say whether you have places now", PW, "Entity", "Full", (415, 422)),
    Operation("put", "/api/v1/entity/pause", "pauseEntity", "Get no offers for a while", PW, "Entity", "Pause", (415, 422)),
    Operation("delete", "/api/v1/entity/pause", "resumeEntity", "Get offers again", PW, "Entity", None, (422,)),
    Operation("get", "/api/v1/projects", "listProjects", "Your projects and their places", PR, "Projects"),
    Operation("get", "/api/v1/projects/{project_id}", "getProject", "One project", PR, "Project", None, (404,)),
    Operation(
        "patch", "/api/v1/projects/{project_id}", "changePlaces", "Change the places of a project", PW, "Project", "Limits", (404, 415, 422),
        "What is left out stays. Lowering a limit takes nothing back that was offered already.",
    ),
    Operation("put", "/api/v1/projects/{project_id}/pause", "pauseProject", "No offers for this project for a while", PW, "Project", "Pause", (404, 415, 422)),
    Operation("delete", "/api/v1/projects/{project_id}/pause", "resumeProject", "Offers for this project again", PW, "Project", None, (404, 422)),
    Operation("get", "/api/v1/projects/{project_id}/counts", "listCounts", "The counts that you returned of a project, month by month", CR, "AllCounts", None, (404,)),
    Operation("get", "/api/v1/projects/{project_id}/counts/{month}", "getCounts", "The counts of one month", CR, "Counts", None, (404,)),
    Operation(
        "put", "/api/v1/projects/{project_id}/counts/{month}", "returnCounts", "Return the counts of one month", CW, "Counts", "CountsGiven", _CHANGES,
        "People of all the project's cases, also those who never rang the line. How many, never who. All of the month at once: "
        "they take the place of what was returned before, which is kept as an older version.",
    ),
    Operation("get", "/api/v1/openapi.json", "getDocument", "This document", None, None),
    Operation("get", "/api/v1/problems", "listProblems", "Every kind of problem, and what to do about it", None, None),
)  # fmt: skip
SCHEMAS = {
    "Offer": schemas.OFFER, "Details": schemas.DETAILS, "Person": schemas.PERSON, "Accepted": schemas.ACCEPTED,
    "Offers": schemas.OFFERS, "Entity": schemas.ENTITY, "Project": schemas.PROJECT, "Projects": schemas.PROJECTS,
    "Accept": schemas.ACCEPT, "Decline": schemas.DECLINE, "Outcome": schemas.OUTCOME, "Full": schemas.FULL, "Pause": schemas.PAUSE,
    "Limits": schemas.LIMITS, "CountsGiven": schemas.COUNTS_GIVEN, "Counts": schemas.COUNTS, "AllCounts": schemas.ALL_COUNTS, "Problem": schemas.PROBLEM, "Message": schemas.MESSAGE,
}  # fmt: skip

_SAID = {
    400: "Not JSON", 401: "No valid token", 403: "The token is not for this", 404: "There is none, or it is not yours",
    409: "Too late, or too early", 415: "Not sent as JSON", 422: "Not valid", 429: "Too often", 503: "Not now",
}  # fmt: skip
_PARAMETERS: dict[str, dict[str, Any]] = {
    "offer_id": {"type": "integer", "minimum": 1, "maximum": schemas.LARGEST_ID},
    "project_id": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[a-z0-9-]+$"},
    "month": {"type": "string", "pattern": schemas.MONTH},
}


def document(public_url: str) -> dict[str, Any]:
    """The whole document, as it is served."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Helpline: the interface for organisations",
            "version": VERSION,
            "description": "Offers of requests for assisted voluntary return, answered by the organisation that gets them. "
            "No list and no message holds a name or a number.",
        },
        "servers": [{"url": public_url}],
        "paths": paths,
        "webhooks": {type_: _webhook(type_) for type_ in TYPES.values()},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by our administrators. Scopes: "
                    + "; ".join(f"{scope}: {meaning}" for scope, meaning in MEANINGS.items()),
                }
            },
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": list(_parameters(one)),
        "responses": _responses(one),
        "security": [{"token": [str(one.scope)]}] if one.scope else [],
    }
    if one.description:
        found["description"] = one.description
    if one.takes:
        content = {"application/json": {"schema": _ref(one.takes)}}
        needed = any(SCHEMAS[one.takes].get(word) for word in ("required", "minProperties"))
        found["requestBody"] = {"required": needed, "content": content}
    return found


def _parameters(one: Operation) -> Any:
    for name, schema in _PARAMETERS.items():
        if f"{{{name}}}" in one.path:
            yield {"name": name, "in": "path", "required": True, "schema": schema}
    if one.name == "listOffers":
        for name, schema in schemas.QUERY.items():
            yield {"name": name, "in": "query", "schema": schema}
    if one.method != "get":
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key with the same request is done once, for a day.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": 255,
                "pattern": "^[!-~]([ -~]*[!-~])?$",
            },
        }


def _responses(one: Operation) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(one.gives) if one.gives else {"type": "object"}}}
    found: dict[str, Any] = {"200": {"description": "Done", "content": content}}
    always = (401, 403, 429, 503) if one.scope else ()
    malformed = (400,) if one.takes else ()
    for status in sorted({*always, *malformed, *one.problems}):
        found[str(status)] = {
            "description": _SAID[status],
            "content": {CONTENT_TYPE: {"schema": _ref("Problem")}},
        }
    return found


def _webhook(type_: str) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref("Message")}}
    said = "Signed as Standard Webhooks has it: webhook-id, webhook-timestamp, webhook-signature."
    return {
        "post": {
            "summary": type_,
            "description": said,
            "requestBody": {"required": True, "content": content},
            "responses": {"2XX": {"description": "Taken; anything else is tried again for a day, but 410."}},
        }
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
