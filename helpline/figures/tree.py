"""The menu as a tree that can be drawn: which step hangs on which, and where each stands. Pure; knows no words and no colours.

Each step hangs on the one from which most callers came; other arrows (back, 0, 8, 9, silence) are not drawn. Layout: a row a
step, deeper steps further in; the arrows of a step leave it side by side, as a river parts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from helpline.ivr.doc import arrows
from helpline.ivr.flow import WAITING, Flow, Step

ROW, ROW_EMPTY = 34, 25
TOP = 30
BOX, BOX_HEIGHT, BOX_EMPTY = 262, 27, 19
WIDEST, THINNEST = 20.0, 1.5
_MARGIN, _BEFORE, _AFTER, _BESIDE = 4, 12, 16, 1.5


@dataclass(frozen=True)
class Stop:
    """A step where callers are (or several of one kind: `members`), as it stands in the picture.

    `key`: the key that leads there from `parent`, if one does. `arrow`: how often that way was gone. `ends`: calls end here
    as they should. `lane`: where the arrow leaves its parent; `wide`: how thick it is.
    """

    name: str
    members: tuple[str, ...]
    kind: str
    ends: bool
    parent: str | None
    key: str
    arrow: int
    reached: int
    depth: int
    x: float = 0
    y: float = 0
    lane: float = 0
    wide: float = 0

    @property
    def tall(self) -> int:
        """How tall its box is."""
        return BOX_HEIGHT if self.reached else BOX_EMPTY


@dataclass(frozen=True)
class Tree:
    """All stops from top to bottom, and how much room they take."""

    stops: tuple[Stop, ...]
    width: float
    height: float


@dataclass(frozen=True)
class Shape:
    """What the tree of a menu is made of, whoever calls. `ends`: every stop, and whether a call that ends there ends as it should;
    `members`: the stops of each group; `led`: to which other groups callers may come from each, with the word of the arrow;
    `begins`: the stops to which the choice of the language leads."""

    flow: Flow
    ends: Mapping[str, bool]
    groups: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    led: Mapping[str, Mapping[str, str]]
    begins: tuple[str, ...]


def shape(flow: Flow) -> Shape:
    """The shape of a menu: every way of it is walked, so it is to be asked for once."""
    groups = grouped(flow)
    members: dict[str, tuple[str, ...]] = {}
    led: dict[str, dict[str, str]] = {}
    for step in stops(flow):
        name = groups.get(step.name, step.name)
        members[name] = (*members.get(name, ()), step.name)
        for word, target in ways(flow, step):
            there = groups.get(target, target)
            if there != name:
                led.setdefault(name, {}).setdefault(there, word)
    begins = tuple(dict.fromkeys(stop for _, stop in ways(flow, flow.steps[flow.start])))
    ends = {step.name: ends_well(flow, step) for step in stops(flow)}
    return Shape(flow, ends, groups, members, led, begins)


def stops(flow: Flow) -> list[Step]:
    """The steps where callers are: those that wait, and the ends. All others are passed on the way."""
    return [step for step in flow.steps.values() if step.kind in WAITING or step.kind == "end"]


def ends_well(flow: Flow, step: Step) -> bool:
    """Whether a call that ends here ends as it should: all was said, and nothing is asked any more."""
    return step.kind == "end" or step.statement or step.silence == flow.goodbye


def grouped(flow: Flow) -> dict[str, str]:
    """Step -> the first of its kind, for menus of names that lead to the same step: the regions of one question."""
    first: dict[tuple[str | None, str | None], str] = {}
    return {
        step.name: first.setdefault((step.picked, step.skip), step.name)
        for step in stops(flow)
        if step.kind == "menu" and step.list and step.list.startswith("regions_")
    }


def ways(flow: Flow, step: Step) -> list[tuple[str, str]]:
    """Where callers may come to from here: (the word of the first arrow of the shortest way, the stop). Back is not among them."""
    found: dict[str, tuple[int, str]] = {}
    first = arrows(flow, step)
    if step.kind == "menu":
        first = [*first, ("0", flow.person)]
    if step.kind in {"menu", "ask", "language"}:
        first = [*first, ("", flow.difficult)]
    for word, target in first:
        for stop, steps in _led_to(flow, target):
            if stop not in found or steps < found[stop][0]:
                found[stop] = (steps, word)
    return [(word, stop) for stop, (_, word) in found.items() if stop != step.name]


def _led_to(flow: Flow, target: str) -> Iterator[tuple[str, int]]:
    """The stops to which this step leads, through whatever is said and done on the way, each with how much that is."""
    seen, ahead = set[str](), [(target, 0)]
    while ahead:
        name, steps = ahead.pop(0)
        step = flow.steps.get(name)
        if step is None or name in seen:
            continue
        seen.add(name)
        if step.kind in WAITING or step.kind == "end":
            yield name, steps
        else:
            ahead += [(there, steps + 1) for _, there in arrows(flow, step)]


def drawn(shape: Shape, weights: Mapping[tuple[str, str], int], shown: Mapping[tuple[str, str], int], reached: Mapping[str, int]) -> Tree:  # fmt: skip
    """The tree. `weights`: how often each arrow was gone by whoever decides on what each step hangs (more than is shown, so that
    the picture stays the same); `shown`: how often by those who are shown; `reached`: how often they came to each step.

    All three speak of groups by their first member (`grouped`).
    """
    flow, led = shape.flow, shape.led
    parents = _parents(flow.start, led, weights, shape.members)
    children: dict[str, list[str]] = {}
    for name, parent in parents.items():
        children.setdefault(parent, []).append(name)
    for parent, names in children.items():
        places = {name: place for place, name in enumerate(led.get(parent, ()))}
        children[parent] = sorted(names, key=lambda name: (places.get(name, len(places)), name))
    most = max(shown.values(), default=0)

    def one(name: str, depth: int) -> Stop:
        step, parent = flow.steps[name], parents.get(name)
        word = led.get(parent, {}).get(name, "") if parent else ""
        gone = shown.get((parent, name), 0) if parent else 0
        wide = max(THINNEST, WIDEST * gone / most) if most else THINNEST
        key = word if word.isdigit() else ""
        return Stop(
            name, shape.members[name], step.kind, shape.ends[name], parent, key, gone, reached.get(name, 0), depth,
            wide=wide,
        )  # fmt: skip

    return _placed(flow.start, children, one)


def _parents(
    start: str,
    led: Mapping[str, Mapping[str, str]],
    weights: Mapping[tuple[str, str], int],
    known: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    """Stop -> the one it hangs on: from what hangs already, the arrow that is gone most is taken next; arrows that nobody
    goes in the order of the menu, the nearest first."""
    beyond: dict[str, dict[str, None]] = {name: dict.fromkeys(led.get(name, ())) for name in known}
    for step, to_step in weights:
        if step in beyond and to_step in known:
            beyond[step].setdefault(to_step)
    parents: dict[str, str] = {}
    hangs, ahead, order = {start}, list[tuple[int, int, str, str]](), 0

    def look(name: str) -> None:
        nonlocal order
        for target in beyond.get(name, ()):
            if target not in hangs:
                order += 1
                heappush(ahead, (-weights.get((name, target), 0), order, name, target))

    look(start)
    while ahead:
        _, _, name, target = heappop(ahead)
        if target not in hangs:
            hangs.add(target)
            parents[target] = name
            look(target)
    return parents


def _placed(start: str, children: Mapping[str, list[str]], one: Callable[[str, int], Stop]) -> Tree:
    """Every stop with its place, from top to bottom."""
    placed: list[Stop] = []
    bottom = float(TOP)
    widest = 0.0
    ahead: list[tuple[str, int, float, float]] = [(start, 0, float(_MARGIN), 0.0)]
    while ahead:
        name, depth, x, lane = ahead.pop()
        stop: Stop = one(name, depth)
        row = ROW if stop.reached else ROW_EMPTY
        y = bottom + row / 2
        bottom += row
        widest = max(widest, x)
        placed.append(replace(stop, x=x, y=y, lane=lane))
        below = [one(child, depth + 1) for child in children.get(name, ())]
        # The last child's arrow runs furthest down, so it leaves furthest to the left and crosses none.
        lanes, left = [], x + _BEFORE
        for child in reversed(below):
            lanes.append(left + child.wide / 2)
            left += child.wide + _BESIDE
        inner = left + _AFTER
        # From a stack the first child is to come next.
        ahead += [
            (child.name, depth + 1, inner, at) for child, at in zip(reversed(below), lanes, strict=True)
        ]
    return Tree(tuple(placed), widest + BOX + _MARGIN, bottom + _MARGIN)
