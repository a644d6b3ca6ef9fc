"""Tables as text for spreadsheets (CSV), all that are written anywhere: each knows that it is UTF-8, and no cell is taken for a
formula. Pure.

People open one by a double click, and then the spreadsheet expects what its country writes: in Italy semicolons between
cells, and a comma in numbers. Programs expect the other.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Dialect(StrEnum):
    """What stands between cells, and with it the decimal mark of numbers."""

    COMMA = "comma"
    SEMICOLON = "semicolon"

    @property
    def between(self) -> str:
        """What stands between cells."""
        return ";" if self is Dialect.SEMICOLON else ","

    @property
    def decimal(self) -> str:
        """What stands between a number's ones and tenths."""
        return "," if self is Dialect.SEMICOLON else "."


def for_people(language: str) -> Dialect:
    """What the spreadsheet of somebody who reads this language expects."""
    return Dialect.SEMICOLON if language == "it" else Dialect.COMMA


MARK = "\ufeff"
"""By this a spreadsheet knows that the rest is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for a formula when a cell of words begins with it."""

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def written(*tables: Table, dialect: Dialect = Dialect.COMMA, yes: str = "yes", no: str = "no") -> str:
    """Tables one under the other, each the headings and the rows; None is an empty cell, numbers are plain numbers."""
    told = [
        [cell(value, yes, no, dialect) for value in row]
        for headings, rows in tables
        for row in ([str(heading) for heading in headings], *rows)
    ]
    return MARK + lines(told, dialect)


def lines(rows: Iterable[Iterable[Any]], dialect: Dialect = Dialect.COMMA, *, end: str = "\n") -> str:
    """Rows of cells that are made already (`cell`), a line each."""
    out = io.StringIO()
    csv.writer(out, delimiter=dialect.between, lineterminator=end).writerows(rows)
    return out.getvalue()


def cell(value: Any, yes: str = "yes", no: str = "no", dialect: Dialect = Dialect.COMMA) -> Any:
    """A value as it stands in a cell: words that a spreadsheet would take for a formula begin with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, float | Decimal):
        return format(Decimal(str(value)), "f").replace(".", dialect.decimal)
    if isinstance(value, Mapping):
        return cell(" ".join(f"{name}={count}" for name, count in sorted(value.items())), yes, no)
    # A number below nought is one, and no formula.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
