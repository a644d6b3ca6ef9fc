"""Verified services and associations: invited by coordinators who made sure, ended; no other account is theirs to touch."""

import re

import pytest

from helpline import db
from helpline.people import register
from helpline.people.roles import Role
from tests.integration import people_rows
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
NEW = {"organisation": "Sportello, Bologna", "name": "Nino", "login": "nino", "locale": "it", "sure": "yes"}


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def boss(app):
    return Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")


def row(login):
    with db.transaction() as session:
        return next(row for row in register.listed(session) if row.login == login)


def test_a_coordinator_invites_somebody_of_a_service_who_signals_and_does_nothing_else(app, boss):
    wrong = boss.post("/network/members", {"login": "X!", "locale": "it"})
    assert wrong.status_code == 422 and 'id="f-sure-error"' in wrong.text
    page = boss.post("/network/members", NEW | {"login": "X!", "organisation": ""})
    for field in ("login", "organisation"):
        assert f'id="f-{field}-error"' in page.text, field
    link = re.search(r'value="https?://[^/]+(/invited/[^"]+)"', boss.post("/network/members", NEW).text)[1]
    assert (row("nino").roles, row("nino").organisation) == (("network_member",), "Sportello, Bologna")
    nino = Visitor(app)
    assert nino.get(link).status_code == 200
    assert "Sportello, Bologna" in words_of(boss.get("/network/members"))
    id = row("nino").id
    assert "invited/" in boss.post(f"/network/members/{id}/link").text
    assert boss.post(f"/network/members/{id}/end").status_code == 303 and row("nino").standing == "disabled"
    assert boss.post(f"/network/members/{id}/link").status_code == 404, "first let in again"
    assert boss.post(f"/network/members/{id}/back").status_code == 303 and row("nino").standing != "disabled"


def test_no_other_account_is_seen_or_touched_there(boss):
    admin = people_rows.make("otto", roles=(Role.ADMINISTRATOR,), name="Otto")
    both = people_rows.make(
        "bea", roles=(Role.NETWORK_MEMBER, Role.OPERATOR), name="Bea", organisation="Rete"
    )
    page = words_of(boss.get("/network/members"))
    assert "Otto" not in page and "Bea" not in page
    for who in (admin, both):
        for deed in ("link", "end", "back"):
            assert boss.post(f"/network/members/{who.id}/{deed}").status_code == 404
    assert {row("otto").standing, row("bea").standing} == {"active"}
