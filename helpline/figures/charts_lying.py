"""Small charts as SVG: bars that lie, each with its name before and its number behind. Pure; legible in black and white."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpline.figures.charts import WIDTH
from helpline.figures.svg import Drawn, chart, element

ROW, NAMES, NUMBERS = 24, 250, 90
LONGEST = 36
"""Letters of a name that have room; the whole of a longer one is in what the bar says."""


@dataclass(frozen=True)
class Lying:
    """One bar: its name, how long it is (None: not shown), and what stands at its end."""

    name: str
    value: int | None
    said: str


def lying(title: str, about: str, bars: Sequence[Lying]) -> Drawn:
    """Bars one under the other, the longest across the whole room. `title`, `about`: what a screen reader says.

    A bar without a value is a dotted line: that there is something, and not how much.
    """
    longest = max((bar.value or 0 for bar in bars), default=0) or 1
    drawn = []
    for place, bar in enumerate(bars):
        y = (place + 0.5) * ROW
        wide = (WIDTH - NAMES - NUMBERS) * (bar.value or 0) / longest
        short = bar.name if len(bar.name) <= LONGEST else f"{bar.name[: LONGEST - 1]}…"
        drawn.append(element("text", short, class_="row", x=NAMES - 10, y=y, dy=4))
        if bar.value is None:
            wide = 40
            drawn.append(element("line", class_="unsaid", x1=NAMES, x2=NAMES + wide, y1=y, y2=y))
        elif bar.value:
            said = element("title", f"{bar.name}: {bar.said}")
            drawn.append(element("rect", said, class_="s0", x=NAMES, y=y - 8, width=wide, height=16))
        drawn.append(element("text", bar.said, class_="value", x=NAMES + wide + 6, y=y, dy=4))
    return chart(title, about, WIDTH, max(1, len(bars)) * ROW, drawn)
