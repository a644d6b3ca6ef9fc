"""What all pages of the console have in common: forms that are ours, headers, languages, errors without a trace."""

import re

import pytest

from helpline.config import Settings
from helpline.console import access, files, signing_in
from helpline.people import sessions
from helpline.people.roles import Role
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def visitor(app):
    return Visitor(app)


def test_a_page_keeps_to_itself(visitor):
    answer = visitor.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {source for part in policy.split(";") for source in part.split()[1:]} == {"'none'", "'self'"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "microphone=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"""\s(style|on[a-z]+)=["']|<style|<script(?! src)|["'](https?:)?//""", answer.text)


def test_cookies_are_this_hosts_alone_and_no_scripts(visitor):
    visitor.get("/sign-in")
    [cookie] = visitor.get("/", follow_redirects=False).headers.getlist("Set-Cookie") or [
        Visitor(visitor.app).get("/sign-in").headers["Set-Cookie"]
    ]
    assert cookie.startswith("__Host-")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_without_https_cookies_and_headers_do_not_pretend(environ):
    plain = Settings.from_env(environ | {"HELPLINE_PUBLIC_URL": "http://127.0.0.1:8000"})
    answer = application(plain).test_client().get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("visitor=")
    assert "Secure" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("token", ["", "x" * 64])
def test_a_form_that_is_not_ours_changes_nothing(visitor, token):
    visitor.sign_in()
    answer = visitor.post("/me", {"name": "Mallory", "locale": "it"}, token=token)
    assert answer.status_code == 400
    assert "Mallory" not in visitor.get("/me").text


def test_somebody_elses_token_does_not_fit(app):
    anna, bruno = Visitor(app).sign_in("anna"), Visitor(app).sign_in("bruno")
    assert anna.post("/me/sessions/end", token=bruno.token()).status_code == 400
    assert anna.post("/me/sessions/end").status_code == 303


def test_a_form_sent_by_another_site_is_refused_even_with_its_token(visitor):
    visitor.sign_in()
    answer = visitor.post("/me/sessions/end", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400


def test_htmx_brings_the_token_in_a_header(visitor):
    visitor.sign_in()
    headers = {access.CSRF_HEADER: visitor.token()}
    answer = visitor.client.post("/me/sessions/end", base_url="https://line.example.org", headers=headers)
    assert answer.status_code == 303


def test_every_form_on_a_page_carries_the_token(visitor):
    visitor.sign_in(roles=(Role.ADMINISTRATOR,))
    for path in ("/me", "/people", "/people/invite", f"/people/{visitor.who.id}", "/style"):
        page = visitor.get(path).text
        forms = re.findall(r'<form method="post".*?</form>', page, re.DOTALL)
        assert forms, path
        assert all(visitor.token() in form for form in forms), path


def test_pages_speak_as_the_account_says_then_as_was_chosen_then_as_the_browser_asks(app):
    visitor = Visitor(app)
    assert "Entra" in words_of(visitor.get("/sign-in"))
    assert "Sign in" in words_of(visitor.get("/sign-in", headers={"Accept-Language": "en-GB,fr;q=0.8"}))
    assert visitor.post("/language", {"language": "en", "next": "/sign-in"}).location == "/sign-in"
    assert "Sign in" in words_of(visitor.get("/sign-in", headers={"Accept-Language": "it"}))
    page = visitor.sign_in(locale="it").get("/me")
    assert 'lang="it"' in page.text
    assert "Il mio account" in words_of(page)


def test_the_switch_of_language_leads_to_no_other_site(visitor):
    for where in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "/a\nb"):
        assert visitor.post("/language", {"language": "en", "next": where}).location == "/"


def test_moments_are_romes_and_digits_are_latin(visitor, at):
    at("2026-12-24 17:59")
    visitor.sign_in(locale="it")
    assert "oggi 17:59" in words_of(visitor.get("/me"))


def test_text_from_right_to_left_is_set_apart(visitor):
    page = visitor.get("/style").text
    assert '<bdi lang="ar" dir="rtl">' in page
    assert '<bdi lang="bn" dir="ltr">' in page


def test_what_is_not_there_is_said_in_ones_language_and_machines_get_their_plain_words(visitor):
    answer = visitor.get("/nowhere", headers={"Accept-Language": "it"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Questa pagina non c’è" in words_of(answer)
    assert visitor.get("/voice/nowhere").mimetype == "text/plain"


def test_what_is_too_large_is_said_as_such(visitor):
    visitor.sign_in(locale="en")
    answer = visitor.post("/me", {"name": "x" * 70_000})
    assert answer.status_code == 413
    assert "larger than this page accepts" in words_of(answer)


def test_what_breaks_gives_nothing_away(visitor, monkeypatch, caplog):
    visitor.sign_in(locale="en")

    def broken(*_words, **_more):
        raise RuntimeError("with a secret in it")

    monkeypatch.setattr(sessions, "listed", broken)
    answer = visitor.get("/me")
    assert answer.status_code == 500
    assert "Something went wrong" in words_of(answer)
    assert "secret" not in answer.text + caplog.text


def test_a_database_that_is_down_is_said_as_such(visitor, settings):
    from helpline import db

    visitor.sign_in(locale="it")
    db.connect(
        settings, database_url="postgresql+psycopg://nobody@127.0.0.1:9/none", redis_url="redis://127.0.0.1:9"
    )
    answer = visitor.get("/me", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "cannot reach its data" in words_of(answer)


def test_files_are_kept_for_ever_under_an_address_of_their_version(visitor):
    page = visitor.get("/sign-in").text
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(found) >= 4
    for address in found:
        assert files.version() in address
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
    assert "immutable" not in visitor.get("/static/another/console.css").headers["Cache-Control"]
    assert visitor.get(f"/static/{files.version()}/../access.py").status_code == 404


def test_a_page_that_looks_by_itself_keeps_no_session_open(visitor, at):
    at("2026-12-24 09:00")
    visitor.sign_in()
    live = {access.LIVE_HEADER: "1"}
    for minutes in (10, 20, 29):
        at(f"2026-12-24 09:{minutes}")
        assert visitor.get("/me", headers=live).status_code == 200
    at("2026-12-24 09:31")
    assert visitor.get("/me", headers=live).status_code == 303


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(visitor):
    answer = visitor.get("/me", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_who_wanted_a_page_comes_back_to_it_after_signing_in(visitor):
    assert visitor.get("/me").location == "/sign-in?next=/me"
    assert visitor.get("/").location == "/sign-in"


def test_the_style_guide_is_not_there_with_a_real_carrier(environ):
    real = Settings.from_env(environ | {"TWILIO_API_URL": "https://api.twilio.com"})
    assert application(real).test_client().get("/style").status_code == 404


def test_a_webhook_costs_the_console_nothing(settings, monkeypatch):
    from helpline import create_app

    def never(*_words, **_more):
        raise AssertionError("the console was asked")

    app = create_app(settings)
    for name in ("console_jar", "console_settings"):
        app.extensions[name] = None
    monkeypatch.setattr(access, "current", never)
    assert app.test_client().post("/voice/incoming").status_code == 403
    assert app.test_client().get("/health/live").status_code == 200


def test_guesses_are_counted_by_the_address_that_our_web_server_names(app):
    def client_of(peer, named):
        with app.test_request_context(
            "/sign-in",
            environ_base={"REMOTE_ADDR": peer},
            headers={"X-Forwarded-For": named} if named else {},
        ):
            return signing_in.address()

    assert client_of("127.0.0.1", "203.0.113.9, 198.51.100.7") == "198.51.100.7"
    assert client_of("198.51.100.8", "203.0.113.9") == "198.51.100.8", "a stranger may write what they like"
    assert client_of("127.0.0.1", "") == "127.0.0.1"
