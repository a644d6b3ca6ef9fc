"""Small charts as SVG, made on the server: values and words in, markup out. Pure; colours are classes of a style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 200
LEFT, BOTTOM, TOP = 48, 24, 10
MOST_LABELS = 8


@dataclass(frozen=True)
class Bar:
    """One bar: what it is called, and how much of each series it has, in their order."""

    name: str
    parts: Sequence[int]


def stacked(title: str, about: str, series: Sequence[str], bars: Sequence[Bar]) -> str:
    """Bars, each of the parts of several series one upon the other.

    `title` and `about` are what a screen reader says; `series` are their names, the lowest first; the class of each part is
    `s0`, `s1`, … Whole steps of the scale stand at the left, and at most eight names of bars below.
    """
    tallest = max((sum(bar.parts) for bar in bars), default=0)
    steps = scale(tallest)
    top = steps[-1]
    room = HEIGHT - BOTTOM - TOP
    wide = (WIDTH - LEFT) / max(1, len(bars))
    drawn = []
    for step in steps:
        line = _at(TOP + room - room * step / top)
        drawn.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{line}" y2="{line}"/>')
        drawn.append(f'<text class="scale" x="{LEFT - 6}" y="{line}" dy="4">{step}</text>')
    every = -(-len(bars) // MOST_LABELS) if bars else 1
    for place, bar in enumerate(bars):
        x, y = LEFT + place * wide, float(TOP + room)
        for which, part in enumerate(bar.parts):
            tall = room * part / top
            y -= tall
            if part:
                drawn.append(
                    f'<rect class="s{which}" x="{_at(x + wide * 0.1)}" y="{_at(y)}" width="{_at(wide * 0.8)}"'
                    f' height="{_at(tall)}"><title>{escape(f"{bar.name}: {series[which]} {part}")}</title></rect>'
                )
        if place % every == 0:
            drawn.append(
                f'<text class="name" x="{_at(x + wide / 2)}" y="{HEIGHT - 6}">{escape(bar.name)}</text>'
            )
    head = f"<title>{escape(title)}</title><desc>{escape(about)}</desc>"
    return f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{head}{"".join(drawn)}</svg>'


def scale(tallest: int) -> list[int]:
    """The steps beside a chart: from nought to something round that is not below the tallest bar; at most six."""
    unit = 1
    while unit * 5 < tallest:
        unit = unit * 2 if str(unit)[0] in "15" else unit * 5 // 2
    steps = [0]
    while steps[-1] < tallest:
        steps.append(steps[-1] + unit)
    return steps if len(steps) > 1 else [0, 1]


def _at(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
