"""Administrators' pages: people and the audit; and everybody's own account."""

import re

import pytest

from helpline import db
from helpline.api import tokens
from helpline.people import accounts, audit, register, sessions
from helpline.people.roles import Role
from tests.integration import people_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
NUMBER = "+393330000567"
ROLES = (Role.OPERATOR,)


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def boss(app):
    return Visitor(app).sign_in("boss", name="Chiara", roles=(Role.ADMINISTRATOR,), locale="en")


def audited():
    with db.transaction() as session:
        return [(line.who, line.what, line.about) for line in audit.listed(session)]


def test_somebody_is_invited_and_the_link_works(boss, app):
    form = {
        "login": "dina",
        "name": "Dina",
        "roles": ["operator"],
        "languages": ["ar", "bn"],
        "phone": "333 0000567",
        "locale": "en",
    }
    page = boss.post("/people/invite", form)
    assert page.status_code == 200
    [link] = re.findall(r'value="(https://line\.example\.org/invited/[^"]+)"', page.text)
    answer = Visitor(app).get(link.removeprefix("https://line.example.org"))
    assert "Dina" in words_of(answer)
    listed = words_of(boss.get("/people"))
    assert "Dina" in listed and "Arabic, Bangla" in listed and "invited" in listed
    with db.transaction() as session:
        [row] = [row for row in register.listed(session) if row.login == "dina"]
    assert (row.languages, row.phone.e164) == (("ar", "bn"), NUMBER)


def test_all_faults_of_the_form_are_said_at_once_and_what_was_typed_stays(boss):
    form = {"login": "Ñ!", "name": "Dina <b>", "phone": "+39 800 000000", "roles": [], "locale": "en"}
    page = boss.post("/people/invite", form)
    assert page.status_code == 422
    assert "3 things are not right yet" in words_of(page)
    assert "Dina &lt;b&gt;" in page.text
    assert "There is no such thing." in words_of(boss.post("/people/invite", form | {"roles": ["king"]}))
    assert "dina" not in words_of(boss.get("/people")).lower()


def test_a_persons_number_is_masked_on_every_page(boss):
    people_rows.make("dina", phone=NUMBER, password=None)
    with db.transaction() as session:
        dina = accounts.by_login(session, "dina")
        token = sessions.begin(session, dina.id)
    visitor = Visitor(boss.app)
    visitor.client.set_cookie(visitor.jar.name("session"), token, domain="line.example.org")
    for page in (boss.get(f"/people/{dina.id}"), boss.get("/people"), visitor.get("/me")):
        assert "0000567" not in re.sub(r"\s", "", page.text)
    assert "•••• 567" in words_of(boss.get(f"/people/{dina.id}"))


def test_a_person_is_changed_and_an_empty_field_keeps_the_telephone(boss):
    dina = people_rows.make("dina", phone=NUMBER, password=None)
    form = {
        "name": "Dina B.",
        "roles": ["operator", "coordinator"],
        "languages": ["hi"],
        "locale": "it",
        "phone": "",
    }
    assert boss.post(f"/people/{dina.id}", form).location == "/people"
    with db.transaction() as session:
        row = register.row(session, dina.id)
    assert (row.name, set(row.roles), row.phone.e164) == ("Dina B.", {"operator", "coordinator"}, NUMBER)
    boss.post(f"/people/{dina.id}", form | {"no_phone": "yes"})
    with db.transaction() as session:
        assert register.row(session, dina.id).phone is None


def test_disabling_signs_out_at_once_and_is_written_down(boss, app):
    dina = Visitor(app).sign_in("dina")
    assert boss.post(f"/people/{dina.who.id}/disable").status_code == 303
    assert dina.get("/me").location.startswith("/sign-in")
    assert (f"person {boss.who.id}", f"person {dina.who.id}") in {
        (who, about) for who, _what, about in audited()
    }
    boss.post(f"/people/{dina.who.id}/enable")
    assert "active" in words_of(boss.get(f"/people/{dina.who.id}")) or "invited" in words_of(
        boss.get(f"/people/{dina.who.id}")
    )


def test_whoever_leaves_has_tokens_that_still_open_and_their_page_says_so(boss):
    miriam = people_rows.make("miriam", roles=ROLES)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=1)
        kept, _ = tokens.add(session, entity_id="ente", name="x", scopes=["offers:read"], by=miriam.in_audit)
    boss.post(f"/people/{miriam.id}/disable")
    page = boss.get(f"/people/{miriam.id}")
    assert "1 token that they made still opens" in words_of(page) and "/entities/ente/programs" in page.text
    with db.transaction() as session:
        tokens.end(session, kept, by="test")
    assert "that they made" not in words_of(boss.get(f"/people/{miriam.id}"))


def test_the_last_administrator_stays(app):
    boss = Visitor(app).sign_in(
        "boss", roles=(Role.ADMINISTRATOR,), locale="en", password=people_rows.PASSWORD
    )
    answer = boss.post(f"/people/{boss.who.id}/disable")
    assert "Somebody must stay administrator." in words_of(boss.get(answer.location))


