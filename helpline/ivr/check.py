"""Judges the menu: where its arrows lead, whether every call ends, whether it can be said in time; pure, changes nothing."""

import re
from collections.abc import Callable, Iterable, Mapping

from helpline.ivr.flow import KEYPAD, UNIVERSAL, Flow, Step
from helpline.ivr.outcomes import ACTIONS, CLIPS, DIGITS, LISTED, SLOTS, VALUES, WORDS
from helpline.languages import CODES

MOST_OPTIONS = 5
DEEPEST = 3
LONGEST_CLIP = 20.0
LONGEST_MENU = 24.0

Texts = Mapping[str, Mapping[str, str]]
Seconds = Callable[[str, str], float]


def faults(flow: Flow, *, name: str = "flow.toml") -> list[str]:
    """Everything wrong with the shape of the menu, one sentence each, naming the step; empty when it may be used."""
    found: list[str] = []
    for step in flow.steps.values():
        found += [f"{name}: [{step.name}] {fault}" for fault in _step_faults(flow, step)]
    found += [f"{name}: [flow]: no step is called {root}" for root in flow.roots if root not in flow.steps]
    if not found:
        found += [f"{name}: {fault}" for fault in _graph_faults(flow)]
    return found


def _step_faults(flow: Flow, step: Step) -> Iterable[str]:
    yield from _arrow_faults(flow, step)
    yield from _speech_names(step)
    yield from _kept_faults(step)
    judge = _BY_KIND.get(step.kind)
    if judge:
        yield from judge(flow, step)


def _arrow_faults(flow: Flow, step: Step) -> Iterable[str]:
    for where, target in flow.targets(step):
        if target not in flow.steps:
            yield f"{where}: no step is called {target}"
    for key in step.keys:
        if key not in KEYPAD:
            yield f"keys.{key}: not a key of a telephone (hash and star are only aliases)"
    for key in step.values:
        if key not in step.keys:
            yield f"values.{key}: this key leads nowhere"
    if step.values and not step.keeps:
        yield "values: without `keeps` they go nowhere"


def _kept_faults(step: Step) -> Iterable[str]:
    """A field or a word that no action knows would lead a caller astray without a sound."""
    if not step.keeps:
        return
    known = {"menu": LISTED if step.list else frozenset(WORDS), "ask": DIGITS, "record": CLIPS}.get(step.kind)
    if known is None or step.keeps not in known:
        yield f"keeps: nothing that such a step keeps is called {step.keeps}"
        return
    for key, word in step.values.items():
        if word not in WORDS.get(step.keeps, ()):
            yield f"values.{key}: {word} is not a word that {step.keeps} knows"


def _speech_names(step: Step) -> Iterable[str]:
    for slot in (*step.first, *step.says, *step.before):
        if slot.startswith("{") and slot.strip("{}") not in SLOTS:
            yield f"says: {slot} is not something that can be said"
    for code in step.speaks:
        if code not in CODES:
            yield f"speaks: {code} is not one of the nine languages"


def _goes_on(flow: Flow, step: Step) -> Iterable[str]:
    if not step.then:
        yield "then: missing"


def _ask_faults(flow: Flow, step: Step) -> Iterable[str]:
    yield from _goes_on(flow, step)
    if not step.keeps or bool(step.digits) == bool(step.max_digits):
        yield "an ask step needs `keeps`, and either `digits` or `max_digits`"


def _record_faults(flow: Flow, step: Step) -> Iterable[str]:
    yield from _difference(set(step.outcomes), {"recorded", "nothing", "skipped"}, "then")
    if not step.keeps or not step.seconds:
        yield "a record step needs `keeps` and `seconds`"


def _action_faults(flow: Flow, step: Step) -> Iterable[str]:
    if step.action not in ACTIONS:
        yield f"action: there is no action {step.action}"
    else:
        yield from _difference(set(step.outcomes), set(ACTIONS[step.action]), "then")


def _difference(routed: set[str], wanted: set[str], where: str) -> Iterable[str]:
    for outcome in sorted(wanted - routed):
        yield f"{where}.{outcome}: this outcome is not routed"
    for outcome in sorted(routed - wanted):
        yield f"{where}.{outcome}: there is no such outcome"


def _menu_faults(flow: Flow, step: Step) -> Iterable[str]:
    if step.list:
        if step.list not in flow.lists:
            yield f"list: there is no list {step.list}"
        if not step.picked or not step.keeps:
            yield "list: needs `picked` and `keeps`"
        if bool(step.other) != bool(step.other_says):
            yield "other: needs `other` and `other_says`"
    sizes = {len(flow.options(step, code)) for code in CODES} if step.list in flow.lists else {0}
    options = max(sizes) + len(set(step.keys) - UNIVERSAL)
    if options > MOST_OPTIONS:
        yield f"keys: {options} options, more than {MOST_OPTIONS}"
    numbers = sorted(set(step.keys) - UNIVERSAL)
    if numbers != [str(n) for n in range(1, len(numbers) + 1)]:
        yield "keys: must count from one without gaps"


_BY_KIND = {
    "do": _action_faults,
    "record": _record_faults,
    "ask": _ask_faults,
    "say": _goes_on,
    "language": _goes_on,
    "menu": _menu_faults,
}


