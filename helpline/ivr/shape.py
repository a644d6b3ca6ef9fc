"""One table of flow.toml after another, read into the fields of a step: which belong to its kind, of which type, within
which limits, and what it takes from the step that it is `like`. Pure; every fault is kept, none ends the reading."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_ANY = frozenset({"formerly"})
_SPOKEN = _ANY | {"says", "speaks"}
_ENTERED = _SPOKEN | {"before", "first"}
_COUNTED = frozenset({"patience", "timeout"})

FIELDS: Mapping[str, frozenset[str]] = {
    "language": _ENTERED | _COUNTED | {"keys", "then", "silence", "stay"},
    "menu": _ENTERED | _COUNTED | {
        "keys", "values", "keeps", "list", "picked", "other", "other_says", "parent", "like", "silence", "wrong",
        "skip", "topic", "statement",
    },
    "say": _SPOKEN | {"then"},
    "ask": _ENTERED | _COUNTED | {"digits", "max_digits", "keeps", "then", "silence", "wrong", "skip"},
    "record": _ENTERED | {"seconds", "timeout", "refuse", "keeps", "then"},
    "hold": _SPOKEN | {"timeout", "rounds", "keys", "then", "silence"},
    "do": _ANY | {"action", "then"},
    "end": _ENTERED | {"topic"},
}  # fmt: skip
"""What has an effect in a step of each kind; anything else would be a wish that nobody fulfils."""

LIMITS: Mapping[str, tuple[int, int]] = {
    "patience": (1, 5),  # failures; after more nobody is listening any more
    "timeout": (2, 20),  # seconds of silence; the caller takes a longer one for the end of the call
    "digits": (1, 15),  # what a person can read out of a paper or keep in mind
    "max_digits": (1, 32),  # numbers with their prefix, keyed twice over by mistake
    "seconds": (2, 300),  # of a recording; the carrier refuses one second
    "rounds": (2, 150),  # of a hold: a quarter of a minute each, and nobody waits longer than half an hour
}
TIMEOUTS = {"language": 10, "menu": 7, "ask": 6, "record": 3, "hold": 2}
BY_OUTCOME = frozenset({"do", "record"})
TAKEN = frozenset({"says", "keys", "keeps", "values"})


class Unfit(ValueError):
    """A value of another type, or outside its limits; the text is the reason."""


@dataclass
class Shape:
    """What could be read of one table.

    `values`: fields of a step. `faults`: (field, reason), the field empty for the whole table. `lost`: the fields that
    were given, or were to be taken from another step, and could not be read.
    """

    values: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def lose(self, name: str, reason: str) -> None:
        """Note that a field cannot be used, and why."""
        self.faults.append((name, reason))
        self.lost.add(name)


def read(tables: Mapping[str, Any]) -> dict[str, Shape]:
    """The shape of each table, by name. Raises nothing: what is wrong stands in the shapes."""
    shapes = {step: _own(table) for step, table in tables.items()}
    whole: set[str] = set()
    for step in shapes:
        _complete(step, shapes, whole, ())
    return shapes


def _own(table: Any) -> Shape:
    """What a table says itself."""
    if not isinstance(table, dict):
        return Shape({"kind": ""}, [("", "must be a table")], {"kind", *_READERS})
    shape = Shape()
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in FIELDS:
        shape.lose("kind", f"must be one of {', '.join(FIELDS)}")
        kind = ""
    shape.values["kind"] = kind
    for name, value in table.items():
        if name == "kind":
            continue
        if name not in _READERS:
            shape.faults.append((name, "unknown"))
        elif kind and name not in FIELDS[kind]:
            shape.faults.append((name, f"has no effect in a step of the kind {kind}"))
        else:
            _read_field(shape, kind, name, value)
    shape.values.setdefault("timeout", TIMEOUTS.get(kind, 0))
    return shape


def _read_field(shape: Shape, kind: str, name: str, value: Any) -> None:
    try:
        if name == "then" and (kind in BY_OUTCOME or (not kind and isinstance(value, dict))):
            shape.values["outcomes"] = _words(value)
        else:
            shape.values[name] = _READERS[name](value)
    except Unfit as reason:
        shape.lose(name, str(reason))


def _complete(step: str, shapes: Mapping[str, Shape], whole: set[str], way: tuple[str, ...]) -> None:
    """Add what a step takes from the one it is like, which is completed first. `way`: the steps that led here."""
    if step in whole:
        return
    whole.add(step)
    shape = shapes[step]
    name = shape.values.get("like")
    if name is not None:
        _follow(name, shape, shapes, whole, (*way, step))
    if "like" in shape.lost:
        shape.lost |= TAKEN - (set(shape.values) - {"keys"})
    if "says" not in shape.values:
        silent = shape.values["kind"] in {"", "do", "hold"} or "says" in shape.lost
        shape.values["says"] = () if silent else (step,)


def _follow(
    name: str, shape: Shape, shapes: Mapping[str, Shape], whole: set[str], way: tuple[str, ...]
) -> None:
    if name in way:
        circle = way[way.index(name) :]
        for one in circle:
            shapes[one].lose("like", f"goes round in a circle: {', '.join((*circle, name))}")
        return
    if name not in shapes:
        shape.lose("like", f"no step is called {name}")
        return
    _complete(name, shapes, whole, way)
    model = shapes[name]
    if model.values["kind"] not in {"", "menu"}:
        shape.lose("like", f"{name} is no menu, but of the kind {model.values['kind']}")
    elif "like" not in shape.lost:
        _take(shape, model)


def _take(shape: Shape, model: Shape) -> None:
    """Says, keeps and values where the step does not say otherwise itself; the keys of both, its own before the model's."""
    for name in TAKEN - {"keys"} - set(shape.values) - shape.lost:
        if name in model.lost:
            shape.lost.add(name)
        elif name in model.values:
            shape.values[name] = model.values[name]
    shape.values["keys"] = {**model.values.get("keys", {}), **shape.values.get("keys", {})}
    shape.lost |= {"keys"} & model.lost


def _words(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
        raise Unfit("must be a table of words")
    return dict(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("must be text")
    return value


def _key(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 1 or value not in "0123456789*#":
        raise Unfit("must be one key of a telephone")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("must be true or false")
    return value


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Unfit("must be a list of names")
    return tuple(value)


def _number(least: int, most: int) -> Callable[[Any], int]:
    def read_number(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Unfit(f"must be a whole number from {least} to {most}")
        return value

    return read_number


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(frozenset().union(*FIELDS.values()), _text),
    **dict.fromkeys(("keys", "values"), _words),
    **dict.fromkeys(("says", "first", "before", "speaks", "formerly"), _strings),
    **dict.fromkeys(("topic", "statement"), _truth),
    **{name: _number(*limits) for name, limits in LIMITS.items()},
    "refuse": _key,
}
