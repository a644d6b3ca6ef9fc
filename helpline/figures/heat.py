"""A table of hours as a picture: the more, the darker, the number in each cell. SVG made on the server, pure; colours are classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, HEAD, TALL, GAP = 720, 92, 22, 30, 2
SHADES = 6
"""Nothing, and five shades (`h0` … `h5`)."""


@dataclass(frozen=True)
class Cell:
    """`value` gives the shade, `told` stands in the cell, `about` is what it means in words. `marked`: framed and hatched, because
    something is missing; `shut`: not meant at all."""

    value: float
    told: str
    about: str
    marked: bool = False
    shut: bool = False


@dataclass(frozen=True)
class Row:
    """A row: its name, and a cell for each column."""

    name: str
    cells: Sequence[Cell]


def shade(value: float, most: float) -> int:
    """How dark: 0 for nothing, 1 to 5 for equal parts of the greatest value."""
    return 0 if value <= 0 or most <= 0 else min(SHADES - 1, 1 + int((SHADES - 1) * value / most))


def drawn(title: str, about: str, columns: Sequence[str], rows: Sequence[Row]) -> str:
    """The picture. `title` and `about` are what a screen reader says; every cell says what it means when pointed at."""
    most = max((cell.value for row in rows for cell in row.cells), default=0.0)
    wide = (WIDTH - LEFT) / max(1, len(columns))
    parts = [
        f'<text class="name" x="{_at(LEFT + (place + 0.5) * wide)}" y="{HEAD - 7}">{escape(name)}</text>'
        for place, name in enumerate(columns)
    ]
    for down, row in enumerate(rows):
        y = HEAD + down * TALL
        parts.append(
            f'<text class="row" x="{LEFT - 8}" y="{_at(y + TALL / 2)}" dy="4">{escape(row.name)}</text>'
        )
        for place, cell in enumerate(row.cells):
            parts.append(_cell(cell, LEFT + place * wide, y, wide, most))
    head = f"<title>{escape(title)}</title><desc>{escape(about)}</desc>"
    tall = HEAD + len(rows) * TALL
    return f'<svg class="chart heat" viewBox="0 0 {WIDTH} {tall}" role="img">{head}{"".join(parts)}</svg>'


def _cell(cell: Cell, x: float, y: float, wide: float, most: float) -> str:
    inner = wide - GAP
    dark = shade(cell.value, most)
    which = "shut" if cell.shut else f"h{dark}"
    box = f'x="{_at(x + GAP / 2)}" y="{_at(y + GAP / 2)}" width="{_at(inner)}" height="{TALL - GAP}"'
    framed = f'<rect class="gap" {box}/>' if cell.marked else ""
    corner = x + wide - GAP / 2
    flag = f'<path class="flag" d="M{_at(corner)} {_at(y + GAP / 2)}h-9l9 9z"/>' if cell.marked else ""
    told = f'<text class="in {which}" x="{_at(x + wide / 2)}" y="{_at(y + TALL / 2)}" dy="4">{escape(cell.told)}</text>'
    return f'<g><title>{escape(cell.about)}</title><rect class="{which}" {box}/>{framed}{flag}{told}</g>'


def _at(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
