"""The parts of an XLSX file: what is around the rows comes from xlsxwriter, the rows are written here, as it would. Pure.

xlsxwriter makes a whole file at once, in a process that must live until then, and takes ten times as long a row. Text
stands in the cells themselves: nothing has to be remembered from row to row, and nothing in a cell is ever a formula.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from helpline.figures.exporting.columns import Cells, Column

if TYPE_CHECKING:
    from helpline.figures.exporting.forms import Words

MOST_ROWS = 1_048_575
"""So many rows fit under the heading of a sheet."""
SHEET_ENDED = b"</sheetData></worksheet>"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no offset
_DATE_STYLE = 1
"""The place among the formats at which moments stand: after the usual one, before the heading's."""
_NOTHING = "<c/>"
_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def member(number: int) -> str:
    """The name of a sheet within the file."""
    return f"xl/worksheets/sheet{number}.xml"


def sheet_begun(columns: Sequence[Column], words: "Words", *, first: bool) -> bytes:
    """A sheet until its first row: widths, the heading that stays where it is, the heading itself."""
    with zipfile.ZipFile(io.BytesIO(_around(tuple(columns), _Heads.of(columns, words), 2))) as made:
        text = made.read(member(1 if first else 2))
    begun = text.partition(b"</sheetData>")[0]
    # How far the sheet reaches is not known yet, and need not be said.
    return re.sub(rb"<dimension [^>]*/>", b"", begun)


def others(columns: Sequence[Column], words: "Words", sheets: int) -> list[tuple[str, bytes]]:
    """Everything in the file but its sheets, for so many of them."""
    with zipfile.ZipFile(io.BytesIO(_around(tuple(columns), _Heads.of(columns, words), sheets))) as made:
        return [(name, made.read(name)) for name in made.namelist() if not name.startswith("xl/worksheets/")]


class _Heads(tuple[str, ...]):
    """The sheet's name and the headings."""

    @classmethod
    def of(cls, columns: Sequence[Column], words: "Words") -> "_Heads":
        return cls((words.sheet, *(words.heading(column) for column in columns)))


@lru_cache(maxsize=8)
def _around(columns: tuple[Column, ...], heads: _Heads, sheets: int) -> bytes:
    """A file without a row, by xlsxwriter."""
    import xlsxwriter  # slow to load, and only this needs it

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        book.set_properties({"created": _EPOCH})
        for number in range(1, sheets + 1):
            name = re.sub(r"[][:*?/\\']", " ", heads[0])[:25]
            sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                style = moment if column.cells is Cells.MOMENT else None
                sheet.set_column(place, place, column.width, style)
                sheet.write_string(0, place, heads[place + 1], bold)
    return content.getvalue()


def writer(columns: Sequence[Column], words: "Words") -> Callable[[Sequence[Sequence[Any]], int], bytes]:
    """What writes rows of these columns, after so many that stand in the sheet already.

    A cell does not say where it is, only that it is the next: half the size, and a fifth of the time to pack it.
    """
    cells = [_cell(column, words) for column in columns]

    def write(rows: Sequence[Sequence[Any]], above: int) -> bytes:
        out = []
        for number, row in enumerate(rows, above + 2):
            inside = "".join([cell(value) for cell, value in zip(cells, row, strict=True)])
            out.append(f'<row r="{number}">{inside}</row>')
        return "".join(out).encode()

    return write


def _cell(column: Column, words: "Words") -> Callable[[Any], str]:
    """How a value of this column stands in a cell."""
    match column.cells:
        case Cells.MOMENT:
            return _moment
        case Cells.WHOLE:
            return _whole
        case Cells.WORD:
            return lru_cache(maxsize=256)(lambda code: _text(words.code(column, code)))
        case Cells.YESNO:
            return {True: _text(words.yes), False: _text(words.no), None: _NOTHING}.__getitem__
    return _text


def _moment(at: datetime | None) -> str:
    if at is None:
        return _NOTHING
    days = at.replace(tzinfo=None) - _EPOCH
    return f'<c s="{_DATE_STYLE}"><v>{days.days + days.seconds / 86400:.10f}</v></c>'


def _whole(number: int | None) -> str:
    return _NOTHING if number is None else f"<c><v>{number}</v></c>"


@lru_cache(maxsize=4096)
def _text(value: str | None) -> str:
    if not value:
        return _NOTHING
    harmless = escape(_NOT_IN_XML.sub("\ufffd", value))
    space = "" if value.isalnum() else ' xml:space="preserve"'
    return f'<c t="inlineStr"><is><t{space}>{harmless}</t></is></c>'
