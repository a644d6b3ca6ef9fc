"""Judges a JSON value by the schema that the document publishes; pure. What we do not know we refuse to judge by.

Only the words of JSON Schema that our own schemas use; what is under `not` says in its description what must not be. A fault names the place and the rule, never the value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpline import personal

_SILENT = {"description", "examples", "example", "default", "format", "title", "then"}


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place, which is a JSON pointer."""

    pointer: str
    detail: str


def judged(schema: Mapping[str, Any], value: Any, pointer: str = "") -> list[Fault]:
    """Every fault of a value, in the order of the schema. Raises ValueError for a schema with a word we do not know."""
    faults: list[Fault] = []
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if types and not any(_is(word, value) for word in types):
        return [Fault(pointer, f"must be {' or '.join(_TYPES[word][0] for word in types)}")]
    for word, rule in schema.items():
        if word == "type" or word in _SILENT:
            continue
        if word not in _RULES:
            raise ValueError(f"a schema with {word}, which nobody judges")
        faults += _RULES[word](schema, rule, value, pointer)
    return faults


def _is(word: str, value: Any) -> bool:
    if isinstance(value, bool):
        return word == "boolean"
    if word == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, _TYPES[word][1])


_TYPES: dict[str, tuple[str, Any]] = {
    "string": ("a text", str),
    "integer": ("a whole number", int),
    "number": ("a number", int | float),
    "boolean": ("true or false", bool),
    "object": ("an object", dict),
    "array": ("a list", list),
    "null": ("null", type(None)),
}


def _enum(schema: Mapping[str, Any], rule: Any, value: Any, pointer: str) -> list[Fault]:
    if any(value == one and type(value) is type(one) for one in rule):
        return []
    return [Fault(pointer, f"must be one of {', '.join(map(str, rule))}")]


def _length(least: bool) -> Any:
    def judge(schema: Mapping[str, Any], rule: int, value: Any, pointer: str) -> list[Fault]:
        if not isinstance(value, str) or (len(value) >= rule if least else len(value) <= rule):
            return []
        return [Fault(pointer, f"must have {'at least' if least else 'at most'} {rule} characters")]

    return judge


def _bound(least: bool) -> Any:
    def judge(schema: Mapping[str, Any], rule: int, value: Any, pointer: str) -> list[Fault]:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or (value >= rule if least else value <= rule):
            return []
        return [Fault(pointer, f"must be {'at least' if least else 'at most'} {rule}")]

    return judge


def _pattern(schema: Mapping[str, Any], rule: str, value: Any, pointer: str) -> list[Fault]:
    if not isinstance(value, str) or _is_longer(schema, value) or re.search(rule, value):
        return []
    return [Fault(pointer, "must hold something to read, and no control characters")]


def _not(schema: Mapping[str, Any], rule: Mapping[str, Any], value: Any, pointer: str) -> list[Fault]:
    if isinstance(value, str) and _is_longer(schema, value):
        return []
    # What leads to somebody is found in more ways of writing it than a pattern can say.
    told = rule.get("pattern") == personal.TELLING and isinstance(value, str) and personal.is_telling(value)
    return [Fault(pointer, rule["description"])] if told or not judged(rule, value, pointer) else []


def _is_longer(schema: Mapping[str, Any], value: str) -> bool:
    """Whether a text is too long, as is said already: a pattern may take as long as the square of its length."""
    return len(value) > int(schema.get("maxLength", len(value)))


def _properties(schema: Mapping[str, Any], rule: Mapping[str, Any], value: Any, pointer: str) -> list[Fault]:
    if not isinstance(value, dict):
        return []
    found: list[Fault] = []
    for name, inner in rule.items():
        if name in value:
            found += judged(inner, value[name], f"{pointer}/{name}")
    return found


def _items(schema: Mapping[str, Any], rule: Mapping[str, Any], value: Any, pointer: str) -> list[Fault]:
    if not isinstance(value, list) or len(value) > int(schema.get("maxItems", len(value))):
        return []
    return [fault for place, one in enumerate(value) for fault in judged(rule, one, f"{pointer}/{place}")]


def _most(schema: Mapping[str, Any], rule: int, value: Any, pointer: str) -> list[Fault]:
    return (
        [Fault(pointer, f"must hold at most {rule}")] if isinstance(value, list) and len(value) > rule else []
    )


def _required(schema: Mapping[str, Any], rule: list[str], value: Any, pointer: str) -> list[Fault]:
    if not isinstance(value, dict):
        return []
    return [Fault(f"{pointer}/{name}", "missing") for name in rule if name not in value]


def _additional(schema: Mapping[str, Any], rule: bool, value: Any, pointer: str) -> list[Fault]:
    if rule or not isinstance(value, dict):
        return []
    known = schema.get("properties", {})
    if not set(value) - set(known):
        return []
    return [Fault(pointer, f"must hold nothing but {', '.join(known)}" if known else "must hold nothing")]


def _fewest(schema: Mapping[str, Any], rule: int, value: Any, pointer: str) -> list[Fault]:
    if not isinstance(value, dict) or len(value) >= rule:
        return []
    return [Fault(pointer, f"must hold at least {rule} of {', '.join(schema.get('properties', {}))}")]


def _if(schema: Mapping[str, Any], rule: Mapping[str, Any], value: Any, pointer: str) -> list[Fault]:
    return [] if judged(rule, value, pointer) else judged(schema["then"], value, pointer)


_RULES: dict[str, Any] = {
    "if": _if,
    "enum": _enum,
    "minLength": _length(least=True),
    "maxLength": _length(least=False),
    "minimum": _bound(least=True),
    "maximum": _bound(least=False),
    "pattern": _pattern,
    "not": _not,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _additional,
    "minProperties": _fewest,
    "items": _items,
    "maxItems": _most,
}
