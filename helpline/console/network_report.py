"""The report of the network, by month or quarter, and as a table to export. Asks `intake.network_report`."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import tables
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.labels import language_name, region_name
from helpline.console.network_words import KINDS, OUTCOMES, SOURCES
from helpline.console.rendering import dress, page
from helpline.intake import network_report
from helpline.intake.network_report import FIGURES, UNKNOWN, By, Line, Unit
from helpline.people import audit
from helpline.people.access import allowed
from helpline.people.roles import Role

coordinators = allowed(Role.COORDINATOR)
UNITS: Mapping[Unit, LazyString] = {
    Unit.MONTH: lazy_gettext("By month"),
    Unit.QUARTER: lazy_gettext("By quarter"),
}
TITLES: Mapping[By, LazyString] = {
    By.ALL: lazy_gettext("All together"),
    By.SOURCE: lazy_gettext("Where signals came from"),
    By.OUTCOME: lazy_gettext("What became of it"),
    By.REGION: lazy_gettext("By region"),
    By.LANGUAGE: lazy_gettext("By language"),
    By.KIND: lazy_gettext("Information and training"),
}
HEADINGS: Mapping[str, LazyString] = {
    "signals": lazy_gettext("Signals"),
    "office_calls": lazy_gettext("Office calls"),
    "sessions": lazy_gettext("Meetings"),
    "people": lazy_gettext("People at them"),
    "brochures": lazy_gettext("Sheets given"),
}


@coordinators
def report() -> Response:
    """The report of a year; of this one unless another is chosen."""
    return _report(Form(request.args.to_dict()))


@coordinators
def report_csv() -> Response:
    """The same as a file for spreadsheets; that it was taken is written down."""
    form = Form(request.form)
    with db.transaction() as session:
        year, unit = _chosen(form, network_report.years(session, clock.in_rome()))
        if form:
            lines = network_report.report(session, year, unit)
            audit.record(session, person().in_audit, "exported", "network report", year=year, by=str(unit))
    if not form:
        return _report(form)
    headings = [gettext("Period"), gettext("By"), gettext("What"), *(str(HEADINGS[name]) for name in FIGURES)]
    rows = [
        (line.period, str(TITLES[line.by]), _named(line), *(_cell(line, figure) for figure in FIGURES))
        for line in lines
    ]
    return dress(tables.file(f"network-{year}-{unit}", (headings, rows)))


def _report(form: Form) -> Response:
    with db.transaction(durable=False) as session:
        years = network_report.years(session, clock.in_rome())
        year, unit = _chosen(form, years)
        lines = network_report.report(session, year, unit) if form else []
    return page(
        "network/report.html",
        200 if form else 422,
        form=form,
        year=year,
        years=years,
        unit=unit,
        units=UNITS,
        tables=[(TITLES[by], _table(lines, by)) for by in By],
        named=_named,
        headings=HEADINGS,
    )


def _table(lines: list[Line], by: By) -> tuple[list[str], list[Line]]:
    """The figures that lines of this part have, and the lines."""
    own = [line for line in lines if line.by == by]
    return ([figure for figure in FIGURES if own and figure in own[0].figures], own)


def _chosen(form: Form, years: list[int]) -> tuple[int, Unit]:
    year = form.choice("year", [str(one) for one in years], required=False)
    unit = form.choice("by", Unit, required=False)
    return (int(year) if form and year else years[0]), (Unit(unit) if form and unit else Unit.MONTH)


def _named(line: Line) -> str:
    """What a line is about, in words."""
    if line.value == UNKNOWN:
        return gettext("several, or not known") if line.by == By.REGION else gettext("not known")
    words: dict[By, Callable[[str], Any]] = {
        By.REGION: region_name,
        By.LANGUAGE: language_name,
        By.SOURCE: lambda value: SOURCES[value],
        By.OUTCOME: lambda value: OUTCOMES[value],
        By.KIND: lambda value: KINDS[value],
    }
    return str(words[line.by](line.value)) if line.by in words else ""


def _cell(line: Line, figure: str) -> Any:
    if figure not in line.figures:
        return None
    count = line.figures[figure]
    return gettext("hidden") if count is None else count


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/network/report", report),
    ("POST", "/network/report.csv", report_csv),
)
