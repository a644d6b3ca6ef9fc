"""The hours of a week, of all languages or of one: a line for each day, shown before they are saved. Asks `line.week`."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import line_saving, line_words
from helpline.console.forms import Form
from helpline.console.line import keepers, tabs
from helpline.console.line_words import ALL, KINDS
from helpline.console.offers_hours import weekday
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.hours import WEEKDAYS
from helpline.languages import CODES
from helpline.line import editing, week

pages = Pages("line_hours")
_LONGEST = 60


@pages.get("/line/hours/<kind>")
@keepers
def chosen(kind: str) -> Response:
    """To the hours of the language that a form names."""
    language = Form(request.args).choice("language", (ALL, *CODES))
    if kind not in KINDS or not language:
        abort(404)
    return redirect(url_for("line_hours.shown", kind=kind, scope=language), 303)


@pages.get("/line/hours/<kind>/<scope>")
@keepers
def shown(kind: str, scope: str) -> Response:
    """The form, with the hours as they are; a language that has none of its own begins with those of all."""
    what, language = _which(kind, scope)
    spans = editing.spans(_plain(what))
    own = week.of(spans, language)
    form = Form()
    beginning = week.of(spans, None) if own == week.EMPTY else own
    form.fill(**{name: week.written(beginning[number]) for number, name in enumerate(WEEKDAYS)})
    return _page(form, kind, scope, own=own != week.EMPTY)


@pages.post("/line/hours/<kind>/<scope>")
@keepers
def changed(kind: str, scope: str) -> Response:
    """Other hours: shown first, saved once whoever wants them has seen what follows."""
    what, language = _which(kind, scope)
    form = Form(request.form.copy())
    wanted = _week(form, kind)
    now = _plain(what)
    own = week.of(editing.spans(now), language) != week.EMPTY
    if not form:
        return _page(form, kind, scope, own=own)
    if form.typed("follow") and language is not None:
        wanted = week.EMPTY
    others = [span for span in editing.spans(now) if span.language != language]
    plain = editing.of_spans(others + week.spans(wanted, language))
    done = line_saving.save(form, {what: plain}, to=url_for("line.shown"))
    if isinstance(done, Response):
        return done
    if done is None:
        return line_saving.nothing(url_for("line_hours.shown", kind=kind, scope=scope))
    return _page(form, kind, scope, own=own, proposal=done)


def _which(kind: str, scope: str) -> tuple[str, str | None]:
    if kind not in KINDS or scope not in (ALL, *CODES):
        abort(404)
    return KINDS[kind][0], None if scope == ALL else scope


def _plain(what: str) -> Any:
    with db.transaction(durable=False) as session:
        return editing.state(session)[what]


def _week(form: Form, kind: str) -> week.Week:
    """What the form says of each day; what cannot be read is a fault of its day."""
    bounds = week.BOUNDS[kind]
    faults = {
        "shape": gettext("Write hours such as 9–13, 14–18; leave it empty for none."),
        "order": gettext("The end must be after the beginning."),
        "bounds": gettext("Whole hours from %(first)s to %(last)s.", first=bounds[0], last=bounds[1]),
    }
    found: list[week.Day] = []
    for name in WEEKDAYS:
        try:
            found.append(week.day(form.text(name, required=False, most=_LONGEST), bounds))
        except week.NotHours as wrong:
            form.fault(name, faults[str(wrong)])
            found.append(())
    return tuple(found)


def _page(
    form: Form, kind: str, scope: str, *, own: bool, proposal: line_saving.Proposal | None = None
) -> Response:
    what, name, about = KINDS[kind]
    if "seen" not in form.values:
        form.fill(seen=line_saving.marked(what))
    days = [(name, weekday(number)) for number, name in enumerate(WEEKDAYS)]
    return page(
        "line/hours.html",
        line_saving.status_of(form),
        form=form,
        kind=kind,
        scope=scope,
        title=f"{name}: {line_words.scope(scope)}",
        about=about,
        days=days,
        own=own,
        may_follow=own and scope != ALL,
        for_all=scope == ALL,
        proposal=proposal,
        labels=dict(days) | {"why": gettext("Why")},
        tabs=tabs(),
        words=line_words,
    )
