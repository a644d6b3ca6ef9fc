"""What a coordinator does about one request, each with a reason: more time, pull back, assign, park, urgent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from helpline import clock, db, hours
from helpline.console import callbacks_requests, offers_words, requests_words
from helpline.console import forms as parsing
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.rendering import notice
from helpline.console.requests_page import show
from helpline.intake import reaching, taking_back
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import filling_in, offers, overview
from helpline.routing.offers import Full, Late

coordinators = allowed(Role.COORDINATOR)
LAST_HOUR = 18
"""A day given as a limit ends at this hour in Rome."""


@coordinators
def extend(request_id: int) -> Response:
    """Give the organisation more time to answer."""
    form = Form(request.form)
    until, why = _evening(form, "until"), form.text("why_extend", most=300)

    def act(session: Any) -> None:
        offers.extend(session, _offer(session, request_id), until, who=_who(), why=why)

    wrong = gettext("Choose a day after the present deadline, at most two weeks ahead.")
    return _done(request_id, form, act, gettext("They have more time, and are told."), ("until", wrong))


@coordinators
def withdraw(request_id: int) -> Response:
    """Pull the live offer back, also an accepted one."""

    def act(session: Any, why: str) -> None:
        offers.withdraw(session, _offer(session, request_id), who=_who(), why=why)

    said = gettext("The offer is pulled back; the organisation is told.")
    return _with_reason(request_id, "why_withdraw", act, said)


@coordinators
def assign(request_id: int) -> Response:
    """Offer it to a project chosen by hand."""
    form = Form(request.form)
    project_id, why = form.text("project"), form.text("why_assign", most=300)

    def act(session: Any) -> None:
        if project_id not in overview.project_names(session):
            raise ValueError(project_id)
        offers.assign(session, request_id, project_id, who=_who(), why=why)

    wrong = gettext("Choose one of these.")
    return _done(
        request_id, form, act, gettext("It is offered; the organisation is told."), ("project", wrong)
    )


@coordinators
def park(request_id: int) -> Response:
    """Offer it to nobody until a day."""
    form = Form(request.form)
    day, why = form.day("day", required=True), form.text("why_park", most=300)

    def act(session: Any) -> None:
        if day is not None:  # a form without a day has a fault, and nothing is done
            offers.park(session, request_id, hours.at_hour(day, 0), who=_who(), why=why)

    wrong = gettext("Choose a day after today, at most half a year ahead.")
    return _done(request_id, form, act, gettext("Parked; it keeps its place in the order."), ("day", wrong))


@coordinators
def unpark(request_id: int) -> Response:
    """Let it be offered again."""

    def act(session: Any, why: str) -> None:
        offers.unpark(session, request_id, who=_who(), why=why)

    said = gettext("It is offered again as soon as there is a place.")
    return _with_reason(request_id, "why_unpark", act, said, required=False)


@coordinators
def urgent(request_id: int) -> Response:
    """Put it before all that are not urgent."""

    def act(session: Any, why: str) -> None:
        offers.mark_urgent(session, request_id, who=_who(), why=why)

    return _with_reason(request_id, "why_urgent", act, gettext("It goes before all that are not urgent."))


@coordinators
def call(request_id: int) -> Response:
    """Have an operator call the person; the request stays where it stands."""

    def act(session: Any, why: str) -> None:
        reaching.call_them(session, request_id, person(), why=why)

    said = gettext("One of ours calls them; the request stays where it stands.")
    return _with_reason(request_id, "why_call", act, said)


@coordinators
def fill_in(request_id: int) -> Response:
    """Where they are, or want to go, that was not known when they asked."""
    form = Form(request.form)
    region, country = callbacks_requests.places(form)
    why = form.text("why_fill_in", most=300)

    def act(session: Any) -> None:
        filling_in.fill_in(session, request_id, region=region, country=country, who=_who(), why=why)

    wrong = gettext("Choose a region or a country that is not known yet.")
    return _done(
        request_id, form, act, gettext("Noted. The request is looked at again at once."), ("region", wrong)
    )


@coordinators
def call_promised() -> Response:
    """Have all those called whose promised day ends before their organisation must have answered."""
    with db.transaction() as session:
        called = reaching.call_promised(session, person())
    said = ngettext("%(num)s call back is in the queue.", "%(num)s call backs are in the queue.", called)
    return notice(redirect(url_for("requests.listed"), 303), said)


@coordinators
def take_back(request_id: int) -> Response:
    """End it for the person, who told one of ours that they want it no more."""

    def act(session: Any, why: str) -> None:
        taking_back.take_back(session, request_id, person(), why=why)

    said = gettext("The request is taken back, and is offered to nobody.")
    return _with_reason(request_id, "why_take_back", act, said)


def _with_reason(
    request_id: int, field: str, act: Callable[[Any, str], None], said: str, *, required: bool = True
) -> Response:
    """A deed whose form asks for a reason, and for nothing else."""
    form = Form(request.form)
    why = form.text(field, required=required, most=300)
    return _done(request_id, form, lambda session: act(session, why), said)


def _done(
    request_id: int, form: Form, act: Callable[[Any], None], said: str, wrong: tuple[str, str] = ("", "")
) -> Response:
    """Do it, unless the form has faults; what a service refuses is told beside its field, or on top."""
    if not form:
        return show(request_id, form, status=422)
    late = ""
    with db.transaction() as session:
        try:
            act(session)
        except LookupError:
            abort(404)
        except Late as over:
            session.rollback()
            late = _said_late(over.state)
        except Full as full:
            session.rollback()
            form.fault("project", str(requests_words.FULL[full.reason]))
        except ValueError:
            session.rollback()
            form.fault(*wrong)
    if late:
        return show(request_id, form, late=late)
    if not form:
        return show(request_id, form, status=422)
    return notice(redirect(url_for("requests.one", request_id=request_id), 303), said)


def _who() -> str:
    return person().in_audit


def _offer(session: Any, request_id: int) -> int:
    """The offer that the form was made for: one of this very request. Raises `LookupError`."""
    offer_id = parsing.number(request.form.get("offer", ""))
    if offer_id is None or offers.offer_row(session, offer_id).request_id != request_id:
        raise LookupError("no such offer")
    return offer_id


def _evening(form: Form, field: str) -> datetime:
    """The end of a working day that was chosen; this moment, with a fault, where none was."""
    day = form.day(field, required=True)
    if day and not hours.is_working_day(hours.Calendar(), day):
        form.fault(field, gettext("Choose a working day: on others nobody answers."))
    return hours.at_hour(day, LAST_HOUR) if day else clock.now()


def _said_late(state: str) -> str:
    words = offers_words.REQUESTS.get(state) or offers_words.STATES.get(state)
    return gettext(
        "Too late, nothing was changed: it is %(state)s by now. Look below at what happened.",
        state=str(words[0]) if words else state,
    )


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("POST", "/requests/<int:request_id>/extend", extend),
    ("POST", "/requests/<int:request_id>/withdraw", withdraw),
    ("POST", "/requests/<int:request_id>/assign", assign),
    ("POST", "/requests/<int:request_id>/park", park),
    ("POST", "/requests/<int:request_id>/unpark", unpark),
    ("POST", "/requests/<int:request_id>/urgent", urgent),
    ("POST", "/requests/<int:request_id>/call", call),
    ("POST", "/requests/<int:request_id>/take-back", take_back),
    ("POST", "/requests/<int:request_id>/fill-in", fill_in),
    ("POST", "/requests/call-promised", call_promised),
)
