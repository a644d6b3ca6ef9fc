"""Judges the menu: what its steps say and keep, where their arrows lead, whether it can be said in time; pure, changes nothing."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from helpline.ivr import formerly, ways
from helpline.ivr.flow import KEYPAD, UNIVERSAL, Flow, Reading, Step, where
from helpline.ivr.outcomes import ACTIONS, CLIPS, DIGITS, LISTED, SLOTS, VALUES, WORDS
from helpline.languages import CODES

MOST_OPTIONS = 5
LONGEST_CLIP = 20.0
LONGEST_MENU = 24.0

Texts = Mapping[str, Mapping[str, str]]
Seconds = Callable[[str, str], float]


class Found(NamedTuple):
    """A fault of one step. It is not told where its field, or one of those it follows from, could not be read."""

    field: str
    reason: str
    follows_from: tuple[str, ...] = ()


def faults(flow: Flow, *, name: str = "flow.toml") -> list[str]:
    """Everything wrong with a menu of a faultless shape, one sentence each, naming step, field and reason."""
    return judge(Reading(flow), name=name)


def judge(reading: Reading, *, name: str = "flow.toml") -> list[str]:
    """Everything wrong with the menu as far as it could be read, one sentence each; empty when it may be used.

    First what could not be read, then what is wrong with the rest; what only follows from a fault that is named
    already is left out.
    """
    flow = reading.flow
    found = list(reading.faults)
    for step in flow.steps.values():
        lost = reading.lost.get(step.name, frozenset())
        for fault in _step_faults(flow, step):
            if lost.isdisjoint({fault.field.partition(".")[0], *fault.follows_from}):
                found.append(f"{name}: {where(step.name, fault.field)}: {fault.reason}")
    for field, root in zip(("start", "person", "difficult", "goodbye", "sorry"), flow.roots, strict=True):
        if root and root not in flow.steps:
            found.append(f"{name}: [flow] {field}: no step is called {root}")
    found += [f"{name}: {where(step, 'formerly')}: {reason}" for step, reason in formerly.faults(flow)]
    found += [
        f"{name}: {where(step, field)}: {reason}" for step, field, reason in ways.faults(flow, reading.lost)
    ]
    return found


def _step_faults(flow: Flow, step: Step) -> Iterator[Found]:
    yield from _arrow_faults(flow, step)
    yield from _speech_names(step)
    yield from _kept_faults(step)
    by_kind = _BY_KIND.get(step.kind)
    if by_kind:
        yield from by_kind(flow, step)


def _arrow_faults(flow: Flow, step: Step) -> Iterator[Found]:
    for field, target in flow.targets(step):
        if target not in flow.steps and not field.startswith("[flow]"):
            yield Found(field, f"no step is called {target}")
    for key in step.keys:
        if key not in KEYPAD:
            yield Found(f"keys.{key}", "not a key of a telephone (hash and star are only aliases)")
    for key in step.values:
        if key not in step.keys:
            yield Found(f"values.{key}", "this key leads nowhere", ("keys",))
    if step.values and not step.keeps:
        yield Found("values", "without `keeps` they go nowhere", ("keeps",))


def _kept_faults(step: Step) -> Iterator[Found]:
    """A field or a word that no action knows would lead a caller astray without a sound."""
    if not step.keeps:
        return
    known = {"menu": LISTED if step.list else frozenset(WORDS), "ask": DIGITS, "record": CLIPS}.get(step.kind)
    if known is None or step.keeps not in known:
        reason = f"nothing that such a step keeps is called {step.keeps}"
        yield Found("keeps", reason, ("kind", "list"))
        return
    for key, word in step.values.items():
        if word not in WORDS.get(step.keeps, ()):
            yield Found(f"values.{key}", f"{word} is not a word that {step.keeps} knows")


def _speech_names(step: Step) -> Iterator[Found]:
    for field, prompts in (("first", step.first), ("says", step.says), ("before", step.before)):
        for slot in prompts:
            if slot.startswith("{") and slot.strip("{}") not in SLOTS:
                yield Found(field, f"{slot} is not something that can be said")
    for code in step.speaks:
        if code not in CODES:
            yield Found("speaks", f"{code} is not one of the nine languages")


def _goes_on(flow: Flow, step: Step) -> Iterator[Found]:
    if not step.then:
        yield Found("then", "missing")


def _ask_faults(flow: Flow, step: Step) -> Iterator[Found]:
    yield from _goes_on(flow, step)
    if not step.keeps:
        yield Found("keeps", "missing")
    if bool(step.digits) == bool(step.max_digits):
        yield Found("digits", "an ask step needs either `digits` or `max_digits`", ("max_digits",))


def _record_faults(flow: Flow, step: Step) -> Iterator[Found]:
    yield from _difference(set(step.outcomes), {"recorded", "nothing", "skipped"})
    for field in ("keeps", "seconds"):
        if not getattr(step, field):
            yield Found(field, "missing")


def _action_faults(flow: Flow, step: Step) -> Iterator[Found]:
    if not step.action:
        yield Found("action", "missing")
    elif step.action not in ACTIONS:
        yield Found("action", f"there is no action {step.action}")
    else:
        yield from _difference(set(step.outcomes), set(ACTIONS[step.action]))


def _difference(routed: set[str], wanted: set[str]) -> Iterator[Found]:
    for outcome in sorted(wanted - routed):
        yield Found(f"then.{outcome}", "this outcome is not routed")
    for outcome in sorted(routed - wanted):
        yield Found(f"then.{outcome}", "there is no such outcome")


def _menu_faults(flow: Flow, step: Step) -> Iterator[Found]:
    yield from _list_faults(flow, step)
    numbers = sorted(set(step.keys) - UNIVERSAL)
    sizes = [len(flow.options(step, code)) for code in CODES]
    options = max(sizes) + len(numbers)
    if options > MOST_OPTIONS:
        yield Found("keys", f"{options} options, more than {MOST_OPTIONS}")
    if numbers != [str(n) for n in range(1, len(numbers) + 1)]:
        yield Found("keys", "must count from one without gaps")
    if step.statement and options:
        yield Found("statement", "there is something to choose here: this is a menu", ("keys", "list"))


def _list_faults(flow: Flow, step: Step) -> Iterator[Found]:
    if not step.list:
        for field in ("picked", "other", "other_says"):
            if getattr(step, field):
                yield Found(field, "has no effect without `list`", ("list",))
        return
    if step.list not in flow.lists:
        yield Found("list", f"there is no list {step.list}")
    for field in ("picked", "keeps"):
        if not getattr(step, field):
            yield Found(field, "missing, and there is a `list`")
    if step.other and not step.other_says:
        yield Found("other_says", "missing, and there is `other`")
    if step.other_says and not step.other:
        yield Found("other", "missing, and there is `other_says`")


def _hold_faults(flow: Flow, step: Step) -> Iterator[Found]:
    """Who waits is looked after in every round, and led on when the rounds are at an end."""
    for field in ("rounds", "silence"):
        if not getattr(step, field):
            yield Found(field, "missing")
    yield from _goes_on(flow, step)
    looks = flow.steps.get(step.then or "")
    if looks and looks.kind not in {"", "do"}:
        yield Found("then", f"{looks.name} is no action: nobody would look after who waits")
    if "9" in step.keys or "0" in step.keys:
        yield Found("keys", "0 and 9 tell who waits how it stands, and lead nowhere")
    if not set(step.keys) - UNIVERSAL:
        yield Found("keys", "there is no way out of the hold")


_BY_KIND: Mapping[str, Callable[[Flow, Step], Iterator[Found]]] = {
    "do": _action_faults,
    "record": _record_faults,
    "ask": _ask_faults,
    "say": _goes_on,
    "language": _goes_on,
    "menu": _menu_faults,
    "hold": _hold_faults,
}


def prompts_of(flow: Flow) -> set[str]:
    """Every prompt that some call may hear, with those behind slots, lists and values."""
    names = {flow.no_input, flow.wrong_key, flow.too_few}
    for step in flow.steps.values():
        names |= {*step.says, *step.first, *step.before} | ({step.other_says} if step.other_says else set())
    names |= {item for table in flow.lists.values() for items in table.values() for item in items}
    slots = {name for name in names if name.startswith("{")}
    names |= {prompt for slot in slots for prompt in SLOTS.get(slot.strip("{}"), ())}
    names |= {prompt for prompts in VALUES.values() for prompt in prompts}
    return names - slots - {""}


def speech_faults(
    flow: Flow,
    texts: Texts,
    seconds: Seconds,
    *,
    name: str = "flow.toml",
    lost: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[str]:
    """What cannot be said: a prompt without a text in any of the nine languages, a clip or a menu that is too long.

    `texts`: language -> prompt -> text. `seconds(language, text)`: how long it takes to say it. `lost`: as in `Reading`.
    """
    found = []
    prompts = sorted(prompts_of(flow))
    for code in CODES:
        have = texts.get(code, {})
        where_from = f"prompts/{code}/texts.toml"
        found += [f"{where_from}: {one}: missing, and the menu says it" for one in prompts if one not in have]
        for prompt, text in have.items():
            long = seconds(code, text)
            if long > LONGEST_CLIP:
                found.append(f"{where_from}: {prompt}: {long:.1f} s, longer than {LONGEST_CLIP:.0f} s")
        for step in flow.steps.values():
            if step.kind == "menu":
                found += [
                    f"{name}: [{step.name}] {one}" for one in _long_menu(flow, step, code, have, seconds)
                ]
            if step.kind == "menu" and code == "en" and {"keys", "says"}.isdisjoint(lost.get(step.name, ())):
                found += [f"{name}: [{step.name}] {fault}" for fault in _spoken_keys(step, have)]
    return found


def long_menus(
    flow: Flow, code: str, have: Mapping[str, str], seconds: Seconds
) -> Iterator[tuple[str, float]]:
    """The menus that take too long to be kept in mind in a language, and how many seconds they take."""
    for step in flow.steps.values():
        if step.kind == "menu" and not step.statement:
            long = _menu_seconds(flow, step, code, have, seconds)
            if long > LONGEST_MENU:
                yield step.name, long


def _long_menu(flow: Flow, step: Step, code: str, have: Mapping[str, str], seconds: Seconds) -> Iterator[str]:
    """A menu is what a caller must keep in mind while it is read out; a statement need not be."""
    long = _menu_seconds(flow, step, code, have, seconds)
    if long > LONGEST_MENU and not step.statement:
        yield f"{code}: {long:.1f} s, longer than a menu may be"


def _menu_seconds(flow: Flow, step: Step, code: str, have: Mapping[str, str], seconds: Seconds) -> float:
    heard = [prompt for prompt in _spoken(step) if not prompt.startswith("{")]
    heard += [prompt for o in flow.options(step, code) for prompt in (o.prompt, f"digit_{o.key}")]
    return sum(seconds(code, have.get(prompt, "")) for prompt in heard)


def _spoken(step: Step) -> Iterator[str]:
    """What a menu says; where a slot decides only whether one prompt is said, that prompt."""
    for prompt in step.says:
        behind = SLOTS.get(prompt.strip("{}"), ()) if prompt.startswith("{") else ()
        yield behind[0] if len(behind) == 1 else prompt


def _spoken_keys(step: Step, english: Mapping[str, str]) -> Iterable[str]:
    """The keys that the master says, against those that lead somewhere; the other languages are compared with it."""
    words = {english.get(f"digit_{n}", ""): str(n) for n in range(10)}
    spoken = {
        words[word]
        for prompt in _spoken(step)
        for word in re.findall(r"(?:press|:) (?=(\w+))", english.get(prompt, ""))
        if word in words
    } - UNIVERSAL
    keys = set(step.keys) - UNIVERSAL
    for key in sorted(keys - spoken):
        yield f"keys.{key}: leads somewhere, and no prompt says so"
    for key in sorted(spoken - keys):
        yield f"says: a prompt names key {key}, which leads nowhere"
