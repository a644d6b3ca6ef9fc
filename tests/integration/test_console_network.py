"""The network's pages: signals, Focal Points, information sessions; who sees which, and what is written down."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import db, line
from helpline.callbacks.models import Callback
from helpline.console import network
from helpline.intake import signals
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.routing import focal_points
from helpline.routing.network_models import FocalPoint, InformationSession, Signal
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.intake_rows import count, save
from tests.integration.test_signals import NUMBER, send

pytestmark = pytest.mark.usefixtures("database")
POINT = {
    "name": "Anna Bianchi",
    "organisation": "Comune di Roma",
    "regions": ["lazio", "umbria"],
    "telephone": "06 5550 0222",
    "email": "anna@example.org",
    "hours": "9-13",
}
SESSION = {
    "day": "2026-11-20",
    "kind": "information",
    "place": "=Milano",
    "region": "lombardia",
    "audience": "reception",
    "people": "25",
    "brochures": "40",
    "held_by": "Associazione",
}


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def boss(app):
    return Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")


def only(model):
    with db.transaction() as session:
        return session.scalars(select(model)).one()


def audit():
    with db.transaction() as session:
        return [(one.what, one.about) for one in session.scalars(select(AuditLine).order_by(AuditLine.id))]


def test_a_coordinator_is_warned_of_a_flood_and_puts_a_person_in_the_queue(boss, monkeypatch):
    assert "came at once" not in words_of(boss.get("/network"))
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 0})
    send()
    warned = words_of(boss.get("/network"))
    assert "Very many signals came at once without an account: 1 is kept" in warned
    assert "waits for somebody to look at it" in warned
    assert boss.post(f"/network/signals/{only(Signal).id}/again").status_code == 303
    assert only(Callback).state == "waiting"
    assert "came at once" not in words_of(boss.get("/network"))


def test_a_flood_is_closed_at_once_with_a_reason_but_for_children_and_what_came_since(boss, monkeypatch):
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 0})
    for number in range(4):
        send(nonce=str(number), number=PhoneNumber(f"+39333000000{number}"), address="", minor=number == 1)
    page = boss.get("/network?show=kept")
    upto = re.search(r'name="upto" value="(\d+)"', page.text)[1]
    send(nonce="later", number=PhoneNumber("+393330000009"), address="")
    where = "/network/signals/close-flood"
    assert boss.post(where, {"upto": upto, "why": ""}).status_code == 422
    assert boss.post(where, {"upto": "9" * 30, "why": "x"}).status_code == 422
    assert boss.post(where, {"upto": upto, "why": "all alike, from one script"}).status_code == 303
    with db.transaction() as session:
        rows = [(one.closed_why, one.number) for one in session.scalars(select(Signal).order_by(Signal.id))]
    assert [why for why, _ in rows] == [
        "all alike, from one script",
        None,
        *["all alike, from one script"] * 2,
        None,
    ]
    assert [number is None for _, number in rows] == [True, False, True, True, False]
    assert audit()[-1] == ("closed_flood", "signals")


def test_lists_of_the_network_go_on_beyond_the_first_page(boss, monkeypatch):
    monkeypatch.setattr(network, "PAGE", 2)
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 3})
    for number in range(6):
        send(
            nonce=str(number),
            number=PhoneNumber(f"+39333000000{number}"),
            organisation=f"Ufficio {number}",
            address="",
            minor=number in (4, 5),
        )
        save(
            f"CA{number}",
            {
                "number": f"+39333000001{number}",
                "number_proved": True,
                "window": "any",
                "topic": "office",
                "region": "lazio",
            },
        )

    def walked(path, pattern):
        found = []
        while path:
            page = boss.get(path)
            found.append(re.findall(pattern, page.text))
            onward = re.search(r'rel="next" href="([^"]+)"', page.text)
            path = onward and onward[1].replace("&amp;", "&")
        return found

    assert walked("/network", r"Ufficio (\d)") == [["5", "4"], ["3", "2"], ["1", "0"]]
    assert walked("/network?show=kept", r"Ufficio (\d)") == [["5", "4"], ["3"]], (
        "children stand first on every page"
    )
    assert [len(page) for page in walked("/network/offices", r'href="/callbacks/(\d+)"')] == [2, 2, 2]
    assert "Ufficio 5" in boss.get("/network?before=x").text


def test_a_coordinator_sees_all_signals_and_sees_to_those_that_cannot_be_called(boss):
    send()
    save("CA9", {"number": "+393330000002", "number_proved": False, "window": "any"})
    send(nonce="two", number=PhoneNumber("+393330000002"), organisation="Centro, Milano", region=None)
    page = boss.get("/network")
    assert (
        "Sportello, Roma" in page.text and "Centro, Milano" in page.text and NUMBER.e164[3:] not in page.text
    )
    kept = boss.get("/network?show=kept")
    assert "Centro, Milano" in kept.text and "Sportello, Roma" not in kept.text
    with db.transaction() as session:
        one = session.scalars(select(Signal).where(Signal.organisation == "Centro, Milano")).one()
    assert "It still cannot be rung." in words_of(
        boss.client.get(
            boss.post(f"/network/signals/{one.id}/again").location, base_url="https://line.example.org"
        )
    )
    assert boss.post(f"/network/signals/{one.id}/close", {"why": ""}).status_code == 422
    assert boss.post(f"/network/signals/{one.id}/close", {"why": "they called us"}).status_code == 303
    assert "they called us" in boss.get(f"/network?reference={one.reference}").text
    assert ("closed", f"signal {one.id}") in audit()


def test_the_contact_of_who_signalled_is_shown_with_a_reason(boss):
    send()
    signal = only(Signal)
    assert "06 5550 0000" not in boss.get("/network").text
    missing = boss.post(f"/network/signals/{signal.id}/contact", {"why": ""})
    assert (
        missing.status_code == 422 and f'<dialog id="contact-{signal.id}" class="dialog" open' in missing.text
    )
    assert f'aria-describedby="why-contact-{signal.id}-error"' in missing.text
    assert (
        boss.post(f"/network/signals/{signal.id}/contact", {"why": "333 0000001 called"}).status_code == 422
    )
    shown = boss.post(f"/network/signals/{signal.id}/contact", {"why": "a question"})
    assert shown.status_code == 200 and "06 5550 0000" in shown.text
    assert audit()[-1] == ("revealed", f"signal {signal.id}")


def test_a_focal_point_sees_the_adults_of_their_own_regions_alone(app, boss):
    point = Visitor(app).sign_in("bianca", roles=(Role.FOCAL_POINT,), locale="en")
    assert "belongs to no Focal Point yet" in words_of(point.get("/network"))
    answer = boss.post("/network/focal-points/new", POINT | {"login": "bianca"})
    assert answer.status_code == 303
    send()
    send(nonce="2", number=PhoneNumber("+393330000002"), region="veneto", organisation="Venezia")
    send(nonce="3", number=PhoneNumber("+393330000003"), minor=True, organisation="Minori")
    page = point.get("/network")
    assert "Sportello, Roma" in page.text and "Venezia" not in page.text and "Minori" not in page.text
    assert "/callbacks/" not in page.text
    with db.transaction() as session:
        other = session.scalars(select(Signal.id).where(Signal.organisation == "Venezia")).one()
    assert point.post(f"/network/signals/{other}/contact", {"why": "x"}).status_code == 404


def test_the_sheet_of_a_callback_says_who_signalled_and_whose_region_it_is(boss):
    boss.post("/network/focal-points/new", POINT)
    told = send()
    page = words_of(boss.get(f"/callbacks/{only(Callback).id}"))
    for said in (
        "Signalled by",
        "Sportello, Roma",
        told.reference,
        "without an account",
        "Anna Bianchi",
        "0655500222",
    ):
        assert said in page
    assert "somebody signalled them" in page and told.code not in page and "06 5550 0000" not in page


def test_a_focal_point_is_added_said_changed_and_ended(boss):
    wrong = boss.post(
        "/network/focal-points/new",
        POINT | {"telephone": "12", "email": "x", "login": "nobody", "regions": "nowhere"},
    )
    said = words_of(wrong)
    assert wrong.status_code == 422 and count(FocalPoint) == 0
    for text in (
        "Give the digits to dial",
        "Give an address such as",
        "There is no account",
        "Choose at least one",
    ):
        assert text in said
    boss.post("/network/focal-points/new", POINT)
    boss.post(
        "/network/focal-points/new",
        POINT | {"name": "Anna  Bianchi!", "regions": "*", "telephone": "0655500333"},
    )
    line.forget()
    assert line.current().focal_phone("umbria") == "0655500222"
    assert line.current().focal_phone("sicilia") == "0655500333"
    page = boss.get("/network/focal-points")
    assert 'href="/network/focal-points/anna-bianchi"' in page.text and "anna-bianchi-2" in page.text
    boss.post("/network/focal-points/anna-bianchi", POINT | {"telephone": "0655500444"})
    boss.post("/network/focal-points/anna-bianchi-2/end")
    line.forget()
    assert (line.current().focal_phone("lazio"), line.current().focal_phone("sicilia")) == (
        "0655500444",
        None,
    )
    assert boss.get("/network/focal-points/anna-bianchi-2").status_code == 404
    assert [what for what, _ in audit()][-4:] == ["changed_focal_point"] * 3 + ["ended_focal_point"]
    assert "No Focal Point of their own" in words_of(boss.get("/network/focal-points"))


def test_sessions_are_noted_listed_exported_and_put_right(app, boss):
    wrong = boss.post("/network/sessions", SESSION | {"people": "many", "day": "", "audience": ""})
    assert wrong.status_code == 422 and wrong.text.count('aria-invalid="true"') == 3
    assert boss.post("/network/sessions", SESSION).status_code == 303
    page = boss.get("/network/sessions?from=2026-01-01&to=2026-12-31")
    assert "=Milano" in page.text and "25 people" in words_of(page) and "40 sheets given" in words_of(page)
    table = boss.get("/network/sessions.csv?from=2026-01-01&to=2026-12-31")
    assert table.mimetype == "text/csv"
    assert (
        table.text.splitlines()[1]
        == "2026-11-20,information,'=Milano,Lombardia,staff of reception centres,25,40,Associazione,Chiara"
    )
    assert len(boss.get("/network/sessions.csv?from=2025-01-01&to=2025-12-31").text.splitlines()) == 1
    assert '<option value="lombardia" selected>' in boss.get("/network/sessions?region=lombardia").text
    noted = only(InformationSession)
    point = Visitor(app).sign_in("bianca", roles=(Role.FOCAL_POINT,), locale="en")
    assert "=Milano" in point.get("/network/sessions?from=2026-01-01&to=2026-12-31").text
    assert point.post(f"/network/sessions/{noted.id}", SESSION).status_code == 404, "another's"
    assert boss.get(f"/network/sessions/{noted.id}").status_code == 200
    boss.post(f"/network/sessions/{noted.id}", SESSION | {"people": "30", "region": ""})
    assert (only(InformationSession).people, only(InformationSession).region) == (30, None)
    boss.post(f"/network/sessions/{noted.id}/remove")
    assert count(InformationSession) == 0
    told = [what for what, about in audit() if about.startswith("information_session")]
    assert told == ["noted", "changed", "removed"]


def test_focal_points_know_their_regions(boss):
    boss.post("/network/focal-points/new", POINT)
    with db.transaction() as session:
        assert [row.id for row in focal_points.of_region(session, "lazio")] == ["anna-bianchi"]
        assert focal_points.of_region(session, "sicilia") == []
        assert focal_points.regions_of(session, boss.who.id) == ()


def test_sessions_are_totalled_by_month_kind_and_region_for_the_reports(boss):
    for changes in (
        {"day": "2026-10-02", "region": "lazio", "people": "10", "brochures": "1"},
        {"day": "2026-10-30", "region": "lazio", "people": "5", "brochures": "2"},
        {"day": "2026-10-30", "region": "", "people": "7", "brochures": "0"},
        {"day": "2026-11-01", "region": "lazio", "kind": "training", "people": "3", "brochures": "4"},
        {"day": "2025-10-01", "region": "lazio"},
    ):
        assert boss.post("/network/sessions", SESSION | changes).status_code == 303
    period = "from=2026-10-01&to=2026-11-30"
    answer = boss.get(f"/network/session-totals.csv?{period}")
    assert (
        answer.mimetype == "text/csv" and "session-totals-2026-10-01" in answer.headers["Content-Disposition"]
    )
    assert answer.text.lstrip("\ufeff").splitlines() == [
        "Month,Kind,Region,Meetings,How many people,Information sheets given",
        "2026-10,information,Lazio,2,15,3",
        "2026-10,information,,1,7,0",
        "2026-11,training,Lazio,1,3,4",
    ]
    assert "2026-10,information,,1" not in boss.get(f"/network/session-totals.csv?{period}&region=lazio").text
    assert "session-totals.csv" in boss.get(f"/network/sessions?{period}").text
