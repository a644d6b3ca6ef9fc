"""The hours of a week, of all languages or of one, from today or from a later day on: a line for each day, shown before they are
saved; what was planned may be moved or taken back. Asks `line.week`, `line.editing`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db, hours
from helpline.console import line_saving, line_words
from helpline.console.forms import Form
from helpline.console.line import keepers, tabs
from helpline.console.line_words import ALL, KINDS
from helpline.console.offers_hours import weekday
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.hours import WEEKDAYS, Span
from helpline.languages import CODES
from helpline.line import editing, week

pages = Pages("line_hours")
_LONGEST = 60
FURTHEST = timedelta(days=2 * 366)


@pages.get("/line/hours/<kind>")
@keepers
def chosen(kind: str) -> Response:
    """To the hours of the language that a form names."""
    language = Form(request.args).choice("language", (ALL, *CODES))
    if kind not in KINDS or not language:
        abort(404)
    return redirect(url_for("line_hours.shown", kind=kind, scope=language), 303)


@dataclass(frozen=True)
class Asked:
    """Which hours a page is about: of which kind, whose, and (else None) from which later day on, as was planned."""

    kind: str
    scope: str
    first: date | None
    state: Mapping[str, Any]

    @property
    def what(self) -> str:
        """The hours of this kind that hold today."""
        return KINDS[self.kind][0]

    @property
    def language(self) -> str | None:
        """None for the hours of all."""
        return None if self.scope == ALL else self.scope

    @property
    def planned(self) -> str:
        """The name of what was planned from that day on."""
        return editing.later(self.what, self.first, self.scope) if self.first else ""

    def held(self) -> tuple[Span, ...]:
        """All hours of this kind as they hold on that day, or today."""
        calendar = editing.calendar(self.state).on(self.first or _today())
        return calendar.opening if self.what == editing.OPENING else calendar.callback


@pages.get("/line/hours/<kind>/<scope>")
@keepers
def shown(kind: str, scope: str) -> Response:
    """The form, with the hours as they are; a language that has none of its own begins with those of all."""
    return _shown(_asked(kind, scope))


@pages.get("/line/hours/<kind>/<scope>/<day>")
@keepers
def planned(kind: str, scope: str, day: str) -> Response:
    """The form of hours that begin on a later day."""
    return _shown(_asked(kind, scope, day))


@pages.post("/line/hours/<kind>/<scope>")
@keepers
def changed(kind: str, scope: str) -> Response:
    """Other hours: shown first, saved once whoever wants them has seen what follows."""
    return _changed(_asked(kind, scope))


@pages.post("/line/hours/<kind>/<scope>/<day>")
@keepers
def plan_changed(kind: str, scope: str, day: str) -> Response:
    """Other hours from that day on, another day, or none: what was planned is taken back."""
    return _changed(_asked(kind, scope, day))


def _shown(asked: Asked) -> Response:
    held, form = asked.held(), Form()
    own = week.of(held, asked.language)
    beginning = week.of(held, None) if own == week.EMPTY else own
    form.fill(**{name: week.written(beginning[number]) for number, name in enumerate(WEEKDAYS)})
    form.fill(starts=(asked.first or _today()).isoformat())
    if asked.first and asked.language and own == week.EMPTY:
        form.fill(follow="yes")
    return _page(form, asked)


def _changed(asked: Asked) -> Response:
    form = Form(request.form.copy())
    wanted = _wanted(form, asked)
    if not form:
        return _page(form, asked)
    done = line_saving.save(form, wanted, to=url_for("line.shown"))
    if isinstance(done, Response):
        return done
    if done is None:
        return line_saving.nothing(_here(asked))
    return _page(form, asked, proposal=done)


def _wanted(form: Form, asked: Asked) -> dict[str, Any]:
    """What the form asks for: hours from today on, or from a later day; nothing of what is so already."""
    if asked.planned and form.typed("gone"):
        return {asked.planned: None}
    own = week.spans(_week(form, asked.kind), asked.language)
    if form.typed("follow") and asked.language is not None:
        own = []
    first = _first(form, asked)
    wanted: dict[str, Any] = {}
    if first == _today():
        others = [one for one in editing.spans(asked.state[asked.what]) if one.language != asked.language]
        wanted[asked.what] = editing.of_spans(others + own)
    else:
        name, plain = editing.later(asked.what, first, asked.scope), editing.of_spans(own)
        if asked.planned or name in asked.state or plain != editing.otherwise(asked.state, name):
            wanted[name] = plain
    if asked.planned and asked.planned not in wanted:
        wanted = {asked.planned: None, **wanted}
    return wanted


def _first(form: Form, asked: Asked) -> date:
    """The day from which the hours should hold; today where none is given."""
    today = _today()
    first = form.day("starts") or asked.first or today
    if first < today:
        form.fault("starts", gettext("This day is over: hours hold from today or a later day on."))
    elif first - today > FURTHEST:
        form.fault("starts", gettext("Choose a day within two years."))
    return first


def _today() -> date:
    return hours.today(clock.now())


def _here(asked: Asked) -> str:
    if asked.first is None:
        return url_for("line_hours.shown", kind=asked.kind, scope=asked.scope)
    return url_for("line_hours.planned", kind=asked.kind, scope=asked.scope, day=asked.first.isoformat())


def _asked(kind: str, scope: str, day: str = "") -> Asked:
    if kind not in KINDS or scope not in (ALL, *CODES):
        abort(404)
    with db.transaction(durable=False) as session:
        state = editing.state(session)
    try:
        asked = Asked(kind, scope, date.fromisoformat(day) if day else None, state)
    except ValueError:
        abort(404)
    if asked.first and (asked.planned not in state or asked.first.isoformat() != day):
        abort(404)
    return asked


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


def _page(form: Form, asked: Asked, *, proposal: line_saving.Proposal | None = None) -> Response:
    what, name, about = KINDS[asked.kind]
    if "seen" not in form.values:
        form.fill(seen=line_saving.marked(what))
    days = [(name, weekday(number)) for number, name in enumerate(WEEKDAYS)]
    coming = [
        (day, editing.spans(value))
        for other, value in asked.state.items()
        if editing.parts(other)[0] == what and (begun := editing.begins(other))
        for day, scope in [begun]
        if scope == asked.scope and day != asked.first
    ]
    own = week.of(asked.held(), asked.language) != week.EMPTY
    return page(
        "line/hours.html",
        line_saving.status_of(form),
        form=form,
        asked=asked,
        here=_here(asked),
        title=f"{name}: {line_words.scope(asked.scope)}",
        about=about,
        days=days,
        own=own or asked.first is not None,
        may_follow=asked.scope != ALL and (own or asked.first is not None or bool(coming)),
        coming=[(day, week.of(spans, asked.language)) for day, spans in coming],
        today=_today(),
        proposal=proposal,
        labels=dict(days) | {"why": gettext("Why"), "starts": gettext("From which day on")},
        tabs=tabs(),
        words=line_words,
    )
