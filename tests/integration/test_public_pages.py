"""The public form and the information sheet: in nine languages, without an account, without a script."""

import base64
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.callbacks.models import Callback
from helpline.console.public_words import spoken, words
from helpline.intake import signals
from helpline.intake.models import Ask
from helpline.languages import CODES
from helpline.people.roles import Role
from helpline.routing import focal_points
from helpline.routing.network_models import Signal
from tests.integration import queue_rows
from tests.integration.console_visits import HTTPS, Visitor, application, words_of
from tests.integration.intake_rows import count

pytestmark = pytest.mark.usefixtures("database")
TYPED = {
    "organisation": "Sportello, Roma",
    "contact": "sportello@example.org",
    "agreed": "yes",
    "number": "333 0000001",
    "language": "bn",
    "window": "any",
    "age": "adult",
    "region": "lazio",
}


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def visitor(app):
    return Visitor(app)


def opened(visitor, tongue="it", seconds=5):
    """The page's own token and seal, as a browser holds them some seconds after it was opened."""
    page = visitor.get(f"/signal/{tongue}")
    clock.set_offset(clock.offset() + timedelta(seconds=seconds))
    return hidden(page)


def hidden(page):
    return dict(re.findall(r'<input type="hidden" name="(csrf|form)" value="([^"]+)"', page.text))


def send(visitor, tongue="it", seconds=5, **changes):
    fields = opened(visitor, tongue, seconds) | TYPED | changes
    return visitor.client.post(f"/signal/{tongue}", base_url=HTTPS, data=fields)


def test_the_form_and_what_is_told_are_in_the_pages_language(visitor):
    for place, tongue in enumerate(CODES):
        page = visitor.get(f"/signal/{tongue}")
        own = words(tongue)
        assert f'dir="{"rtl" if tongue == "ar" else "ltr"}"' in page.text.split("<head>")[0]
        assert own["title"] in page.text and "<script" not in page.text and "None" not in page.text
        assert spoken(tongue, "region_lazio") in unescape(page.text)
        wrong = send(visitor, tongue, number="0044 20 7946 0000", agreed="", organisation="")
        said = words_of(wrong)
        assert wrong.status_code == 422 and count(Signal) == place
        told = (own["faults"], own["missing"], own["must_agree"], spoken(tongue, "number_foreign"))
        assert all(text in said for text in told)
        saved = send(visitor, tongue, number=f"333 000000{place}")
        with db.transaction() as session:
            code = session.scalars(select(Ask).order_by(Ask.id.desc()).limit(1)).one().code
        assert saved.status_code == 200 and own["code_hint"] in words_of(saved) and code in words_of(saved)


def test_the_form_goes_to_the_readers_language(visitor):
    assert visitor.get("/signal", headers={"Accept-Language": "bn,en;q=0.5"}).location == "/signal/bn"
    assert visitor.get("/sheet", headers={"Accept-Language": "de"}).location == "/sheet/it"
    assert visitor.get("/signal/de").status_code == 404


def test_everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(visitor):
    page = visitor.client.post(
        "/signal/en", base_url=HTTPS, data=opened(visitor, "en") | {"contact": "?", "organisation": "x" * 121}
    )
    said = words_of(page)
    own = words("en")
    assert page.status_code == 422 and count(Signal) == 0
    for text in (
        own["contact_wrong"],
        own["too_long"].format(most=120),
        own["must_agree"],
        own["missing"],
        own["choose"],
    ):
        assert text in said
    assert page.text.count('aria-invalid="true"') == 8 and "x" * 121 in page.text
    again = send(visitor, "en", seconds=0, contact="?")
    assert again.status_code == 422 and own["too_fast"] in words_of(again)


@pytest.mark.parametrize(
    ("number", "prompt"),
    [
        ("800 200 071", "number_special"),
        ("112", "number_short"),
        ("06 1", "number_short"),
        ("+39 06 5550 0000", "number_special"),
    ],
)
def test_only_numbers_that_may_be_rung_are_taken(visitor, number, prompt):
    page = send(visitor, number=number)
    assert page.status_code == 422 and spoken("it", prompt) in words_of(page)


def test_a_form_sent_at_once_or_with_the_trap_filled_or_forged_is_not_saved(visitor):
    assert send(visitor, seconds=1).status_code == 422
    trapped = send(visitor, website="https://example.org")
    assert trapped.status_code == 422 and words("it")["leave_empty"] in words_of(trapped)
    forged = visitor.client.post(
        "/signal/it", base_url=HTTPS, data=opened(visitor) | TYPED | {"form": "WyJ4IiwgMF0=.0"}
    )
    assert forged.status_code == 422 and words("it")["too_old"] in words_of(forged)
    old = send(visitor, seconds=13 * 3600)
    assert old.status_code == 422 and count(Signal) == 0
    answer = visitor.client.post("/signal/it", base_url=HTTPS, data=hidden(old) | TYPED)
    assert answer.status_code == 200 and count(Signal) == 1, "what came back with a fault may be sent at once"