def _graph_faults(flow: Flow) -> Iterable[str]:
    reached = _reach(flow, flow.roots)
    for name in flow.steps:
        if name not in reached:
            yield f"[{name}]: no call can reach this step"
    ends = {name for name, step in flow.steps.items() if step.kind == "end"}
    backwards: dict[str, set[str]] = {}
    for name, step in flow.steps.items():
        for _, target in flow.targets(step):
            backwards.setdefault(target, set()).add(name)
    for name in sorted(set(flow.steps) - _closure(ends, backwards)):
        yield f"[{name}]: a call that comes here can never end"
    unheard = {n: {t for _, t in flow.targets(s)} for n, s in flow.steps.items() if s.kind in {"do", "say"}}
    for name in sorted(_on_cycle(unheard)):
        yield f"[{name}]: a loop that never waits for the caller"
    for name in sorted(_on_cycle({n: silent_ways(flow, s) for n, s in flow.steps.items()})):
        yield f"[{name}]: a caller who stays silent goes round for ever"
    for name, step in flow.steps.items():
        depth = _depth(flow, step)
        if step.kind == "menu" and (depth is None or depth > DEEPEST):
            yield f"[{name}] parent: more than {DEEPEST} menus deep"


def silent_ways(flow: Flow, step: Step) -> set[str]:
    """Where a caller goes from here who never presses a key: every outcome of an action counts as possible."""
    if step.kind == "do":
        return set(step.outcomes.values())
    if step.kind == "say":
        return {step.then} if step.then else set()
    if step.kind == "record":
        return {step.outcomes["nothing"]}
    if step.kind == "end":
        return set()
    ways = {step.skip or step.silence or flow.difficult}
    if step.kind == "language" and step.stay:
        ways.add(step.stay)
    return ways


def _reach(flow: Flow, roots: Iterable[str]) -> set[str]:
    arrows = {name: {target for _, target in flow.targets(step)} for name, step in flow.steps.items()}
    return _closure(set(roots), arrows)


def _closure(start: set[str], arrows: Mapping[str, set[str]]) -> set[str]:
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
    depth, name, seen = 0, step.name, set()
    while name and flow.steps[name].kind != "language":
        if name in seen:
            return None
        seen.add(name)
        depth, name = depth + 1, flow.steps[name].parent or ""
    return depth


def prompts_of(flow: Flow) -> set[str]:
    """Every prompt that some call may hear, with those behind slots, lists and values."""
    names = {flow.no_input, flow.wrong_key, flow.too_few}
    for step in flow.steps.values():
        names |= {*step.says, *step.first, *step.before} | ({step.other_says} if step.other_says else set())
    names |= {item for table in flow.lists.values() for items in table.values() for item in items}
    slots = {name for name in names if name.startswith("{")}
    names |= {prompt for slot in slots for prompt in SLOTS.get(slot.strip("{}"), ())}
    names |= {prompt for prompts in VALUES.values() for prompt in prompts}
    return names - slots


def speech_faults(flow: Flow, texts: Texts, seconds: Seconds, *, name: str = "flow.toml") -> list[str]:
    """What cannot be said: a prompt without a text in any of the nine languages, a clip or a menu that is too long.

    `texts`: language -> prompt -> text. `seconds(language, text)`: how long it takes to say it.
    """
    found = []
    for code in CODES:
        have = texts.get(code, {})
        for prompt in sorted(prompts_of(flow)):
            if prompt not in have:
                found.append(f"prompts/{code}/texts.toml: {prompt}: missing, and the menu says it")
        for prompt, text in have.items():
            long = seconds(code, text)
            if long > LONGEST_CLIP:
                found.append(
                    f"prompts/{code}/texts.toml: {prompt}: {long:.1f} s, longer than {LONGEST_CLIP:.0f} s"
                )
        for step in flow.steps.values():
            if step.kind == "menu" and code == "en":
                found += [f"{name}: [{step.name}] {fault}" for fault in _spoken_keys(step, have)]
            if step.kind == "menu":
                heard = [p for p in step.says if not p.startswith("{")]
                heard += [p for o in flow.options(step, code) for p in (o.prompt, f"digit_{o.key}")]
                long = sum(seconds(code, have.get(prompt, "")) for prompt in heard)
                if long > LONGEST_MENU and step.name not in _STATEMENTS:
                    found.append(f"{name}: [{step.name}] {code}: {long:.1f} s, longer than a menu may be")
    return found


def _spoken_keys(step: Step, english: Mapping[str, str]) -> Iterable[str]:
    """The keys that the master says, against those that lead somewhere; the other languages are compared with it."""
    words = {english.get(f"digit_{n}", ""): str(n) for n in range(10)}
    spoken = {
        words[word]
        for prompt in step.says
        for word in re.findall(r"(?:press|:) (?=(\w+))", english.get(prompt, ""))
        if word in words
    } - UNIVERSAL
    keys = set(step.keys) - UNIVERSAL
    for key in sorted(keys - spoken):
        yield f"keys.{key}: leads somewhere, and no prompt says so"
    for key in sorted(spoken - keys):
        yield f"says: a prompt names key {key}, which leads nowhere"


_STATEMENTS = frozenset({"callback_saved", "help_saved"})  # what is read out once, with nothing to choose
