"""A report as it is read: the tables that are kept, in words of a language; as PDF. Asks nothing but for what was kept."""

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from flask import Flask
from flask_babel import Babel, force_locale, get_locale, gettext

from helpline import clock, db
from helpline.console import figures_reports_terms as terms
from helpline.console import figures_reports_words as words
from helpline.console import leaflet
from helpline.console.formats import in_rome, number
from helpline.console.words import Words
from helpline.figures import charts, reports
from helpline.figures.charts_more import Lying, lying
from helpline.figures.report_models import Report, ReportState
from helpline.figures.report_values import changes
from helpline.languages import by_code

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("report.typ")
STANDARDS: Final[list[Literal["ua-1", "a-3a"]]] = ["ua-1", "a-3a"]
"""Tagged for screen readers, and as archives want it."""
BY_NAME = ("country", "entity", "project")
"""Rows of these stand in the order of their names, in whichever language."""
_NO_LETTER = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u052f\u0600-\u06ff\u0900-\u09ff\u1e00-\u1eff\u200c-\u200f\u2010-\u2027\u202f-\u203a"
    "\u2066-\u2069\u20ac\u2212]"
)
_SVG = '<svg class="chart"'
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_PRINTED = (
    "text{font-family:'Noto Sans';font-size:12px;fill:#333}.row{text-anchor:end}.scale{text-anchor:end}"
    ".name{text-anchor:middle}.grid{stroke:#ccc;stroke-width:1}.s0{fill:#3d5a4f}"
    ".unsaid{stroke:#555;stroke-width:2;stroke-dasharray:2 5}"
)


def paper(report: Report, before: Report | None = None) -> dict[str, Any]:
    """A report in the reader's language: title, what stands under it, sections with tables, notes; all words and numbers.

    `before`: the version that it corrects. Raises `ValueError` for one that is not made.
    """
    content = report.content
    if content is None:
        raise ValueError("the report is not made")
    quarter = "Q" in content["period"]
    sections: dict[str, list[dict[str, Any]]] = {}
    for block in content["blocks"]:
        sections.setdefault(block["section"], []).append(_table(block, content))
    return {
        "language": _language(),
        "title": gettext("Quarterly report on the activity of the line")
        if quarter
        else gettext("Monthly report on the activity of the line"),
        "service": gettext("Toll-free multilingual line on assisted voluntary return and reintegration"),
        "period": words.period_name(content["period"]),
        "about": _about(report, content),
        "why": gettext("Correction: %(why)s", why=report.why) if report.why else "",
        "sections": [
            {"heading": str(terms.SECTIONS[name][0]), "intro": str(terms.SECTIONS[name][1]), "tables": tables}
            for name, tables in sections.items()
        ],
        "changes": _changes(content, before),
        "changes_heading": gettext("What this version changes"),
        "notes_heading": gettext("Notes and definitions"),
        "notes": [str(terms.SOURCES), str(terms.HIDDEN)],
        "definitions": [list(each) for each in terms.definitions()],
        "draft": "" if report.state == ReportState.ISSUED else gettext("Draft, not issued"),
        "foot": _foot(report, content),
        "chart": gettext("The table below says the same."),
        "page": gettext("page"),
        "of": gettext("of"),
    }


def pdf(told: Mapping[str, Any], made: datetime) -> bytes:
    """What a report says, as PDF: A4, with page numbers, its charts drawn, tagged."""
    import typst  # ten megabytes that only the worker needs

    drawn = [
        {**section, "tables": [{**one, "chart": printable(one["chart"])} for one in section["tables"]]}
        for section in told["sections"]
    ]
    told = _in_our_letters({**told, "sections": drawn})
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        font_paths=leaflet.fonts(),
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
    )
    printed = compiler.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=[*STANDARDS],
        timestamp=made.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(printed, bytes):
        raise TypeError("a report is one file")
    return printed


