"""What every page of the web application shares: limits, headers, errors without a trace. Knows no page."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Rule

LARGEST_REQUEST = 64 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ALL = tuple(HEADERS.items())


LARGEST_ID = 2_147_483_647


def up_to(most: int) -> str:
    """A pattern for the whole numbers from nought to this one (of two digits or more), and for nothing else."""
    digits = str(most)
    shorter, last = f"[0-9]{{1,{len(digits) - 1}}}", len(digits) - 1
    less = [
        f"{digits[:place]}[0-{int(digit) - (place < last)}][0-9]{{{last - place}}}"
        for place, digit in enumerate(digits)
        if digit != "0" or place == last
    ]
    return f"(?:{'|'.join([shorter, *less])})"


class Id(IntegerConverter):
    """A whole number in an address: what no row can have as its id leads nowhere, and asks no database.

    The pattern itself says so: a number that is read first, and then refused, is answered as a wrong method would be.
    """

    regex = up_to(LARGEST_ID)


class Address(Rule):
    """A rule that learns how its addresses are made when the first is: of hundreds of pages few are ever named by one
    process, and werkzeug compiles two functions for each."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_now(append_unknown))
            return made[0](rule, **values)

        return build


def prepare(app: Flask) -> None:
    """Set up what all blueprints rely on."""
    app.url_rule_class = Address
    app.url_map.converters["int"] = Id
    app.session_interface = NoSession()
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["TRAP_HTTP_EXCEPTIONS"] = False
    app.url_map.strict_slashes = False  # a redirect would lose the keys that a caller pressed
    app.url_map.merge_slashes = False
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(Exception, _unexpected)


class NoSession(SessionInterface):
    """No session in a cookie: the carrier has none, and people's sessions are rows."""

    def open_session(self, app: Flask, request: Request) -> None:
        """None, whatever the request brought."""
        return


class Ready(Response):
    """A 200 with every header on it from the start: what is made all the time is not looked through again."""

    def __init__(self, body: bytes, content_type: str) -> None:
        super().__init__(body, headers=[("Content-Type", content_type), *_ALL])


def _headers(response: Response) -> Response:
    if not isinstance(response, Ready):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def _plain(error: HTTPException) -> Response:
    return Response(f"{error.code} {error.name}\n", status=error.code, mimetype="text/plain")


def _unexpected(error: Exception) -> Response:
    from flask import current_app

    current_app.logger.error("a page failed: %s", type(error).__name__)
    return Response("500 Internal Server Error\n", status=500, mimetype="text/plain")
