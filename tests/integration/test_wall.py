"""The wallboard: how the line stands, one event in each answer, screens that show it and nothing else, and nobody's data on it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpline import clock, db
from helpline.alerts.models import AlertRow
from helpline.calls.models import Call
from helpline.console import figures_wall
from helpline.figures import screens, wall
from helpline.figures.models import Screen
from helpline.languages import LANGUAGES
from helpline.live.models import Hold, HoldState
from helpline.people import sessions
from helpline.people.models import AuditLine, SessionRow
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.routing import offers
from helpline.routing.models import Offer, Request
from tests.integration import calls_rows, queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.queue_rows import later

pytestmark = pytest.mark.usefixtures("database")
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(autouse=True)
def _tuesday(database, at, monkeypatch):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    monkeypatch.setattr(figures_wall, "KEPT_SECONDS", 0.0)


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def cora(app):
    return Visitor(app).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def calling(number, language="bn", waits=False):
    """A call that goes on, in this language, perhaps waiting for a person."""
    sid = f"CA{number:032}"
    calls_rows.begin(sid=sid, number=PhoneNumber(f"+39333000{number:04}"))
    with db.transaction() as session:
        call = session.scalars(select(Call).where(Call.sid == sid)).one()
        call.language = language
        if waits:
            session.add(Hold(call_sid=sid, language=language, state=HoldState.WAITING))
    return sid


def picture():
    with db.transaction() as session:
        return wall.picture(session)


def of(code):
    return next(one for one in picture().languages if one.code == code)


def alert(kind="nobody_on_shift", subject="bn", **more):
    with db.transaction() as session:
        row = {
            "kind": kind,
            "subject": subject,
            "about": "",
            "severity": "urgent",
            "facts": {},
            "since": clock.now(),
        }
        session.add(AlertRow(**row | {"raised_at": clock.now(), "seen_at": clock.now()} | more))


def test_calls_that_go_on_and_callers_who_wait_are_counted_by_language_and_the_longest_wait_is_known():
    calling(1, waits=True)
    since = clock.now()
    later(seconds=40)
    calling(2, waits=True)
    calling(3, "ar")
    calling(4, None)
    assert (of("bn").live, of("bn").waiting) == (2, 2)
    assert abs(of("bn").since - since) < timedelta(seconds=20)
    assert (of("ar").live, of("ar").waiting, of("ar").since) == (1, 0, None)
    now = picture()
    assert (now.live, now.choosing, now.waiting, now.since) == (4, 1, 2, of("bn").since)
    calls_rows.status("completed", seconds=9, sid=f"CA{3:032}")
    calls_rows.finish(sid=f"CA{3:032}")
    assert of("ar").live == 0
    later(hours=7)
    assert picture().live == 0  # the end of these was never heard


def test_callbacks_of_today_and_late_ones_offers_that_expire_and_requests_to_look_at_are_counted():
    today = clock.in_rome().date()
    queue_rows.asked("bn", promised_on=today)
    queue_rows.asked("ar", promised_on=today - timedelta(days=1))
    queue_rows.asked("ar", promised_on=today + timedelta(days=1))
    assert (picture().due, picture().late) == (1, 1)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=2, regions=["lazio"])
        routing_rows.requests(session, language="ar", region="lazio")
    offers.sweep_waiting()
    with db.transaction() as session:
        other = routing_rows.requests(session, language="ar", region="lazio")[0].id
        session.execute(update(Request).where(Request.id == other).values(state="needs_person"))
    assert picture().requests == 1 and picture().offers == 0
    with db.transaction() as session:
        session.execute(update(Offer).values(expires_at=clock.now() + timedelta(minutes=90)))
    assert picture().offers == 1


def test_the_page_shows_every_language_in_its_script_what_is_broken_and_nobodys_data(cora):
    calling(777, waits=True)
    alert()
    page = cora.get("/wall")
    markup, words = page.get_data(as_text=True), words_of(page)
    assert page.status_code == 200
    assert all(language.own_name in words for language in LANGUAGES)
    assert "nobody" in words.lower() and "Nothing is broken" not in words
    assert "0000777" not in markup and "777" not in re.sub(r"\d{10}", "", words) and "CA000" not in markup
    assert "Cora" not in markup and "cora" not in markup
    assert "style=" not in markup and "<script>" not in markup
    assert '<noscript><meta http-equiv="refresh"' in markup


def test_news_come_one_in_each_answer_and_where_nothing_changed_only_the_time(cora):
    first = cora.get("/wall/events", headers=STREAM)
    told = first.get_data(as_text=True)
    assert first.mimetype == "text/event-stream" and first.headers["Cache-Control"] == "no-store"
    assert told.startswith("retry: 3000\nevent: picture\nid: ") and told.endswith("\n\n")
    assert all(re.match(r"(retry|event|id|data): ", line) for line in told.strip().split("\n"))
    name = re.search("^id: (.*)$", told, re.MULTILINE)[1]
    again = cora.get("/wall/events", headers=STREAM | {"Last-Event-ID": name}).get_data(as_text=True)
    assert again.startswith("retry: 3000\nevent: same\ndata: ") and len(again) < 80
    calling(1, waits=True)
    changed = cora.get("/wall/events", headers=STREAM | {"Last-Event-ID": name}).get_data(as_text=True)
    assert "event: picture" in changed and 'class="waits"' in changed


def test_the_same_picture_serves_all_screens_for_a_moment(cora, monkeypatch):
    monkeypatch.setattr(figures_wall, "KEPT_SECONDS", 3600.0)
    cora.get("/wall")
    calling(1, waits=True)
    assert 'class="waits"' not in cora.get("/wall/events", headers=STREAM).get_data(as_text=True)
    assert 'class="waits"' in cora.get("/wall").get_data(as_text=True)


def test_a_page_that_asks_for_news_by_itself_keeps_nobody_signed_in(cora):
    def seen():
        with db.transaction() as session:
            return session.scalars(select(SessionRow.seen_at)).one()

    before = seen()
    later(minutes=10)
    assert cora.get("/wall/events", headers=STREAM).status_code == 200
    assert seen() == before
    later(seconds=sessions.IDLE.total_seconds())
    assert cora.get("/wall/events", headers=STREAM).status_code == 303


def connected(app, cora, name="Sala operatori"):
    """A browser that a coordinator connected: it shows the wallboard."""
    page = cora.post("/wall/screens", {"name": name})
    link = re.search(r"/wall/screen/[\w-]+", page.get_data(as_text=True))[0]
    browser = Visitor(app)
    assert browser.get(link).status_code == 200
    answer = browser.post(link)
    assert (answer.status_code, answer.location) == (303, "/wall/screen")
    return browser, link


def test_a_screen_is_connected_by_a_link_that_works_once_and_shows_the_wallboard_for_weeks(app, cora):
    browser, link = connected(app, cora)
    assert "বাংলা" in browser.get("/wall/screen").get_data(as_text=True)
    assert browser.get("/wall/screen/events", headers=STREAM).status_code == 200
    other = Visitor(app)
    assert other.get(link).status_code == other.post(link).status_code == 410
    assert other.get("/wall/screen").status_code == 410
    for _ in range(6):
        later(hours=13 * 24)
        assert browser.get("/wall/screen/events", headers=STREAM).status_code == 200


def test_a_screen_sees_nothing_else_and_nobody_is_signed_in_there(app, cora):
    browser, _ = connected(app, cora)
    for path in ("/wall", "/wall/events", "/wall/screens", "/figures", "/callbacks", "/me"):
        answer = browser.get(path)
        assert answer.status_code == 303 and "/sign-in" in answer.location, path


def test_a_screen_is_ended_by_a_coordinator_by_its_time_and_by_being_off_for_long(app, cora):
    browser, _ = connected(app, cora)
    with db.transaction() as session:
        screen_id = session.scalars(select(Screen.id)).one()
    assert "Sala operatori" in words_of(cora.get("/wall/screens"))
    assert cora.post(f"/wall/screens/{screen_id}/end").status_code == 303
    assert browser.get("/wall/screen").status_code == 410
    assert browser.get("/wall/screen/events", headers=STREAM).status_code == 204
    assert cora.post(f"/wall/screens/{screen_id}/end").status_code == 404
    silent, _ = connected(app, cora, "off")
    later(seconds=screens.UNSEEN.total_seconds() + 60)
    assert silent.get("/wall/screen").status_code == 410


def test_who_made_connected_and_ended_a_screen_is_in_the_audit_and_no_token_is(app, cora):
    connected(app, cora)
    with db.transaction() as session:
        screen = session.scalars(select(Screen)).one()
        screens.end(session, screen.id, cora.who)
        about = f"screen {screen.id}"
        lines = session.execute(
            select(AuditLine.who, AuditLine.what, AuditLine.details)
            .where(AuditLine.about == about).order_by(AuditLine.id)
        ).all()  # fmt: skip
    assert [(who, what) for who, what, _ in lines] == [
        (cora.who.in_audit, "added"), (about, "connected"), (cora.who.in_audit, "ended"),
    ]  # fmt: skip
    assert all(not details for *_, details in lines)
    assert re.fullmatch(r"[0-9a-f]{32,}", screen.token_hash)


def test_there_are_twenty_screens_at_most_and_another_when_one_is_ended_or_its_link_is_over(cora):
    for number in range(20):
        assert cora.post("/wall/screens", {"name": f"hall {number}"}).status_code == 200
    over = cora.post("/wall/screens", {"name": "one more"})
    assert over.status_code == 422 and "There are 20 screens already: end one first." in words_of(over)
    with db.transaction() as session:
        first = screens.listed(session)[-1].id
        assert len(screens.listed(session)) == 20
    assert cora.post(f"/wall/screens/{first}/end").status_code == 303
    assert cora.post("/wall/screens", {"name": "one more"}).status_code == 200
    assert cora.post("/wall/screens", {"name": "and another"}).status_code == 422
    later(hours=25)
    with db.transaction() as session:
        assert screens.make(session, "and another", cora.who)


def test_a_link_that_nobody_opened_for_a_day_connects_nothing(app, cora):
    for wrong in ("call 333 0000001", "x" * 61, ""):
        assert cora.post("/wall/screens", {"name": wrong}).status_code == 422
    page = cora.post("/wall/screens", {"name": "hall"})
    link = re.search(r"/wall/screen/[\w-]+", page.get_data(as_text=True))[0]
    later(hours=25)
    assert Visitor(app).get(link).status_code == Visitor(app).post(link).status_code == 410
