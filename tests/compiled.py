"""What applications compile while they are made, compiled once in a process: most tests make one of their own, of the
same templates and addresses."""

from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """Jinja's cache, in memory: it asks again where a template's text is another than it was."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template whose text is still the same."""
        checksum, code = self.known.get(bucket.key, (None, None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        if bucket.code is not None:
            self.known[bucket.key] = bucket.checksum, bucket.code


def once(patch: pytest.MonkeyPatch) -> None:
    """From here on this process compiles each template, and what writes each address, once."""
    real, known = Rule._compile_builder, {}

    # What comes out is a function of the rule's text alone; the rule that it is for is handed to it at each call.
    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        if rule.defaults:
            return real(rule, append_unknown)
        key = rule.rule, tuple(rule._trace), append_unknown
        if key not in known:
            known[key] = real(rule, append_unknown)
        return known[key]

    patch.setattr(Rule, "_compile_builder", builder)
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
