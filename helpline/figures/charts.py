"""Small charts as SVG, made on the server: values and words in, markup out. Pure; colours are classes of a style sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpline.figures.svg import Drawn, chart, element

WIDTH, HEIGHT = 720, 200
LEFT, BOTTOM, TOP = 48, 24, 10
ROOM = HEIGHT - BOTTOM - TOP
MOST_LABELS = 8


@dataclass(frozen=True)
class Bar:
    """One bar: what it is called, and how much of each series it has, in their order."""

    name: str
    parts: Sequence[int]


def stacked(
    title: str, about: str, series: Sequence[str], bars: Sequence[Bar], written: Callable[[int], str] = str
) -> Drawn:
    """Bars, each of the parts of several series one upon the other.

    `title` and `about` are what a screen reader says; `series` are their names, the lowest first; the class of each part is
    `s0`, `s1`, … Whole steps of the scale stand at the left, and at most eight names of bars below. `written`: how the reader
    writes a number.
    """
    steps = scale(max((sum(bar.parts) for bar in bars), default=0))
    wide, drawn = _wide(bars), _grid(steps, written)
    for place, bar in enumerate(bars):
        x, y = LEFT + place * wide + wide * 0.1, float(TOP + ROOM)
        for which, part in enumerate(bar.parts):
            tall = ROOM * part / steps[-1]
            y -= tall
            if part:
                drawn.append(_part(_said(bar, series, which, written), which, x, y, wide * 0.8, tall))
    return chart(title, about, WIDTH, HEIGHT, [*drawn, *_names(bars)])


def grouped(
    title: str, about: str, series: Sequence[str], bars: Sequence[Bar], written: Callable[[int], str] = str
) -> Drawn:
    """For each bar its parts side by side, since they are no parts of one whole; words and classes as `stacked`."""
    steps = scale(max((max(bar.parts, default=0) for bar in bars), default=0))
    wide, drawn = _wide(bars), _grid(steps, written)
    thin = wide * 0.84 / max(1, len(series))
    for place, bar in enumerate(bars):
        x = LEFT + place * wide + wide * 0.08
        for which, part in enumerate(bar.parts):
            tall = ROOM * part / steps[-1]
            if part:
                said = _said(bar, series, which, written)
                drawn.append(_part(said, which, x + which * thin, TOP + ROOM - tall, thin * 0.92, tall))
    return chart(title, about, WIDTH, HEIGHT, [*drawn, *_names(bars)])


def scale(tallest: int) -> list[int]:
    """The steps beside a chart: from nought to something round that is not below the tallest bar; at most six."""
    unit = 1
    while unit * 5 < tallest:
        unit = unit * 2 if str(unit)[0] in "15" else unit * 5 // 2
    steps = [0]
    while steps[-1] < tallest:
        steps.append(steps[-1] + unit)
    return steps if len(steps) > 1 else [0, 1]


def _wide(bars: Sequence[Bar]) -> float:
    return (WIDTH - LEFT) / max(1, len(bars))


def _grid(steps: Sequence[int], written: Callable[[int], str]) -> list[Drawn]:
    drawn = []
    for step in steps:
        y = TOP + ROOM - ROOM * step / steps[-1]
        drawn.append(element("line", class_="grid", x1=LEFT, x2=WIDTH, y1=y, y2=y))
        drawn.append(element("text", written(step), class_="scale", x=LEFT - 6, y=y, dy=4))
    return drawn


def _said(bar: Bar, series: Sequence[str], which: int, written: Callable[[int], str]) -> str:
    return f"{bar.name}: {series[which]} {written(bar.parts[which])}"


def _part(said: str, which: int, x: float, y: float, wide: float, tall: float) -> Drawn:
    return element("rect", element("title", said), class_=f"s{which}", x=x, y=y, width=wide, height=tall)


def _names(bars: Sequence[Bar]) -> list[Drawn]:
    wide, every = _wide(bars), -(-len(bars) // MOST_LABELS) or 1
    return [
        element("text", bar.name, class_="name", x=LEFT + (place + 0.5) * wide, y=HEIGHT - 6)
        for place, bar in enumerate(bars)
        if place % every == 0
    ]
