"""The figures of a period, for coordinators: what callers wanted, where that went, what was missing; with their definitions."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import figures_file, formats, periods, tables
from helpline.console.access import person
from helpline.console.figures_definitions import DEFINITIONS
from helpline.console.figures_words import (
    OUTCOMES_OF_CALLS,
    SOURCES,
    SPREADS,
    SUMS,
    UNITS,
    missing_word,
)
from helpline.console.forms import Form
from helpline.console.labels import languages_to_choose, name_and_own
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.figures import charts, overview, searching, wanted
from helpline.figures.charts_lying import Lying, lying
from helpline.figures.overview import Calls, Moment, Overview
from helpline.figures.svg import Drawn
from helpline.languages import CODES
from helpline.people import audit
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import overview as routing

pages = Pages("figures")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@pages.get("/figures")
@coordinators
def shown() -> Response:
    """The figures of a period; of the last thirty days unless another is chosen."""
    return _shown(Form(request.args.to_dict()))


@pages.get("/figures/definitions")
@coordinators
def definitions() -> Response:
    """What each figure means."""
    return page("figures/definitions.html", definitions=DEFINITIONS)


@pages.post("/figures/export")
@coordinators
def export() -> Response:
    """What of it may leave, as a file for spreadsheets; that it was taken is written down."""
    form = Form(request.form)
    with db.transaction() as session:
        chosen = _chosen(form, searching.numbers_of_ours(session))
    if not form:
        return _shown(form)
    with db.transaction() as session:
        found = overview.overview(session, **chosen)
        about = {name: str(value) for name, value in chosen.items()}
        about["number"] = "ours" if chosen["number"] else ""  # the audit holds no number, whosever it is
        audit.record(session, person().in_audit, "exported", "figures", **about)
    return tables.file(
        f"figures-{found.first}-{found.last}",
        *figures_file.tables(found, every=not (chosen["language"] or chosen["number"])),
    )


def _shown(form: Form) -> Response:
    values: dict[str, Any] = {"found": None}
    with db.transaction(durable=False) as session:
        numbers = searching.numbers_of_ours(session)
        chosen = _chosen(form, numbers)
        if form:
            found = overview.overview(session, **chosen)
            values = {
                "found": found,
                "chart": _chart(found),
                "languages": _by_language(found),
                "entities": routing.entity_names(session),
                "log_of": _log_of(found.unit, chosen),
                "named": partial(_named, unit=found.unit, twice=_twice(found.moments)),
            }
    asked = {"language": chosen["language"], "number": chosen["number"] or None}
    return page(
        "figures/overview.html",
        200 if form else 422,
        form=form,
        periods=periods.links(
            partial(url_for, ".shown", **asked),
            (chosen["first"], chosen["last"]),
            *("today", "week", "thirty", "last_month", "quarter", "year"),
        ),
        chosen=chosen,
        languages_to_choose=languages_to_choose(),
        numbers=numbers,
        numbers_to_choose=[("", gettext("all numbers")), *((one, one) for one in numbers)],
        units_to_choose=[
            ("", gettext("as it suits the period")),
            *((word, gettext("by the %(unit)s", unit=text)) for word, text in UNITS.items()),
        ],
        outcomes=OUTCOMES_OF_CALLS,
        spreads=SPREADS,
        units=UNITS,
        sums_of=SUMS,
        missing_word=missing_word,
        sources=SOURCES,
        **values,
    )


def _log_of(unit: str, chosen: Mapping[str, Any]) -> Callable[[Moment], str]:
    """Which address of the log holds the calls of a moment: put together once, not for each hour of a month."""
    address = url_for("calls.listed", **{name: chosen[name] or None for name in ("language", "number")})
    before = f"{address}{'&' if '?' in address else '?'}"

    def log_of(moment: Moment) -> str:
        asked = {"from": moment.first.isoformat(), "to": moment.last.isoformat()}
        if unit == "hour":
            asked["hour"] = str(int(moment.name[11:13]))
        return before + urlencode(asked)

    return log_of


def _twice(moments: Sequence[Moment]) -> Collection[str]:
    counted = Counter(moment.name[:13] for moment in moments)
    return {name for name, count in counted.items() if count > 1}


def _chosen(form: Form, numbers: list[str]) -> dict[str, Any]:
    """The period, language and number (one of ours) of a form; faults are said beside their fields."""
    first, last = periods.chosen(form)
    language = form.choice("language", ("", *CODES), required=False)
    unit = form.choice("by", ("", *overview.MOST), required=False)
    number = form.choice("number", ("", *numbers), required=False)
    if unit in overview.MOST and (last - first).days >= overview.MOST[unit]:
        form.fault("by", gettext("So long a period can be shown by longer units only."))
    return {
        "first": first,
        "last": last,
        "language": language,
        "number": number if number in numbers else "",
        "unit": unit,
    }


def _chart(found: Overview) -> Drawn:
    """Calls by moment, each bar by outcome."""
    several = found.first != found.last
    bars = [
        charts.Bar(_short(moment, found.unit, several=several), _by_outcome(moment.calls))
        for moment in found.moments
    ]
    names = [str(OUTCOMES_OF_CALLS[word]) for word in wanted.OUTCOMES]
    about = gettext(
        "Calls by %(unit)s, divided by what came of them; the table below says the same.",
        unit=UNITS[found.unit],
    )
    return charts.stacked(gettext("Calls offered"), about, names, bars, formats.number)


def _by_outcome(calls: Calls) -> list[int]:
    return [calls.outcomes[word] for word in wanted.OUTCOMES]


def _short(moment: Moment, unit: str, *, several: bool) -> str:
    """What stands under a bar. `several`: the hours are of several days."""
    if unit == "hour":
        return f"{moment.first:%d/%m} {moment.name[11:13]}" if several else moment.name[11:16]
    return f"{moment.first:%d/%m}" if unit == "day" else formats.month_year(moment.first)


def _named(moment: Moment, unit: str, twice: Collection[str]) -> str:
    """What a moment is called in words. `twice`: hours that the clock shows twice, on the day that it is put back."""
    if unit == "hour":
        hour = int(moment.name[11:13])
        name = f"{formats.exact_day(moment.first)}, {hour}–{hour + 1}"
        return f"{name} ({moment.name[16:]})" if moment.name[:13] in twice else name
    return formats.exact_day(moment.first) if unit == "day" else formats.month_year(moment.first)


def _by_language(found: Overview) -> Drawn:
    """Calls by language, each named for the reader and in its own script."""
    bars = [
        Lying(
            name_and_own(code) if code else gettext("none chosen"),
            calls.offered,
            formats.number(calls.offered),
        )
        for code, calls in found.languages.items()
    ]
    about = gettext("Calls offered in each language; the table below says the same.")
    return lying(gettext("By language"), about, bars)
