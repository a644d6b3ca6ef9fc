"""Judges where the arrows of the menu lead: whether every step is reached, every call ends, nobody goes round for ever.

Pure. Also judges a menu that could not be read whole: it then says only what is sure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from helpline.ivr.flow import Flow, Step
from helpline.ivr.outcomes import ACTIONS

DEEPEST = 3

_ARROWS = frozenset(
    {
        "kind",
        "keys",
        "then",
        "list",
        "picked",
        "other",
        "silence",
        "wrong",
        "skip",
        "stay",
        "parent",
        "action",
    }
)
Found = tuple[str, str, str]


def faults(flow: Flow, lost: Mapping[str, Collection[str]]) -> Iterator[Found]:
    """What is wrong with the ways through the menu, as (step, field or nothing, reason).

    `lost`: step -> the fields of it that could not be read.
    """
    arrows = {
        name: {target for _, target in flow.targets(step) if target in flow.steps}
        for name, step in flow.steps.items()
    }
    loose = {name for name, step in flow.steps.items() if _is_loose(flow, step, lost.get(name, ()))}
    yield from _unreached(flow, arrows, loose)
    ends = {name for name, step in flow.steps.items() if step.kind == "end"}
    for name in sorted(set(flow.steps) - _closure(ends | loose, _turned(arrows))):
        yield name, "", "a call that comes here can never end"
    unheard = {name: arrows[name] for name, step in flow.steps.items() if step.kind in {"do", "say"}}
    for name in sorted(_on_cycle(unheard)):
        yield name, "", "a loop that never waits for the caller"
    for name in sorted(_on_cycle({name: silent_ways(flow, step) for name, step in flow.steps.items()})):
        yield name, "", "a caller who stays silent goes round for ever"
    for name, step in flow.steps.items():
        depth = _depth(flow, step)
        if step.kind == "menu" and (depth is None or depth > DEEPEST):
            yield name, "parent", f"more than {DEEPEST} menus deep"


def _is_loose(flow: Flow, step: Step, lost: Collection[str]) -> bool:
    """Whether an arrow of this step leads nobody knows where: it could not be read, is missing, or names no step."""
    if _ARROWS & set(lost) or any(target not in flow.steps for _, target in flow.targets(step)):
        return True
    if step.kind == "do":
        return bool(ACTIONS.get(step.action or "", frozenset({""})) - set(step.outcomes))
    if step.kind == "record":
        return "nothing" not in step.outcomes
    return step.kind in {"say", "ask", "language", "hold"} and not step.then


def _unreached(flow: Flow, arrows: Mapping[str, set[str]], loose: Collection[str]) -> Iterator[Found]:
    roots = set(flow.roots)
    reached = _closure(roots & set(flow.steps), arrows)
    if roots <= set(flow.steps) and not reached & set(loose):
        yield from ((name, "", "no call can reach this step") for name in flow.steps if name not in reached)
        return
    # An arrow that is lost may lead to some of them: of those only what no arrow at all leads to is told.
    led_to = set().union(*arrows.values())
    for name in flow.steps:
        if name not in reached | led_to:
            yield name, "", "no call can reach this step: nothing that could be read leads to it"


def silent_ways(flow: Flow, step: Step) -> set[str]:
    """Where a caller goes from here who never presses a key: every outcome of an action counts as possible.

    Back into the hold in whose rounds an action looks around is no way of its own: the rounds are counted.
    """
    if step.kind == "do":
        return {target for target in step.outcomes.values() if not _is_next_round(flow, step, target)}
    if step.kind == "say":
        return {step.then} if step.then else set()
    if step.kind == "record":
        return {step.outcomes["nothing"]} if "nothing" in step.outcomes else set()
    if not step.waits:
        return set()
    ways = {step.skip or step.silence or flow.difficult}
    if step.kind == "hold" and step.then:
        ways.add(step.then)
    if step.kind == "language" and step.stay:
        ways.add(step.stay)
    return ways


def _is_next_round(flow: Flow, looks: Step, target: str) -> bool:
    """Whether this leads, past words alone, into a hold that comes back here."""
    here, seen = flow.steps.get(target), set[str]()
    while here and here.kind == "say" and here.name not in seen:
        seen.add(here.name)
        here = flow.steps.get(here.then or "")
    return here is not None and here.kind == "hold" and here.then == looks.name


def _turned(arrows: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The same arrows, seen from where they lead."""
    turned: dict[str, set[str]] = {}
    for name, targets in arrows.items():
        for target in targets:
            turned.setdefault(target, set()).add(name)
    return turned


def _closure(start: Iterable[str], arrows: Mapping[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for target in arrows.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _on_cycle(arrows: Mapping[str, set[str]]) -> set[str]:
    return {name for name, targets in arrows.items() if name in _closure(set(targets) & set(arrows), arrows)}


def _depth(flow: Flow, step: Step) -> int | None:
    """How many menus one has to go back from here; None when going back never arrives."""
    depth, seen = 0, set[str]()
    here: Step | None = step
    while here and here.kind != "language":
        if here.name in seen:
            return None
        seen.add(here.name)
        depth, here = depth + 1, flow.steps.get(here.parent or "")
    return depth
