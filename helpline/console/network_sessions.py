"""Information and training sessions: one form, a list by period and region, and the same as CSV. Asks `routing.information`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import date, timedelta
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import clock, db, hours
from helpline.console import tables
from helpline.console.access import from_our_pages, person
from helpline.console.forms import Form
from helpline.console.labels import region_name
from helpline.console.network_words import AUDIENCES, KINDS
from helpline.console.rendering import dress, notice, page
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.places import REGIONS
from helpline.routing import information
from helpline.routing.information import Given, Row

MOST = 100_000
HEADINGS: Mapping[str, LazyString] = {
    "day": lazy_gettext("Day"),
    "month": lazy_gettext("Month"),
    "kind": lazy_gettext("Kind"),
    "place": lazy_gettext("Place"),
    "region": lazy_gettext("Region"),
    "audience": lazy_gettext("For whom"),
    "sessions": lazy_gettext("Meetings"),
    "people": lazy_gettext("How many people"),
    "brochures": lazy_gettext("Information sheets given"),
    "held_by": lazy_gettext("Held by"),
    "by": lazy_gettext("Noted by"),
}
network = allowed(Role.COORDINATOR, Role.FOCAL_POINT)


@network
def sessions() -> Response:
    """The sessions of a period, and the form for a new one."""
    return _sessions(Form({"day": hours.today(clock.now()).isoformat()}))


@network
def session_added() -> Response:
    """A session is noted."""
    form = Form(request.form)
    given = _given(form)
    if given is None:
        return _sessions(form, 422)
    who = person()
    with db.transaction() as session:
        information.add(session, given, person_id=who.id, who=who.in_audit)
    return notice(redirect(url_for("network.sessions"), 303), gettext("Noted."))


@network
def sessions_csv() -> Response:
    """The same as a table for spreadsheets."""
    from_our_pages()
    period = _period()
    with db.transaction(durable=False) as session:
        rows = information.listed(session, period.first, period.last, region=period.region, limit=10_000)
    headings = [str(HEADINGS[column]) for column in information.COLUMNS]
    lines = [_in_words(information.COLUMNS, line) for line in information.as_table(rows)]
    return dress(tables.file(f"sessions-{period.first}-{period.last}", (headings, lines)))


@network
def totals_csv() -> Response:
    """What they add up to by month, kind and region, for the reports."""
    from_our_pages()
    period = _period()
    with db.transaction(durable=False) as session:
        lines = information.by_month(session, period.first, period.last, region=period.region)
    names = [field.name for field in fields(information.MonthLine)]
    headings, rows = (
        [str(HEADINGS[name]) for name in names],
        [_in_words(names, astuple(line)) for line in lines],
    )
    return dress(tables.file(f"session-totals-{period.first}-{period.last}", (headings, rows)))


@network
def session_one(session_id: int) -> Response:
    """One session, to be put right."""
    row = _row(session_id)
    form = Form(
        {name: str(getattr(row, name) or "") for name in ("kind", "place", "region", "audience", "held_by")}
    )
    form.fill(day=row.day.isoformat(), people=str(row.people), brochures=str(row.brochures))
    return page("network/session.html", row=row, form=form, **_options())


@network
def session_changed(session_id: int) -> Response:
    """What was noted is put right."""
    row, form = _row(session_id), Form(request.form)
    given = _given(form)
    if given is None:
        return page("network/session.html", 422, row=row, form=form, **_options())
    with db.transaction() as session:
        information.change(session, session_id, given, who=person().in_audit)
    return notice(redirect(url_for("network.sessions"), 303), gettext("Saved."))


@network
def session_removed(session_id: int) -> Response:
    """A session that never was is taken out."""
    _row(session_id)
    with db.transaction() as session:
        information.remove(session, session_id, who=person().in_audit)
    return notice(redirect(url_for("network.sessions"), 303), gettext("Removed."))


def _in_words(names: Sequence[str], cells: Sequence[Any]) -> list[Any]:
    """A row of a table with the words of the page for short ones, and regions by their names."""
    words: Mapping[str, Callable[[Any], Any]] = {
        "kind": lambda word: str(KINDS[word]),
        "audience": lambda word: str(AUDIENCES[word]),
        "region": region_name,
    }
    return [words.get(name, lambda cell: cell)(cell) for name, cell in zip(names, cells, strict=True)]


class _Period:
    """What the list shows: this year unless days are given; all regions unless one is."""

    def __init__(self, first: date, last: date, region: str | None) -> None:
        self.first, self.last, self.region = first, last, region


def _period() -> _Period:
    today = hours.today(clock.now())
    asked = Form(request.args)
    first, last = (
        asked.day("from") or today.replace(month=1, day=1),
        asked.day("to") or today + timedelta(days=365),
    )
    region = request.args.get("region", "")
    return _Period(first, last, region if region in {one.code for one in REGIONS} else None)


def _row(session_id: int) -> Row:
    """A session that this person may change: a coordinator any, a Focal Point what they noted themselves."""
    who = person()
    with db.transaction(durable=False) as session:
        row = information.one(session, session_id)
    if row is None or (Role.COORDINATOR not in who.roles and row.recorded_by != who.id):
        abort(404)
    return row


def _given(form: Form) -> Given | None:
    day = form.day("day", required=True)
    kind, audience = form.choice("kind", KINDS), form.choice("audience", AUDIENCES)
    place, held_by = form.text("place", most=120), form.text("held_by", most=120)
    region = form.choice("region", [one.code for one in REGIONS], required=False)
    people, brochures = _count(form, "people"), _count(form, "brochures")
    if not form or day is None:
        return None
    return Given(day, kind, place, region or None, audience, people, brochures, held_by)


def _count(form: Form, field: str) -> int:
    typed = form.text(field, most=6)
    if typed and not (typed.isascii() and typed.isdecimal() and int(typed) <= MOST):
        form.fault(field, gettext("Give a whole number, from 0 to %(most)s.", most=MOST))
        return 0
    return int(typed or 0)


def _sessions(form: Form, status: int = 200) -> Response:
    period = _period()
    with db.transaction(durable=False) as session:
        rows = information.listed(session, period.first, period.last, region=period.region)
        totals = information.totals(session, period.first, period.last, region=period.region)
    shown = Form(
        {"from": period.first.isoformat(), "to": period.last.isoformat(), "region": period.region or ""}
    )
    return page(
        "network/sessions.html",
        status,
        rows=rows,
        totals=totals,
        form=form,
        shown=shown,
        me=person(),
        is_coordinator=Role.COORDINATOR in person().roles,
        **_options(),
    )


def _options() -> dict[str, Any]:
    return {
        "kinds": [(word, text, "") for word, text in KINDS.items()],
        "audiences": list(AUDIENCES.items()),
        "regions": [("", "—"), *((region.code, region.name) for region in REGIONS)],
        "kind_words": KINDS,
        "audience_words": AUDIENCES,
    }


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/network/sessions", sessions),
    ("POST", "/network/sessions", session_added),
    ("GET", "/network/sessions.csv", sessions_csv),
    ("GET", "/network/session-totals.csv", totals_csv),
    ("GET", "/network/sessions/<int:session_id>", session_one),
    ("POST", "/network/sessions/<int:session_id>", session_changed),
    ("POST", "/network/sessions/<int:session_id>/remove", session_removed),
)
