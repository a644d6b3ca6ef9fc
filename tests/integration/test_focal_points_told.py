"""Focal Points hear, by mail with nothing but a link, of signals and office calls of their regions; they see them on their pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpline import clock, db
from helpline.api import deliveries, digest, telling
from helpline.api.models import DeliveryState
from helpline.db.outbox import Leaving
from helpline.intake import signals
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.routing import focal_points
from helpline.routing.network_models import FocalPoint, Signal
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.intake_rows import said, save
from tests.integration.telling_deeds import rows
from tests.integration.test_signals import GIVEN, send

pytestmark = pytest.mark.usefixtures("database")
LINK = "https://line.example.org/network"


@pytest.fixture(autouse=True)
def points(database):
    """Of Lazio one with a mailbox and one without; of all regions another; of Veneto one who must hear nothing."""
    with db.transaction() as session:
        for name, regions, email in (
            ("roma", ["lazio"], "roma@example.org"),
            ("latina", ["lazio"], None),
            ("italia", ["*"], "italia@example.org"),
            ("venezia", ["veneto"], "venezia@example.org"),
        ):
            session.add(
                FocalPoint(
                    id=name, name=name, organisation="x", regions=regions, telephone="0655500011", email=email
                )
            )


def told():
    """What was handed on by now, as mails to be sent."""
    with db.transaction() as session:
        waiting = session.scalars(select(Leaving.id).where(Leaving.sent_at.is_(None))).all()
    for one in waiting:
        telling.tell_entity(one)
    return sorted(row.focal_point_id for row in rows() if row.state == DeliveryState.DUE)


def office(call="CA1", region="lazio"):
    return save(call, said(number="+393330000055", topic="office", region=region), "it")


@pytest.mark.parametrize(("came", "page"), [(send, ""), (office, "/offices")])
def test_the_focal_points_of_the_region_get_one_mail_each_with_a_link_and_nothing_of_anybody(
    came, page, postbox, here
):
    saved = came()
    assert came() == saved and told() == ["italia", "roma"], "the same again tells nobody twice"
    for row in rows():
        assert deliveries.deliver(row.id, here)
    assert sorted(to for tos, _ in postbox.mails for to in tos) == ["italia@example.org", "roma@example.org"]
    for _, mail in postbox.mails:
        text = mail.as_string() + mail.get_payload(decode=True).decode()
        assert f"{LINK}{page}\n" in text and mail["Message-ID"].startswith("<msg_")
        for nothing in (saved.code, GIVEN.contact, "Sportello", "333", "Lazio", "lazio", "bn", "Bang"):
            assert nothing not in mail.get_payload(decode=True).decode(), nothing


@pytest.mark.parametrize("which", ["a child", "a region that is not known", "an office without a region"])
def test_nobody_hears_of_children_or_of_what_has_no_region(which):
    if which == "an office without a region":
        office(region=None)
    else:
        send(minor=which == "a child", region="lazio" if which == "a child" else None)
    assert told() == []


def test_what_came_in_a_flood_is_told_when_a_coordinator_has_looked_at_it(monkeypatch):
    monkeypatch.setattr(signals, "OF_ALL", dict.fromkeys(signals.OF_ALL, 0))
    send(number=PhoneNumber("+393330000066"))
    assert told() == []
    with db.transaction() as session:
        kept = session.scalars(select(Signal.id)).one()
        assert signals.try_again(session, kept, who="person 1")
    assert told() == ["italia", "roma"]


def test_who_is_a_focal_point_no_more_when_it_is_sent_gets_nothing(postbox, here):
    send()
    told()
    with db.transaction() as session:
        focal_points.end(session, "roma", who="person 1")
        session.execute(update(FocalPoint).where(FocalPoint.id == "italia").values(email=None))
    assert not any(deliveries.deliver(row.id, here) for row in rows())
    assert {row.state for row in rows()} == {DeliveryState.DROPPED} and postbox.mails == []


def test_a_mail_that_did_not_arrive_is_sent_again_under_the_same_id(postbox, here, settings):
    send()
    told()
    first = rows()[0]
    assert not deliveries.deliver(first.id, settings), "without a mail server it waits"
    clock.set_offset(clock.offset() + timedelta(seconds=31))
    assert deliveries.deliver(first.id, here)
    ((_, mail),) = postbox.mails
    assert mail["Message-ID"].startswith(f"<msg_{first.outbox_id}@")


def subjects(postbox, who):
    return [mail["Subject"] for tos, mail in postbox.mails if tos == [who]]


def deliver_all(here):
    for row in rows():
        deliveries.deliver(row.id, here)


def test_eleven_signals_in_a_minute_and_two_offices_are_two_mails_and_nothing_is_lost(postbox, here, at):
    at("2026-11-18 10:00")
    for last in range(11):
        send(number=PhoneNumber(f"+3933300001{last:02}"))
        told()
        deliver_all(here)
    for call in ("CA1", "CA2"):
        office(call)
    told()
    deliver_all(here)
    assert subjects(postbox, "roma@example.org") == ["Nuova segnalazione nella Sua regione"]
    at("2026-11-18 10:29")
    deliver_all(here)
    assert len(postbox.mails) == 2, "one to each mailbox of the region"
    at("2026-11-18 10:31")
    deliver_all(here)
    for one in ("roma@example.org", "italia@example.org"):
        assert subjects(postbox, one)[1:] == [
            "Dalla Sua regione: 10 segnalazioni e 2 uffici che hanno chiamato"
        ]
    assert {row.state for row in rows()} == {DeliveryState.DELIVERED}
    deliver_all(here)
    assert len(postbox.mails) == 4


def test_focal_points_who_share_a_mailbox_share_its_rest_and_each_thing_is_told_there_once(postbox, here, at):
    at("2026-11-18 10:00")
    with db.transaction() as session:
        session.execute(update(FocalPoint).values(email="one@example.org"))
    for last in range(3):
        send(number=PhoneNumber(f"+3933300001{last:02}"))
    assert len(told()) == 9
    deliver_all(here)
    assert subjects(postbox, "one@example.org") == ["Dalla Sua regione: 3 segnalazioni"]


def test_while_no_mail_leaves_nothing_is_given_up_sooner_and_all_goes_in_one_once_it_does(
    postbox, here, settings, at
):
    at("2026-11-18 10:00")
    for last in range(5):
        send(number=PhoneNumber(f"+3933300001{last:02}"))
        told()
        deliver_all(settings)  # no mail server is set up in these
    assert max(row.attempts for row in rows()) == 1, "a flood spends no tries of what came before"
    for _ in range(4):
        clock.set_offset(clock.offset() + timedelta(minutes=11))
        deliver_all(settings)
    clock.set_offset(clock.offset() + digest.EVERY)
    deliver_all(here)
    clock.set_offset(clock.offset() + digest.EVERY)
    deliver_all(here)
    assert {row.state for row in rows()} == {DeliveryState.DELIVERED}
    assert sum(_count(subject) for subject in subjects(postbox, "roma@example.org")) == 5
    assert len(subjects(postbox, "roma@example.org")) <= 2


def _count(subject):
    last = subject.rpartition(": ")[2].split()[0]
    return int(last) if last.isdecimal() else 1


def test_they_see_the_offices_of_their_regions_without_a_number_and_coordinators_see_all(settings):
    app = application(settings)
    visitor = Visitor(app).sign_in("bianca", roles=(Role.FOCAL_POINT,), locale="en")
    with db.transaction() as session:
        session.get_one(FocalPoint, "roma").person_id = visitor.who.id
    office()
    office("CA2", "veneto")
    page = visitor.get("/network/offices")
    assert words_of(page).count("we call by") == 1 and "Lazio" in words_of(page)
    assert "Veneto" not in words_of(page) and "0000055" not in page.text and "/callbacks/" not in page.text
    boss = Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en").get("/network/offices")
    assert words_of(boss).count("we call by") == 2 and "/callbacks/" in boss.text
