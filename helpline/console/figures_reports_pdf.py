"""A report as PDF: its text set by Typst, its charts drawn, tagged; made by the worker once it is issued, in each language."""

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
from flask_babel import Babel, force_locale

from helpline import clock, db
from helpline.console import leaflet
from helpline.console.figures_reports_paper import paper
from helpline.console.words import Words
from helpline.figures import reports
from helpline.figures.report_models import ReportState

log = logging.getLogger(__name__)

TEMPLATE = Path(__file__).with_name("report.typ")
STANDARDS: Final[list[Literal["ua-1", "a-3a"]]] = ["ua-1", "a-3a"]
"""Tagged for screen readers, and as archives want it."""
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


def printable(svg: str) -> str:
    """A chart as a file of its own: its size, its own colours, and a ground, beyond which nothing is cut off."""
    size = _SIZE.search(svg)
    if size is None:
        return svg
    own = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[1]}" height="{size[2]}" class="chart"'
    ground = f'<rect width="{size[1]}" height="{size[2]}" fill="#fff"/>'
    head, end, drawn = svg.replace(_SVG, own, 1).partition("</desc>")
    return head.replace("<title>", f"<style>{_PRINTED}</style><title>", 1) + end + ground + drawn
