"""An entity's program sees its projects, changes their places, pauses and says that it is full; each change is kept."""

import pytest

from helpline import db
from helpline.people.scopes import Scope
from helpline.routing import projects
from tests.integration import routing_rows
from tests.integration.api_visits import Program, application, offers

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def program(settings):
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=5, projects=2)
        routing_rows.entity(session, "other", places=5)
    return Program(application(settings))


def history(about):
    with db.transaction() as session:
        return [(one.who, one.field, one.before, one.after) for one in projects.history(session, about)]


def test_own_projects_are_listed_with_what_is_used_and_free(program):
    with db.transaction() as session:
        offers(session, "ente-0", 2)
    items = program.get("/projects").get_json()["items"]
    assert [item["id"] for item in items] == ["ente-0", "ente-1"]
    assert items[0]["used"]["open"] == 2 and items[0]["free"] == 3 and items[0]["state"] == "open"
    assert program.get("/projects/ente-1").get_json() == items[1]


def test_places_are_changed_one_by_one_and_each_change_is_kept_with_who(program):
    changed = program.ask("PATCH", "/projects/ente-0", {"places_total": None, "open_cases": 3}).get_json()
    assert (changed["places_total"], changed["open_cases"], changed["per_week"]) == (None, 3, None)
    who = f"token {program.token_id}"
    assert set(history("project ente-0")) == {(who, "places_total", 5, None), (who, "open_cases", None, 3)}


@pytest.mark.parametrize(
    "body", [{}, {"places_total": -1}, {"per_week": 1.5}, {"open_cases": True}, {"open_cases": "3"}, {"name": "x"},
             {"per_week": 100_001}],
)  # fmt: skip
def test_limits_that_cannot_be_change_nothing(program, body):
    assert program.ask("PATCH", "/projects/ente-0", body).status_code == 422
    assert history("project ente-0") == []


def test_pausing_and_going_on_with_a_project_and_with_all(program):
    assert (
        program.ask("PUT", "/projects/ente-0/pause", {"reason": "moving house"}).get_json()["state"]
        == "paused"
    )
    assert program.get("/projects/ente-1").get_json()["state"] == "open"
    assert program.ask("DELETE", "/projects/ente-0/pause").get_json()["state"] == "open"
    assert program.ask("PUT", "/entity/pause", {"reason": "summer"}).get_json()["paused_reason"] == "summer"
    assert {item["state"] for item in program.get("/projects").get_json()["items"]} == {"paused"}
    assert program.ask("DELETE", "/entity/pause").get_json()["paused_reason"] is None


@pytest.mark.parametrize("reason", ["", "  ", "\u00a0", "a\nb", "x" * 301, None])
def test_a_pause_needs_a_reason_that_one_can_read(program, reason):
    assert program.ask("PUT", "/entity/pause", {"reason": reason}).status_code == 422
    assert program.get("/entity").get_json()["paused_reason"] is None


def test_saying_full_and_not_full(program):
    assert program.ask("PUT", "/entity/full", {"full": True}).get_json()["full_since"]
    assert program.ask("PUT", "/entity/full", {"full": False}).get_json()["full_since"] is None


def test_another_entitys_project_is_not_there(program):
    for method, path, body in (
        ("GET", "/projects/other-0", None),
        ("PATCH", "/projects/other-0", {"per_week": 1}),
        ("PUT", "/projects/other-0/pause", {"reason": "x"}),
        ("DELETE", "/projects/other-0/pause", None),
        ("GET", "/projects/%00", None),
    ):
        assert program.ask(method, path, body).status_code == 404, (method, path)
    assert history("project other-0") == []


def test_a_token_that_may_see_places_changes_none(program):
    reader = Program(program.app, scopes=(Scope.PLACES_READ,))
    assert reader.get("/entity").status_code == 200
    assert reader.ask("PUT", "/entity/full", {"full": True}).status_code == 403
    assert reader.ask("PATCH", "/projects/ente-0", {"per_week": 1}).status_code == 403