def test_the_token_against_other_sites_seals_no_form(visitor):
    text = base64.urlsafe_b64encode(json.dumps(["mine", 0]).encode()).decode()
    visitor.client.set_cookie("__Host-visitor", text, domain="line.example.org", secure=True)
    token = hidden(visitor.get("/signal/it"))["csrf"]
    made = {"csrf": token, "form": text + "." + token}
    assert words("it")["too_old"] in words_of(
        visitor.client.post("/signal/it", base_url=HTTPS, data=made | TYPED)
    )
    since = clock.now().timestamp() - 10
    text = base64.urlsafe_b64encode(json.dumps(["mine", since]).encode()).decode()
    visitor.client.set_cookie("__Host-visitor", text, domain="line.example.org", secure=True)
    token = hidden(visitor.get("/signal/it"))["csrf"]
    made = {"csrf": token, "form": text + "." + token}
    assert visitor.client.post("/signal/it", base_url=HTTPS, data=made | TYPED).status_code == 422
    assert count(Signal) == 0


def test_a_form_of_another_site_or_without_our_cookie_is_not_saved_and_can_be_sent_again(visitor, app):
    fields = opened(visitor) | TYPED
    stranger = Visitor(app)
    for who, headers in ((stranger, {}), (visitor, {"Sec-Fetch-Site": "cross-site"})):
        answer = who.client.post("/signal/it", base_url=HTTPS, data=fields, headers=headers)
        assert answer.status_code == 400 and words("it")["too_old"] in words_of(answer)
        assert "sportello@example.org" in answer.text and count(Signal) == 0
    again = visitor.client.post("/signal/it", base_url=HTTPS, data=hidden(answer) | TYPED)
    assert again.status_code == 200, "what came back with the fault may be sent"


def test_sent_twice_it_is_saved_once_and_told_the_same(visitor):
    fields = opened(visitor) | TYPED
    first, second = (visitor.client.post("/signal/it", base_url=HTTPS, data=fields) for _ in range(2))
    assert re.findall(r'"told[^>]*><bdi[^>]*>([^<]+)', first.text) == re.findall(
        r'"told[^>]*><bdi[^>]*>([^<]+)', second.text
    )
    assert count(Signal) == 1


def test_too_many_are_told_so_in_the_pages_language(visitor, monkeypatch):
    monkeypatch.setattr(signals, "OF_ADDRESS", {timedelta(hours=1): 0})
    from_there = {"X-Forwarded-For": "198.51.100.7"}
    fields = opened(visitor, "uk") | TYPED
    page = visitor.client.post("/signal/uk", base_url=HTTPS, data=fields, headers=from_there)
    assert page.status_code == 429 and words("uk")["too_often"] in words_of(page)
    assert "sportello@example.org" in page.text


def test_in_a_flood_the_page_says_what_it_always_says(visitor, monkeypatch):
    def told(number):
        page = send(visitor, "uk", number=number)
        return page.status_code, re.sub(r"\d{4}|[A-Z2-9]{4}-[A-Z2-9]{4}|[\w.-]{40,}", "…", words_of(page))

    before = told("333 0000001")
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 0})
    assert told("333 0000002") == before and before[0] == 200
    assert count(Signal) == 2 and count(Callback) == 1


def test_with_the_database_gone_what_was_typed_is_still_there(visitor, monkeypatch):
    def gone(*_):
        raise RuntimeError("gone")

    fields = opened(visitor, "fr") | TYPED
    monkeypatch.setattr(signals, "save", gone)
    page = visitor.client.post("/signal/fr", base_url=HTTPS, data=fields)
    assert page.status_code == 503 and words("fr")["unavailable"] in words_of(page)
    assert "sportello@example.org" in page.text


def test_a_time_of_day_at_which_nobody_calls_in_that_language_is_not_taken(visitor, at):
    at(queue_rows.TUESDAY)
    queue_rows.always(9, 13)
    page = send(visitor, window="evening")
    assert page.status_code == 422 and words("it")["window_closed"] in words_of(page)
    assert send(visitor, window="morning").status_code == 200


def test_a_child_needs_no_region_and_the_focal_point_is_named_to_who_signals_an_adult(visitor):
    with db.transaction() as session:
        point = {
            "name": "Rete Lazio",
            "organisation": "Comune",
            "regions": ["lazio"],
            "telephone": "0655500222",
        }
        focal_points.save(session, "lazio", point | {"email": None, "hours": "9-13"}, who="test")
    child = send(visitor, age="minor", region="")
    assert child.status_code == 200 and "Rete Lazio" not in child.text
    with db.transaction() as session:
        assert session.scalars(select(Callback)).one().priority == "minor"
    assert "0655500222" in send(visitor, number="333 0000002").text
    assert "Rete Lazio" not in send(visitor, number="333 0000003", region="unknown").text


def test_who_is_signed_in_signals_under_their_own_name(app):
    member = Visitor(app).sign_in("anna", name="Anna", roles=(Role.COORDINATOR,))
    assert words("it")["signed_in"].format(name="Anna") in words_of(member.get("/signal/it"))
    assert send(member).status_code == 200
    with db.transaction() as session:
        assert session.scalars(select(Signal)).one().person_id == member.who.id


def test_the_sheet_says_what_the_line_says_and_is_one_page_of_pdf(visitor, at):
    at("2026-11-24 10:00")
    for tongue in CODES:
        said = unescape(visitor.get(f"/sheet/{tongue}").text)
        for prompt in ("welcome", "info_what", "info_who_not", "info_effects", "info_data"):
            assert spoken(tongue, prompt) in said
        assert "800 000 000" in said and "2026" in said and words(tongue)["sheet_title"] in said
        made = visitor.get(f"/sheet/{tongue}.pdf")
        assert (made.status_code, made.mimetype) == (200, "application/pdf")
        assert made.data.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", made.data)) == 1
