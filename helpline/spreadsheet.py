"""Tables as text for spreadsheets (CSV): each knows that it is UTF-8, and no cell is taken for a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MARK = "\ufeff"
"""By this a spreadsheet knows that the rest is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a cell of words begins with it."""

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def written(*tables: Table, yes: str = "yes", no: str = "no") -> str:
    """Tables one under the other, each the headings and the rows; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for headings, rows in tables:
        writer.writerow([cell(str(heading), yes, no) for heading in headings])
        writer.writerows([cell(value, yes, no) for value in row] for row in rows)
    return MARK + out.getvalue()


def cell(value: Any, yes: str = "yes", no: str = "no") -> Any:
    """A value as it stands in a cell: words that a spreadsheet would take for a formula begin with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, Mapping):
        return cell(" ".join(f"{name}={count}" for name, count in sorted(value.items())), yes, no)
    # A number below nought is one, and no formula.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
