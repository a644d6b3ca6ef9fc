"""An organisation returns the counts of its projects' months: which are missing, the form, older versions. Asks `routing.counts`."""

import re
from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import offers_words, returns_words
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.offers_places import own
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.figures import returns
from helpline.people import accounts, register
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.places import is_country
from helpline.routing import counts, projects
from helpline.routing.counts_values import MOST, UNKNOWN, Line, What, Why, pasted

ROWS = 250
SHOWN = 12
"""So many countries of former months, at most, the form of a new month begins with."""
MONTHS = 24
"""So many months of a project, at most, stand in the list."""
LONGEST = 20_000
pages = Pages("offers_counts")
members = allowed(Role.ENTITY_MEMBER)


@pages.get("/returns/mine")
@members
def listed() -> Response:
    """The organisation's projects and their months: returned, or missing."""
    today = clock.in_rome().date()
    with db.transaction(durable=False) as session:
        rows = projects.listed(session, entity_id=own())
        known = counts.of_projects(session, [row.id for row in rows])
    of = {(one.project_id, one.month): one for one in known}
    shown = []
    for row in rows:
        due = counts.owed(row.starts_on, row.ends_on, today)
        months = [*due, today.replace(day=1)] if row.starts_on <= today <= row.ends_on else due
        told = [(month, of.get((row.id, month)), month in due) for month in reversed(months[-MONTHS:])]
        if told:
            shown.append((row, told, sum((row.id, month) not in of for month in due)))
    return page("offers_counts/list.html", rows=shown)


@pages.get("/returns/mine/<project_id>/<month>")
@members
def one(project_id: str, month: str) -> Response:
    """The form of one month, with what was returned of it."""
    return _one(_of(project_id), _month(month), None)


@pages.post("/returns/mine/<project_id>/<month>")
@members
def save(project_id: str, month: str) -> Response:
    """Return the counts; or put another country, or rows of a spreadsheet, into the form."""
    row, day, form = _of(project_id), _month(month), Form(request.form.copy())
    deed = form.choice("deed", ("save", "add", "paste"))
    if not form:
        return _one(row, day, form, status=422)
    if deed == "add":
        _add(form)
        return _one(row, day, form, status=200 if form else 422)
    if deed == "paste":
        _paste(form)
        return _one(row, day, form, status=200 if form else 422)
    return _save(row, day, form)


def _save(row: projects.Row, month: date, form: Form) -> Response:
    lines, why = _lines(form), form.reason("why", required=False)
    empty, seen = form.typed("nothing") == "yes", form.typed("version")
    if empty and any(line.any for line in lines):
        form.fault(
            "nothing", gettext("People are counted above: take them out, or say that there was something.")
        )
    doubts: list[Any] = []
    with db.transaction() as session:
        if form:
            doubts = counts.doubtful(session, row.id, month, lines)
            if doubts and form.typed("sure") != "yes":
                form.fault("sure", gettext("Look at what is odd. If it is right all the same, confirm it."))
        try:
            done = counts.hand_in(
                session, row.id, month, lines, who=person().in_audit, why=why if form else "", empty=empty,
                seen=int(seen) if seen.isdecimal() and len(seen) < 9 else None,
            )  # fmt: skip
        except counts.Refused as refused:
            for fault in refused.faults:
                at = fault.field if fault.row is None else f"{fault.field}-{_place(form, fault.row)}"
                form.fault(at, returns_words.wrong(fault.why))
        except counts.Outdated as newer:
            form.fault(
                "",
                gettext(
                    "Somebody else returned counts of this month meanwhile: they are below. Yours take their place if you hand them in again."
                ),
            )
            form.fill(version=str(newer.version))
        if not form:
            session.rollback()
    if not form:
        return _one(row, month, form, doubts=doubts, status=409 if "" in form.errors else 422)
    said = gettext("Returned: version %(number)s.", number=done.version)
    return notice(redirect(url_for("offers_counts.listed"), 303), said)


def _lines(form: Form) -> list[Line]:
    """The rows of the form in which something is counted; faults beside their cells."""
    found = []
    for place in _places(form):
        people = {}
        for what in What:
            typed = form.typed(f"{what}-{place}").replace(" ", "")
            if not typed:
                continue
            if typed.isascii() and typed.isdecimal() and int(typed[:9]) <= MOST and len(typed) < 9:
                people[str(what)] = int(typed)
            else:
                form.fault(f"{what}-{place}", returns_words.wrong(Why.NUMBER))
                people[str(what)] = 0
        if people:
            found.append(Line(form.typed(f"country-{place}"), people))
    return found


def _places(form: Form) -> list[int]:
    """Which rows the form has."""
    found = [re.fullmatch(r"country-(\d{1,3})", name, re.ASCII) for name in form.values]
    return sorted({int(each[1]) for each in found if each})[:ROWS]


