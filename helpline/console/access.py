"""Who is at the other end, whether they may see the page, and whether a form is really ours. Asks `people`."""

import secrets
from urllib.parse import quote, urlsplit

from flask import abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from helpline import db
from helpline.config import Settings
from helpline.console.cookies import PENDING, SESSION, VISITOR, Jar, same
from helpline.people import access as guards
from helpline.people import sessions
from helpline.people.accounts import Who

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
LIVE_HEADER = "X-Live"  # a page that looks by itself whether something changed; nobody need be there
EVENTS = "text/event-stream"  # what a browser asks for that waits for news by itself
STAY_HEADER = "X-Stay"  # a page that stays asks, and goes itself where we would send it
_SAFE = {"GET", "HEAD", "OPTIONS"}
_OURS = {"same-origin", "none"}


def jar() -> Jar:
    """The cookies of this application."""
    found: Jar = current_app.extensions["console_jar"]
    return found


def settings() -> Settings:
    """How this installation runs."""
    found: Settings = current_app.extensions["console_settings"]
    return found


def current() -> Who | None:
    """Who is signed in and asks this request; looked up once, when first asked. None for everybody else."""
    if "who" not in g:
        g.who = None  # while we look, and when looking fails: nobody
        token = jar().get(SESSION)
        if token:
            by_itself = LIVE_HEADER in request.headers or request.headers.get("Accept") == EVENTS
            with db.transaction(durable=False) as session:
                g.who = sessions.whose(session, token, touch=not by_itself)
    who: Who | None = g.who
    return who


def person() -> Who:
    """Who is signed in, for views that only signed-in people reach."""
    who = current()
    if who is None:
        abort(403)
    return who


def still_there() -> None:
    """Whoever is signed in is talking on the telephone: that they touch no page does not end their session."""
    with db.transaction(durable=False) as session:
        sessions.touch(session, jar().get(SESSION))


def keep_out() -> Response | None:
    """Stand before every page of the console: None lets the request through, a response answers it instead.

    Raises 403 where the guard refuses, 400 where a form did not come from one of our pages, and 404 for what nothing
    can be called.
    """
    guard = guards.guard_of(current_app.view_functions.get(request.endpoint or ""))
    if guard is None or guard == guards.CARRIER:
        abort(403)
    if guard != guards.ANYONE:
        who = current()
        if who is None:
            return to_sign_in()
        if not guards.admits(guard, who.roles):
            abort(403)
    if request.method not in _SAFE and not _is_ours():
        abort(400)
    _no_nul()
    return None


def _no_nul() -> None:
    """No text of ours holds a NUL, and no database takes one: nothing has such a name, and no browser sends it."""
    asked = [request.path, *(value for values in request.args.listvalues() for value in values)]
    if any("\0" in text for text in asked):
        abort(404)
    if any("\0" in value for values in request.form.listvalues() for value in values):
        abort(400)


def to_sign_in() -> Response:
    """To the page for signing in, and afterwards back to where one wanted to go."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    part = "HX-Request" in request.headers
    if part or STAY_HEADER in request.headers:  # the page that asks, and not what it asked for
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        wanted = page.path + (f"?{page.query}" if page.query else "")
    where = "/sign-in" + (f"?next={quote(wanted)}" if wanted not in {"", "/"} else "")
    if part:  # the whole page has to go there
        return Response(status=401, headers={"HX-Redirect": where})
    return redirect(where, 303)


def onward(wanted: str, otherwise: str = "/") -> Response:
    """To a page of ours; to `otherwise` when `wanted` would lead to another site."""
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return redirect(wanted if inside else otherwise, 303)


def csrf_token() -> str:
    """What a form must carry: bound to the person's session, or, before there is one, to this browser."""
    return jar().sign("form", _bound_to())


def _bound_to() -> str:
    token = jar().get(SESSION) or jar().get(PENDING)
    if token:
        return token
    known = jar().get(VISITOR)
    if known:
        return known
    if "new_visitor" not in g:
        g.new_visitor = secrets.token_urlsafe(18)
    visitor: str = g.new_visitor
    return visitor


def remember_visitor(response: Response) -> None:
    """Give the browser what its first form is bound to."""
    if visitor := g.pop("new_visitor", None):
        jar().put(response, VISITOR, visitor)


def from_our_pages() -> None:
    """Refuse (403) what a page or a mail of others leads a browser to: for files, whose taking is written down with a name."""
    if not _is_asked_here():
        abort(403)


def _is_asked_here() -> bool:
    """Whether the browser says that a page of ours, or the person themselves, asks; older browsers say nothing."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in _OURS


def _is_ours() -> bool:
    if not _is_asked_here():
        return False
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    return same(given, csrf_token())
