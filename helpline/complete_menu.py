"""What `helpline flow check` says of other files: each that knows steps of the menu by name, and what it lacks or has too much.

This is the one list of them: a step is added, renamed or taken out by following what it says until it says nothing. A name
that is wrong there hurts nobody who calls, and nobody would see it: a report would lose a row, a page show a raw word.
"""

from collections.abc import Iterable, Iterator, Mapping

from helpline.console import figures_reports_words, flow_words, words
from helpline.figures import stages, summing, tree
from helpline.figures.exporting import columns
from helpline.figures.seed import causes, manners
from helpline.ivr import formerly
from helpline.ivr.flow import Flow, Reading, Step

_WORDS = "helpline/console/flow_words.py"
_ASKED = frozenset({"region", "country", "cap_keyed"})
"""What is kept of where somebody is or goes."""
_SHUT = ("closed", "holiday")
_AWAY = (*_SHUT, "nobody_free")
_THERE = ("free", "busy")
"""Outcomes of looking for a person: the line is closed; nobody is there; somebody is."""


def faults(reading: Reading) -> list[str]:
    """Everything that other files lack of this menu, or have too much, a sentence each, naming file and step.

    Steps whose kind could not be read are left out: what follows from that alone is not said.
    """
    menu = reading.flow
    steps = {
        name: step
        for name, step in menu.steps.items()
        if "kind" not in reading.lost.get(name, ()) and step.kind
    }
    parts = (_words, _translated, _topics, _stages, _turned_away, _places, _manners, _causes)
    return [fault for part in parts for fault in part(menu, steps)]


Steps = Mapping[str, Step]


def _words(menu: Flow, steps: Steps) -> Iterator[str]:
    """What people read of steps, and of groups of them."""
    stops = [step.name for step in tree.stops(menu) if step.name in steps]
    nowhere = [name for name in flow_words.STEPS if name in steps and name not in stops]
    yield from (f"{_WORDS}: STEPS: {name}: missing" for name in stops if name not in flow_words.STEPS)
    yield from _gone(f"{_WORDS}: STEPS", flow_words.STEPS, menu, " (renamed: say `formerly`; taken out: its word goes to OLDER)")  # fmt: skip
    yield from (f"{_WORDS}: STEPS: {name}: nobody is ever there" for name in nowhere)
    known = {
        **dict.fromkeys(menu.steps, ""),
        **{name: f" as {now}" for name, now in formerly.of(menu).items()},
    }
    yield from (f"{_WORDS}: OLDER: {name}: the menu has it{known[name]}" for name in flow_words.OLDER if name in known)  # fmt: skip
    groups = {*tree.grouped(menu).values()}
    yield from (f"{_WORDS}: GROUPS: {name}: missing" for name in sorted(groups - {*flow_words.GROUPS}))
    wrong = sorted({*flow_words.GROUPS} - groups)
    yield from (f"{_WORDS}: GROUPS: {name}: no group of steps begins with it" for name in wrong)


def _translated(menu: Flow, steps: Steps) -> Iterator[str]:
    """The same in Italian."""
    italian = {message.id: message.string for area in words.read("it").values() for message in area}
    tables = {"STEPS": flow_words.STEPS, "OLDER": flow_words.OLDER, "GROUPS": flow_words.GROUPS}
    for table, names in tables.items():
        for name, word in names.items():
            if not italian.get(str(word)):
                yield f"helpline/console/translations/it: {table}: {name}: “{word}” is not translated"


def _topics(menu: Flow, steps: Steps) -> Iterator[str]:
    """What reports call messages of information; words of older ones may stay, for reports that were issued."""
    for step in steps.values():
        if step.topic and step.name not in figures_reports_words.TOPICS:
            yield f"helpline/console/figures_reports_words.py: TOPICS: {step.name}: missing"


def _stages(menu: Flow, steps: Steps) -> Iterator[str]:
    for name in steps:
        if stages.known(name) is None:
            yield f"helpline/figures/stages.py: {name}: begins like the steps of no stage, and would count as `other`"


def _turned_away(menu: Flow, steps: Steps) -> Iterator[str]:
    """Where the menu leads who looks for a person when nobody is there, and only then."""
    seeking = [step.outcomes for step in steps.values() if step.action == summing.SOUGHT]
    led = {word: {to[word] for to in seeking if word in to} for word in (*_AWAY, *_THERE)}
    away = set().union(*(led[word] for word in _AWAY)).difference(*(led[word] for word in _THERE))
    file = "helpline/figures/summing.py"
    yield from (f"{file}: TURNED_AWAY: {name}: missing" for name in sorted(away - summing.TURNED_AWAY))
    wrong = sorted(summing.TURNED_AWAY - away)
    yield from (f"{file}: TURNED_AWAY: {name}: nobody is led there for want of a person" for name in wrong)
    person = steps.get(menu.person)
    shut = {person.outcomes[word] for word in _SHUT if word in person.outcomes} if person else set()
    if shut and shut != {*summing.SHUT}:
        yield f"{file}: SHUT: must be {', '.join(sorted(shut))}"


def _places(menu: Flow, steps: Steps) -> Iterator[str]:
    """Steps that ask where somebody is or goes: a file of rows says neither the key nor which part of Italy it was."""
    file = "helpline/figures/exporting/columns.py"
    for step in steps.values():
        regions = (step.list or "").startswith("regions_")
        for name in (step.name, *step.formerly):
            if (regions or step.keeps in _ASKED) and columns.told(name, "key 1", None)[0] != "key":
                yield f"{file}: _PLACES: {name}: asks for a place, and begins with none of them"
            if regions and not columns.tells_place(name):
                yield f"{file}: BRANCHING: {name}: is of one part of Italy, and begins with none of them"


def _manners(menu: Flow, steps: Steps) -> Iterator[str]:
    """What made-up callers press."""
    file = "helpline/figures/seed/manners.py"
    for step in steps.values():
        chooses = step.kind == "menu" and step.keys and not step.topic and not step.list
        if chooses and step.name not in manners.PRESSED:
            yield f"{file}: PRESSED: {step.name}: missing"
    yield from _gone(f"{file}: PRESSED", manners.PRESSED, menu)
    yield from _gone(f"{file}: IN_A_LANGUAGE", [name for name, _ in manners.IN_A_LANGUAGE], menu)


def _causes(menu: Flow, steps: Steps) -> Iterator[str]:
    """Where something goes wrong for made-up callers."""
    file = "helpline/figures/seed/causes.py"
    yield from _gone(f"{file}: BEGINS", [causes.BEGINS], menu)
    yield from _gone(f"{file}: UNANSWERED", [causes.UNANSWERED], menu)
    yield from _gone(f"{file}: STEPS", causes.STEPS, menu)
    begins = steps.get(causes.BEGINS)
    for name, key in causes.STEPS.items():
        if begins and name in menu.steps and begins.keys.get(key) != name:
            yield f"{file}: STEPS: {name}: key {key} of {causes.BEGINS} does not lead there"


def _gone(where: str, names: Iterable[str], menu: Flow, hint: str = "") -> Iterator[str]:
    return (f"{where}: {name}: the menu has no such step{hint}" for name in names if name not in menu.steps)
