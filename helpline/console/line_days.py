"""Days off: the Italian holidays as they are computed, those on which the line works all the same, and closures of our own."""

from datetime import date, timedelta
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db, hours, line
from helpline.console import line_saving, line_words
from helpline.console.forms import Form
from helpline.console.line import days_off, keepers, tabs
from helpline.console.pages import Pages
from helpline.console.rendering import locale, page
from helpline.line import editing

pages = Pages("line_days")
LONGEST_CLOSURE = timedelta(days=120)
_LONGEST_NAME = 60
_NEW = "new"
"""What stands in the address of the form for a closure that has no name yet."""


@pages.get("/line/days")
@keepers
def shown() -> Response:
    """This year and the next: holidays, days that are worked, closures."""
    today = clock.in_rome().date()
    with db.transaction(durable=False) as session:
        here = line.read(session.connection())
        state = editing.state(session)
    closures = [
        (editing.parts(what)[1], date.fromisoformat(value["first"]), date.fromisoformat(value["last"]))
        for what, value in state.items()
        if editing.parts(what)[0] == editing.CLOSURE
    ]
    return page(
        "line/days.html",
        days=[one for one in days_off(here, today, date(today.year + 1, 12, 31)) if one["kind"] != "closure"],
        closures=sorted((one for one in closures if one[2] >= today), key=lambda one: one[1]),
        over=sorted((one for one in closures if one[2] < today), key=lambda one: one[1], reverse=True)[:20],
        words=line_words,
        tabs=tabs(),
    )


@pages.get("/line/days/<day>")
@keepers
def holiday(day: str) -> Response:
    """One holiday: whether the line works on it."""
    which = _holiday(day)
    form = Form()
    form.fill(worked="yes" if _worked(which) else "no")
    return _holiday_page(which, form)


@pages.post("/line/days/<day>")
@keepers
def holiday_changed(day: str) -> Response:
    """The line works on a holiday, or does not any more."""
    which, form = _holiday(day), Form(request.form.copy())
    worked = form.choice("worked", ("yes", "no"))
    if not form:
        return _holiday_page(which, form)
    wanted = {editing.named(editing.OPEN_DAY, day): dict(editing.WORKED) if worked == "yes" else None}
    done = line_saving.save(form, wanted, to=url_for("line_days.shown"))
    if isinstance(done, Response):
        return done
    if done is None:
        return line_saving.nothing(url_for("line_days.holiday", day=day))
    return _holiday_page(which, form, done)


@pages.get("/line/closures/new")
@keepers
def adding() -> Response:
    """The form for a closure."""
    return _closure_page(None, Form())


@pages.post("/line/closures/new")
@keepers
def added() -> Response:
    """A new closure."""
    form = Form(request.form.copy())
    name = form.reason("name")
    if len(name) > _LONGEST_NAME:
        form.fault("name", gettext("Use at most %(most)s characters.", most=_LONGEST_NAME))
    if "/" in name or name == _NEW:
        form.fault("name", gettext("Choose another name, without a slash."))
    with db.transaction(durable=False) as session:
        if name and editing.state(session).get(editing.named(editing.CLOSURE, name)):
            form.fault(
                "name", gettext("There is a closure of this name: choose another, or change that one.")
            )
    return _closed(form, name, None)


@pages.get("/line/closures/<path:name>")
@keepers
def closure(name: str) -> Response:
    """One closure."""
    value, form = _closure(name), Form()
    form.fill(**value)
    return _closure_page(name, form)


@pages.post("/line/closures/<path:name>")
@keepers
def closure_changed(name: str) -> Response:
    """Other days of a closure, or none any more."""
    _closure(name)
    return _closed(Form(request.form.copy()), name, name)


def _closed(form: Form, name: str, known: str | None) -> Response:
    value: dict[str, str] | None = None
    if not (known and form.typed("gone")):
        first, last = form.day("first", required=True), form.day("last")
        last = last or first
        if first and last and last < first:
            form.fault("last", gettext("The last day is before the first."))
        elif first and last and last - first > LONGEST_CLOSURE:
            form.fault(
                "last", gettext("At most four months: a line that is closed for longer has other hours.")
            )
        elif last and last < clock.in_rome().date():
            form.fault("last", gettext("This is over already."))
        if first and last:
            value = {"first": first.isoformat(), "last": last.isoformat()}
    if not form:
        return _closure_page(known, form)
    done = line_saving.save(
        form, {editing.named(editing.CLOSURE, name): value}, to=url_for("line_days.shown")
    )
    if isinstance(done, Response):
        return done
    if done is None:
        return line_saving.nothing(url_for("line_days.shown"))
    return _closure_page(known, form, done)


def _closure(name: str) -> dict[str, str]:
    with db.transaction(durable=False) as session:
        found: dict[str, str] | None = editing.state(session).get(editing.named(editing.CLOSURE, name))
    return found or abort(404)


def _holiday(day: str) -> date:
    try:
        which = date.fromisoformat(day)
    except ValueError:
        abort(404)
    if day != which.isoformat() or not hours.is_reckoned(which) or not hours.is_holiday(which):
        abort(404)
    return which


def _worked(which: date) -> bool:
    with db.transaction(durable=False) as session:
        return editing.named(editing.OPEN_DAY, which.isoformat()) in editing.state(session)


def _holiday_page(which: date, form: Form, proposal: line_saving.Proposal | None = None) -> Response:
    return _page(
        "line/holiday.html",
        form,
        editing.named(editing.OPEN_DAY, which.isoformat()),
        proposal,
        which=which,
        name=hours.holiday_names(which.year, locale())[which],
    )


def _closure_page(name: str | None, form: Form, proposal: line_saving.Proposal | None = None) -> Response:
    what = editing.named(editing.CLOSURE, name or form.typed("name"))
    return _page("line/closure.html", form, what, proposal, name=name)


def _page(
    template: str, form: Form, what: str, proposal: line_saving.Proposal | None, **values: Any
) -> Response:
    if "seen" not in form.values:
        form.fill(seen=line_saving.marked(what))
    labels = {
        "first": gettext("First day"), "last": gettext("Last day"), "name": gettext("Name"),
        "why": gettext("Why"), "worked": gettext("On this day"),
    }  # fmt: skip
    return page(
        template,
        line_saving.status_of(form),
        form=form,
        proposal=proposal,
        labels=labels,
        words=line_words,
        tabs=tabs(),
        **values,
    )
