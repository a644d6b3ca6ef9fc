"""Every route has a guard, and every bell that the code rings has a job of that name with as many words."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

import helpline
from helpline import jobs
from helpline.people.access import CARRIER, guard_of, unguarded

ROOT = Path(helpline.__file__).parent


def test_every_route_has_a_guard(shared_app: Flask) -> None:
    assert unguarded(shared_app) == []


def test_every_webhook_of_a_call_is_for_the_carrier_only(shared_app: Flask) -> None:
    voice = [rule for rule in shared_app.url_map.iter_rules() if rule.rule.startswith("/voice")]
    assert len(voice) >= 5
    assert {guard_of(shared_app.view_functions[rule.endpoint]) for rule in voice} == {CARRIER}


def test_a_route_without_a_guard_is_found() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/open", "open", lambda: "")
    assert unguarded(app) == ["/open -> open"]


def bells() -> Iterator[tuple[str, ast.Call]]:
    """Every `ring(session, "name", …)` and `db.ring(…)` in the code; the stand-in carrier rings telephones, not bells."""
    ours = (path for path in ROOT.rglob("*.py") if path.parent.name != "simulator")
    for path in sorted(ours):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "ring" and len(node.args) >= 2:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_bell_that_is_rung_has_a_job_of_its_name() -> None:
    found = dict(bells())
    assert len(found) >= 5
    for where, call in found.items():
        name = call.args[1]
        assert isinstance(name, ast.Constant) and isinstance(name.value, str), (
            f"{where}: the name is not written out"
        )
        job = getattr(jobs, name.value, None)
        assert callable(job), f"{where}: no job is called {name.value}"
        assert len(inspect.signature(job).parameters) == len(call.args) - 2, (
            f"{where}: {name.value} takes other words"
        )


def test_every_job_is_short() -> None:
    for name, job in inspect.getmembers(jobs, inspect.isfunction):
        if job.__module__ == jobs.__name__:
            assert len(inspect.getsource(job).splitlines()) <= 11, name
