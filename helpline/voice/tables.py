"""Spreadsheets for translators: a sheet a language (XLSX), or one table of all (CSV); read back with file, row and field
of whatever is wrong. Knows no database, and what may be said only as far as a row has its cells."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpline.faults import Faults
from helpline.languages import CODES
from helpline.voice.wording import tidy

COLUMNS = ("language", "prompt", "where heard", "english", "text", "notes", "version")
NEEDED = ("prompt", "text")
_WIDTHS = (10, 22, 40, 50, 60, 24, 14)
_MOST_BYTES = 20 * 2**20
_MOST_ROWS = 20_000
# A spreadsheet runs what begins so; in a table of plain text an apostrophe before it makes it a text.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_APOSTROPHE = re.compile(r"'(?=[=+\-@\t\r])")
_SHEET = {".xlsx", ".csv"}
# Before the hash that says which text was given out: some of these look like a number, and a spreadsheet rounds those.
_VERSION = "v"


@dataclass(frozen=True, slots=True)
class Line:
    """One text in a spreadsheet. `place` is where it stands, for faults; `version` the hash of the text that was given
    out, `english` what English said then; empty where the file does not say."""

    place: str
    language: str
    prompt: str
    text: str
    english: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What is given out about one text."""

    language: str
    prompt: str
    where: str
    english: str
    text: str
    version: str


def is_table(path: Path) -> bool:
    """Whether a file of this name is a spreadsheet."""
    return path.suffix.lower() in _SHEET


def write(path: Path, given: Iterable[Given]) -> None:
    """Write a spreadsheet: XLSX with a sheet a language, or CSV with all in one table. Raises `OSError`."""
    rows = list(given)
    path.write_bytes(_xlsx(rows) if path.suffix.lower() == ".xlsx" else _csv(rows))


def read(path: Path) -> list[Line]:
    """The lines of a spreadsheet. Raises `Faults` naming file, row and field of each that cannot be understood."""
    faults: list[str] = []
    lines = list(_lines(path, faults))
    seen: dict[tuple[str, str], str] = {}
    for line in lines:
        first = seen.setdefault((line.language, line.prompt), line.place)
        if first != line.place:
            faults.append(f"{line.place}: prompt: {line.language}/{line.prompt} stands in {first} too")
    if faults:
        raise Faults(faults)
    return lines


def _xlsx(rows: Sequence[Given]) -> bytes:
    import xlsxwriter  # slow to load, and only this needs it

    content = io.BytesIO()
    # Strings stay strings: nothing in a text is a formula, a link or a number.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for language in dict.fromkeys(row.language for row in rows):
            sheet = book.add_worksheet(language)
            sheet.freeze_panes(1, 2)
            for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
                sheet.set_column(column, column, width, wrapped)
                sheet.write_string(0, column, name, head)
            for number, row in enumerate((row for row in rows if row.language == language), start=1):
                for column, cell in enumerate(_cells(row)):
                    sheet.write_string(number, column, cell, wrapped)
    return content.getvalue()


def _csv(rows: Iterable[Given]) -> bytes:
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in _cells(row)] for row in rows)
    return ("\ufeff" + content.getvalue()).encode()  # with the mark by which spreadsheets know UTF-8


def _cells(row: Given) -> tuple[str, ...]:
    version = _VERSION + row.version if row.version else ""
    return row.language, row.prompt, row.where, row.english, row.text, "", version


def _harmless(cell: str) -> str:
    return "'" + cell if _FORMULA.match(cell) else cell


def _lines(path: Path, faults: list[str]) -> Iterator[Line]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            faults.append(f"{path.name}: larger than {_MOST_BYTES // 2**20} MB")
            return
        reads: Callable[[Path], Iterator[tuple[str, list[list[str]]]]] = (
            _read_xlsx if path.suffix.lower() == ".xlsx" else _read_csv
        )
        tables = list(reads(path))
    except (OSError, ValueError, csv.Error) as error:
        faults.append(f"{path.name}: cannot be read: {str(error) or type(error).__name__}")
        return
    for sheet, rows in tables:
        yield from _table(f"{path.name}{f', sheet {sheet}' if sheet else ''}", sheet, rows, faults)


def _table(label: str, sheet: str, rows: list[list[str]], faults: list[str]) -> Iterator[Line]:
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not any(any(row) for row in rows):
        return  # an empty sheet, as spreadsheets make them
    needed = (*NEEDED, *(() if sheet in CODES else ("language",)))
    missing = [name for name in needed if name not in head]
    if missing:
        faults.append(
            f"{label}: row 1: must name the columns {', '.join(needed)}; missing: {', '.join(missing)}"
        )
        return
    if len(rows) > _MOST_ROWS:
        faults.append(f"{label}: more than {_MOST_ROWS} rows")
        return
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: cell for name, cell in zip(head, row, strict=False) if name}
        if not any(cell.strip() for cell in cells.values()):
            continue
        line = _line(f"{label}, row {number}", sheet, cells, faults)
        if line is not None:
            yield line


def _line(place: str, sheet: str, cells: dict[str, str], faults: list[str]) -> Line | None:
    said = {name: _APOSTROPHE.sub("", tidy(cells.get(name, "")), count=1) for name in COLUMNS}
    language = said["language"].lower() or sheet
    found = []
    if language not in CODES:
        found.append(f"{place}: language: must be one of {', '.join(CODES)}")
    elif sheet in CODES and language != sheet:
        found.append(f"{place}: language: is {language} on the sheet of {sheet}")
    found += [f"{place}: {name}: missing" for name in NEEDED if not said[name]]
    faults.extend(found)
    if found:
        return None
    version = said["version"].removeprefix(_VERSION)
    return Line(place, language, said["prompt"], said["text"], said["english"], version)


def _read_xlsx(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name.strip().lower(), [[_text(cell) for cell in row] for row in rows]
    except python_calamine.CalamineError as error:
        raise ValueError("it is no spreadsheet, or a damaged one") from error


def _read_csv(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    content = path.read_text(encoding="utf-8-sig")
    first = content.partition("\n")[0]
    between = max(",;\t", key=first.count)  # Italian spreadsheets write semicolons
    yield "", list(csv.reader(io.StringIO(content, newline=""), delimiter=between, strict=True))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
