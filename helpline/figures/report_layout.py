"""A report as it is kept: its tables in their order, row by row, with what is hidden left out. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from helpline.figures import report_of_calls, report_of_requests
from helpline.figures.facts import Fact
from helpline.figures.report_blocks import Beside, Block, Rows, Sheet
from helpline.figures.report_counted import Counts
from helpline.figures.report_values import share

PARTS = (
    report_of_calls.brief,
    report_of_calls.calls,
    report_of_calls.languages,
    report_of_calls.menu,
    report_of_requests.callbacks,
    report_of_requests.requests,
    report_of_requests.entities,
    report_of_requests.returned,
    report_of_requests.missing,
)


def blocks(
    counts: Counts, beside: Beside, known: Mapping[Fact, int], hidden: Iterable[Fact]
) -> list[dict[str, Any]]:
    """All tables of a report, in their order; those without a row are left out."""
    veil = frozenset(hidden)

    def shown(fact: Fact) -> int | None:
        return None if fact in veil else known.get(fact, 0)

    sheet = Sheet(counts, beside, known, shown)
    found = [block for part in (*PARTS, _prompts, _funding) for block in part(sheet)]
    return [asdict(block) for block in found if block.rows]


def _prompts(sheet: Sheet) -> list[Block]:
    rows: Rows = []
    for code, wanted in sheet.counts.prompts.items():
        recorded = min(wanted, sheet.counts.recorded.get(code, 0))
        live = sheet.counts.sets.get(code)
        rows.append((code, ["" if live is None else live, wanted, recorded, share(recorded, wanted)]))
    columns = [("set", "plain"), ("prompts", "count"), ("recorded", "count"), ("share", "share")]
    return [Block("prompts", "prompts", "language", columns, rows)]


def _funding(sheet: Sheet) -> list[Block]:
    rows: Rows = [(fund.name, [fund.period.days]) for fund in sheet.beside.funds]
    found = [Block("funding", "funds", "fund", [("dates", "days")], rows)]
    if len(sheet.beside.pieces) > 1:
        found.append(sheet.pieces("funding", "pieces", "days", sheet.beside.pieces))
    return found
