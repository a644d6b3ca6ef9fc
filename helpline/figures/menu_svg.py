"""The tree of the menu as SVG: arrows as thick as their traffic, boxes coloured by how many hang up, figures beside them. Pure;
colours are classes of a style sheet, words are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpline.figures.svg import Drawn, at, element
from helpline.figures.traffic import Stay
from helpline.figures.tree import BOX, Stop, Tree

SHARES = (0.05, 0.10, 0.20, 0.40)
"""From these shares of people hanging up on, a step has the next colour."""
_REACHED, _BAR, _MOST_BAR = 70, 92, 60
_BESIDE = 280
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


def picture(tree: Tree, shown: Mapping[str, Shown], words: Words) -> Drawn:
    """The whole picture. Its words are escaped here."""
    width, height = at(tree.width + _BESIDE), at(tree.height)
    places = {stop.name: stop for stop in tree.stops}
    return element(
        "svg",
        element("title", words.title, id="menu-title"),
        element("desc", words.about, id="menu-about"),
        element("text", words.reached, class_="top num", x=tree.width + _REACHED, y=14),
        element("text", words.hung_up, class_="top", x=tree.width + _BAR, y=14),
        *_bands(tree),
        *[_arrow(places[stop.parent], stop) for stop in tree.stops if stop.parent],
        *[drawn for stop in tree.stops for drawn in _stop(tree, stop, shown[stop.name], words)],
        class_="menu-tree",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="group",
        aria_labelledby="menu-title",
        aria_describedby="menu-about",
    )


def _bands(tree: Tree) -> list[Drawn]:
    """A line above each branch that begins at the first menu, from one side to the other."""
    tops = [stop.y - (stop.tall / 2 + 3.5) for stop in tree.stops if stop.depth == 2]
    return [element("line", class_="band", x1=0, x2=tree.width + _BESIDE, y1=y, y2=y) for y in tops]


def _arrow(parent: Stop, stop: Stop) -> Drawn:
    """From the lower edge of the parent's box down its lane, and round the corner to the box."""
    from_y = parent.y + parent.tall / 2
    round_ = max(0.0, min(8.0, stop.x - stop.lane, stop.y - from_y))
    path = (
        f"M{at(stop.lane)} {at(from_y)}V{at(stop.y - round_)}Q{at(stop.lane)} {at(stop.y)}"
        f" {at(stop.lane + round_)} {at(stop.y)}H{at(stop.x)}"
    )
    return element("path", class_="way" if stop.arrow else "way none", d=path, stroke_width=stop.wide)


def _stop(tree: Tree, stop: Stop, shown: Shown, words: Words) -> list[Drawn]:
    """A box that leads to calls, the key before it, and the figures beside it."""
    tone = _tone(stop, shown)
    x, top = stop.x, stop.y - stop.tall / 2
    corner = stop.tall / 2 if stop.kind in {"end", "language"} else 5
    label = words.labels[stop.name]
    told = _told(stop, shown, words)
    inside = [
        element("title", told),
        element("rect", x=x, y=top, width=BOX, height=stop.tall, rx=corner),
        element("text", label, x=x + 10, y=stop.y, dy=".34em"),
    ]
    if shown.odd:
        inside.append(
            element("text", "!", class_="sign", x=x + BOX - 12, y=stop.y, dy=".34em", aria_hidden="true")
        )
    classes = f"stop k-{stop.kind} {tone}{' odd' if shown.odd else ''}"
    drawn = [element("a", *inside, class_=classes, href=shown.address, aria_label=told)]
    if stop.key:
        drawn.append(element("text", stop.key, class_="key", aria_hidden="true", x=x - 3, y=stop.y - 5))
    if shown.stay.reached and not shown.bare:
        drawn.append(_figures(tree, stop, shown.stay, words, tone))
    return drawn


def _told(stop: Stop, shown: Shown, words: Words) -> str:
    """What a stop says when it is pointed at, or read aloud."""
    stay = shown.stay
    told = [f"{words.reached} {words.number(stay.reached)}"]
    if stay.share is not None and not shown.bare:
        what = words.ended if stop.ends else words.hung_up
        told.append(f"{what} {words.percent(stay.share)} ({words.number(stay.ended)})")
    if shown.odd:
        told.append(words.odd)
    return f"{words.labels[stop.name]}: {', '.join(told)}"


def _tone(stop: Stop, shown: Shown) -> str:
    if shown.bare:
        return "bare"
    return "nobody" if not shown.stay.reached else "ends" if stop.ends else f"h{colour(shown.stay.share)}"


def _figures(tree: Tree, stop: Stop, stay: Stay, words: Words, tone: str) -> Drawn:
    """How many came, and which part of them hung up, in columns beside the tree."""
    share, x, y = stay.share or 0.0, tree.width, stop.y
    drawn = [
        element("line", class_="dots", x1=stop.x + BOX + 6, x2=x + _EARLY, y1=y, y2=y),
        element("text", words.number(stay.reached), class_="num", x=x + _REACHED, y=y, dy=".34em"),
    ]
    if share and not stop.ends:
        long = max(1.0, _MOST_BAR * share)
        drawn.append(element("rect", class_=f"part {tone}", x=x + _BAR, y=y - 6, width=long, height=12))
    text = words.ended if stop.ends else f"{words.percent(share)} ({words.number(stay.ended)})"
    behind = x + _BAR + (0 if stop.ends else _MOST_BAR + 8)
    drawn.append(element("text", text, class_="soft", x=behind, y=y, dy=".34em"))
    return element("g", *drawn, aria_hidden="true")
