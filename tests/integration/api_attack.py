"""An attack on the interface by its own document: Schemathesis makes good and bad values for each operation, and judges
each answer by what the document promises."""

from itertools import count, cycle

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as properties
from hypothesis.errors import Unsatisfiable

from helpline import db
from helpline.api import document, limits
from tests.integration import routing_rows
from tests.integration.api_visits import Program, application, offers

# What no schema can say is right: countries that there are, and counts of somebody.
MADE = {
    "/api/v1/projects/{project_id}/counts/{month}": {
        "lines": [{"country": "BD", "counselled": 3, "plans": 2}]
    }
}


def furnished(settings, monkeypatch) -> Flask:
    """The interface with an entity that has offers to answer, and that may ask as often as it likes."""
    monkeypatch.setattr(limits, "PER_TOKEN", 1_000_000)
    monkeypatch.setattr(limits, "WRONG_PER_NETWORK", 1_000_000)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=100, projects=2)
        offers(session, "ente-0", 6)
    return application(settings)


def attack(app: Flask, examples: int) -> None:
    """Attack every operation with so many good and so many bad requests."""
    import schemathesis  # takes a second to load

    program = Program(app)
    headers = {"Authorization": f"Bearer {program.token}"}
    ids = [item["id"] for item in program.get("/offers").get_json()["items"]]
    real = {
        "offer_id": cycle(ids),
        "project_id": cycle(["ente-0", "ente-1"]),
        "month": cycle(["2026-09", "2026-10"]),
    }
    number, attacked = count(), {"/api/v1/openapi.json"}  # which Schemathesis leaves out, having read it
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:
            _attack(operation, mode, headers, real, number, examples)
        attacked.add(operation.path)
    assert attacked == {one.path for one in document.OPERATIONS}


def _attack(operation, mode, headers, real, number, examples):
    from schemathesis import GenerationMode
    from schemathesis.core.failures import FailureGroup

    @given(case=operation.as_strategy(generation_mode=mode))
    @properties(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def once(case):
        if mode is GenerationMode.POSITIVE:
            for name in set(case.path_parameters or {}) & set(real):  # most made-up ones are of nothing
                case.path_parameters[name] = next(real[name])
            if case.operation.path in MADE:
                case.body = MADE[case.operation.path]
            if case.headers:  # the same key for another thing is refused, and rightly so
                case.headers["Idempotency-Key"] = (
                    f"{case.headers.get('Idempotency-Key', '')[:200]}{next(number)}"
                )
        case.call_and_validate(headers=headers)

    try:
        once()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # where nothing is asked for, nothing can be wrong
    except FailureGroup as group:
        pytest.fail(f"{operation.label}: {group}\n" + "\n".join(map(str, group.exceptions)))
