"""A report as it is read: the tables that are kept, in words of a language. Asks nothing but for what was kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import get_locale, gettext, ngettext

from helpline.console import figures_reports_terms as terms
from helpline.console import figures_reports_words as words
from helpline.console import leaflet
from helpline.console.formats import change, in_rome, number, percent
from helpline.figures import charts
from helpline.figures.charts_lying import Lying, lying
from helpline.figures.report_models import Report, ReportState
from helpline.figures.report_values import changes
from helpline.languages import by_code

BY_NAME = ("country", "entity", "project")
"""Rows of these stand in the order of their names, in whichever language."""


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


def in_order(block: Mapping[str, Any], content: Mapping[str, Any]) -> list[tuple[str, str, list[Any]]]:
    """The rows of a table, each with its name before it; where they stand by name, what is not known is the last."""
    rows = [(words.row_word(block, row, content), row, cells) for row, cells in block["rows"]]
    return sorted(rows, key=lambda row: (row[1] == "", row[0])) if block["by"] in BY_NAME else rows


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
            "name": name,
            "own": _own(block, row),
            "cells": [
                _cell(value, (block["kinds"] or {}).get(row, kind), row, content)
                for (_, kind), value in zip(block["columns"], cells, strict=True)
            ],
        }
        for name, row, cells in in_order(block, content)
    ]
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
            return percent(value)
        case "change":
            return change(value)
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
        ngettext("%(count)s h", "%(count)s h", round(hours), count=number(round(hours)))
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
        return charts.stacked(title, about, [str(words.COLUMNS[block["columns"][0][0]])], bars, number)
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
