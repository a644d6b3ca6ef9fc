"""A verified service or association signals people from a page of its own, and sees whether they were called; no more."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.callbacks import barring, desk, queue
from helpline.callbacks.models import Callback
from helpline.intake import asks, signals
from helpline.intake.models import Ask
from helpline.people import accounts, register
from helpline.people.models import AuditLine
from helpline.people.reasons import Invalid, Reason
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from helpline.routing import loading
from helpline.routing.network_models import Signal
from tests.integration import people_rows, queue_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.intake_rows import count
from tests.integration.test_signals import send as send_by_form

pytestmark = pytest.mark.usefixtures("database")
DESK = "Sportello stranieri, Bologna"
TYPED = {
    "agreed": "yes", "number": "333 0000001", "language": "bn", "window": "any", "age": "adult", "region": "lazio",
    "contact": "051 5550 0000",
}  # fmt: skip


@pytest.fixture
def app(settings, at):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    return application(settings)


@pytest.fixture
def nadia(app):
    return sign_in(app, "nadia")


def sign_in(app, login, organisation=DESK, locale="en"):
    return Visitor(app).sign_in(login, roles=(Role.NETWORK_MEMBER,), organisation=organisation, locale=locale)


def send(visitor, nonce="one", **changes):
    return visitor.post("/signals", {"nonce": nonce} | TYPED | changes)


def states(visitor, query=""):
    """What the page says of each signal: its reference and its state."""
    page = words_of(visitor.get(f"/signals{query}"))
    return re.findall(r"([A-Z2-9]{4}-[A-Z2-9]{4}) (to be called|called|ended)", page)


def reference():
    with db.transaction() as session:
        return session.scalars(select(Signal.reference).order_by(Signal.id.desc()).limit(1)).one()


def only(model):
    with db.transaction() as session:
        return session.scalars(select(model)).one()


def test_a_signal_makes_a_callback_under_the_verified_name_and_tells_code_and_reference_once(nadia):
    told = send(nadia, organisation="somebody else")
    assert told.status_code == 200
    signal, ask = only(Signal), only(Ask)
    assert (signal.organisation, signal.person_id, ask.source) == (DESK, nadia.who.id, "signal")
    assert signal.reference in words_of(told) and ask.code in told.text
    assert ask.code not in nadia.get("/signals").text
    assert send(nadia).status_code == 200 and count(Signal) == 1, "sent twice it is one"
    with db.transaction() as session:
        assert ("signalled", nadia.who.in_audit) in session.execute(
            select(AuditLine.what, AuditLine.who)
        ).all()


def test_everything_that_is_wrong_is_said_at_once_and_what_was_typed_is_still_there(nadia):
    wrong = nadia.post("/signals", {"number": "0044 20 7946 0000", "contact": "x" * 121})
    assert wrong.status_code == 422 and count(Signal) == 0
    said = words_of(wrong)
    for text in (
        "at most 120 characters",
        "knows about it and agrees",
        "agrees that the helpline calls them",
        "Italian fixed or mobile",
        "Choose one",
    ):
        assert text in said
    assert "x" * 121 in wrong.text
    ours = send(nadia, number="+39 06 5550 0000")
    assert ours.status_code == 422, "our own number is nobody's"


def test_its_own_signals_are_seen_by_reference_as_to_be_called_called_or_ended_and_nothing_else(app, nadia):
    send(nadia)
    first = reference()
    page = nadia.get("/signals")
    assert states(nadia) == [(first, "to be called")]
    assert "333" not in words_of(page).split("What your organisation sent")[1]
    amina = queue_rows.person()
    claim = queue_rows.claimed(only(Callback).id, amina)
    queue_rows.do(desk.attempt_answered, queue_rows.do(desk.attempt_began, only(Callback).id, claim.claim_no))
    assert states(nadia) == [(first, "to be called")], "while they talk nothing is told"
    queue_rows.on_the_line(only(Callback).id, recognised="code")
    queue_rows.do(desk.finish, only(Callback).id, amina, claim.claim_no, "helped")
    assert states(nadia) == [(first, "called")]
    send(nadia, nonce="two", number="333 0000002")
    with db.transaction() as session:
        last = session.scalars(select(Ask).order_by(Ask.id.desc()).limit(1)).one()
        asks.cancel(session, last)
    assert states(nadia) == [(reference(), "ended"), (first, "called")]
    assert states(nadia, f"?reference={first.lower().replace('-', ' ')}") == [(first, "called")]


def test_a_number_that_may_not_be_rung_waits_like_others(nadia):
    with db.transaction() as session:
        barring.bar(session, queue.hash_of(PhoneNumber("+393330000001")))
    send(nadia)
    assert count(Callback) == 0 and states(nadia) == [(reference(), "to be called")]
    with db.transaction() as session:
        signals.close(session, only(Signal).id, who="person 1", why="they said no")
    assert states(nadia) == [(reference(), "ended")]


def test_colleagues_see_what_their_organisation_sent_others_and_strangers_forms_are_not_there(app, nadia):
    send(nadia)
    assert len(states(sign_in(app, "nino"))) == 1
    other = sign_in(app, "otto", "Altro sportello")
    assert states(other) == [] and states(other, f"?reference={reference()}") == []
    send_by_form(organisation=DESK, nonce="public", number=PhoneNumber("+393330000007"))
    assert len(states(nadia)) == 1, "whoever writes the same name on the public form shows it to nobody"


def test_what_somebody_sent_for_another_organisation_before_stays_that_ones_and_theirs(app, nadia):
    send(nadia)
    first = reference()
    with db.transaction() as session:
        accounts.change(session, nadia.who.id, by="person 1", organisation="Altro sportello")
    assert states(sign_in(app, "otto", "Altro sportello")) == [], "not their new colleagues'"
    assert states(nadia) == [(first, "to be called")]


def test_the_same_form_of_somebody_else_is_another_signal_and_shows_nothing_of_the_first(app, nadia):
    told = send(nadia)
    other = sign_in(app, "otto", "Altro sportello")
    assert only(Signal).reference in words_of(told)
    assert reference() not in words_of(send(other)) or count(Signal) == 2
    assert count(Signal) == 2


def test_who_signalled_is_forgotten_with_the_name_a_month_after_the_end_and_the_region_after_two_years(
    app, nadia
):
    send(nadia)
    with db.transaction() as session:
        asks.cancel(session, session.scalars(select(Ask)).one())
    clock.set_offset(clock.offset() + timedelta(days=31))
    retention.purge_all()
    assert (only(Signal).person_id, only(Signal).organisation, only(Signal).region) == (None, None, "lazio")
    assert states(sign_in(app, "nino")) == []
    with db.transaction() as session:
        session.scalars(select(Signal)).one().code = "1357"  # as when the same form is sent once more
    retention.purge_all()
    assert only(Signal).code is None
    clock.set_offset(clock.offset() + timedelta(days=730))
    retention.purge_all()
    assert only(Signal).region is None


def test_the_limits_of_strangers_are_not_theirs_and_their_own_are_said(nadia, monkeypatch):
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 0})
    monkeypatch.setattr(signals, "OF_ADDRESS", {timedelta(hours=1): 0})
    monkeypatch.setattr(signals, "OF_PERSON", {timedelta(hours=1): 1})
    assert send(nadia).status_code == 200 and only(Callback).state == "waiting"
    again = send(nadia, nonce="two")
    assert again.status_code == 429 and "from this account" in words_of(again) and "333 0000001" in again.text


def test_it_lands_on_its_page_in_italian_too_and_opens_no_other(app):
    nadia = sign_in(app, "nadia", locale="it")
    assert nadia.get("/").location.endswith("/signals")
    assert "Invia" in words_of(nadia.get("/signals"))
    assert {nadia.get(path).status_code for path in ("/network", "/callbacks", "/people", "/offers")} == {403}


def test_the_role_and_a_name_go_together():
    for fields, reason in (
        ({"roles": (Role.NETWORK_MEMBER,)}, Reason.MISSING),
        ({"roles": (Role.OPERATOR,), "organisation": DESK}, Reason.NETWORK_ONLY),
        ({"roles": (Role.NETWORK_MEMBER,), "organisation": "x" * 121}, Reason.TOO_LONG),
    ):
        with pytest.raises(Invalid) as refused:
            people_rows.make("anna", **fields)
        assert refused.value.fields == {"organisation": reason}
    nadia = people_rows.make("nadia", roles=(Role.NETWORK_MEMBER,), organisation=f" {DESK} ")
    assert nadia.organisation == DESK
    with db.transaction() as session:
        accounts.change(session, nadia.id, by="test", roles=(Role.OPERATOR,))
        assert accounts.who(session, nadia.id).organisation is None


def test_an_administrator_invites_one_and_a_file_knows_the_role(app, tmp_path):
    marta = Visitor(app).sign_in("marta", roles=(Role.ADMINISTRATOR,), locale="en")
    given = {"login": "nadia", "name": "Nadia", "roles": "network_member", "locale": "en"}
    assert marta.post("/people/invite", given).status_code == 422
    assert marta.post("/people/invite", given | {"organisation": DESK}).status_code == 200
    path = tmp_path / "people.toml"
    path.write_text(
        '[[people]]\nlogin = "nino"\nname = "Nino"\nroles = ["network_member"]\norganisation = "Sportello"\n'
    )
    loading.load(path, who="tester")
    with db.transaction() as session:
        found = {row.login: row.organisation for row in register.listed(session)}
    assert (found["nadia"], found["nino"]) == (DESK, "Sportello")
