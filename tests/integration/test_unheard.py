"""An organisation at which nothing arrives counts as one that nobody tells; what it missed is told once something does."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from helpline import clock, db
from helpline.api import deliveries, endpoints, telling, untold
from helpline.api import told as told_so_far
from helpline.api.commands import webhooks
from helpline.api.models import Delivery, DeliveryState
from helpline.db import outbox
from helpline.people.roles import Role
from helpline.routing import offers
from helpline.routing.models import Entity
from tests.integration import routing_deeds, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.routing_deeds import WHO, act
from tests.integration.telling_deeds import endpoint, rows

pytestmark = pytest.mark.usefixtures("database")
DESK = "desk@ente.example.org"


@pytest.fixture
def ente(at):
    at("2026-11-18 10:00")
    routing_deeds.market(ente=9)


def send(here):
    """Everything that is to be told is tried once."""
    with db.transaction() as session:
        waiting = session.scalars(select(outbox.Leaving.id).where(outbox.Leaving.sent_at.is_(None))).all()
    for id in waiting:
        telling.tell_entity(id)
    return [deliveries.deliver(row.id, here) for row in rows() if row.state == DeliveryState.DUE]


def later(**time):
    clock.set_offset(clock.offset() + timedelta(**time))


def a_day_in_vain(here, receiver):
    """Whatever is told, and tried again for a day, is refused."""
    for _ in range(12):
        receiver.answers[:] = [500] * 20
        send(here)
        later(hours=9)
    receiver.answers.clear()


def why():
    with db.transaction() as session:
        return untold.why(session, "ente")


def test_an_organisation_whose_only_webhook_failed_for_a_day_is_one_that_nobody_tells(
    settings, ente, receiver, here
):
    endpoint(receiver, here)
    app = application(settings)
    routing_deeds.offered()
    receiver.answers[:] = [500]
    send(here)
    assert why() is None, "one that fails is tried again first"
    a_day_in_vain(here, receiver)
    assert why() is untold.Why.TOLD_IN_VAIN
    boss = Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")
    member = Visitor(app).sign_in("miriam", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en")
    assert "nobody there hears of offers: for a day nothing" in words_of(boss.get("/requests"))
    assert "Nobody there hears of new offers" in words_of(boss.get("/entities/ente"))
    assert "Nobody here hears of new offers" in words_of(member.get("/places"))
    assert "nothing arrives" in words_of(boss.get("/entities/ente/programs"))
    run = CliRunner().invoke(webhooks, ["check"])
    assert run.exit_code == 1 and "told_in_vain  since" in run.stdout
    boss.post("/projects/ente-0/pause", {"pause": "moving"})
    resumed = boss.post("/projects/ente-0/resume").location
    assert "nobody at ENTE hears of offers" in words_of(
        boss.client.get(resumed, base_url="https://line.example.org")
    )


def test_what_it_missed_is_told_once_a_test_arrives(ente, receiver, here):
    id, _ = endpoint(receiver, here)
    ((_, waits), (_, taken), (_, over)) = routing_deeds.offered(3)
    act(offers.accept, taken, who=WHO)
    act(offers.withdraw, taken, who=WHO, why="the person asked for it")
    act(offers.withdraw, over, who=WHO, why="a mistake")
    a_day_in_vain(here, receiver)
    receiver.taken.clear()
    assert why() is untold.Why.TOLD_IN_VAIN
    act(told_so_far.send_test, "ente", id, who=WHO)
    assert send(here) == [True] and why() is None
    assert send(here) == [True, True], "what still counts"
    told = sorted((b"offer.made" in body, b"offer.withdrawn" in body) for _, _, body in receiver.taken[1:])
    assert told == [(False, True), (True, False)]
    assert f"/offers/{waits}".encode() in b"".join(body for _, _, body in receiver.taken)
    assert send(here) == []


def test_what_happened_during_a_pause_is_told_when_it_ends_and_to_a_new_address_at_once(ente, receiver, here):
    id, _ = endpoint(receiver, here)
    act(endpoints.pause, id, True, by=WHO)
    ((_, offer),) = routing_deeds.offered()
    assert send(here) == [False] and rows()[0].state == DeliveryState.DROPPED
    assert why() is untold.Why.NOT_TOLD
    act(endpoints.pause, id, False, by=WHO)
    assert send(here) == [True] and why() is None
    act(endpoints.pause, id, False, by=WHO)
    assert send(here) == []
    endpoint(receiver, here, "/elsewhere")
    assert send(here) == [True]
    assert [path for path, _, body in receiver.taken if f"/offers/{offer}".encode() in body] == [
        "/hooks",
        "/elsewhere",
    ]


def test_an_address_that_says_it_is_gone_is_unheard_at_once_and_another_way_makes_up_for_it(
    ente, receiver, here, postbox
):
    endpoint(receiver, here)
    routing_deeds.offered()
    receiver.answers[:] = [410]
    send(here)
    assert why() is untold.Why.TOLD_IN_VAIN
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", DESK)
    assert why() is None
    with db.transaction() as session:
        session.execute(update(Entity).values(mail_unheard_since=clock.now()))
    assert why() is untold.Why.TOLD_IN_VAIN


def test_one_message_that_is_refused_among_others_that_arrive_makes_nobody_unheard(ente, receiver, here):
    endpoint(receiver, here)
    routing_deeds.offered(2)
    receiver.answers[:] = [500]
    send(here)
    with db.transaction() as session:
        session.execute(update(Delivery).where(Delivery.state == "due").values(attempts=99))
    later(minutes=1)
    receiver.answers[:] = [500]
    assert send(here) == [False]
    assert {row.state for row in rows()} == {DeliveryState.DELIVERED, DeliveryState.GIVEN_UP}
    assert why() is None


def test_a_mailbox_to_which_nothing_can_be_handed_for_a_day_is_unheard_until_a_mail_goes_out(
    ente, here, postbox, settings
):
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", DESK)
    ((_, offer),) = routing_deeds.offered()
    for _ in range(12):
        send(settings)  # no mail server is set up in these
        later(hours=9)
    assert why() is untold.Why.TOLD_IN_VAIN
    act(told_so_far.send_test, "ente", None, who=WHO)
    assert send(here) == [True] and why() is None
    assert send(here) == [True]
    assert [mail["Subject"] for _, mail in postbox.mails] == ["Prova", f"Nuova richiesta: proposta {offer}"]
