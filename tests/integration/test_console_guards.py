"""Who may open what: every page of the console, for every role and for nobody."""

import re

import pytest

from helpline import db
from helpline.console.pages import Pages
from helpline.people import access, accounts
from helpline.people.roles import Role
from helpline.routing.models import Entity
from tests.integration import api_visits
from tests.integration.console_pages import EVERYBODY, PAGES
from tests.integration.console_visits import Visitor, application

pytestmark = pytest.mark.usefixtures("database")
OF_ROLE = {Role.ENTITY_MEMBER: {"entity_id": "ente"}, Role.NETWORK_MEMBER: {"organisation": "Sportello"}}
WORDS = {"day": "not-a-day", "asked": "x", "name": "x.css", "token": "x"}


@pytest.fixture
def app(settings):
    return application(settings)


def address(rule):
    """The rule as an address: of a thing that does not exist."""
    return re.sub(r"<(?:(int|path):)?(\w+)>", lambda found: WORDS.get(found[2], "999"), rule)


def asked(visitor, page):
    method, rule = page.split()
    return visitor.get(address(rule)) if method == "GET" else visitor.post(address(rule))


def test_every_page_is_in_the_table_and_has_a_guard(app):
    there = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == set(PAGES)
    assert access.unguarded(app) == []


@pytest.mark.parametrize("of", [application, api_visits.application])
def test_an_id_that_no_row_can_have_leads_nowhere_and_asks_no_database(settings, of, monkeypatch):
    app = of(settings)
    numbered = [rule for rule in app.url_map.iter_rules() if "<int" in rule.rule]
    assert len(numbered) > 3
    client = app.test_client()
    monkeypatch.setattr(db, "transaction", None)
    for rule in numbered:
        for id in (2**31, 10**30, "9" * 5000):
            address = re.sub(r"<int[^>]*>", str(id), rule.rule)
            address = re.sub(r"<(?:\w+:)?\w+>", "x", address)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                answer = client.open(address, method=method, base_url="https://line.example.org")
                # Another rule may take it for a word (`/prompts/<lang>/<prompt>`), and asks who one is first.
                nowhere = answer.status_code == 404 or "/sign-in" in (answer.location or "")
                assert nowhere, (method, rule.rule, id)


def test_what_no_database_takes_is_no_fault_of_ours(app):
    boss = Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")
    for path in ("/entities/%00", "/projects/a%00b", "/network/focal-points/%00", "/network?reference=%00A"):
        assert boss.get(path).status_code == 404, path
    assert boss.post("/network/signals/1/close", {"why": "a\0b"}).status_code == 400


@pytest.mark.long  # goes to every page
@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_gets_its_pages_and_no_other(app, role):
    visitor = Visitor(app)
    if role:
        with db.transaction() as session:
            session.add(Entity(id="ente", name="Ente", contact="ente@example.org"))
        visitor.sign_in(roles=(role,), **OF_ROLE.get(role, {}))
    found, wanted = {}, {}
    for page, (roles, status) in PAGES.items():
        answer = asked(visitor, page)
        found[page] = answer.status_code
        if roles is EVERYBODY or (role and role in roles):
            wanted[page] = status or found[page]
            assert status or found[page] not in {401, 403, 500}, page
            assert status == 0 or answer.location is None or "next=" not in answer.location, page
        elif role:
            wanted[page] = 403
        else:
            wanted[page] = 303
            assert (answer.location or "").startswith("/sign-in"), page
    assert found == wanted


def test_a_view_that_nobody_marked_is_shown_to_nobody(app):
    pages = Pages("forgotten")
    pages.get("/forgotten")(lambda: "secret")
    app.register_blueprint(pages)
    assert Visitor(app).sign_in(roles=(Role.ADMINISTRATOR,)).get("/forgotten").status_code == 403


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(app):
    Visitor(app).sign_in("other", roles=(Role.ADMINISTRATOR,))
    visitor = Visitor(app).sign_in(roles=(Role.ADMINISTRATOR, Role.OPERATOR))
    assert visitor.get("/people").status_code == 200
    with db.transaction() as session:
        accounts.change(session, visitor.who.id, by="test", roles=(Role.OPERATOR,))
    assert visitor.get("/people").status_code == 403