def _place(form: Form, row: int) -> int:
    """Which row of the form a line came from: those that count nothing are left out."""
    with_any = [place for place in _places(form) if any(form.typed(f"{what}-{place}") for what in What)]
    return with_any[row]


def _add(form: Form) -> None:
    country = form.typed("another")
    if country != UNKNOWN and not is_country(country):
        form.fault("another", returns_words.wrong(Why.COUNTRY))
    elif country in [form.typed(f"country-{place}") for place in _places(form)]:
        form.fault("another", returns_words.wrong(Why.TWICE))
    else:
        _put(form, {"country": country})


def _paste(form: Form) -> None:
    """Rows of a spreadsheet take the place of those in the form."""
    text = form.text("pasted", most=LONGEST)
    names = {name.casefold(): code for code, name in _countries()} | {
        gettext("not known").casefold(): UNKNOWN
    }
    rows = pasted(text, names)
    if not rows or len(rows) > ROWS:
        form.fault(
            "pasted",
            gettext(
                "Paste rows of a spreadsheet: a country, then its counts; %(most)s rows at most.", most=ROWS
            ),
        )
    if not form:
        return
    for place in _places(form):
        for name in ("country", *What):
            form.values.poplist(f"{name}-{place}")
    for place, row in enumerate(rows):
        _put(form, row, place)
    form.fill(pasted="")
    _lines(form)
    for place in _places(form):
        code = form.typed(f"country-{place}")
        if code != UNKNOWN and not is_country(code):
            form.fault(f"country-{place}", returns_words.wrong(Why.COUNTRY))


def _put(form: Form, row: dict[str, str], place: int | None = None) -> None:
    """Another row of the form: at this place, or below those that there are, which takes a look at all of them."""
    if place is None:
        place = max(_places(form), default=-1) + 1
    form.fill(**{f"{name}-{place}": value for name, value in row.items()})


def _one(
    row: projects.Row, month: date, form: Form | None, *, doubts: Any = (), status: int = 200
) -> Response:
    with db.transaction(durable=False) as session:
        versions = counts.versions(session, row.id, month)
        known = returns.known_cases(session, row.id, month)
        names = accounts.names_of(session, (one.who for one in versions))
        mine = register.members(session, row.entity_id)
        if form is None:
            before = counts.countries_before(session, row.id)[:SHOWN]
            form = _filled(versions[0] if versions else None, [*dict.fromkeys([*before, *known])])
    return page(
        "offers_counts/one.html",
        status,
        row=row,
        month=month,
        form=form,
        places=_places(form),
        versions=[(one, offers_words.by_whom(one.who, names, mine)) for one in versions],
        known=sorted(known.items()),
        doubts=doubts,
        counted=returns_words.COUNTED,
        figures=returns_words.FIGURES,
        country=returns_words.country,
        countries=_countries(),
        labels=_labels(form),
    )


def _filled(last: counts.Returned | None, countries: list[str]) -> Form:
    """The form as it is first shown: what was returned, or a row for each country that may be needed."""
    form = Form()
    lines = last.lines if last else [Line(country) for country in countries]
    for line in sorted(lines, key=lambda one: (one.country == UNKNOWN, returns_words.country(one.country))):
        _put(form, {"country": line.country} | {str(what): str(count) for what, count in line.people.items()})
    form.fill(version=str(last.version if last else 0))
    return form


def _labels(form: Form) -> dict[str, str]:
    """What a fault's field is called, above the form."""
    found = {
        "why": gettext("What was put right"),
        "another": gettext("Another country"),
        "month": gettext("Month"),
    }
    for place in _places(form):
        code = form.typed(f"country-{place}")
        name = returns_words.country(code) if code == UNKNOWN or is_country(code) else code
        found |= {f"{what}-{place}": f"{name}, {text}" for what, text in returns_words.COUNTED.items()}
        found[f"country-{place}"] = name
    return found


def _countries() -> list[tuple[str, str]]:
    """All countries by their names in the reader's language."""
    locale = get_locale()
    territories = locale.territories if locale else {}
    found = [(code, str(name)) for code, name in territories.items() if is_country(code)]
    return sorted(found, key=lambda one: one[1])


def _of(project_id: str) -> projects.Row:
    """One of the organisation's own projects; another's is not there."""
    with db.transaction(durable=False) as session:
        found = [row for row in projects.listed(session, entity_id=own()) if row.id == project_id]
    return found[0] if found else abort(404)


def _month(word: str) -> date:
    """A month of an address; none that is not one."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", word, re.ASCII):
        abort(404)
    return date.fromisoformat(f"{word}-01")
