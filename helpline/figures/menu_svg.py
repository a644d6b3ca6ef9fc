"""The tree of the menu as SVG: arrows as thick as their traffic, boxes coloured by how many hang up, figures beside them. Pure;
colours are classes of a style sheet, words are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from helpline.figures.traffic import Stay
from helpline.figures.tree import BOX, Stop, Tree

SHARES = (0.05, 0.10, 0.20, 0.40)
"""From these shares of people hanging up on, a step has the next colour."""
_REACHED, _BAR, _MOST_BAR = 70, 92, 80
_BESIDE = 250
_EARLY = 9.0


@dataclass(frozen=True)
class Words:
    """What the picture says. `labels`: of each stop; `number`, `percent`: a figure as the reader writes it."""

    title: str
    about: str
    reached: str
    hung_up: str
    ended: str
    odd: str
    labels: Mapping[str, str]
    number: Callable[[int], str]
    percent: Callable[[float], str]


@dataclass(frozen=True)
class Shown:
    """What stands at a stop: what went on there, where a click leads, and whether something is unusual. `bare`: who hangs up
    there is not among those who are shown."""

    stay: Stay
    address: str
    odd: bool = False
    bare: bool = False


def colour(share: float | None) -> int:
    """Which of the five colours, from nought, a share of people hanging up has."""
    return sum((share or 0) >= least for least in SHARES)


def picture(tree: Tree, shown: Mapping[str, Shown], words: Words) -> str:
    """The whole picture. Its words are escaped here."""
    width = tree.width + _BESIDE
    places = {stop.name: stop for stop in tree.stops}
    lines = [_arrow(places[stop.parent], stop) for stop in tree.stops if stop.parent]
    boxes = [_stop(tree, stop, shown[stop.name], words) for stop in tree.stops]
    heads = [
        f'<text class="top num" x="{_at(tree.width + _REACHED)}" y="14">{escape(words.reached)}</text>',
        f'<text class="top" x="{_at(tree.width + _BAR)}" y="14">{escape(words.hung_up)}</text>',
    ]
    head = f'<title id="menu-title">{escape(words.title)}</title><desc id="menu-about">{escape(words.about)}</desc>'
    return (
        f'<svg class="menu-tree" viewBox="0 0 {_at(width)} {_at(tree.height)}" width="{_at(width)}"'
        f' height="{_at(tree.height)}" role="group" aria-labelledby="menu-title" aria-describedby="menu-about">'
        f"{head}{''.join(heads)}{_bands(tree, width)}{''.join(lines)}{''.join(boxes)}</svg>"
    )


def _bands(tree: Tree, width: float) -> str:
    """A line above each branch that begins at the first menu, from one side to the other."""
    return "".join(
        f'<line class="band" x1="0" x2="{_at(width)}" y1="{_at(y)}" y2="{_at(y)}"/>'
        for y in [stop.y - (stop.tall / 2 + 3.5) for stop in tree.stops if stop.depth == 2]
    )


def _arrow(parent: Stop, stop: Stop) -> str:
    """From the lower edge of the parent's box down its lane, and round the corner to the box."""
    from_y = parent.y + parent.tall / 2
    round_ = max(0.0, min(8.0, stop.x - stop.lane, stop.y - from_y))
    path = (
        f"M{_at(stop.lane)} {_at(from_y)}V{_at(stop.y - round_)}Q{_at(stop.lane)} {_at(stop.y)}"
        f" {_at(stop.lane + round_)} {_at(stop.y)}H{_at(stop.x)}"
    )
    kind = "way" if stop.arrow else "way none"
    return f'<path class="{kind}" d="{path}" stroke-width="{_at(stop.wide)}"/>'


def _stop(tree: Tree, stop: Stop, shown: Shown, words: Words) -> str:
    stay = shown.stay
    share = stay.share
    label = words.labels[stop.name]
    told = [f"{words.reached} {words.number(stay.reached)}"]
    if share is not None and not shown.bare:
        told.append(f"{words.ended if stop.ends else words.hung_up} {words.percent(share)} ({words.number(stay.ended)})")  # fmt: skip
    if shown.odd:
        told.append(words.odd)
    whole = f"{label}: {', '.join(told)}"
    tone = _tone(stop, shown)
    classes = f"stop k-{stop.kind} {tone}{' odd' if shown.odd else ''}"
    x, top = stop.x, stop.y - stop.tall / 2
    corner = stop.tall / 2 if stop.kind in {"end", "language"} else 5
    drawn = [
        f'<rect x="{_at(x)}" y="{_at(top)}" width="{BOX}" height="{stop.tall}" rx="{_at(corner)}"/>',
        f'<text x="{_at(x + 10)}" y="{_at(stop.y)}" dy=".34em">{escape(label)}</text>',
    ]
    if shown.odd:
        drawn.append(
            f'<text class="sign" x="{_at(x + BOX - 12)}" y="{_at(stop.y)}" dy=".34em" aria-hidden="true">!</text>'
        )
    box = f'<a class="{classes}" href="{escape(shown.address)}" aria-label="{escape(whole)}"><title>{escape(whole)}</title>{"".join(drawn)}</a>'
    if stop.key:
        box += f'<text class="key" aria-hidden="true" x="{_at(x - 3)}" y="{_at(stop.y - 5)}">{escape(stop.key)}</text>'
    return box if shown.bare else box + _figures(tree, stop, stay, words, tone)


def _tone(stop: Stop, shown: Shown) -> str:
    if shown.bare:
        return "bare"
    return "nobody" if not shown.stay.reached else "ends" if stop.ends else f"h{colour(shown.stay.share)}"


def _figures(tree: Tree, stop: Stop, stay: Stay, words: Words, tone: str) -> str:
    """How many came, and which part of them hung up, in columns beside the tree."""
    if not stay.reached:
        return ""
    share = stay.share or 0.0
    x = tree.width
    drawn = [
        f'<line class="dots" x1="{_at(stop.x + BOX + 6)}" x2="{_at(x + _EARLY)}" y1="{_at(stop.y)}" y2="{_at(stop.y)}"/>',
        f'<text class="num" x="{_at(x + _REACHED)}" y="{_at(stop.y)}" dy=".34em">{escape(words.number(stay.reached))}</text>',
    ]
    if share and not stop.ends:
        drawn.append(
            f'<rect class="part {tone}" x="{_at(x + _BAR)}" y="{_at(stop.y - 6)}" width="{_at(max(1.0, _MOST_BAR * share))}" height="12"/>'
        )
    text = words.ended if stop.ends else f"{words.percent(share)} ({words.number(stay.ended)})"
    at = x + _BAR if stop.ends else x + _BAR + _MOST_BAR + 8
    drawn.append(f'<text class="soft" x="{_at(at)}" y="{_at(stop.y)}" dy=".34em">{escape(text)}</text>')
    return f'<g aria-hidden="true">{"".join(drawn)}</g>'


def _at(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
