"""What organisations returned of their projects, charted by project, period, kind and country. Asks `figures.returns`."""

from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db, personal, spreadsheet
from helpline.console import formats, periods, tables
from helpline.console import returns_words as words
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.figures import charts, returns
from helpline.figures.charts_lying import Lying, lying
from helpline.figures.returns import FIGURES, Report, Unit
from helpline.figures.returns_told import OTHERS, CountryLine
from helpline.figures.svg import Drawn
from helpline.people import audit
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing.counts_values import KINDS

SERIES = 7
"""So many projects have a colour of their own in the chart; those with fewer people stand together."""
pages = Pages("figures_returns")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@pages.get("/returns")
@coordinators
def shown() -> Response:
    """What was returned of a period; of the last twelve months unless another is chosen."""
    return _shown(Form(request.args.to_dict()))


@pages.post("/returns/export")
@coordinators
def export() -> Response:
    """The same as a file for spreadsheets, without small groups; that it was taken is written down."""
    form = Form(request.form)
    with db.transaction() as session:
        chosen = _chosen(form, returns.entities(session))
        if form:
            found = returns.report(session, leaves=True, **chosen)
            about = {name: _for_audit(str(value)) for name, value in chosen.items()}
            if chosen["project_id"] not in {line.id for line in found.projects}:
                about["project_id"] = ""  # what else was typed there is nobody's word for the audit
            audit.record(session, person().in_audit, "exported", "returns", **about)
    if not form:
        return _shown(form)
    return tables.file(f"returns-{found.first}-{found.last}", _by_project(found), _by_country(found))


def _for_audit(word: str) -> str:
    """What was chosen as the audit can hold it: a short name such as `fondo-2024-202612` looks like a telephone number."""
    return "(looks like a number)" if personal.holds_number(word) else word


def _shown(form: Form) -> Response:
    values: dict[str, Any] = {"found": None}
    with db.transaction(durable=False) as session:
        entities = returns.entities(session)
        chosen = _chosen(form, entities)
        if form:
            found = returns.report(session, **chosen)
    figure = form.choice("figure", ("", *FIGURES), required=False) or "returned"
    if form:
        values = {
            "found": found,
            "countries": _by_name(found),
            "charts": _charts(found, figure),
            "legend": _of_projects(found, figure)[0],
        }
    form.fill(by=chosen["unit"], figure=figure)
    link = _link(chosen, figure)
    return page(
        "figures_returns/report.html",
        200 if form else 422,
        form=form,
        chosen=chosen,
        entities=entities,
        periods=periods.links(
            link,
            (chosen["first"], chosen["last"]),
            *("last_quarter", "quarter", "year", "last_year"),
        ),
        units=words.UNITS,
        figures=words.FIGURES,
        kinds=words.KINDS,
        country=words.country,
        period=words.period,
        figure=figure,
        link=link,
        **values,
    )


def _chosen(form: Form, entities: list[tuple[str, str]]) -> dict[str, Any]:
    """The period, its unit and the organisation of a form; faults are said beside their fields."""
    first, last = periods.chosen(form, _twelve_months, years=5)
    unit = form.choice("by", ("", *Unit), required=False)
    entity = form.choice("entity", ("", *(id_ for id_, _ in entities)), required=False)
    project = form.typed("project")[:80]
    return {
        "first": first,
        "last": last,
        "unit": Unit(unit) if unit in set(Unit) else Unit.MONTH,
        "entity_id": entity,
        "project_id": project,
    }


def _twelve_months(last: date) -> date:
    return (last.replace(day=1) - timedelta(days=335)).replace(day=1)


def _link(chosen: dict[str, Any], figure: str) -> Any:
    """Addresses of this page with something chosen otherwise."""
    given = {
        "first": chosen["first"].isoformat(),
        "last": chosen["last"].isoformat(),
        "by": str(chosen["unit"]),
        "entity": chosen["entity_id"] or None,
        "project": chosen["project_id"] or None,
        "figure": figure,
    }
    return lambda **other: url_for("figures_returns.shown", **(given | other))


