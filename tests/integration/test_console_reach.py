"""How an organisation is reached and when it works: changed by itself and by coordinators, at once, with a history."""

import re

import pytest

from helpline import db
from helpline.people.roles import Role
from helpline.routing import deadlines, projects
from helpline.routing.models import Entity
from tests.integration import queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
GIVEN = {
    "name": "Ente del Lazio",
    "contact": "Desk, 0655500001",
    "email": "desk@ente.example.org",
    "hours_monday": "9-13, 14–18",
    "hours_friday": "8-12",
}


@pytest.fixture
def app(settings, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        routing_rows.entity(session, "ente")
    return application(settings)


@pytest.fixture
def member(app):
    return Visitor(app).sign_in("miriam", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en")


@pytest.fixture
def cora(app):
    return Visitor(app).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def seen(page):
    return {"version": re.search(r'name="version" value="([^"]*)"', page.text)[1]}


def ente():
    with db.transaction() as session:
        return session.get_one(Entity, "ente")


def due():
    """When an offer made now, on a Tuesday, would have to be answered."""
    with db.transaction() as session:
        return deadlines.clocks(session, ["ente"])["ente"].answer_by(deadlines.moment(session))[1]


def test_an_organisation_changes_its_contact_and_hours_which_hold_at_once_with_a_history(member):
    before = due()
    page = member.get("/places")
    assert "the usual ones: Mon–Fri 9–17" in words_of(page)
    assert member.post("/places/contact", GIVEN | seen(page)).status_code == 303
    row = ente()
    assert (row.contact, row.email) == ("Desk, 0655500001", "desk@ente.example.org")
    assert [(span["weekday"], span["opens"], span["closes"]) for span in row.hours] == [
        (0, 9, 13),
        (0, 14, 18),
        (4, 8, 12),
    ]
    assert due() > before
    said = words_of(member.get("/places"))
    assert "Working hours: — → Mon 9–13 14–18, Fri 8–12" in said and "Miriam" in said
    with db.transaction() as session:
        changes = projects.history(session, "entity ente")
    assert {change.field for change in changes} == {"contact", "email", "hours"}
    again = {"contact": row.contact, "email": "", **seen(member.get("/places"))}
    assert member.post("/places/contact", again).status_code == 303
    assert (ente().email, ente().hours) == (None, None)  # left empty: none, and the usual ones


def test_a_coordinator_does_so_with_a_reason(cora):
    page = cora.get("/entities/ente")
    assert cora.post("/entities/ente/contact", GIVEN | seen(page)).status_code == 422
    assert ente().contact == "desk"
    assert cora.post("/entities/ente/contact", GIVEN | seen(page) | {"why": "they moved"}).status_code == 303
    page = words_of(cora.get("/entities/ente"))
    assert "they moved" in page and "Name: ENTE → Ente del Lazio" in page


def test_an_organisation_does_not_rename_itself(member):
    assert 'name="name"' not in member.get("/places").text
    assert member.post("/places/contact", GIVEN | seen(member.get("/places"))).status_code == 303
    assert ente().name == "ENTE"


def test_a_coordinator_adds_an_organisation_with_its_history_and_is_told_everything_that_is_wrong(cora):
    wrong = {"id": "Ente!", "name": "", "contact": "", "email": "nobody", "hours_monday": "mornings"}
    page = cora.post("/new-organisation", wrong)
    assert page.status_code == 422 and 'value="mornings"' in page.text
    for field in ("name", "contact", "why", "hours_monday"):
        assert f'id="f-{field}-error"' in page.text, field
    again = cora.post("/new-organisation", GIVEN | {"id": "ente", "why": "a new project"})
    assert again.status_code == 422 and 'id="f-id-error"' in again.text
    bad = cora.post("/new-organisation", GIVEN | {"id": "Nuovo!", "email": "nobody", "why": "x"})
    assert 'id="f-id-error"' in bad.text and 'id="f-email-error"' in bad.text
    answer = cora.post("/new-organisation", GIVEN | {"id": "nuovo", "why": "a new project"})
    assert (answer.status_code, answer.location) == (303, "/entities/nuovo")
    page = words_of(cora.get("/entities/nuovo"))
    assert "Name: — → Ente del Lazio" in page and "a new project" in page and "desk@ente.example.org" in page
    assert "Ente del Lazio" in words_of(cora.get("/projects"))


def test_everything_that_is_wrong_is_said_at_once_beside_its_field_and_nothing_changes(cora):
    wrong = {
        "name": "", "contact": "", "email": "nobody", "hours_monday": "9-13 12-18", "hours_tuesday": "18-9", "hours_friday": "mornings",
    }  # fmt: skip
    page = cora.post("/entities/ente/contact", wrong | seen(cora.get("/entities/ente")))
    assert page.status_code == 422
    for field in ("why", *wrong):
        assert f'id="f-{field}-error"' in page.text, field
    assert (ente().contact, ente().email, ente().hours) == ("desk", None, None)
    assert 'value="mornings"' in page.text


def test_two_who_change_it_do_not_undo_each_other(member, cora):
    mine, theirs = seen(member.get("/places")), seen(cora.get("/entities/ente"))
    assert cora.post("/entities/ente/contact", GIVEN | theirs | {"why": "they moved"}).status_code == 303
    page = member.post("/places/contact", GIVEN | mine | {"contact": "Elsewhere"})
    assert page.status_code == 409 and "Somebody changed it meanwhile" in words_of(page)
    assert ente().contact == "Desk, 0655500001"
