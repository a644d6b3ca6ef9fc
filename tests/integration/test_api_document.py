"""The published document says what the routes do, no more and no less."""

import re

import pytest

from helpline import db
from helpline.api import document, schemas
from helpline.api.judging import judged
from helpline.people import access
from tests.integration import routing_rows
from tests.integration.api_visits import application

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def app(settings):
    with db.transaction() as session:
        routing_rows.entity(session, "ente")
    return application(settings)


def published(rule):
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", rule)


def test_every_route_is_in_the_document_with_its_scope_and_nothing_else_is(app):
    routes = {
        (method.lower(), published(rule.rule)): access.scope_of(
            access.guard_of(app.view_functions[rule.endpoint])
        )
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(one.method, one.path): one.scope for one in document.OPERATIONS} == routes


def test_the_document_is_served_to_anybody_and_names_our_public_address(app):
    said = app.test_client().get("/api/v1/openapi.json").get_json()
    assert said["openapi"] == "3.1.0"
    assert said["servers"] == [{"url": "https://line.example.org"}]
    assert set(said["webhooks"]) >= {"offer.made", "offer.reminder", "offer.expired", "offer.withdrawn"}


def test_every_schema_is_one_that_requests_can_be_judged_by_and_every_reference_leads_somewhere():
    said = document.document("https://line.example.org")
    for name in ("Decline", "Outcome", "Full", "Pause", "Limits"):
        judged(said["components"]["schemas"][name], {})
    for schema in schemas.QUERY.values():
        judged(schema, None)
    named = set(re.findall(r"#/components/schemas/(\w+)", str(said)))
    assert named == set(said["components"]["schemas"]) - {"Offer"}


def test_every_problem_that_may_be_answered_is_explained(app):
    said = app.test_client().get("/api/v1/problems").get_json()
    assert all(one["title"] and one["meaning"] for one in said.values())
    assert "https://line.example.org/api/v1/problems#late" in said
