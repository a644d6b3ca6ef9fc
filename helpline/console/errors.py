"""What went wrong, as a page in one's language that gives nothing away. Pages for machines keep their plain words."""

import logging

from flask import Blueprint, current_app, g, redirect, request
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from helpline.console import access, rendering

log = logging.getLogger(__name__)

_MACHINES = ("/voice", "/audio", "/health", "/metrics", "/api", "/static")


def nothing_there(error: HTTPException) -> Response:
    """Answer for an address without a page, or one that is used in the wrong way."""
    if request.path.startswith(_MACHINES):
        return Response(f"{error.code} {error.name}\n", status=error.code, mimetype="text/plain")
    if isinstance(error, MethodNotAllowed) and request.method == "GET":
        return redirect(_page_above(request.path), 303)
    return page_for(error)


def _page_above(path: str) -> str:
    """The page on which a form stands: after a form that was not right, its address is that of the browser, and is loaded
    again or kept as a bookmark."""
    addresses = current_app.url_map.bind("")
    while path := path.rpartition("/")[0]:
        if addresses.test(path, "GET"):
            return path
    return "/"


def page_for(error: Exception) -> Response:
    """The page that tells of this error; a redirect stays one. The log gets the error's kind, never its words."""
    if isinstance(error, HTTPException):
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()
        code = error.code or 500
    else:
        code = 503 if isinstance(error, SQLAlchemyError) else 500
        log.error("a page failed: %s", type(error).__name__)
        g.setdefault("who", None)
    title, text = _words(code)
    if "HX-Request" in request.headers or access.STAY_HEADER in request.headers:
        return Response(f"{title}\n", status=code, mimetype="text/plain")
    return rendering.page("error.html", code, code=code, heading=title, text=text)


def _words(code: int) -> tuple[str, str]:
    if code == 400:
        return gettext("This form is too old"), gettext(
            "It was open for too long, or in two tabs. Nothing was changed. Go back, load the page again and repeat it."
        )
    if code == 403:
        return gettext("This page is not for your role"), gettext(
            "You are signed in, but your roles do not include it. An administrator can change your roles."
        )
    if code in {404, 405}:
        return gettext("There is no such page"), gettext(
            "The address may be mistyped, or what was here has been removed."
        )
    if code == 413:
        return gettext("That was too much"), gettext("What you sent is larger than this page accepts.")
    if code == 503:
        return gettext("The console cannot reach its data"), gettext(
            "Calls are still answered. Try again in a minute; if it stays like this, tell who runs the service."
        )
    return gettext("Something went wrong"), gettext(
        "Nothing was changed. Try again; if it stays like this, tell who runs the service at what time it was."
    )


pages = Blueprint("console_errors", __name__, template_folder="templates")
pages.app_errorhandler(404)(nothing_there)
pages.app_errorhandler(405)(nothing_there)
