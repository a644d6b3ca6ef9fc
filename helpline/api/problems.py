"""What went wrong, as a program reads it: problem+json (RFC 9457). Holds nothing of what was asked."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response

from helpline.api.judging import Fault

CONTENT_TYPE = "application/problem+json"
LIST = "/api/v1/problems"


@dataclass(frozen=True)
class Kind:
    """One kind of problem, and what to do about it."""

    status: int
    title: str
    meaning: str


KINDS: Mapping[str, Kind] = {
    "malformed": Kind(400, "This is not JSON", "Send a JSON object in UTF-8."),
    "unauthorized": Kind(401, "No token, or not a valid one", "Send `Authorization: Bearer …` with a token that was not ended."),
    "forbidden": Kind(403, "The token is not for this", "Ask for a token with the scope that `scope` names."),
    "not_found": Kind(404, "There is no such thing", "Nothing is here, or it is another organisation's."),
    "method_not_allowed": Kind(405, "Not with this method", "Use one of the methods in `Allow`."),
    "late": Kind(409, "Too late", "The offer is over already, in the way that `state` says. Do not repeat."),
    "not_accepted": Kind(409, "Not accepted", "Accept the offer first; whom it is about is shown while its case goes on, and nobody can fail to reach them before. `state` says where it stands."),
    "outdated": Kind(409, "Somebody else was first", "Counts of this month were returned since you looked; `version` is the newest. Look at them, and return yours with it in `replaces`."),
    "too_large": Kind(413, "Too much", "Send less."),
    "unsupported_media_type": Kind(415, "Not JSON", "Send `Content-Type: application/json`."),
    "invalid": Kind(422, "Not valid", "Everything that is wrong is in `errors`."),
    "key_reused": Kind(422, "This key was used for something else", "Make a new `Idempotency-Key` for each new thing you do."),
    "too_many": Kind(429, "Too often", "Wait as many seconds as `Retry-After` says."),
    "failed": Kind(500, "A fault of ours", "Try again later, with the same `Idempotency-Key`."),
    "unavailable": Kind(503, "Not now", "Try again in a little while, with the same `Idempotency-Key`."),
}  # fmt: skip
_OF_STATUS = {kind.status: name for name, kind in reversed(list(KINDS.items()))}


class Problem(Exception):
    """A request that is answered with a problem. `more` are further members, `headers` of the answer."""

    def __init__(
        self,
        name: str,
        detail: str | None = None,
        *,
        errors: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        """In: one of `KINDS`. Raises KeyError for another word."""
        super().__init__(name)
        self.name, self.kind = name, KINDS[name]
        self.detail, self.errors, self.headers, self.more = detail, list(errors), dict(headers or {}), more


def answer(problem: Problem, public_url: str) -> Response:
    """The answer that tells of a problem."""
    said: dict[str, Any] = {
        "type": f"{public_url}{LIST}#{problem.name}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail or problem.kind.meaning,
    }
    if problem.errors:
        said["errors"] = [
            {"pointer": f"#{fault.pointer}", "detail": fault.detail} for fault in problem.errors
        ]
    said |= problem.more
    response = Response(json.dumps(said), status=problem.kind.status, content_type=CONTENT_TYPE)
    response.headers.update(problem.headers)
    return response


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem of an HTTP error that had no better words."""
    if status in _OF_STATUS:
        return Problem(_OF_STATUS[status], headers=headers)
    name = "failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "malformed"
    return Problem(name, headers=headers)


def explained(public_url: str) -> dict[str, Any]:
    """Every kind of problem, for developers: by its type."""
    return {
        f"{public_url}{LIST}#{name}": {"status": kind.status, "title": kind.title, "meaning": kind.meaning}
        for name, kind in KINDS.items()
    }
