"""What applications compile while they are made, compiled once: most tests make one of their own, of the same templates,
addresses and texts."""

import pickle
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache, FileSystemBytecodeCache
from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart


class _Templates(BytecodeCache):
    """Jinja's cache, in memory and, for the other processes of this run, in a folder: a template is compiled again
    where its text is another than it was."""

    def __init__(self, folder: Path) -> None:
        self.known: dict[str, tuple[str, CodeType]] = {}
        self.shared = FileSystemBytecodeCache(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template whose text is still the same."""
        checksum, code = self.known.get(bucket.key, (None, None))
        if checksum == bucket.checksum:
            bucket.code = code
            return
        self.shared.load_bytecode(bucket)
        self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self._keep(bucket)
        self.shared.dump_bytecode(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.known[bucket.key] = bucket.checksum, bucket.code


def once(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """From here on this process compiles each template, each address and what writes it, and reads each text of
    settings, once; templates that another process of this run compiled into `folder` it takes from there."""
    folder.mkdir(parents=True, exist_ok=True)
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates(folder)})
    patch.setattr(Rule, "_compile_builder", _builders())
    patch.setattr(Rule, "_parse_rule", _parsed())
    patch.setattr(tomllib, "loads", _read())


def _builders() -> Callable[..., Any]:
    real, known = Rule._compile_builder, {}

    # What comes out is a function of the rule's text alone; the rule that it is for is handed to it at each call.
    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        if rule.defaults:
            return real(rule, append_unknown)
        key = rule.rule, tuple(rule._trace), append_unknown
        if key not in known:
            known[key] = real(rule, append_unknown)
        return known[key]

    return builder


def _parsed() -> Callable[..., Any]:
    real, known = Rule._parse_rule, {}

    # The parts, and what reading them leaves in the rule: both follow from the text and from what it may convert with.
    def parts(rule: Rule, text: str) -> list[RulePart]:
        key = text, frozenset(rule.map.converters.items())
        if key not in known:
            before, arguments, converters = len(rule._trace), rule.arguments, rule._converters
            rule.arguments, rule._converters = set(), {}
            found = list(real(rule, text))
            known[key] = found, rule._trace[before:], rule.arguments, rule._converters
            del rule._trace[before:]
            rule.arguments, rule._converters = arguments, converters
        found, trace, named, convert = known[key]
        rule._trace.extend(trace)
        rule.arguments |= named
        rule._converters |= convert
        return found

    return parts


def _read() -> Callable[..., dict[str, Any]]:
    real, known = tomllib.loads, {}

    # Whoever asks gets values of their own, which they may change. What is no TOML is refused each time anew.
    def loads(text: str, **words: Any) -> dict[str, Any]:
        if words:
            return real(text, **words)
        if text not in known:
            known[text] = pickle.dumps(real(text))
        values: dict[str, Any] = pickle.loads(known[text])
        return values

    return loads
