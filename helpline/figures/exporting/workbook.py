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
    """What writes rows of these columns, after so many that stand in the sheet already."""
    letters = [_letter(place) for place in range(len(columns))]
    cells = [_cell(column, words) for column in columns]
    # There are words for having none, too.
    each = list(zip(letters, cells, [column.cells is Cells.WORD for column in columns], strict=True))

    def write(rows: Sequence[Sequence[Any]], above: int) -> bytes:
        out = []
        for number, row in enumerate(rows, above + 2):
            inside = [
                f'<c r="{letter}{number}"{cell(value)}'
                for (letter, cell, worded), value in zip(each, row, strict=True)
                if value is not None or worded
            ]
            out.append(f'<row r="{number}">{"".join(inside)}</row>')
        return "".join(out).encode()

    return write


def _cell(column: Column, words: "Words") -> Callable[[Any], str]:
    """How a value of this column stands in a cell, after the cell's place."""
    told = {True: words.yes, False: words.no}

    def moment(at: datetime) -> str:
        days = at.replace(tzinfo=None) - _EPOCH
        return f' s="{_DATE_STYLE}"><v>{days.days + days.seconds / 86400:.10f}</v></c>'

    def whole(number: int) -> str:
        return f"><v>{number}</v></c>"

    @lru_cache(maxsize=4096)
    def text(value: str) -> str:
        harmless = escape(_NOT_IN_XML.sub("\ufffd", value))
        return f' t="inlineStr"><is><t xml:space="preserve">{harmless}</t></is></c>'

    @lru_cache(maxsize=256)
    def word(code: str | None) -> str:
        said = words.code(column, code)
        return text(said) if said else "/>"

    match column.cells:
        case Cells.MOMENT:
            return moment
        case Cells.WHOLE:
            return whole
        case Cells.WORD:
            return word
        case Cells.YESNO:
            return lambda value: text(told[value])
    return text


def _letter(place: int) -> str:
    """`A` to `ZZ`."""
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)
