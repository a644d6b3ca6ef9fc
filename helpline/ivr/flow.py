"""The voice menu, read from flow.toml into steps, with every fault of its shape listed at once; pure, plays nothing."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpline.faults import Faults, raise_if_any
from helpline.ivr import shape
from helpline.languages import CODES

FLOW_FILE = Path(__file__).with_name("flow.toml")
WAITING = frozenset({"language", "menu", "ask", "record", "hold"})
KEYPAD = frozenset("0123456789")
UNIVERSAL = frozenset("089")
DEFAULT_PATIENCE = 3
SKIP_PATIENCE = 2


@dataclass(frozen=True)
class Step:
    """One step of the menu; the meaning of each field stands at the head of flow.toml."""

    name: str
    kind: str
    says: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    keeps: str | None = None
    list: str | None = None
    picked: str | None = None
    other: str | None = None
    other_says: str | None = None
    then: str | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)
    action: str | None = None
    parent: str | None = None
    like: str | None = None
    silence: str | None = None
    wrong: str | None = None
    stay: str | None = None
    skip: str | None = None
    patience: int = DEFAULT_PATIENCE
    timeout: int = 0
    digits: int = 0
    max_digits: int = 0
    seconds: int = 0
    rounds: int = 0
    refuse: str | None = None
    speaks: tuple[str, ...] = ()
    topic: bool = False
    statement: bool = False
    formerly: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the line waits for the caller here."""
        return self.kind in WAITING


@dataclass(frozen=True)
class Option:
    """One item of a menu made from a list: its key, the prompt that names it, where it leads, the word kept."""

    key: str
    prompt: str
    target: str
    value: str


@dataclass(frozen=True)
class Flow:
    """The whole menu. `start` … `sorry` name steps; `no_input`, `wrong_key`, `too_few` name prompts."""

    start: str
    person: str
    difficult: str
    goodbye: str
    sorry: str
    no_input: str
    wrong_key: str
    too_few: str
    lists: Mapping[str, Mapping[str, tuple[str, ...]]]
    steps: Mapping[str, Step]

    @property
    def roots(self) -> tuple[str, ...]:
        """The steps that a call can reach without being led there by another step."""
        return (self.start, self.person, self.difficult, self.goodbye, self.sorry)

    def options(self, step: Step, language: str) -> tuple[Option, ...]:
        """The items of a list menu in this language, numbered from one without gaps, then `other` if there is one."""
        if not step.list or not step.picked:
            return ()
        items = self.lists.get(step.list, {}).get(language, ())
        options = [
            Option(str(n), item, step.picked, item.split("_", 1)[1]) for n, item in enumerate(items, 1)
        ]
        if step.other and step.other_says:
            options.append(Option(str(len(options) + 1), step.other_says, step.other, ""))
        return tuple(options)

    def targets(self, step: Step) -> Iterator[tuple[str, str]]:
        """Every arrow out of a step: (where it is written, the step it names)."""
        for key, target in step.keys.items():
            yield f"keys.{key}", target
        for outcome, target in step.outcomes.items():
            yield f"then.{outcome}", target
        for name in ("then", "picked", "other", "silence", "wrong", "skip", "stay", "parent"):
            target = getattr(step, name)
            if target:
                yield name, target
        if step.kind in {"menu", "ask", "language"} and not (step.silence and step.wrong):
            yield "[flow] difficult", self.difficult


@dataclass(frozen=True)
class Reading:
    """A menu as far as it could be read: to be judged as a whole, and to be used only when there is no fault.

    `faults`: what is wrong with its shape, one sentence each. `lost`: step -> the fields that were given and could not
    be read; whatever follows from their absence alone is not said again.
    """

    flow: Flow
    faults: tuple[str, ...] = ()
    lost: Mapping[str, frozenset[str]] = field(default_factory=dict)


_HEAD = ("start", "person", "difficult", "goodbye", "sorry", "silence", "wrong", "short")


def load(path: Path = FLOW_FILE) -> Flow:
    """Read the menu from a file. Raises `Faults` naming file, step, field and reason for all that is wrong in shape."""
    reading = read(path)
    raise_if_any(list(reading.faults))
    return reading.flow


def read(path: Path = FLOW_FILE) -> Reading:
    """Read as much of the menu as can be read. Raises `Faults` only for a file that is none, or no TOML."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Faults([f"{path.name}: cannot be read: {error}"]) from None
    return parse(data, name=path.name)


def build(data: Mapping[str, Any], *, name: str = "flow.toml") -> Flow:
    """Make the menu from parsed TOML. Raises `Faults` for wrong shapes; `check.faults` judges what the menu says."""
    reading = parse(data, name=name)
    raise_if_any(list(reading.faults))
    return reading.flow


def parse(data: Mapping[str, Any], *, name: str = "flow.toml") -> Reading:
    """Make as much of the menu as can be made from parsed TOML; `name` is the file's, for the sentences."""
    faults: list[str] = []
    head = _head(data.get("flow"), name, faults)
    lists = _lists(data.get("lists", {}), name, faults)
    shapes = shape.read({step: table for step, table in data.items() if step not in {"flow", "lists"}})
    for step, read_of in shapes.items():
        faults += [f"{name}: {where(step, field)}: {reason}" for field, reason in read_of.faults]
    flow = Flow(
        **{key: head[key] for key in _HEAD[:5]},
        no_input=head["silence"],
        wrong_key=head["wrong"],
        too_few=head["short"],
        lists=lists,
        steps={step: Step(name=step, **read_of.values) for step, read_of in shapes.items()},
    )
    lost = {step: frozenset(read_of.lost) for step, read_of in shapes.items() if read_of.lost}
    return Reading(flow, tuple(faults), lost)


def where(step: str, field: str) -> str:
    """How a fault names where it is: the step in brackets, then the field unless it is the whole step's."""
    return f"[{step}] {field}" if field else f"[{step}]"


def _head(data: Any, name: str, faults: list[str]) -> dict[str, str]:
    if not isinstance(data, dict):
        faults.append(f"{name}: [flow] is missing")
        return dict.fromkeys(_HEAD, "")
    for key in _HEAD:
        if not isinstance(data.get(key), str):
            faults.append(f"{name}: [flow] {key}: {'must be text' if key in data else 'missing'}")
    faults += [f"{name}: [flow] {key}: unknown" for key in data if key not in _HEAD]
    return {key: data[key] if isinstance(data.get(key), str) else "" for key in _HEAD}


def _lists(data: Any, name: str, faults: list[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    lists: dict[str, dict[str, tuple[str, ...]]] = {}
    if not isinstance(data, dict):
        faults.append(f"{name}: [lists]: must be a table")
        return lists
    for key, value in data.items():
        found = lists[key] = {}
        by_language = value if isinstance(value, dict) else dict.fromkeys(CODES, value)
        for code, items in by_language.items():
            where = f"{name}: [lists] {key}.{code}"
            if code not in CODES:
                faults.append(f"{where}: not one of the nine languages")
            elif not isinstance(items, list) or not all(isinstance(one, str) and "_" in one for one in items):
                faults.append(f"{where}: must be a list of prompt names such as country_bd")
            else:
                found[code] = tuple(items)
        faults += [f"{name}: [lists] {key}.{code}: missing" for code in CODES if code not in by_language]
    return lists
