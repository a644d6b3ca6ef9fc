"""Why an organisation pauses or changes its places is kept in plain: without what leads to anybody, and for two years."""

import time

import pytest
from sqlalchemy import select

from helpline import db, personal
from helpline.faults import Faults
from helpline.people.roles import Role
from helpline.privacy import retention
from helpline.routing import projects
from helpline.routing.records import EntityChange
from tests.integration import api_visits, queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of

NUMBER, ADDRESS = "ring Anna on 333 000 0001", "anna@ente.example knows"
PASTED = "ring Anna on 333\u00a0000\u20110001"
"""As a page or a sheet has it: with a space and a dash that break no line."""


@pytest.fixture(autouse=True)
def ente(database, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=3)


def changes():
    with db.transaction() as session:
        rows = session.scalars(select(EntityChange).order_by(EntityChange.id))
        return [(row.field, row.before, row.after, row.why) for row in rows]


@pytest.mark.parametrize("words", [NUMBER, ADDRESS, PASTED])
def test_no_page_takes_a_reason_that_leads_to_somebody(settings, words):
    app = application(settings)
    member = Visitor(app).sign_in("miriam", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en")
    coordinator = Visitor(app).sign_in("carla", roles=(Role.COORDINATOR,), locale="en")
    limits = {"places_total": "5", "open_cases": "", "per_week": "", "why": words}
    for who, path, form in (
        (member, "/places/pause", {"pause": words}),
        (member, "/places/ente-0/pause", {"pause": words}),
        (member, "/places/ente-0/limits", limits),
        (coordinator, "/projects/ente-0/pause", {"pause": words}),
        (coordinator, "/entities/ente/pause", {"pause": words}),
    ):
        answer = who.post(path, form)
        assert answer.status_code == 422, path
        assert "Write no telephone number and no e-mail address" in words_of(answer)
    assert changes() == []


def test_what_is_far_too_long_is_refused_at_once_by_pages_and_programs(settings):
    """A web process answers callers too: a minute over one form would be a minute in which nobody is answered."""
    program = api_visits.Program(api_visits.application(settings))
    member = Visitor(application(settings)).sign_in("miriam", roles=(Role.ENTITY_MEMBER,), entity_id="ente")
    long_mail = {"contact": "x", "email": "a@" + "b." * 25_000 + ",", "version": ""}
    long_hours = {"contact": "x", "hours_monday": "9" + " " * 50_000 + "a", "version": ""}
    began = time.process_time()
    assert program.ask("PUT", "/entity/pause", {"reason": "a" * 60_000}).status_code == 422
    assert program.ask("PUT", "/entity/pause", {"reason": "a" * 60_000 + "\x01"}).status_code == 422
    assert member.post("/places/pause", {"pause": "a" * 60_000}).status_code == 422
    assert member.post("/places/contact", long_mail).status_code == 422
    assert member.post("/places/contact", long_hours).status_code == 422
    assert time.process_time() - began < 3
    assert changes() == []


@pytest.mark.parametrize("words", [NUMBER, ADDRESS, PASTED, "x" * 301])
def test_no_program_does(settings, words):
    program = api_visits.Program(api_visits.application(settings))
    for path in ("/entity/pause", "/projects/ente-0/pause"):
        answer = program.ask("PUT", path, {"reason": words})
        assert answer.status_code == 422
        assert words not in answer.text and answer.get_json()["errors"][0]["pointer"] == "#/reason"
    assert changes() == []


@pytest.mark.parametrize("words", [NUMBER, ADDRESS, PASTED, "x" * 301])
def test_no_service_and_no_file_does(words):
    with db.transaction() as session:
        for act in (
            lambda: projects.pause(session, words, who="person 1", entity_id="ente"),
            lambda: projects.change(session, "ente-0", who="person 1", why=words, places_total=9),
            lambda: projects.change_entity(session, "ente", who="person 1", why=words, name="Ente"),
        ):
            with pytest.raises((personal.Telling, personal.TooLong)):
                act()
        with pytest.raises(Faults, match="paused_reason: must "):
            projects.change(session, "ente-0", who="person 1", why="as asked", paused_reason=words)
    assert changes() == []


def test_reasons_are_forgotten_after_two_years_what_was_changed_is_not():
    with db.transaction() as session:
        projects.pause(session, "Miriam is ill", who="person 1", entity_id="ente")
        projects.resume(session, who="person 1", entity_id="ente")
        projects.change(session, "ente-0", who="person 1", why="Miriam is back", places_total=9)
    queue_rows.later(days=729)
    assert retention.purge_all() == 0
    queue_rows.later(days=2)
    retention.purge_all()
    assert changes() == [
        ("paused_reason", None, "…", ""),
        ("paused_reason", "…", None, ""),
        ("places_total", 3, 9, ""),
    ]
    assert retention.purge_all() == 0
