"""Coordinators' pages of projects, organisations and the ledger, on a real database."""

import re

import pytest
from sqlalchemy import select

from helpline import db, line
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.routing import offers, projects
from helpline.routing.models import Offer, Project
from tests.integration import queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, cells_of, words_of

pytestmark = pytest.mark.usefixtures("database")
FIELDS = {
    "name": "Bridge home", "funder": "AMIF", "starts_on": "2026-01-01", "ends_on": "2027-12-31", "places_total": "7",
    "open_cases": "", "per_week": "2", "regions": ["lazio", "umbria"], "countries": "ma BD", "groups": ["family"],
    "languages": [], "contact_phone": "06 5550 0001", "why": "signed on Monday",
}  # fmt: skip


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=2)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def version(page):
    return re.search(r'name="version" value="([^"]*)"', page.text)[1]


def project(id="ente-0"):
    with db.transaction() as session:
        return session.get_one(Project, id)


def test_a_project_is_changed_with_a_reason_and_the_history_says_what_was(cora):
    seen = version(cora.get("/projects/ente-0"))
    assert cora.post("/projects/ente-0", FIELDS | {"version": seen, "why": ""}).status_code == 422
    assert cora.post("/projects/ente-0", FIELDS | {"version": seen}).status_code == 303
    row = project()
    assert (row.places_total, row.open_cases, row.per_week) == (7, None, 2)
    assert (row.regions, row.countries, row.groups) == (["lazio", "umbria"], ["BD", "MA"], ["family"])
    assert (row.languages, row.contact_phone, row.ends_on.isoformat()) == (["*"], "0655500001", "2027-12-31")
    page = words_of(cora.get("/projects/ente-0"))
    assert "Places in all: 2 → 7" in page and "Regions: any → Lazio, Umbria" in page
    assert "Cora · signed on Monday" in page


def test_the_lines_history_says_who_gave_a_project_other_dates_why_and_which_it_had(cora):
    seen = version(cora.get("/projects/ente-0"))
    before = line.current().version
    cora.post("/projects/ente-0", FIELDS | {"version": seen})
    line.forget()
    assert line.current().version > before  # the next call reads it anew
    page = words_of(cora.get("/line/history?kind=projects"))
    assert "Project ente-0: Last day : Thu 1 Jan 2099 → Fri 31 Dec 2027" in page
    assert "Cora" in page and "signed on Monday" in page
    cora.post("/entities/ente/project", FIELDS | {"id": "bridge", "why": "a new call of the fund"})
    page = words_of(cora.get("/line/history?kind=projects"))
    assert (
        "Project bridge : Name Bridge home, Funder AMIF, First day" in page
        and "a new call of the fund" in page
    )


def test_two_who_change_the_same_project_do_not_undo_each_other(cora):
    seen = version(cora.get("/projects/ente-0"))
    with db.transaction() as session:
        projects.change(session, "ente-0", who="person 9", why="meanwhile", places_total=1)
    page = cora.post("/projects/ente-0", FIELDS | {"version": seen})
    assert page.status_code == 409 and "Somebody changed it meanwhile" in words_of(page)
    assert project().places_total == 1


def test_what_is_wrong_with_a_project_stands_beside_its_field_all_at_once(cora):
    seen = version(cora.get("/projects/ente-0"))
    wrong = {"version": seen, "ends_on": "2025-01-01", "countries": "XY", "places_total": "-3", "name": ""}
    page = cora.post("/projects/ente-0", FIELDS | wrong)
    assert page.status_code == 422
    for field in ("ends_on", "countries", "places_total", "name"):
        assert f'id="f-{field}-error"' in page.text
    phone = cora.post("/projects/ente-0", FIELDS | {"version": seen, "contact_phone": "12"})
    assert phone.status_code == 422 and 'id="f-contact_phone-error"' in phone.text


