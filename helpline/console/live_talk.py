"""Whom one talks with in a live call, what is written of it, what is taken back, and how it went. Asks `live.sheets` and
`intake`."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import callbacks_requests, callbacks_words
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.rendering import notice
from helpline.intake import filling_in, recognising, taking_back
from helpline.live import sheets
from helpline.live.models import Went
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing.filling_in import Known
from helpline.routing.offers import Late

answers = allowed(Role.OPERATOR, Role.COORDINATOR)
CODE_LENGTH = 4
OUTCOMES = {
    Went.HELPED: (lazy_gettext("Helped"), lazy_gettext("They have what they rang for.")),
    Went.WRITTEN_DOWN: (lazy_gettext("Written down"), lazy_gettext("A call back or a request was saved in this talk.")),
    Went.EMERGENCY: (lazy_gettext("Emergency"), lazy_gettext("They were told whom to ring, or were put through.")),
    Went.SILENT: (lazy_gettext("Nobody spoke"), lazy_gettext("Silence, or a line too bad to talk.")),
    Went.NOT_FOR_US: (lazy_gettext("Not for us"), lazy_gettext("A wrong number, or a matter for others.")),
}  # fmt: skip


@answers
def code(hold_id: int) -> Response:
    """Check the code that the person said."""
    given = "".join(c for c in request.form.get("code", "") if c.isdecimal() and c.isascii())
    if len(given) != CODE_LENGTH:
        return back(gettext("A code has four digits."))
    with db.transaction() as session:
        try:
            right = recognising.code_given(session, hold_id, person(), given)
        except sheets.NotTalking:
            return back(_not_talking())
    if right:
        return back(gettext("The code is right."), kind="good")
    return back(gettext("The code is not right. Say nothing of what was asked before."))


@answers
def recognised(hold_id: int) -> Response:
    """The person said unprompted what they had asked for."""
    with db.transaction() as session:
        try:
            recognising.recognised_without_code(session, hold_id, person(), _ask_id())
        except (sheets.NotTalking, LookupError):
            return back(_not_talking())
    return back()


@answers
def take_back(hold_id: int) -> Response:
    """The person takes back what they had asked for."""
    form = Form(request.form)
    why = form.text("why", most=300)
    if not form:
        return back(gettext("Write how they said so."))
    with db.transaction() as session:
        try:
            taking_back.in_live_call(session, hold_id, person(), _ask_id(), why=why)
        except (sheets.TooLate, taking_back.NotRecognised):
            return back(callbacks_words.not_recognised())
        except Late:
            session.rollback()
            return back(callbacks_words.over_already())
    return back(callbacks_words.taken_back(), kind="good")


@answers
def fill_in(hold_id: int) -> Response:
    """Where they are, or want to go, that was not known when they asked."""
    form = Form(request.form)
    region, country = callbacks_requests.places(form)
    why = form.text("why", most=300)
    if not form or not (region or country):
        return back(callbacks_requests.incomplete())
    with db.transaction() as session:
        try:
            filling_in.in_live_call(
                session, hold_id, person(), _ask_id(), region=region, country=country, why=why
            )
        except (sheets.TooLate, taking_back.NotRecognised):
            return back(callbacks_words.not_recognised())
        except (Late, Known):
            session.rollback()
            return back(callbacks_requests.known_already())
    return back(callbacks_requests.filled_in(), kind="good")


@answers
def note(hold_id: int) -> Response:
    """Keep what was written so far; a page that does so by itself needs no answer."""
    form = Form(request.form)
    text = form.text("note", required=False, most=2000)
    if not form:
        return back(form.errors["note"])
    with db.transaction() as session:
        kept = sheets.write_note(session, hold_id, person(), text)
    if "HX-Request" in request.headers:
        return Response(status=204)
    return back() if kept else back(_not_talking())


@answers
def close(hold_id: int) -> Response:
    """How it went: what was written is kept, and the sheet put away."""
    form = Form(request.form)
    how = form.choice("outcome", list(OUTCOMES))
    text = form.text("note", required=False, most=2000) if "note" in form.values else None
    if not form:
        return back(gettext("Say how it went."))
    with db.transaction() as session:
        try:
            if text is not None:
                sheets.write_note(session, hold_id, person(), text)
            done = sheets.close(session, hold_id, person().id, Went(how))
        except sheets.NothingSaved:
            return back(
                gettext("Nothing was saved in this talk: write the call back or the request down first.")
            )
    return back() if done else back(gettext("You are still talking."))


def outcomes() -> list[tuple[str, Any, Any]]:
    """The ways in which a talk may have gone, with their words."""
    return [(one.value, *words) for one, words in OUTCOMES.items()]


def back(text: str = "", *, kind: str = "bad") -> Response:
    """To the page of live calls, with a word if there is one to say."""
    there: Any = redirect(url_for("live.now"), 303)
    return notice(there, text, kind=kind) if text else there


def _ask_id() -> int:
    given = request.form.get("ask", "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < len(str(2**31)) else 0


def _not_talking() -> str:
    return gettext("You are not talking with the person now.")


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("POST", "/live/<int:hold_id>/code", code),
    ("POST", "/live/<int:hold_id>/recognised", recognised),
    ("POST", "/live/<int:hold_id>/take-back", take_back),
    ("POST", "/live/<int:hold_id>/fill-in", fill_in),
    ("POST", "/live/<int:hold_id>/note", note),
    ("POST", "/live/<int:hold_id>/close", close),
)
