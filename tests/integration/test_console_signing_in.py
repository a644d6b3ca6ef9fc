"""Signing in through the pages: password, second factor, invitation, and the way out."""

import re

import pytest

from helpline import db
from helpline.config import Settings
from helpline.people import accounts
from helpline.people.roles import Role
from tests.integration import people_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.people_rows import PASSWORD

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def visitor(settings):
    """At an installation that demands a second factor."""
    return Visitor(application(settings))


@pytest.fixture
def at_the_demo(environ):
    """At an installation with a stand-in carrier that does not."""
    return Visitor(application(Settings.from_env(environ | {"HELPLINE_SECOND_FACTOR": "optional"})))


def enter(visitor, login="anna", password=PASSWORD, **more):
    return visitor.post("/sign-in", {"login": login, "password": password} | more)


def secret_on(page):
    return re.search(r'class="code" translate="no">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def test_where_no_second_factor_is_demanded_the_password_is_enough(at_the_demo):
    people_rows.make()
    at_the_demo.get("/sign-in")
    answer = enter(at_the_demo, next="/me")
    assert answer.location == "/me"
    assert at_the_demo.get("/me").status_code == 200
    assert at_the_demo.get("/sign-in").location == "/"


def test_the_first_time_a_second_factor_is_set_up_and_recovery_codes_are_shown_once(visitor):
    people_rows.make()
    assert enter(visitor, next="/me").location == "/sign-in/enrol?next=%2Fme"
    assert visitor.get("/me").location.startswith("/sign-in")
    page = visitor.get("/sign-in/enrol?next=%2Fme")
    assert "<svg" in page.text
    code = people_rows.code(secret_on(page))
    page = visitor.post("/sign-in/enrol", {"code": code, "next": "/me"})
    assert page.status_code == 200
    assert len(re.findall(r"<li>[^<]{8,}</li>", page.text)) >= 8
    assert 'href="/me"' in page.text
    assert visitor.get("/me").status_code == 200


def test_later_its_code_is_asked_for_and_works_once(visitor):
    secret, _codes = people_rows.enrol(people_rows.make())
    assert enter(visitor).location == "/sign-in/code"
    wrong = visitor.post("/sign-in/code", {"code": "000000"})
    assert wrong.status_code == 422
    assert "Questo codice non è giusto" in words_of(wrong)
    code = people_rows.code(secret, 1)
    assert visitor.post("/sign-in/code", {"code": code}).location == "/"
    other = Visitor(visitor.app)
    enter(other)
    assert other.post("/sign-in/code", {"code": code}).status_code == 422


def test_a_recovery_code_opens_instead(visitor):
    _secret, codes = people_rows.enrol(people_rows.make())
    enter(visitor)
    assert visitor.post("/sign-in/code", {"code": codes[0]}).location == "/"


@pytest.mark.parametrize("step", ["code", "enrol"])
def test_the_second_step_without_the_first_begins_again(visitor, step):
    assert visitor.get(f"/sign-in/{step}").location == "/sign-in"
    assert visitor.post(f"/sign-in/{step}", {"code": "123456"}).location == "/sign-in"


def test_an_unknown_login_and_a_wrong_password_are_refused_in_the_same_words(visitor):
    people_rows.make()
    answers = [enter(visitor, login, "wrong wrong wrong") for login in ("anna", "nobody")]
    assert {answer.status_code for answer in answers} == {422}
    said = [re.sub(r"anna|nobody|[0-9a-f]{64}", "", answer.text) for answer in answers]
    assert said[0] == said[1]
    assert all("wrong wrong" not in answer.text for answer in answers)


def test_who_guesses_on_is_told_to_wait(visitor):
    people_rows.make()
    said = [words_of(enter(visitor, password=f"guess number {n} is wrong")) for n in range(12)]
    assert "Troppi tentativi" in said[-1]
    assert enter(visitor).status_code == 422


def test_signing_in_leads_to_no_other_site(at_the_demo):
    people_rows.make()
    assert enter(at_the_demo, next="https://evil.example/").location == "/"


def test_an_invitation_is_accepted_once_and_one_goes_on_to_the_second_factor(visitor):
    with db.transaction() as session:
        token = accounts.invite(
            session, login="bruno", name="Bruno", roles=[Role.OPERATOR], by="test", locale="en"
        )
    path = accounts.INVITATION_PATH + token
    assert "Welcome, Bruno" in words_of(visitor.get(path, headers={"Accept-Language": "it"}))
    short = visitor.post(path, {"password": "short", "again": "short"})
    assert short.status_code == 422
    assert "short" not in re.sub(r"[^>]*class=[^>]*", "", short.text)
    differ = visitor.post(path, {"password": PASSWORD, "again": PASSWORD + "!"})
    assert differ.status_code == 422
    answer = visitor.post(path, {"password": PASSWORD, "again": PASSWORD})
    assert answer.location == "/sign-in/enrol"
    assert visitor.get(path).status_code == 410
    assert visitor.post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 410


def test_signed_out_is_signed_out_also_with_the_old_cookie(visitor):
    visitor.sign_in()
    old = visitor.cookie("session")
    assert visitor.post("/sign-out").location == "/sign-in"
    visitor.client.set_cookie(visitor.jar.name("session"), old, domain="line.example.org")
    assert visitor.get("/me").location.startswith("/sign-in")


def test_a_message_is_shown_once(visitor):
    visitor.sign_in(locale="en")
    visitor.post("/me/sessions/end")
    assert "You are signed out everywhere else." in words_of(visitor.get("/me"))
    assert "You are signed out everywhere else." not in words_of(visitor.get("/me"))


def test_a_message_that_we_did_not_write_is_not_shown(visitor):
    visitor.sign_in()
    name = visitor.jar.name("notice")
    visitor.client.set_cookie(name, "W1siYmFkIiwgIkNhbGwgaGVyZSJdXQ==." + "0" * 64, domain="line.example.org")
    assert "Call here" not in visitor.get("/me").text
