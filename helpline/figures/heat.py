"""A table of hours as a picture: the more, the darker, the number in each cell. SVG made on the server, pure; colours are classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpline.figures.svg import Drawn, at, chart, element

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


def drawn(title: str, about: str, columns: Sequence[str], rows: Sequence[Row]) -> Drawn:
    """The picture. `title` and `about` are what a screen reader says; every cell says what it means when pointed at."""
    most = max((cell.value for row in rows for cell in row.cells), default=0.0)
    wide = (WIDTH - LEFT) / max(1, len(columns))
    parts = [
        element("text", name, class_="name", x=LEFT + (place + 0.5) * wide, y=HEAD - 7)
        for place, name in enumerate(columns)
    ]
    for down, row in enumerate(rows):
        y = HEAD + down * TALL
        parts.append(element("text", row.name, class_="row", x=LEFT - 8, y=y + TALL / 2, dy=4))
        parts += [_cell(cell, LEFT + place * wide, y, wide, most) for place, cell in enumerate(row.cells)]
    return chart(title, about, WIDTH, HEAD + len(rows) * TALL, parts, kind="chart heat")


def _cell(cell: Cell, x: float, y: float, wide: float, most: float) -> Drawn:
    which = "shut" if cell.shut else f"h{shade(cell.value, most)}"
    left, top, right = x + GAP / 2, y + GAP / 2, x + wide - GAP / 2

    def box(kind: str) -> Drawn:
        return element("rect", class_=kind, x=left, y=top, width=right - left, height=TALL - GAP)

    parts = [element("title", cell.about), box(which)]
    if cell.marked:
        parts += [box("gap"), element("path", class_="flag", d=f"M{at(right)} {at(top)}h-9l9 9z")]
    told = element("text", cell.told, class_=f"in {which}", x=x + wide / 2, y=y + TALL / 2, dy=4)
    return element("g", *parts, told)
