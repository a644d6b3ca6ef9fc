"""The voice menu, read from flow.toml into steps, with every fault of its shape listed at once; pure, plays nothing."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from helpline.faults import raise_if_any
from helpline.languages import CODES

FLOW_FILE = Path(__file__).with_name("flow.toml")
KINDS = ("language", "menu", "say", "ask", "record", "do", "end")
WAITING = frozenset({"language", "menu", "ask", "record"})
TIMEOUTS = {"language": 10, "menu": 7, "ask": 6, "record": 3}
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
    refuse: str | None = None
    speaks: tuple[str, ...] = ()
    topic: bool = False

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
        items = self.lists[step.list].get(language, ())
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


_FIELDS = {f.name for f in fields(Step)} - {"name", "outcomes"}
_HEAD = ("start", "person", "difficult", "goodbye", "sorry", "silence", "wrong", "short")


def load(path: Path = FLOW_FILE) -> Flow:
    """Read the menu from a file. Raises `Faults` naming file, step, field and reason for all that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise_if_any([f"{path.name}: cannot be read: {error}"])
    return build(data, name=path.name)


def build(data: Mapping[str, Any], *, name: str = "flow.toml") -> Flow:
    """Make the menu from parsed TOML. Raises `Faults` for wrong shapes; `check.faults` judges what the menu says."""
    faults: list[str] = []
    head = data.get("flow")
    if not isinstance(head, dict):
        head = {}
        faults.append(f"{name}: [flow] is missing")
    faults += [f"{name}: [flow] {key}: missing" for key in _HEAD if not isinstance(head.get(key), str)]
    faults += [f"{name}: [flow] {key}: unknown" for key in head if key not in _HEAD]
    lists = _lists(data.get("lists", {}), name, faults)
    tables = {step: table for step, table in data.items() if step not in {"flow", "lists"}}
    steps = {step: _step(step, table, tables, name, faults) for step, table in tables.items()}
    raise_if_any(faults)
    named = {key: head[key] for key in _HEAD[:5]}
    return Flow(
        **named,
        no_input=head["silence"],
        wrong_key=head["wrong"],
        too_few=head["short"],
        lists=lists,
        steps=steps,
    )


def _lists(data: Any, name: str, faults: list[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    lists: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, value in data.items() if isinstance(data, dict) else ():
        by_language = value if isinstance(value, dict) else dict.fromkeys(CODES, value)
        for code, items in by_language.items():
            if code not in CODES:
                faults.append(f"{name}: [lists] {key}.{code}: not one of the nine languages")
            if not isinstance(items, list) or not all(
                isinstance(item, str) and "_" in item for item in items
            ):
                faults.append(
                    f"{name}: [lists] {key}.{code}: must be a list of prompt names such as country_bd"
                )
                continue
            lists.setdefault(key, {})[code] = tuple(items)
        faults += [
            f"{name}: [lists] {key}.{code}: missing" for code in CODES if code not in lists.get(key, {})
        ]
    return lists


def _step(step: str, table: Any, tables: Mapping[str, Any], name: str, faults: list[str]) -> Step:
    where = f"{name}: [{step}]"
    if not isinstance(table, dict):
        faults.append(f"{where}: must be a table")
        return Step(step, "end")
    given = dict(table)
    kind = given.get("kind")
    if kind not in KINDS:
        faults.append(f"{where} kind: must be one of {', '.join(KINDS)}")
    model = given.get("like")
    if isinstance(model, str) and isinstance(tables.get(model), dict):
        given = _as_in(tables[model], given)
    elif model is not None:
        faults.append(f"{where} like: no step is called {model}")
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in _FIELDS:
            faults.append(f"{where} {key}: unknown")
        elif key == "then" and isinstance(value, dict):
            values["outcomes"] = _words(value, f"{where} then", faults)
        else:
            read = next((read for names, read in _READERS if key in names), _text)
            values[key] = read(value, f"{where} {key}", faults)
    values.setdefault("says", () if kind == "do" else (step,))
    values.setdefault("timeout", TIMEOUTS.get(str(kind), 0))
    return Step(name=step, **(values | {"kind": str(kind)}))


def _as_in(model: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """What a step that is `like` another takes from it, where it does not say otherwise itself."""
    taken = {key: model[key] for key in ("says", "keeps", "values") if key in model}
    keys = {**model.get("keys", {}), **given.get("keys", {})}
    return taken | given | {"keys": keys}


def _words(value: Any, where: str, faults: list[str]) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
        faults.append(f"{where}: must be a table of words")
        return {}
    return dict(value)


def _text(value: Any, where: str, faults: list[str]) -> str:
    if not isinstance(value, str):
        faults.append(f"{where}: must be text")
        return ""
    return value


def _number(value: Any, where: str, faults: list[str]) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        faults.append(f"{where}: must be a whole number above zero")
        return 1
    return value


def _truth(value: Any, where: str, faults: list[str]) -> bool:
    if not isinstance(value, bool):
        faults.append(f"{where}: must be true or false")
    return value is True


def _strings(value: Any, where: str, faults: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        faults.append(f"{where}: must be a list of names")
        return ()
    return tuple(value)


_READERS: tuple[tuple[frozenset[str], Callable[[Any, str, list[str]], Any]], ...] = (
    (frozenset({"keys", "values"}), _words),
    (frozenset({"says", "first", "before", "speaks"}), _strings),
    (frozenset({"patience", "timeout", "digits", "max_digits", "seconds"}), _number),
    (frozenset({"topic"}), _truth),
)
