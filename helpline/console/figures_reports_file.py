"""The tables of a report for spreadsheets: what stands on paper, with plain numbers, and their unit in the heading or the name."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext

from helpline import spreadsheet
from helpline.console import figures_reports_words as words
from helpline.console.figures_reports_paper import in_order, paper
from helpline.figures.report_models import Report

_PERCENT = ("share", "change")


def tables(report: Report) -> Iterator[spreadsheet.Table]:
    """What a report is about, then its tables in their order, each below its title; in the language that is spoken now.

    Raises `ValueError` for one that is not made.
    """
    told, content = paper(report), report.content or {}
    hidden = gettext("Figures not shown")
    head = [[name, content["hidden"] if name == hidden else value] for name, value in told["about"]]
    yield [told["title"], told["period"]], head
    blocks = {block["name"]: block for block in content["blocks"]}
    for section in told["sections"]:
        for table in section["tables"]:
            yield [table["title"]], [*_rows(blocks[table["name"]], table, content), []]


def _rows(
    block: Mapping[str, Any], table: Mapping[str, Any], content: Mapping[str, Any]
) -> Iterator[list[Any]]:
    kinds = [kind for _, kind in block["columns"]]
    yield [
        table["first"],
        *(_with(name, _unit(kind)) for name, kind in zip(table["columns"], kinds, strict=True)),
    ]
    for name, row, values in in_order(block, content):
        own = (block["kinds"] or {}).get(row)
        unit = _unit(own) or (words.unit(row) if "length" in kinds else "")
        yield [
            _with(name, unit),
            *(_value(value, own or kind, content) for value, kind in zip(values, kinds, strict=True)),
        ]
    if block["total"]:
        yield [
            table["total_name"],
            *(_value(value, kind, content) for value, kind in zip(block["total"], kinds, strict=True)),
        ]


def _with(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _unit(kind: str | None) -> str:
    return "%" if kind in _PERCENT else ""


def _value(value: Any, kind: str, content: Mapping[str, Any]) -> Any:
    """What stands in a cell: a number as it is, of a share its hundredths; a word where it is not shown."""
    if value is None:
        return gettext("n.s.")
    if value == "":
        return None
    match kind:
        case "share" | "change":
            return round(value * 100, 1)
        case "days":
            return words.span(value)
        case "entity":
            return str(content["entities"].get(value, value))
    return value
