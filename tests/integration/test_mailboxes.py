"""A mailbox of an organisation gets notices of offers once somebody who reads it has said so, by the link of a mail."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.api import deliveries, telling
from helpline.api.models import Delivery
from helpline.db import outbox
from helpline.people.roles import Role
from helpline.routing import mailboxes, offers, projects
from helpline.routing.models import Entity
from helpline.routing.records import MailboxProof
from tests.integration import routing_deeds, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.routing_deeds import WHO, act

pytestmark = pytest.mark.usefixtures("database")
DESK = "desk@ente.example.org"


@pytest.fixture
def app(settings):
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=5)
    return application(settings)


@pytest.fixture
def boss(app):
    return Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")


def change(email):
    act(projects.change_entity, "ente", who=WHO, why="said so", email=email)


def send(here):
    """Everything that waits goes out."""
    with db.transaction() as session:
        waiting = session.scalars(select(outbox.Leaving.id).where(outbox.Leaving.sent_at.is_(None))).all()
    for id in waiting:
        telling.tell_entity(id)
    with db.transaction() as session:
        due = session.scalars(select(Delivery.id).where(Delivery.state == "due")).all()
    return [deliveries.deliver(id, here) for id in due]


def words(mail):
    return mail.get_payload(decode=True).decode()


def link(postbox):
    (_, mail) = postbox.mails[-1]
    return re.search(r"/mailbox/\d+/[0-9a-f]+", words(mail))[0]


def proved():
    with db.transaction() as session:
        return session.get_one(Entity, "ente").email_proved_at is not None


def test_nothing_of_offers_goes_to_a_mailbox_before_its_link_was_opened_and_confirmed(
    app, boss, here, postbox
):
    change(DESK)
    with db.transaction() as session:
        routing_rows.requests(session)
    offers.sweep_waiting()
    assert send(here) == [True]
    ((to, mail),) = postbox.mails
    assert to == [DESK] and "Confermate" in mail["Subject"] and "ENTE" not in words(mail)
    assert "The mailbox is not confirmed yet" in words_of(boss.get("/entities/ente"))
    assert "nobody there is told of offers" in words_of(boss.get("/requests"))
    reader = Visitor(app)
    page = reader.get(link(postbox))
    assert "Is this your mailbox?" in words_of(page) or "casella" in words_of(page)
    assert not proved(), "a program that looks through mails opens every link"
    assert reader.post(link(postbox)).status_code == 303 and proved()
    assert reader.post(link(postbox)).status_code == 303
    assert "not confirmed yet" not in words_of(boss.get("/entities/ente"))
    with db.transaction() as session:
        routing_rows.requests(session)
    offers.sweep_waiting()
    assert send(here) == [True, True], "the new one, and the one that waited for the mailbox"
    assert all("proposta" in mail["Subject"] for _, mail in postbox.mails[-2:])


def test_what_nobody_was_told_while_the_mailbox_was_not_confirmed_is_told_once_it_is(app, here, postbox):
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", DESK)
    offered = [id for _, id in routing_deeds.offered(4)]
    taken, dropped, waits, over = offered
    act(offers.accept, taken, who=WHO)
    change("new@ente.example.org")
    act(offers.withdraw, taken, who=WHO, why="the person asked for it")
    act(offers.withdraw, over, who=WHO, why="a mistake")
    with db.transaction() as session:
        made = outbox.Leaving.kind == outbox.Kind.OFFER_MADE
        (late,) = session.scalars(select(outbox.Leaving.id).where(made, outbox.Leaving.offer_id == dropped))
        session.add(Delivery(outbox_id=late, entity_id="ente", state="dropped"))
    send(here)
    assert [mail["Subject"] for _, mail in postbox.mails] == ["Confermate questa casella di posta"]
    proof, reader = link(postbox), Visitor(app)
    assert reader.post(proof).status_code == 303
    send(here)
    told = sorted(mail["Subject"] for _, mail in postbox.mails[1:])
    assert told == sorted(
        [
            f"Nuova richiesta: proposta {dropped}",
            f"Nuova richiesta: proposta {waits}",
            f"Ritirata: proposta {taken}",
        ]
    ), "an offer that is over, and that nobody saw, is no news"
    assert {to[0] for to, _ in postbox.mails} == {"new@ente.example.org"}
    assert reader.post(proof).status_code == 303 and send(here) == []


def test_a_link_opens_nothing_when_it_is_wrong_too_old_or_of_another_mailbox(app, here, postbox):
    change(DESK)
    send(here)
    first, reader = link(postbox), Visitor(app)
    for wrong in (first[:-1] + ("0" if first[-1] != "0" else "1"), "/mailbox/999/x"):
        assert reader.get(wrong).status_code == reader.post(wrong).status_code == 410
    change("other@ente.example.org")
    assert reader.post(first).status_code == 410
    send(here)
    clock.set_offset(clock.offset() + mailboxes.LASTS + timedelta(minutes=1))
    assert reader.post(link(postbox)).status_code == 410 and not proved()


def test_another_mailbox_is_to_be_proved_again_and_so_many_mails_go_out_in_an_hour(app, boss):
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", DESK)
    act(projects.change_entity, "ente", who=WHO, why="said so", contact="elsewhere")
    assert proved()
    change("new@ente.example.org")
    assert not proved()
    for _ in range(10):
        assert boss.post("/entities/ente/mailbox").status_code == 303
    assert "sent often enough" in words_of(boss.get("/entities/ente"))
    with db.transaction() as session:
        assert len(session.scalars(select(MailboxProof)).all()) == mailboxes.MOST
    clock.set_offset(clock.offset() + timedelta(hours=1, minutes=1))
    later = Visitor(app).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")
    later.post("/entities/ente/mailbox")
    assert "The link is on its way" in words_of(later.get("/entities/ente"))


def test_a_link_that_did_not_arrive_is_no_message_to_be_sent_again(app, boss, here):
    change(DESK)
    with db.transaction() as session:
        (asked,) = session.scalars(select(outbox.Leaving.id))
        session.add(Delivery(outbox_id=asked, entity_id="ente", state="given_up"))
    said = words_of(boss.get("/entities/ente/programs"))
    assert "given up" in said and "Send all of them again" not in said
