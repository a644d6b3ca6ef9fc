"""How long the way is, as SVG: a line for each language, a bar to the median and a whisker to the ninth of ten. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from helpline.figures.charts import scale

WIDTH, NAMES, ROW, BOTTOM = 640, 190, 30, 22


@dataclass(frozen=True)
class Line:
    """One line: its name, the median, and what nine in ten needed at most."""

    name: str
    median: int
    ninth: int


def lines(title: str, about: str, which: Sequence[Line]) -> str:
    """The chart. `title` and `about` are what a screen reader says."""
    steps = scale(max((max(line.median, line.ninth) for line in which), default=0))
    room = WIDTH - NAMES - 20
    tall = ROW * len(which) + BOTTOM

    def across(value: int) -> float:
        return NAMES + room * value / steps[-1]

    drawn = []
    for step in steps:
        x = _at(across(step))
        drawn.append(f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{tall - BOTTOM}"/>')
        drawn.append(f'<text class="name" x="{x}" y="{tall - 6}">{step}</text>')
    for place, line in enumerate(which):
        y = ROW * place + ROW / 2
        told = escape(f"{line.name}: {line.median}, {line.ninth}")
        drawn.append(
            f'<g><title>{told}</title><text class="scale" x="{NAMES - 8}" y="{_at(y)}" dy=".34em">{escape(line.name)}</text>'
            f'<line class="ninth" x1="{NAMES}" x2="{_at(across(line.ninth))}" y1="{_at(y)}" y2="{_at(y)}"/>'
            f'<line class="ninth" x1="{_at(across(line.ninth))}" x2="{_at(across(line.ninth))}" y1="{_at(y - 6)}" y2="{_at(y + 6)}"/>'
            f'<rect class="s1" x="{NAMES}" y="{_at(y - 7)}" width="{_at(across(line.median) - NAMES)}" height="14"/></g>'
        )
    head = f"<title>{escape(title)}</title><desc>{escape(about)}</desc>"
    return (
        f'<svg class="chart way-chart" viewBox="0 0 {WIDTH} {tall}" role="img">{head}{"".join(drawn)}</svg>'
    )


def _at(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
