"""How long the way is, as SVG: a line for each language, a bar to the median and a whisker to the ninth of ten. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpline.figures.charts import scale
from helpline.figures.svg import Drawn, chart, element

WIDTH, NAMES, ROW, BOTTOM = 640, 190, 30, 22


@dataclass(frozen=True)
class Line:
    """One line: its name, the median, and what nine in ten needed at most."""

    name: str
    median: int
    ninth: int


def lines(title: str, about: str, which: Sequence[Line], written: Callable[[int], str] = str) -> Drawn:
    """The chart. `title` and `about` are what a screen reader says; `written`: how the reader writes a number."""
    steps = scale(max((max(line.median, line.ninth) for line in which), default=0))
    room = WIDTH - NAMES - 20
    tall = ROW * len(which) + BOTTOM

    def across(value: int) -> float:
        return NAMES + room * value / steps[-1]

    drawn = []
    for step in steps:
        x = across(step)
        drawn.append(element("line", class_="grid", x1=x, x2=x, y1=0, y2=tall - BOTTOM))
        drawn.append(element("text", written(step), class_="name", x=x, y=tall - 6))
    for place, line in enumerate(which):
        y, ninth = ROW * (place + 0.5), across(line.ninth)
        drawn.append(
            element(
                "g",
                element("title", f"{line.name}: {written(line.median)}, {written(line.ninth)}"),
                element("text", line.name, class_="scale", x=NAMES - 8, y=y, dy=".34em"),
                element("line", class_="ninth", x1=NAMES, x2=ninth, y1=y, y2=y),
                element("line", class_="ninth", x1=ninth, x2=ninth, y1=y - 6, y2=y + 6),
                element("rect", class_="s1", x=NAMES, y=y - 7, width=across(line.median) - NAMES, height=14),
            )
        )
    return chart(title, about, WIDTH, tall, drawn, kind="chart way-chart")
