"""Walls that the import contracts cannot see: parts of libraries, and who asks what time it is."""

import ast
import inspect
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

import helpline

CODE = Path(helpline.__file__).parent
FILES = sorted(path.relative_to(CODE).as_posix() for path in CODE.rglob("*.py"))


@cache
def tree(path):
    """A file as Python reads it; read once for all walls."""
    return ast.parse((CODE / path).read_text("utf-8"))


@cache
def imported(path):
    """The dotted names that a file imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update([node.module, *(f"{node.module}.{name.name}" for name in node.names)])
    return found


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
    last = {name.rpartition(".")[2] for name in asks}
    found = {
        path
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in last and ast.unparse(node) in asks
    }
    # The stand-in carrier is another machine: it has a clock of its own.
    assert found - {path for path in FILES if path.startswith("simulator/")} == {"clock.py"}


def test_files_stay_short_enough_to_read():
    long = {path: n for path in FILES if (n := len((CODE / path).read_text("utf-8").splitlines())) > 350}
    assert {path for path in long if "migrations" not in path} == set()


def undocumented(path):
    """The public names of a file without a docstring: the file, its classes and functions, the methods of its classes
    (one that stands in for a library's may have that one's). What is defined inside functions is nobody else's."""
    if not ast.get_docstring(tree(path)):
        yield f"{path}: the file itself"
    for name, node, within in public(tree(path)):
        if ast.get_docstring(node) or (within and inherited(path, within, node.name)):
            continue
        yield f"{path}: {name}"


def public(node, within=""):
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and one.name[0] != "_":
            yield f"{within}.{one.name}".lstrip("."), one, within
            if isinstance(one, ast.ClassDef):
                yield from public(one, f"{within}.{one.name}".lstrip("."))


def inherited(path, within, name):
    module = import_module("helpline." + path.removesuffix(".py").replace("/", "."))
    return inspect.getdoc(getattr(attrgetter(within)(module), name))


def test_everything_public_says_what_it_is_for():
    written = [
        path for path in FILES if not path.startswith("db/migrations/versions/")
    ]  # those are generated
    assert {name for path in written for name in undocumented(path)} == set()
