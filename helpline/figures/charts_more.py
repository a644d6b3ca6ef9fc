"""More small charts as SVG: bars that lie, each with its name and number. Pure; legible in black and white."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, NAMES, NUMBERS = 720, 24, 250, 90


@dataclass(frozen=True)
class Lying:
    """One bar: its name, how long it is (None: not shown), and what stands at its end."""

    name: str
    value: int | None
    said: str


def lying(title: str, about: str, bars: Sequence[Lying]) -> str:
    """Bars one under the other, the longest across the whole room. `title`, `about`: what a screen reader says.

    A bar without a value is a dotted line: that there is something, and not how much.
    """
    longest = max((bar.value or 0 for bar in bars), default=0) or 1
    room = WIDTH - NAMES - NUMBERS
    drawn = []
    for place, bar in enumerate(bars):
        y = place * ROW
        middle = y + ROW / 2
        drawn.append(f'<text class="row" x="{NAMES - 10}" y="{middle:g}" dy="4">{escape(bar.name)}</text>')
        wide = room * (bar.value or 0) / longest
        if bar.value is None:
            drawn.append(
                f'<line class="unsaid" x1="{NAMES}" x2="{NAMES + 40}" y1="{middle:g}" y2="{middle:g}"/>'
            )
            wide = 40
        elif bar.value:
            drawn.append(
                f'<rect class="s0" x="{NAMES}" y="{y + 4}" width="{wide:.1f}" height="{ROW - 8}">'
                f"<title>{escape(f'{bar.name}: {bar.said}')}</title></rect>"
            )
        drawn.append(
            f'<text class="value" x="{NAMES + wide + 6:.1f}" y="{middle:g}" dy="4">{escape(bar.said)}</text>'
        )
    head = f"<title>{escape(title)}</title><desc>{escape(about)}</desc>"
    tall = max(1, len(bars)) * ROW
    return f'<svg class="chart" viewBox="0 0 {WIDTH} {tall}" role="img">{head}{"".join(drawn)}</svg>'