def _charts(found: Report, figure: str) -> dict[str, Drawn]:
    """The four charts."""
    names = [str(text) for text in words.FIGURES.values()]
    by_period = [
        charts.Bar(words.period(one.name), [one.people[name] for name in FIGURES]) for one in found.periods
    ]
    what = str(words.FIGURES[figure])
    told = gettext("the table below says the same.")
    largest = sorted(_by_name(found), key=lambda line: (line.country == OTHERS, -(line.people[figure] or 0)))
    countries = [(words.country(line.country), line.people[figure]) for line in largest]
    kinds = [(str(words.KINDS[kind]), found.kinds.get(kind, 0)) for kind in KINDS]
    return {
        "periods": charts.grouped(
            gettext("What organisations returned"),
            gettext(
                "People by period: four bars side by side for counselling, plans, returns and help after the return; %(told)s",
                told=told,
            ),
            names,
            by_period,
            formats.number,
        ),
        "projects": charts.stacked(
            gettext("%(what)s, by project", what=what),
            gettext("People by period, divided by project; %(told)s", told=told),
            *_of_projects(found, figure),
            formats.number,
        ),
        "kinds": lying(
            gettext("Reintegration plans, by kind"),
            gettext("People for each kind of plan; small groups are hidden; %(told)s", told=told),
            [_lying(name, count) for name, count in kinds],
        ),
        "countries": lying(
            gettext("%(what)s, by country of return", what=what),
            gettext("People for each country; small groups are hidden; %(told)s", told=told),
            [_lying(name, count) for name, count in countries],
        ),
    }


def _lying(name: str, count: int | None) -> Lying:
    """A bar; where its number is hidden, the word for that."""
    return Lying(name, count, gettext("hidden") if count is None else formats.number(count))


def _of_projects(found: Report, figure: str) -> tuple[list[str], list[charts.Bar]]:
    """The names and bars of the projects with most people, and of the others together, in the order of the table."""
    with_any = [line for line in found.projects if line.people[figure]]
    own = sorted(with_any, key=lambda line: -line.people[figure])[:SERIES]
    kept = [line for line in with_any if line in own]
    rest = [line for line in with_any if line not in own]
    names = [line.name for line in kept] + ([gettext("other projects")] if rest else [])

    def parts(one: returns.Period) -> list[int]:
        counts = [one.projects[line.id][figure] for line in kept]
        return counts + ([sum(one.projects[line.id][figure] for line in rest)] if rest else [])

    return names, [charts.Bar(words.period(one.name), parts(one)) for one in found.periods]


def _by_project(found: Report) -> spreadsheet.Table:
    headings = [
        gettext("Organisation"),
        gettext("Project"),
        gettext("Funder"),
        gettext("Period"),
        *(str(text) for text in words.FIGURES.values()),
    ]
    told = found.exported()
    every = gettext("All together")
    rows = [
        [
            line.entity,
            line.name,
            line.funder,
            period or every,
            *(_cell(told[figure, line.id, period]) for figure in FIGURES),
        ]
        for line in found.projects
        for period in (*(one.name for one in found.periods), "")
    ]
    if found.projects:
        rows += [
            [every, "", "", period or every, *(_cell(told[figure, "", period]) for figure in FIGURES)]
            for period in (*(one.name for one in found.periods), "")
        ]
    return headings, rows


def _by_name(found: Report) -> list[CountryLine]:
    """The countries by their names in the reader's language, all others last: an order by size would tell what is hidden."""
    return sorted(found.countries, key=lambda line: (line.country == OTHERS, words.country(line.country)))


def _by_country(found: Report) -> spreadsheet.Table:
    names = {**words.FIGURES, **words.KINDS}
    headings = [gettext("Country of return"), *(str(text) for text in names.values())]
    rows = [
        [words.country(line.country), *(_cell(line.people[what]) for what in names)]
        for line in _by_name(found)
    ]
    return headings, [*rows, [gettext("All together"), *(_cell(found.kinds.get(what, 0)) for what in names)]]


def _cell(count: int | None) -> Any:
    return gettext("hidden") if count is None else count
