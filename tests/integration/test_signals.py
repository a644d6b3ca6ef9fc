"""Signals: what a service sends makes a callback, or is kept, and whoever sends it is told the same; nothing more is done."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.callbacks import barring, desk, queue
from helpline.callbacks.models import Callback
from helpline.intake import asks, conversion, sheets, signal_lists, signals
from helpline.intake.models import Ask
from helpline.intake.signals import Given, Often, Told
from helpline.people.models import AuditLine
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from helpline.routing.models import Request
from helpline.routing.network_models import Signal, SignalTry
from tests.integration import line_deeds, people_rows, queue_rows, routing_rows
from tests.integration.intake_rows import at_once, count, save

pytestmark = pytest.mark.usefixtures("database")
NUMBER = PhoneNumber("+393330000001")
GIVEN = Given(
    nonce="one",
    organisation="Sportello, Roma",
    contact="06 5550 0000",
    number=NUMBER,
    language="bn",
    window="morning",
    region="lazio",
    minor=False,
    read_in="it",
    address="198.51.100.7",
)


def send(**changes):
    with db.transaction() as session:
        return signals.save(session, replace(GIVEN, **changes))


def only(model):
    with db.transaction() as session:
        return session.scalars(select(model)).one()


def listed(**which):
    with db.transaction() as session:
        return signal_lists.listed(session, **which)


def test_a_signal_makes_a_callback_that_says_where_it_comes_from():
    told = send()
    ask, callback, signal = only(Ask), only(Callback), only(Signal)
    assert (ask.source, ask.slot, ask.code, ask.region) == ("signal", 3, told.code, "lazio")
    assert ask.call_sid == signal.call_sid and ask.call_sid.startswith("signal-")
    assert (callback.state, callback.language, callback.window, callback.priority) == (
        "waiting",
        "bn",
        "morning",
        "normal",
    )
    assert (signal.number, signal.kept_because, signal.contact) == (None, None, "06 5550 0000")
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", told.reference)
    with db.transaction() as session:
        sheet = sheets.of_callback(session, callback.id, queue_rows.person())
    assert sheet.signal and (sheet.signal.organisation, sheet.signal.reference) == (
        "Sportello, Roma",
        told.reference,
    )
    assert (sheet.region, sheet.number_proved, sheet.signal.verified) == ("lazio", False, None)


def test_a_child_goes_the_childrens_way_and_no_region_is_kept():
    send(minor=True)
    assert (only(Callback).priority, only(Ask).region, only(Signal).region) == ("minor", None, None)
    assert listed(regions=["lazio"]) == [], "a Focal Point sees no child"


def test_the_same_form_sent_twice_or_at_once_is_one_signal_and_other_answers_are_another():
    told = at_once(lambda _: send(), range(4))
    assert len({(one.code, one.reference) for one in told}) == 1
    assert (count(Signal), count(Callback)) == (1, 1)
    send(number=PhoneNumber("+393330000002"))
    assert (count(Signal), count(Callback)) == (2, 2)


@pytest.mark.parametrize("before", ["nothing", "one ask of its own", "three asks", "a keyed ask", "barred"])
def test_whoever_signals_is_told_the_same_whatever_is_known_of_the_number(before):
    if before in {"one ask of its own", "three asks"}:
        for call in range(1 if before.startswith("one") else 3):
            save(f"CA{call}")
    if before == "a keyed ask":
        save("CA9", {"number": NUMBER.e164, "number_proved": False, "window": "any"})
    if before == "barred":
        with db.transaction() as session:
            barring.bar(session, queue.hash_of(NUMBER))
    told = send()
    assert isinstance(told, Told) and re.fullmatch(r"\d{4}", told.code)
    signal = only(Signal)
    kept = {"three asks": "full", "a keyed ask": "full", "barred": "barred"}.get(before)
    assert (signal.kept_because, signal.ask_id is None, signal.number) == (
        kept, kept is not None, NUMBER.e164 if kept else None,
    )  # fmt: skip
    assert [row.state for row in listed()] == ["kept" if kept else "waiting"]
    assert len(listed(kept=True)) == (1 if kept else 0)


@pytest.mark.parametrize("before", ["nothing", "barred", "a flood"])
def test_a_focal_point_who_signals_a_number_learns_no_more_than_everybody(before, monkeypatch):
    if before == "barred":
        with db.transaction() as session:
            barring.bar(session, queue.hash_of(NUMBER))
    if before == "a flood":
        monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 0})
    send()
    (row,) = listed(regions=["lazio"])
    assert (row.state, row.kept_because) == ("waiting", None)
    if before != "nothing":
        with db.transaction() as session:
            signals.close(session, row.id, who="person 1", why="the number is barred")
        (row,) = listed(regions=["lazio"])
        assert (row.state, row.closed_why) == ("cancelled", None)


def test_a_kept_signal_is_tried_again_by_a_coordinator_or_closed():
    other = save("CA9", {"number": NUMBER.e164, "number_proved": False, "window": "any"})
    told = send()
    signal = only(Signal)
    with db.transaction() as session:
        assert not signals.try_again(session, signal.id, who="person 1")
        asks.cancel(session, asks.by_id(session, other.ask_id))
    with db.transaction() as session:
        assert signals.try_again(session, signal.id, who="person 1")
        assert asks.by_id(session, session.get_one(Signal, signal.id).ask_id).code == told.code
    with db.transaction() as session, pytest.raises(signals.Settled):
        signals.close(session, signal.id, who="person 1", why="done")
    send(nonce="two")
    with db.transaction() as session:
        kept = signal_lists.listed(session, kept=True)
        signals.close(session, kept[0].id, who="person 1", why="the office called us")
        assert session.get_one(Signal, kept[0].id).number is None
    again = send(nonce="two")
    assert re.fullmatch(r"\d{4}", again.code), "the same form after that shows its code, never an empty one"
    assert count(Signal) == 2
    assert [(row.state, row.closed_why) for row in listed()] == [
        ("closed", "the office called us"),
        ("waiting", None),
    ]


def test_a_form_whose_code_was_forgotten_meanwhile_shows_another_one_and_never_none():
    told = send()
    with db.transaction() as session:
        session.scalars(select(Signal)).one().code = None
    again = send()
    assert re.fullmatch(r"\d{4}", again.code) and again.reference == told.reference
    assert send().code == again.code


def test_too_many_from_one_address_are_refused_and_come_again_later(monkeypatch):
    monkeypatch.setattr(signals, "OF_ADDRESS", {timedelta(hours=1): 2})
    assert not isinstance(send(nonce="1"), Often)
    assert not isinstance(send(nonce="2"), Often)
    assert isinstance(send(nonce="3"), Often)
    assert isinstance(send(nonce="1"), Told), "what is saved already is told again"
    assert not isinstance(send(nonce="4", address="198.51.100.8"), Often)
    clock.set_offset(timedelta(minutes=61))
    assert not isinstance(send(nonce="6"), Often)
    assert count(Signal) == 4


def flood(addresses, each, first=100):
    """So many signals from each of these addresses, about as many telephones; how many were refused."""
    numbers = iter(range(first, first + len(addresses) * each))
    told = [
        send(nonce=f"{address} {one}", address=address, number=PhoneNumber(f"+39333{next(numbers):07}"))
        for address in addresses
        for one in range(each)
    ]
    return sum(isinstance(one, Often) for one in told)


SEVEN = [f"198.51.100.{host}" for host in range(1, 4)] + [f"2001:db8:0:{net}::1" for net in range(4)]


def test_seven_addresses_close_the_form_for_nobody_and_no_person_is_lost():
    assert flood(SEVEN, 13) == 7, "each is stopped at twelve"
    told = send(nonce="real", address="203.0.113.9")
    assert isinstance(told, Told) and re.fullmatch(r"\d{4}", told.code) and told.reference
    kept = listed(kept=True)
    assert {row.kept_because for row in kept} == {"review"} and len(kept) == 7 * 12 - 80 + 1
    assert count(Callback) == 80
    (real,) = listed(reference=told.reference)
    with db.transaction() as session:
        assert signal_lists.waiting(session) == (5, 5)
        assert signals.try_again(session, real.id, who="person 1")
    with db.transaction() as session:
        signal = session.get_one(Signal, real.id)
        assert (signal.number, asks.by_id(session, signal.ask_id).code) == (None, told.code)
    clock.set_offset(timedelta(minutes=61))
    later = send(nonce="later", address="203.0.113.9", number=PhoneNumber("+393330000003"))
    assert [row.state for row in listed(reference=later.reference)] == ["waiting"], "an hour later as always"


def test_in_a_flood_who_is_signed_in_makes_a_callback_at_once_and_has_a_limit_of_their_own(monkeypatch):
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 2})
    monkeypatch.setattr(signals, "OF_PERSON", {timedelta(hours=1): 2})
    flood(SEVEN[:2], 2)
    anna, carla = people_rows.make("anna"), people_rows.make("carla")

    def signed(who, one):
        number = PhoneNumber(f"+39333000002{one}")
        return send(nonce=f"{who.id} {one}", by=who, number=number, address=SEVEN[0])

    told = [signed(anna, 1), signed(anna, 2), signed(carla, 3)]
    assert [listed(reference=one.reference)[0].state for one in told] == ["waiting"] * 3
    assert isinstance(signed(anna, 4), Often)
    assert len(listed(kept=True)) == 2


def test_of_what_a_flood_leaves_children_stand_first(monkeypatch):
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): 0})
    send(nonce="child", minor=True)
    flood(SEVEN, 2)
    assert [row.minor for row in listed(kept=True)] == [True] + [False] * 14


@pytest.mark.parametrize("of_all", [0, 100])
def test_whoever_signals_in_a_flood_is_told_as_always(of_all, monkeypatch):
    monkeypatch.setattr(signals, "OF_ALL", {timedelta(hours=1): of_all})
    told = send()
    assert send() == told and re.fullmatch(r"\d{4}", told.code)
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", told.reference)
    assert listed()[0].state == ("waiting" if of_all else "kept")


def test_signals_spend_no_share_of_callers_who_hide_their_number():
    line_deeds.tune(hidden_asks_a_day=10)
    for number in range(2, 13):
        send(nonce=str(number), number=PhoneNumber(f"+39333000{number:04}"))
    assert isinstance(save("CA1"), asks.Saved)


def test_who_is_signed_in_is_named_and_the_contact_is_seen_only_with_a_reason_that_is_written_down():
    anna = people_rows.make("anna", name="Anna")
    send(by=anna)
    (row,) = listed()
    assert (row.verified, row.has_contact) == ("Anna", True)
    with db.transaction() as session:
        assert signal_lists.reveal(session, row.id, regions=["veneto"], who="person 9", why="x") is None
        assert (
            signal_lists.reveal(session, row.id, regions=["lazio"], who="person 9", why="a question")
            == GIVEN.contact
        )
    with db.transaction() as session:
        lines = [
            (one.what, one.who) for one in session.scalars(select(AuditLine).order_by(AuditLine.id)).all()
        ]
    assert lines[-2:] == [("signalled", anna.in_audit), ("revealed", "person 9")]
    assert [one.id for one in listed(reference=row.reference.lower().replace("-", " "))] == [row.id]


def test_only_an_adult_who_agrees_in_the_talk_has_a_request_and_its_code_is_theirs_alone(at):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    told, amina = send(window="any"), queue_rows.person()
    with db.transaction() as session:
        routing_rows.entity(session, "e1", places=5)
    one = only(Callback).id
    version = conversion.consent("bn").version
    said = {"whom": "self", "agreed": True, "region": "lazio", "country": "BD", "consent_version": version}
    claim = queue_rows.claimed(one, amina)
    assert conversion_of(one, amina, said | {"adult": True}).reasons == ("not_talking",)
    queue_rows.do(desk.attempt_answered, queue_rows.do(desk.attempt_began, one, claim.claim_no))
    queue_rows.on_the_line(one, recognised="code")
    assert conversion_of(one, amina, said | {"adult": False}).reasons == ("minor",)
    assert count(Request) == 0
    saved = conversion_of(one, amina, said | {"adult": True})
    assert saved.code == only(Ask).code != told.code
    assert (only(Ask).kind, count(Request), [row.state for row in listed()]) == ("request", 1, ["done"])
    assert send(window="any").code == told.code, "whoever signalled is told what they were told"


def conversion_of(callback_id, who, said):
    return queue_rows.do(conversion.to_request, callback_id, who, conversion.Answers(**said))


def test_what_was_signalled_is_forgotten_with_what_was_asked_and_after_a_month_where_nobody_was_called():
    send()
    save("CA9", {"number": "+393330000002", "number_proved": False, "window": "any"})
    send(nonce="two", number=PhoneNumber("+393330000002"))
    clock.set_offset(timedelta(days=2))
    retention.purge_all()
    assert count(SignalTry) == 0
    clock.set_offset(timedelta(days=31))
    retention.purge_all()
    with db.transaction() as session:
        called, kept = session.scalars(select(Signal).order_by(Signal.id)).all()
        assert (kept.number, kept.contact, kept.code, kept.organisation) == (None, None, None, None)
        assert called.contact == GIVEN.contact
        asks.cancel(session, asks.by_id(session, called.ask_id))
    assert [row.state for row in listed()] == ["closed", "cancelled"] and listed(kept=True) == []
    with db.transaction() as session, pytest.raises(signals.Settled):
        signals.try_again(session, kept.id, who="person 1")
    clock.set_offset(timedelta(days=62))
    retention.purge_all()
    assert [(row.organisation, row.has_contact) for row in listed()] == [(None, False)] * 2
