"""What stands before every address of the interface: the token, its scope, how often; and around it: problems, headers."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from helpline import db
from helpline.api import limits, once, problems, tokens
from helpline.api.judging import Fault, judged
from helpline.api.problems import Problem
from helpline.config import Settings
from helpline.people import access, addresses
from helpline.routing.answers import Late, NotAccepted
from helpline.routing.models import OfferState

log = logging.getLogger(__name__)

PREFIX = "/api/"
KEY = "Idempotency-Key"
_ERRORS_FROM = 400


def settings() -> Settings:
    """How this installation runs."""
    found: Settings = current_app.extensions["api_settings"]
    return found


def bearer() -> tokens.Bearer:
    """Whose token this request came with, for views that need one."""
    found: tokens.Bearer = g.bearer
    return found


def keep_out() -> None:
    """Stand before every view of the interface. Raises `Problem`."""
    guard = access.guard_of(current_app.view_functions.get(request.endpoint or ""))
    if guard == access.ANYONE:
        return
    scope = access.scope_of(guard)
    if scope is None:
        raise Problem("not_found")
    who = _asks()
    if scope not in who.scopes:
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise Problem("forbidden", headers={"WWW-Authenticate": challenge}, scope=str(scope))
    g.bearer = who


def _asks() -> tokens.Bearer:
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    with db.transaction(durable=False) as session:
        token = token.strip()
        who = tokens.whose(session, token) if word.lower() == "bearer" and token.isascii() and token else None
        if who is not None:
            g.standing = limits.count(session, who.who, limits.PER_TOKEN)
        else:
            peer = addresses.of_client(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
            network = addresses.network(peer) or "this machine"
            g.standing = limits.count(session, f"wrong {network}", limits.WRONG_PER_NETWORK)
    if g.standing.too_often:
        raise Problem("too_many", headers={"Retry-After": str(g.standing.seconds)})
    if who is None:
        raise Problem("unauthorized", headers={"WWW-Authenticate": "Bearer"})
    return who


def body_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object that came, judged by its schema. Raises `Problem` with all faults at once."""
    if request.mimetype != "application/json":
        raise Problem("unsupported_media_type")
    try:
        raw = request.get_data()
        given = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
        json.dumps(given, ensure_ascii=False).encode("utf-8")  # half of a pair of surrogates is no text
    except (ValueError, RecursionError):
        raise Problem("malformed") from None
    if faults := judged(schema, given):
        raise Problem("invalid", errors=faults)
    found: dict[str, Any] = given
    return found


def no_body(schema: Mapping[str, Any]) -> None:
    """Nothing is asked: there is no body, or one that says nothing (`schema`). Raises `Problem` as `body_of`."""
    if request.get_data():
        body_of(schema)


def _no_number(word: str) -> None:
    raise ValueError(word)


def query_of(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The parameters behind the `?`, judged by their schemas. Raises `Problem` with all faults at once."""
    faults, found = [], {}
    for name, values in request.args.lists():
        if name not in schemas:
            faults.append(Fault(f"?{name}"[:80], f"unknown; known are {', '.join(schemas)}"))
            continue
        value: Any = values[0]
        if schemas[name]["type"] == "integer" and value.isascii() and value.isdigit() and len(value) < 12:
            value = int(value)
        faults += judged(schemas[name], value, f"?{name}")
        if len(values) > 1:
            faults.append(Fault(f"?{name}", "given more than once"))
        found[name] = value
    if faults:
        raise Problem("invalid", errors=faults)
    return found


def shown(look: Callable[[Session], Any], *, durable: bool = False) -> Response:
    """Answer with what a look at the database gives; a durable one leaves a trace that must last."""
    with db.transaction(durable=durable) as session:
        body = _written(_told(lambda: look(session)))
    return _json(body)


def done(work: Callable[[Session], Any], *, personal: bool = False) -> Response:
    """Do something, once for each `Idempotency-Key`, and answer with what it gives.

    `personal`: the answer shows a person, so it is not kept. Raises `Problem`; then nothing was done.
    """
    key = _key()
    try:
        with db.transaction() as session:
            kept = once.begin(session, bearer().id, key, _asked()) if key else None
            if kept is not None and kept.body is not None:
                return _json(kept.body, replayed=True)
            body = _written(_told(lambda: work(session)))
            if kept is not None and not personal:
                once.keep(session, kept, body)
    except once.KeyReused:
        raise Problem("key_reused") from None
    return _json(body)


def _told(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except NotAccepted:
        raise Problem("not_accepted", state="pending") from None
    except Late as late:
        if late.state == OfferState.PENDING:
            raise Problem("not_accepted", state=late.state) from None
        raise Problem("late", f"The offer is {late.state} already.", state=late.state) from None
    except LookupError as error:
        if isinstance(error, KeyError | IndexError):  # a fault of ours, and not that there is none such
            raise
        raise Problem("not_found") from None


def _key() -> str | None:
    key = request.headers.get(KEY)
    if key is None:
        return None
    if not 0 < len(key) <= once.LONGEST_KEY or not key.isascii() or not key.isprintable():
        fault = Fault(f"/{KEY}", f"must have 1 to {once.LONGEST_KEY} printable ASCII characters")
        raise Problem("invalid", errors=[fault])
    return key


def _asked() -> str:
    target = f"{request.method} {request.full_path}\n"
    return target + request.get_data().decode("utf-8", "backslashreplace")


def _written(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)


def _json(body: str, *, replayed: bool = False) -> Response:
    response = Response(body, content_type="application/json")
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def refused(problem: Problem) -> Response:
    """Answer for a `Problem`."""
    return problems.answer(problem, settings().public_url)


def failed(error: Exception) -> Response:
    """Answer for whatever else went wrong; the log gets its kind."""
    if isinstance(error, HTTPException):
        return refused(problems.of_status(error.code or 500))
    log.error("the interface failed: %s", type(error).__name__)
    if isinstance(error, SQLAlchemyError):
        return refused(Problem("unavailable", headers={"Retry-After": "30"}))
    return refused(Problem("failed"))


def dress(response: Response) -> Response:
    """Last of all: what is answered under /api/ is JSON also where no view was reached, and is kept by nobody."""
    if not request.path.startswith(PREFIX):
        return response
    if response.status_code >= _ERRORS_FROM and response.mimetype != problems.CONTENT_TYPE:
        allow = {}
        if isinstance(request.routing_exception, MethodNotAllowed):
            allow = {"Allow": ", ".join(sorted(request.routing_exception.valid_methods or ()))}
        response = refused(problems.of_status(response.status_code, allow))
    response.headers.setdefault("Cache-Control", "no-store")
    if (standing := g.get("standing")) is not None:
        response.headers["RateLimit-Policy"] = f'"token";q={standing.limit};w={limits.WINDOW.seconds}'
        response.headers["RateLimit"] = f'"token";r={max(standing.left, 0)};t={standing.seconds}'
    return response


def prepare(app: Flask, settings: Settings) -> None:
    """Give the application what the interface relies on."""
    app.extensions["api_settings"] = settings
    app.after_request(dress)
