"""An entity's program returns the counts of its projects' months: every version kept, all faults at once, nobody named."""

from datetime import date

import pytest
from sqlalchemy import select

from helpline import db
from helpline.people.models import AuditLine
from helpline.people.scopes import Scope
from helpline.routing import counts
from tests.integration import routing_rows
from tests.integration.api_visits import Program, application

pytestmark = pytest.mark.usefixtures("database")
OCTOBER = "/projects/ente-0/counts/2026-10"
LINE = {
    "country": "MA",
    "counselled": 9,
    "plans": 5,
    "returned": 4,
    "reintegration": {"business": 2, "health": 1},
}


@pytest.fixture
def program(settings, at):
    at("2026-11-24 10:00")
    with db.transaction() as session:
        routing_rows.entity(session, "ente", starts_on=date(2026, 3, 1))
        routing_rows.entity(session, "other")
    return Program(application(settings))


def versions():
    with db.transaction() as session:
        return counts.versions(session, "ente-0", date(2026, 10, 1))


def test_counts_are_returned_and_read_again(program):
    given = program.ask("PUT", OCTOBER, {"lines": [LINE, {"country": None, "counselled": 2}]})
    assert given.status_code == 200
    said = given.get_json()
    assert (said["project"], said["month"], said["version"], said["doubts"]) == ("ente-0", "2026-10", 1, [])
    nobody = {"country": None, "counselled": 2, "plans": 0, "returned": 0}
    kinds = {
        "business": 0,
        "employment": 0,
        "training": 0,
        "education": 0,
        "housing": 0,
        "health": 0,
        "other": 0,
    }
    assert said["lines"] == [
        nobody | {"reintegration": kinds}, LINE | {"reintegration": kinds | {"business": 2, "health": 1}},
    ]  # fmt: skip
    assert program.get(OCTOBER).get_json() == said
    assert [one["month"] for one in program.get("/projects/ente-0/counts").get_json()["items"]] == ["2026-10"]
    assert program.get("/projects/ente-0/counts/2026-09").status_code == 404


def test_a_newer_return_takes_the_place_of_the_older_which_is_kept_with_who_and_why(program):
    program.ask("PUT", OCTOBER, {"lines": [LINE]})
    again = program.ask("PUT", OCTOBER, {"lines": [LINE]}).get_json()
    assert again["version"] == 1  # the same counts are no new version
    right = program.ask(
        "PUT", OCTOBER, {"lines": [LINE | {"plans": 6}], "why": "one came late", "replaces": 1}
    )
    assert right.get_json()["version"] == 2
    assert [(one.version, one.lines[0].people["plans"], one.why) for one in versions()] == [
        (2, 6, "one came late"), (1, 5, None),
    ]  # fmt: skip
    assert {one.who for one in versions()} == {f"token {program.token_id}"}
    with db.transaction() as session:
        lines = session.scalars(
            select(AuditLine).where(AuditLine.what == "returned").order_by(AuditLine.id)
        ).all()
        assert [line.details["version"] for line in lines] == [1, 2]


def test_counts_that_somebody_else_returned_meanwhile_are_not_replaced_unseen(program):
    program.ask("PUT", OCTOBER, {"lines": [LINE], "replaces": 0})
    late = program.ask("PUT", OCTOBER, {"lines": [LINE | {"plans": 1}], "replaces": 0})
    assert late.status_code == 409 and late.get_json()["version"] == 1
    assert late.get_json()["type"].endswith("#outdated") and len(versions()) == 1


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(program):
    bad = [{"country": "XX", "counselled": 1}, {"country": "MA"}, {"country": "MA", "returned": 1}]
    said = program.ask("PUT", "/projects/ente-0/counts/2026-12", {"lines": bad})
    assert said.status_code == 422
    assert [one["pointer"] for one in said.get_json()["errors"]] == [
        "#/month",
        "#/lines/0/country",
        "#/lines/2/country",
    ]
    for line in (
        {"country": "MA", "returned": -1}, {"country": "MA", "returned": 1.5}, {"country": "MA", "returned": "1"},
        {"country": "MAR"}, {"counselled": 1}, {"country": "MA", "reintegration": {"car": 1}},
        {"country": "MA", "name": "x"}, {"country": "MA", "returned": 100_001},
    ):  # fmt: skip
        assert program.ask("PUT", OCTOBER, {"lines": [line]}).status_code == 422, line
    two = program.ask(
        "PUT", OCTOBER, {"lines": [{"country": "MA", "plans": -1, "reintegration": {"health": -1}}]}
    )
    assert [one["pointer"] for one in two.get_json()["errors"]] == [
        "#/lines/0/plans",
        "#/lines/0/reintegration/health",
    ]
    assert program.ask("PUT", OCTOBER, {"lines": []}).status_code == 422
    assert program.ask("PUT", OCTOBER, {"lines": [LINE], "why": "ring 333 0000 123"}).status_code == 422
    assert versions() == []


def test_nothing_is_said_with_a_word_and_what_looks_wrong_is_kept_and_told(program):
    assert program.ask("PUT", OCTOBER, {"lines": [], "nothing": True}).get_json()["lines"] == []
    odd = program.ask("PUT", OCTOBER, {"lines": [{"country": "MA", "plans": 1, "returned": 3}]}).get_json()
    assert odd["doubts"] == [
        {"country": "MA", "more": "plans", "than": "counselled", "people": 1, "of": 0},
        {"country": "MA", "more": "returned", "than": "plans", "people": 3, "of": 1},
    ]


def test_anothers_project_is_not_there_and_scopes_hold(program):
    body = {"lines": [LINE]}
    for method, path in (
        ("PUT", "/projects/other-0/counts/2026-10"), ("GET", "/projects/other-0/counts"),
        ("GET", "/projects/other-0/counts/2026-10"), ("GET", "/projects/ente-0/counts/2026-13"),
        ("PUT", "/projects/ente-0/counts/october"), ("PUT", "/projects/ente-0/counts/2026-10٣"),
    ):  # fmt: skip
        assert program.ask(method, path, body if method == "PUT" else None).status_code == 404, path
    reader = Program(program.app, scopes=(Scope.COUNTS_READ,))
    assert reader.get("/projects/ente-0/counts").status_code == 200
    assert reader.ask("PUT", OCTOBER, body).status_code == 403
    assert Program(program.app, scopes=(Scope.PLACES_WRITE,)).get(OCTOBER).status_code == 403
