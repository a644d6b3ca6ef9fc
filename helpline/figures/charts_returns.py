"""Two more small charts as SVG: bars side by side, and bars that lie. Pure, as `charts`: values and words in, markup out."""

from collections.abc import Sequence
from html import escape

from helpline.figures.charts import BOTTOM, HEIGHT, LEFT, MOST_LABELS, TOP, WIDTH, Bar, scale

_ROW, _NAMES, _END = 26, 190, 60
_LONGEST = 26


def grouped(title: str, about: str, series: Sequence[str], bars: Sequence[Bar]) -> str:
    """For each bar its parts side by side, since they are no parts of one whole; words and classes as `charts.stacked`."""
    steps = scale(max((max(bar.parts, default=0) for bar in bars), default=0))
    room, drawn = HEIGHT - BOTTOM - TOP, []
    for step in steps:
        line = _at(TOP + room - room * step / steps[-1])
        drawn.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{line}" y2="{line}"/>')
        drawn.append(f'<text class="scale" x="{LEFT - 6}" y="{line}" dy="4">{step}</text>')
    wide = (WIDTH - LEFT) / max(1, len(bars))
    thin = wide * 0.84 / max(1, len(series))
    every = -(-len(bars) // MOST_LABELS) if bars else 1
    for place, bar in enumerate(bars):
        x = LEFT + place * wide + wide * 0.08
        for which, part in enumerate(bar.parts):
            tall = room * part / steps[-1]
            if part:
                drawn.append(
                    f'<rect class="s{which}" x="{_at(x + which * thin)}" y="{_at(TOP + room - tall)}" width="{_at(thin * 0.92)}"'
                    f' height="{_at(tall)}"><title>{escape(f"{bar.name}: {series[which]} {part}")}</title></rect>'
                )
        if place % every == 0:
            drawn.append(
                f'<text class="name" x="{_at(x + wide * 0.42)}" y="{HEIGHT - 6}">{escape(bar.name)}</text>'
            )
    return _svg(title, about, HEIGHT, drawn)


def lying(title: str, about: str, rows: Sequence[tuple[str, int | None]], hidden: str) -> str:
    """A bar for each row, its name before and its number behind it; where that is hidden (None), the word for it."""
    longest = max((count or 0 for _, count in rows), default=0) or 1
    drawn = []
    for place, (name, count) in enumerate(rows):
        middle = place * _ROW + _ROW / 2
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        drawn.append(f'<text class="row" x="{_NAMES - 8}" y="{_at(middle)}" dy="4">{escape(short)}</text>')
        long = (WIDTH - _NAMES - _END) * (count or 0) / longest
        if count:
            drawn.append(
                f'<rect class="s0" x="{_NAMES}" y="{_at(middle - 8)}" width="{_at(long)}" height="16">'
                f"<title>{escape(f'{name}: {count}')}</title></rect>"
            )
        said = hidden if count is None else str(count)
        drawn.append(
            f'<text class="end" x="{_at(_NAMES + long + 6)}" y="{_at(middle)}" dy="4">{escape(said)}</text>'
        )
    return _svg(title, about, max(_ROW, len(rows) * _ROW), drawn)


def _svg(title: str, about: str, height: int, drawn: Sequence[str]) -> str:
    head = f"<title>{escape(title)}</title><desc>{escape(about)}</desc>"
    return f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img">{head}{"".join(drawn)}</svg>'


def _at(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