def test_a_pause_has_a_reason_also_that_of_a_whole_organisation(cora):
    refused = cora.post("/projects/ente-0/pause", {"pause": ""})
    assert (
        refused.status_code == 422
        and 'name="places_total" type="text" autocomplete="off" value="2"' in refused.text
    )
    cora.post("/projects/ente-0/pause", {"pause": "audit of the funder"})
    assert "audit of the funder" in words_of(cora.get("/projects/ente-0"))
    cora.post("/projects/ente-0/resume")
    cora.post("/entities/ente/pause", {"pause": "office flooded"})
    assert "office flooded" in words_of(cora.get("/entities/ente"))
    assert "paused" in words_of(cora.get("/projects?state=paused"))
    cora.post("/entities/ente/resume")
    cora.post("/entities/ente/full", {"full": "yes"})
    assert "no place now, they say" in words_of(cora.get("/projects"))


def test_a_new_project_of_an_organisation(cora):
    assert cora.post("/entities/ente/project", FIELDS | {"id": "ente-0"}).status_code == 422
    assert cora.post("/entities/ente/project", FIELDS | {"id": "Bad Name"}).status_code == 422
    answer = cora.post("/entities/ente/project", FIELDS | {"id": "bridge"})
    assert (answer.status_code, answer.location) == (303, "/projects/bridge")
    assert project("bridge").entity_id == "ente"


def test_the_ledger_of_a_period_and_its_file_which_is_written_down(cora):
    with db.transaction() as session:
        routing_rows.requests(session, 5)
    offers.sweep_waiting()
    page = words_of(cora.get("/ledger"))
    assert "ENTE 2 0 0 0 0 0 2" in page and "Bangla 5 2" in page
    assert cora.get("/ledger?first=2026-11-24&last=2026-11-01").status_code == 422
    assert "fewer than five" not in page and "Nobody asked" in words_of(
        cora.get("/ledger?first=2025-01-01&last=2025-02-01")
    )
    file = cora.post("/ledger/export", {"first": "2026-11-01", "last": "2026-11-24"})
    assert file.mimetype == "text/csv" and file.text.startswith("\ufeffShort name,Organisation,Offered")
    head, ente = file.text.splitlines()[:2]
    assert 'Reasons for declining,"Reasons for declining, in words"' in head
    assert 'By,"By, in words",What,"What, in words"' in file.text
    assert "language,language,bn,Bangla,5" in file.text and "ente" in ente
    assert "attachment" in file.headers["Content-Disposition"] and file.headers["Cache-Control"] == "no-store"
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.what == "exported")).all()
    assert [(line.who, line.about) for line in lines] == [(f"person {cora.who.id}", "ledger")]


def test_countries_stand_in_the_order_of_their_names_in_the_readers_language(cora, settings):
    with db.transaction() as session:
        for code in ("CI", "CM", "", "DE", "EG", "AL"):
            routing_rows.requests(session, 5, country=code or None)
    dina = Visitor(application(settings)).sign_in("dina", roles=(Role.COORDINATOR,), locale="it")
    for who, names in (
        (cora, ["Albania", "Cameroon", "Côte d’Ivoire", "Egypt", "Germany", "not known"]),
        (dina, ["Albania", "Camerun", "Costa d’Avorio", "Egitto", "Germania", "non si sa"]),
    ):
        page = words_of(who.get("/ledger"))
        places = [page.rindex(f"{name} 5 0") for name in names]
        assert places == sorted(places), page


def test_reasons_stand_in_the_ledgers_file_as_codes_and_in_words_of_the_readers_language(cora, settings):
    with db.transaction() as session:
        routing_rows.requests(session, 1)
    offers.sweep_waiting()
    with db.transaction() as session:
        offers.decline(
            session, session.scalars(select(Offer.id)).one(), reason="not_our_territory", who="test"
        )
    period = {"first": "2026-11-01", "last": "2026-11-24"}
    assert "not_our_territory=1,Not our territory: 1," in cora.post("/ledger/export", period).text
    dina = Visitor(application(settings)).sign_in("dina", roles=(Role.COORDINATOR,), locale="it")
    rows = cells_of(dina.post("/ledger/export", period), ";")
    (ente,) = [dict(zip(rows[0], row, strict=True)) for row in rows if row[0] == "ente"]
    assert "not_our_territory=1;Non è il nostro territorio: 1;" in dina.post("/ledger/export", period).text
    assert (
        ente["Quota di proposte (%)"] == "100,0" and float(ente["Ore per rispondere"].replace(",", ".")) >= 0
    )
