"""A file of rows in one of three forms, stretch by stretch: CSV, XLSX, JSON Lines. Pure.

Each stretch is bytes to keep and what is known so far; `Progress` is all that the next stretch needs, in whichever
process it is made.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from helpline import spreadsheet
from helpline.figures.exporting import packing, workbook
from helpline.figures.exporting.columns import Cells, Column
from helpline.figures.exporting.packing import Packed

Row = Sequence[Any]


class Form(StrEnum):
    """How the file is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


@dataclass(frozen=True)
class Words:
    """What people read, in the language of whoever asked: headings by column, codes by column, yes and no, the sheet's name;
    and what stands between the cells of a CSV file (commas in files that were asked for before anybody could say)."""

    headings: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    yes: str = "yes"
    no: str = "no"
    sheet: str = "Rows"
    dialect: str = spreadsheet.Dialect.COMMA

    def heading(self, column: Column) -> str:
        """What stands above a column."""
        return self.headings.get(column.name, column.name)

    def code(self, column: Column, value: str | None) -> str | None:
        """A code of ours in words; None is "none" where there are words for it."""
        return self.codes.get(column.name, {}).get(value or "", value)


@dataclass(frozen=True)
class Progress:
    """What is known of a file so far: how it is packed, and how many rows stand in the sheet that is open."""

    packed: Packed = field(default_factory=Packed)
    in_sheet: int = 0

    def as_words(self) -> dict[str, Any]:
        """As it is kept beside the pieces."""
        return {"packed": self.packed.as_words(), "in_sheet": self.in_sheet}


def progress(words: Mapping[str, Any]) -> Progress:
    """What `as_words` gave; of nothing, the beginning."""
    return Progress(packing.known(words["packed"]), words["in_sheet"]) if words else Progress()


def stretch(
    form: Form, columns: Sequence[Column], words: Words, before: Progress, rows: Sequence[Row], *, last: bool
) -> tuple[bytes, Progress]:
    """The bytes of these rows, with the file's head before the first and its end after the `last`; and what is known then.

    Raises `packing.TooLarge`.
    """
    if form is Form.XLSX:
        return _xlsx(columns, words, before, rows, last=last)
    head, packed = packing.gzip_begun() if not before.packed.written else (b"", before.packed)
    text = _csv(columns, words, rows, heading=bool(head)) if form is Form.CSV else _jsonl(columns, rows)
    body, packed = packing.more(packed, text)
    end, packed = packing.gzip_ended(packed) if last else (b"", packed)
    return head + body + end, Progress(packed)


def _csv(columns: Sequence[Column], words: Words, rows: Sequence[Row], *, heading: bool) -> bytes:
    dialect = spreadsheet.Dialect(words.dialect)
    headings = [words.heading(column) for column in columns]
    head = spreadsheet.written((headings, ()), dialect=dialect) if heading else ""
    writers = [_cell(column, words) for column in columns]
    cells = ([write(value) for write, value in zip(writers, row, strict=True)] for row in rows)
    return (head + spreadsheet.lines(cells, dialect)).encode()


def _cell(column: Column, words: Words) -> Callable[[Any], Any]:
    """How a value of this column stands in CSV."""
    match column.cells:
        case Cells.YESNO:
            told = {True: words.yes, False: words.no, None: ""}
            return told.__getitem__
        case Cells.MOMENT:
            return lambda at: at.isoformat(" ", "minutes")[:16] if at else ""
        case Cells.WORD:
            return lru_cache(maxsize=256)(lambda code: spreadsheet.cell(words.code(column, code)))
        case Cells.TEXT:
            return lru_cache(maxsize=4096)(spreadsheet.cell)
    return lambda number: "" if number is None else number


def _jsonl(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """One object a line, with names that never change and codes instead of words; moments with their offset from UTC."""
    names = [column.name for column in columns]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_moment).encode
    lines = [encode(dict(zip(names, row, strict=True))) for row in rows]
    return "".join(f"{line}\n" for line in lines).encode()


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    raise TypeError(f"a {type(value).__name__} is in no row")


def _xlsx(
    columns: Sequence[Column], words: Words, before: Progress, rows: Sequence[Row], *, last: bool
) -> tuple[bytes, Progress]:
    """Rows into the sheet that is open; where that is full, into another."""
    out: list[bytes] = []
    packed, in_sheet, place = before.packed, before.in_sheet, 0
    write = workbook.writer(columns, words)
    while place < len(rows) or packed.open is None:
        if packed.open is None:
            number = len(packed.whole) + 1
            head, packed = packing.zip_begun(packed, workbook.member(number))
            begun, packed = packing.more(packed, workbook.sheet_begun(columns, words, first=number == 1))
            out += [head, begun]
            in_sheet = 0
        some = rows[place : place + workbook.MOST_ROWS - in_sheet]
        body, packed = packing.more(packed, write(some, in_sheet))
        out.append(body)
        place, in_sheet = place + len(some), in_sheet + len(some)
        if (last and place == len(rows)) or (in_sheet == workbook.MOST_ROWS and place < len(rows)):
            packed = _ended(out, packed)
            if place == len(rows):
                break
    if last and packed.open is not None:
        packed = _ended(out, packed)
    if last:
        end, packed = packing.zip_ended(packed, workbook.others(columns, words, len(packed.whole)))
        out.append(end)
    return b"".join(out), Progress(packed, in_sheet)


def _ended(out: list[bytes], packed: Packed) -> Packed:
    tail, packed = packing.more(packed, workbook.SHEET_ENDED)
    end, packed = packing.zip_member_ended(packed)
    out += [tail, end]
    return packed