def _in_our_letters(told: Any) -> Any:
    """The same without signs that no letter of ours shows: an archive's PDF is not made with one, whoever typed it."""
    if isinstance(told, str):
        return _NO_LETTER.sub("?", told.replace("→", "›"))
    if isinstance(told, Mapping):
        return {name: _in_our_letters(value) for name, value in told.items()}
    return [_in_our_letters(one) for one in told] if isinstance(told, Sequence) else told


def print_report(report_id: int) -> None:
    """Make the files of an issued report that are not there yet."""
    with db.transaction(durable=False) as session:
        report = reports.one(session, report_id)
        if report is None or report.state != ReportState.ISSUED:
            return
        missing = set(reports.LANGUAGES) - reports.files_of(session, report_id)
        before = reports.version_before(session, report)
    for language in sorted(missing):
        with speaking(language):
            printed = pdf(paper(report, before), report.issued_at or clock.now())
        with db.transaction() as session:
            reports.keep_file(session, report_id, language, printed)


def sweep() -> int:
    """Make the files of issued reports whose bell was lost; of how many reports. One that cannot be printed keeps no other."""
    with db.transaction(durable=False) as session:
        due = reports.unprinted(session)
    done = 0
    for id in due:
        try:
            print_report(id)
            done += 1
        except Exception as error:
            log.error("report %s cannot be printed: %s", id, type(error).__name__)
    return done


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Let words be found in a language where no page is being made."""
    with _application().app_context(), force_locale(locale):
        yield


@cache
def _application() -> Flask:
    app = Flask("helpline.console")
    Babel(app, default_locale="it", default_timezone="Europe/Rome").domain_instance = Words()
    return app


def _about(report: Report, content: Mapping[str, Any]) -> list[list[str]]:
    as_of = in_rome(datetime.fromisoformat(content["as_of"]))
    told = [[gettext("Period"), _from_to(content)]]
    if report.issued_at:
        told.append([gettext("Report"), _numbered(report)])
        told.append([gettext("Issued on"), _day(in_rome(report.issued_at))])
    told.append([gettext("Figures as of"), f"{_day(as_of)}, {as_of:%H:%M}"])
    funds = [row for block in content["blocks"] if block["name"] == "funds" for row, _ in block["rows"]]
    if funds:
        told.append([gettext("Funding"), "; ".join(funds)])
    hidden = content["hidden"]
    told.append([gettext("Figures not shown"), number(hidden)])
    return told


def _from_to(content: Mapping[str, Any]) -> str:
    first, last = (datetime.fromisoformat(content[name]) for name in ("first", "last"))
    return gettext("from %(first)s to %(last)s", first=_day(first), last=_day(last))


def _numbered(report: Report) -> str:
    return gettext(
        "no. %(number)s of %(year)s, version %(version)s",
        number=report.number, year=report.year, version=report.version,
    )  # fmt: skip


def _foot(report: Report, content: Mapping[str, Any]) -> str:
    name = words.period_name(content["period"])
    return f"{name} · {_numbered(report)}" if report.issued_at else f"{name} · {gettext('Draft, not issued')}"


def _day(moment: datetime) -> str:
    tongue = by_code(_language())
    return leaflet.day_in(tongue, moment.date()) if tongue else moment.date().isoformat()


def _language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "en"


def _table(block: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        {
            "name": words.row_word(block, row, content),
            "own": _own(block, row),
            "cells": [
                _cell(value, (block["kinds"] or {}).get(row, kind), row, content)
                for (_, kind), value in zip(block["columns"], cells, strict=True)
            ],
        }
        for row, cells in block["rows"]
    ]
    if block["by"] in BY_NAME:
        rows.sort(key=lambda row: str(row["name"]))
    total = block["total"]
    told = total and [
        _cell(value, kind, "", content) for (_, kind), value in zip(block["columns"], total, strict=True)
    ]
    return {
        "name": block["name"],
        "title": str(words.TABLES[block["name"]]),
        "first": words.first_column(block),
        "columns": [str(words.COLUMNS[name]) for name, _ in block["columns"]],
        "numeric": [kind not in {"entity", "text", "days"} for _, kind in block["columns"]],
        "rows": rows,
        "total": told,
        "total_name": gettext("Total"),
        "chart": _chart(block, rows),
    }


def _own(block: Mapping[str, Any], row: str) -> dict[str, str] | None:
    tongue = words.own_language(block, row)
    return {"name": tongue.own_name, "tag": tongue.tag, "direction": tongue.direction} if tongue else None


def _cell(value: Any, kind: str, row: str, content: Mapping[str, Any]) -> str:
    if value is None:
        return gettext("n.s.")
    if value == "":
        return "–"
    match kind:
        case "share":
            return f"{number(round(value * 100, 1))} %"
        case "change":
            return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(round(value * 100, 1)))} %"
        case "length":
            unit = words.unit(row)
            return f"{number(value)} {unit}".strip() if unit != "min" else _minutes(value)
        case "days":
            return words.span(value)
        case "entity":
            return str(content["entities"].get(value, value))
        case "plain" | "text":
            return str(value)
    return number(value)


def _minutes(value: int) -> str:
    if value < 120:
        return gettext("%(count)s min", count=number(value))
    hours = value / 60
    return (
        gettext("%(count)s h", count=number(round(hours)))
        if hours < 72
        else gettext("%(count)s d", count=number(round(hours / 24)))
    )


def _chart(block: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    if not block["chart"] or not rows:
        return ""
    values = {words_of: cells[0] for (words_of, cells) in block["rows"]}
    title = str(words.TABLES[block["name"]])
    about = gettext("The table below says the same.")
    if block["chart"] == "columns":
        bars = [charts.Bar(_short(block, row), [cells[0] or 0]) for row, cells in block["rows"]]
        return charts.stacked(title, about, [str(words.COLUMNS[block["columns"][0][0]])], bars)
    if 2 * sum(value is None for value in values.values()) > len(values):
        return ""  # of hidden numbers there is nothing to see
    lines = [
        Lying(str(row["name"]), value, str(row["cells"][0]))
        for row, value in zip(rows, values.values(), strict=True)
    ]
    return lying(title, about, lines)


def _short(block: Mapping[str, Any], row: str) -> str:
    if block["by"] == "hour":
        return f"{int(row):02d}"
    first = datetime.fromisoformat(row.split("/", maxsplit=1)[0])
    return f"{first:%d/%m}"


def _changes(content: Mapping[str, Any], before: Report | None) -> list[list[str]]:
    """What a version changes: table, row and column, what it was, what it is."""
    if before is None or before.content is None:
        return []
    blocks = {block["name"]: block for one in (before.content, content) for block in one["blocks"]}
    both = {**before.content, "entities": before.content["entities"] | content["entities"]}
    found = []
    for name, row, column, was, now in changes(before.content["blocks"], content["blocks"]):
        block = blocks[name]
        kind = (block["kinds"] or {}).get(row) or next(
            kind for one, kind in block["columns"] if one == column
        )
        if kind in {"share", "change"} and column != row:
            continue
        where = words.row_word(block, row, both) if row else gettext("Total")
        found.append(
            [
                f"{words.TABLES[name]}: {where}, {words.COLUMNS[column]}",
                _cell(was, kind, row, both),
                _cell(now, kind, row, both),
            ]
        )
    return found


def printable(svg: str) -> str:
    """A chart as a file of its own: its size, its own colours, and a ground, beyond which nothing is cut off."""
    size = _SIZE.search(svg)
    if size is None:
        return svg
    own = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[1]}" height="{size[2]}" class="chart"'
    ground = f'<rect width="{size[1]}" height="{size[2]}" fill="#fff"/>'
    head, end, drawn = svg.replace(_SVG, own, 1).partition("</desc>")
    return head.replace("<title>", f"<style>{_PRINTED}</style><title>", 1) + end + ground + drawn
