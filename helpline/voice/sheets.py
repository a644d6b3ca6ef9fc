"""Opens a spreadsheet, however it was saved: the cells of each sheet as texts. Knows nothing of what they mean."""

import csv
import io
from pathlib import Path
from typing import Any

Rows = list[list[str]]
_BETWEEN = ",;\t"
_MARKED = "sep="  # a line by which some spreadsheets say what stands between cells


def book(path: Path) -> list[tuple[str, Rows]]:
    """Each sheet of a workbook, its name in small letters, and its rows. Raises `ValueError`, `OSError`."""
    import python_calamine  # slow to load, and only this needs it

    try:
        opened = python_calamine.CalamineWorkbook.from_path(path)
        return [
            (
                name.strip().lower(),
                [
                    [_text(cell) for cell in row]
                    for row in opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ],
            )
            for name in opened.sheet_names
        ]
    except python_calamine.CalamineError as error:
        raise ValueError("it is no spreadsheet, or a damaged one") from error


def csv_table(path: Path) -> list[tuple[str, Rows]]:
    """The one table of a CSV file, whatever stands between its cells (Italian spreadsheets write semicolons).

    Raises `ValueError` with a sentence for whoever saved it, `OSError`.
    """
    content = _decoded(path.read_bytes()).lstrip("\ufeff")
    first = next((line for line in content.splitlines() if line.strip()), "").strip()
    marked = first[:-1].lower() == _MARKED
    between = first[-1] if marked else max(_BETWEEN, key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=between, strict=True)
    rows: Rows = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        why = "a cell is not closed, or a quotation mark stands where none may"
        raise ValueError(f"row {len(rows) + 1}: {why} ({error})") from None
    if marked:
        rows[next(number for number, row in enumerate(rows) if any(row))] = []
    return [("", rows)]


def _decoded(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not in UTF-8: save it as CSV in UTF-8, or as XLSX") from None


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