def test_a_new_link_and_a_reset_second_step(boss):
    dina = people_rows.make("dina")
    people_rows.enrol(dina)
    assert "set up" in words_of(boss.get(f"/people/{dina.id}"))
    boss.post(f"/people/{dina.id}/second-factor")
    assert "not set up" in words_of(boss.get(f"/people/{dina.id}"))
    assert "/invited/" in boss.post(f"/people/{dina.id}/link").text


def test_the_audit_shows_its_days_and_lines_and_what_does_not_fit(boss):
    dina = people_rows.make("dina", password=None)
    with db.transaction() as session:
        audit.record(session, dina.in_audit, "revealed", "callback 12", field="number")
    days = boss.get("/audit")
    [day] = set(re.findall(r'href="/audit/(\d{4}-\d\d-\d\d)"', days.text))
    lines = words_of(boss.get(f"/audit/{day}"))
    assert "Dina" in lines and "revealed" in lines and "field: number" in lines
    assert "field: number" not in words_of(boss.get(f"/audit/{day}?who=person+{boss.who.id}"))
    assert "Every line of the days shown" in words_of(boss.get("/audit/check"))
    with db.engine().begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET about = 'callback 13' WHERE about = 'callback 12'")
    assert "does not fit" in words_of(boss.get("/audit/check"))


def test_ones_own_name_language_and_telephone(app):
    anna = Visitor(app).sign_in(locale="en", password=people_rows.PASSWORD)
    given = {"name": "Anna B.", "locale": "it", "phone": "333 0000568", "password": people_rows.PASSWORD}
    answer = anna.post("/me", given)
    assert answer.location == "/me"
    page = anna.get("/me")
    assert 'lang="it"' in page.text and "Salvato." in words_of(page)
    assert "•••• 568" in words_of(page)
    assert anna.post("/me", {"name": "", "locale": "it", "phone": ""}).status_code == 422


def test_ones_own_password_ends_all_other_sessions(app):
    who = people_rows.make("anna")
    here, there = Visitor(app), Visitor(app)
    for visitor in (here, there):
        with db.transaction() as session:
            token = sessions.begin(session, who.id)
        visitor.client.set_cookie(visitor.jar.name("session"), token, domain="line.example.org")
    new = "quattro parole molto nuove"
    wrong = here.post("/me/password", {"old": "no", "new": new, "again": new})
    assert wrong.status_code == 422
    assert new not in wrong.text
    assert (
        here.post("/me/password", {"old": people_rows.PASSWORD, "new": new, "again": new}).location == "/me"
    )
    assert there.get("/me").location.startswith("/sign-in")
    assert here.get("/me").status_code == 200


def test_a_session_elsewhere_is_ended_and_nobody_elses(app):
    anna, bruno = Visitor(app).sign_in("anna"), Visitor(app).sign_in("bruno")
    with db.transaction() as session:
        sessions.begin(session, anna.who.id)
        [other] = [
            one.id for one in sessions.listed(session, anna.who.id, anna.cookie("session")) if not one.current
        ]
    bruno.post(f"/me/sessions/{other}/end")
    with db.transaction() as session:
        assert len(sessions.listed(session, anna.who.id)) == 2
    anna.post(f"/me/sessions/{other}/end")
    with db.transaction() as session:
        assert len(sessions.listed(session, anna.who.id)) == 1


def test_new_recovery_codes_are_shown_once(app):
    anna = Visitor(app).sign_in()
    people_rows.enrol(anna.who)
    page = anna.post("/me/recovery-codes")
    assert len(re.findall(r"<li>[^<]{8,}</li>", page.text)) >= 8


def test_whoever_has_another_telephone_by_somebody_elses_hand_is_told_until_they_know_of_it(boss, app):
    dina = Visitor(app).sign_in("dina", roles=ROLES, phone=NUMBER, languages=["ar"], locale="en")
    told = "Somebody else changed the telephone of your account"
    assert told not in words_of(dina.get("/callbacks"))
    by = boss.who.in_audit
    with db.transaction() as session:
        accounts.change(session, dina.who.id, by=by, name="Dina B")
        accounts.change(session, dina.who.id, by=by, phone=NUMBER)
    assert told not in words_of(dina.get("/callbacks")), "it is the same number"
    with db.transaction() as session:
        accounts.change(session, dina.who.id, by=by, phone="+393330000888")
    for page in ("/callbacks", "/live", "/me"):
        answer = dina.get(page)
        assert told in words_of(answer) and "0000888" not in answer.text
    assert told not in words_of(boss.get("/people"))
    assert dina.post("/me/telephone-seen").status_code == 303
    assert told not in words_of(dina.get("/callbacks"))
    it = f"person {dina.who.id}"
    assert [line for line in audited() if line[1] in ("changed", "saw_changed_phone")][:2] == [
        (it, "saw_changed_phone", it),
        (by, "changed", it),
    ]
    dina.post("/me/telephone-seen")
    with db.transaction() as session:
        accounts.change(session, dina.who.id, by=by, phone="")
        assert accounts.who(session, dina.who.id).phone_changed_at is not None
        accounts.change(session, dina.who.id, by=it, phone=NUMBER)
        assert accounts.who(session, dina.who.id).phone_changed_at is None
