"""Walls that the import contracts cannot see: parts of libraries, and who asks what time it is."""

import ast
from pathlib import Path

import pytest

import helpline

CODE = Path(helpline.__file__).parent
FILES = sorted(path.relative_to(CODE).as_posix() for path in CODE.rglob("*.py"))


def imported(path):
    """The dotted names that a file imports."""
    for node in ast.walk(ast.parse((CODE / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def importers(of):
    return {path for path in FILES if any(name == of or name.startswith(of + ".") for name in imported(path))}


@pytest.mark.parametrize(
    ("part", "only"),
    [
        ("twilio.twiml", {"ivr/twiml.py"}),
        ("twilio.rest", {"telephony/twilio.py"}),
        ("twilio.http", {"telephony/twilio.py"}),
    ],
)
def test_each_part_of_the_carriers_library_has_one_importer(part, only):
    assert importers(part) == only


def test_only_the_clock_asks_for_the_time():
    asks = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time"}
    found = {
        path
        for path in FILES
        for node in ast.walk(ast.parse((CODE / path).read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in asks
    }
    # The stand-in carrier is another machine: it has a clock of its own.
    assert found - {path for path in FILES if path.startswith("simulator/")} == {"clock.py"}


def test_files_stay_short_enough_to_read():
    long = {path: n for path in FILES if (n := len((CODE / path).read_text("utf-8").splitlines())) > 350}
    assert {path for path in long if "migrations" not in path} == set()
