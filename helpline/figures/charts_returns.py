"""A small chart as SVG for pages: bars that lie, some of them hidden. Pure, as `charts`: values and words in, markup out."""

from collections.abc import Sequence

from helpline.figures.charts import WIDTH
from helpline.figures.svg import Drawn, chart, element

_ROW, _NAMES, _END = 26, 190, 60
_LONGEST = 26


def lying(title: str, about: str, rows: Sequence[tuple[str, int | None]], hidden: str) -> Drawn:
    """A bar for each row, its name before and its number behind it; where that is hidden (None), the word for it."""
    longest = max((count or 0 for _, count in rows), default=0) or 1
    drawn = []
    for place, (name, count) in enumerate(rows):
        y = (place + 0.5) * _ROW
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        drawn.append(element("text", short, class_="row", x=_NAMES - 8, y=y, dy=4))
        long = (WIDTH - _NAMES - _END) * (count or 0) / longest
        if count:
            said = element("title", f"{name}: {count}")
            drawn.append(element("rect", said, class_="s0", x=_NAMES, y=y - 8, width=long, height=16))
        said_behind = hidden if count is None else str(count)
        drawn.append(element("text", said_behind, class_="end", x=_NAMES + long + 6, y=y, dy=4))
    return chart(title, about, WIDTH, max(1, len(rows)) * _ROW, drawn)
