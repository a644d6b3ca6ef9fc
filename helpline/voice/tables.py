"""Spreadsheets for translators: a sheet a language (XLSX), or one table of all (CSV); read back with file, row and field
of whatever is wrong. Knows no database, and what may be said only as far as a row has its cells."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline import spreadsheet
from helpline.faults import raise_if_any
from helpline.languages import CODES
from helpline.voice import sheets
from helpline.voice.wording import tidy

COLUMNS = ("language", "prompt", "where heard", "english", "text", "notes", "version")
NEEDED = ("prompt", "text")
_WIDTHS = (10, 22, 40, 50, 60, 24, 14)
_MOST_BYTES = 20 * 2**20
_MOST_ROWS = 20_000
# A spreadsheet runs what begins so; in a table of plain text an apostrophe before it makes it a text.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_APOSTROPHE = re.compile(r"'(?=[=+\-@\t\r])")
_WRITTEN = {".xlsx", ".csv"}
_READ = _WRITTEN | {".ods", ".xls"}
# Before the hash that says which text was given out: some of these look like a number, and a spreadsheet rounds those.
_VERSION = "v"
_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?|Err:\d+")


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


def is_table(path: Path, *, to_read: bool = False) -> bool:
    """Whether a file of this name is a spreadsheet that is written here, or that can be read, however it was saved."""
    return path.suffix.lower() in (_READ if to_read else _WRITTEN)


def write(path: Path, given: Iterable[Given]) -> None:
    """Write a spreadsheet: XLSX with a sheet a language, or CSV with all in one table. Raises `OSError`."""
    rows = list(given)
    path.write_bytes(_xlsx(rows) if path.suffix.lower() == ".xlsx" else _csv(rows))


def read(path: Path) -> list[Line]:
    """The lines of a spreadsheet. Raises `Faults` naming file, row and field of each that cannot be understood."""
    found, faults = judged(path)
    raise_if_any(faults)
    return found


def judged(path: Path) -> tuple[list[Line], list[str]]:
    """The lines of a spreadsheet that can be understood, and what is wrong with the others, by file, row and field: for
    whoever has more to say about the lines, and tells everything at once."""
    faults: list[str] = []
    lines = list(_lines(path, faults))
    seen: dict[tuple[str, str], str] = {}
    for line in lines:
        first = seen.setdefault((line.language, line.prompt), line.place)
        if first != line.place:
            faults.append(f"{line.place}: prompt: {line.language}/{line.prompt} stands in {first} too")
    return [line for line in lines if seen[line.language, line.prompt] == line.place], faults


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
    cells = ([_harmless(cell) for cell in _cells(row)] for row in rows)
    return (spreadsheet.MARK + spreadsheet.lines([COLUMNS, *cells], end="\r\n")).encode()


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
        found = sheets.csv_table(path) if path.suffix.lower() == ".csv" else sheets.book(path)
    except (OSError, ValueError) as error:
        faults.append(f"{path.name}: cannot be read: {str(error) or type(error).__name__}")
        return
    for sheet, rows in found:
        yield from _table(f"{path.name}{f', sheet {sheet}' if sheet else ''}", sheet, rows, faults)


def _table(label: str, sheet: str, rows: list[list[str]], faults: list[str]) -> Iterator[Line]:
    filled = [number for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        return  # an empty sheet, as spreadsheets make them
    top = filled[0]
    head = [cell.strip().lower() for cell in rows[top]]
    needed = (*NEEDED, *(() if sheet in CODES else ("language",)))
    missing = [name for name in needed if name not in head]
    twice = [name for name in COLUMNS if head.count(name) > 1]
    if missing:
        faults.append(
            f"{label}: row {top + 1}: must name the columns {', '.join(needed)}; missing: {', '.join(missing)}"
        )
    faults += [f"{label}: row {top + 1}: the column {name} stands there twice" for name in twice]
    if missing or twice:
        return
    if len(filled) > _MOST_ROWS:
        faults.append(f"{label}: more than {_MOST_ROWS} rows")
        return
    for number in filled[1:]:
        cells = {name: cell for name, cell in zip(head, rows[number], strict=False) if name}
        if not any(cell.strip() for cell in cells.values()):
            continue
        line = _line(f"{label}, row {number + 1}", sheet, cells, faults)
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
    nothing = "missing, or a formula that failed" if sheet else "missing"  # a workbook reads empty there
    found += [f"{place}: {name}: {nothing}" for name in NEEDED if not said[name]]
    found += [
        f"{place}: {name}: {why}" for name in NEEDED if (why := _spoilt(cells.get(name, ""), plain=not sheet))
    ]
    faults.extend(found)
    if found:
        return None
    version = said["version"].removeprefix(_VERSION)
    return Line(place, language, said["prompt"], said["text"], said["english"], version)


def _spoilt(cell: str, *, plain: bool) -> str:
    """What a spreadsheet has made of a cell, or would, so that it is nobody's words any more; empty where it is as it was
    typed. In a table of `plain` text nothing else tells a formula from a text."""
    if plain and cell.startswith("="):
        return "begins with =, which a spreadsheet takes for a formula; write the words alone"
    if _ERROR.fullmatch(cell.strip()):
        return f"holds {cell.strip()}, the result of a formula that failed; write the words in its place"
    return ""
