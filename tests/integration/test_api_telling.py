"""What happens to an offer reaches its entity, by signed webhook and by mail, once it is committed; and nothing of anybody with it."""

import json
import re
from datetime import timedelta

import pytest
from rq import Queue
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.api import deliveries, signing, telling
from helpline.api.models import DeliveryState
from helpline.db import outbox
from helpline.db.outbox import Kind, Leaving
from helpline.routing import answers
from tests.integration import routing_rows
from tests.integration.api_visits import CODE, NUMBER
from tests.integration.telling_deeds import endpoint, happened, rows, told

pytestmark = pytest.mark.usefixtures("database")


def test_a_webhook_is_signed_and_says_the_offers_id_and_a_link(receiver, here, offer):
    _, secret = endpoint(receiver, here)
    (row,) = told(Kind.OFFER_MADE, offer)
    assert deliveries.deliver(row.id, here)
    ((path, headers, body),) = receiver.taken
    assert path == "/hooks"
    now = int(clock.now().timestamp())
    stamp = int(headers["webhook-timestamp"])
    assert signing.fits([secret], headers["webhook-id"], stamp, body, headers["webhook-signature"], now=now)
    assert json.loads(body)["type"] == "offer.made"
    assert json.loads(body)["data"]["offer"] == offer
    assert rows()[0].state == DeliveryState.DELIVERED


def test_no_way_of_telling_carries_a_number_a_code_a_language_or_a_place(receiver, postbox, here, offer):
    endpoint(receiver, here)
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "desk@ente.example.org")
    for kind in Kind:
        telling.tell_entity(happened(kind, offer))
    for row in rows():
        assert deliveries.deliver(row.id, here)
    left = [body.decode() + str(headers) for _, headers, body in receiver.taken]
    left += [mail.as_string() + mail.get_payload(decode=True).decode() for _, mail in postbox.mails]
    assert len(left) == 2 * len(Kind)
    for text in left:
        assert NUMBER[-7:] not in text
        assert not re.search(rf"\b{CODE}\b|\bbn\b|lazio|\bBD\b|Bangla", text, re.IGNORECASE)


def test_mail_goes_to_the_mailbox_that_the_entity_has_when_it_is_sent(postbox, here, offer):
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "old@ente.example.org")
    (row,) = told(Kind.OFFER_MADE, offer)
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "desk@ente.example.org")
    assert deliveries.deliver(row.id, here)
    ((to, mail),) = postbox.mails
    assert to == ["desk@ente.example.org"]
    assert f"https://line.example.org/offers/{offer}" in mail.get_payload(decode=True).decode()


def test_what_is_rolled_back_is_told_to_nobody_and_what_is_put_twice_is_told_once(receiver, here, offer):
    endpoint(receiver, here)
    with Session(db.engine()) as session:
        outbox.put(session, Kind.OFFER_MADE, offer)
        session.rollback()
    first = happened(Kind.OFFER_MADE, offer)
    assert happened(Kind.OFFER_MADE, offer) is None
    assert happened(Kind.OFFER_EXTENDED, offer, "later") is not None
    assert telling.tell_entity(first) == 1
    assert telling.tell_entity(first) == 0


def test_the_bell_is_rung_on_the_slow_queue_after_the_commit(valkey, offer):
    valkey.flushdb()
    happened(Kind.OFFER_MADE, offer)
    jobs = Queue("slow", connection=valkey).jobs
    assert [job.func_name for job in jobs] == ["helpline.jobs.tell_entity"]
    assert Queue("ring", connection=valkey).jobs == []


def test_a_lost_queue_costs_seconds_and_no_message(receiver, here, offer, at, valkey):
    at("2026-11-18 10:00")
    endpoint(receiver, here)
    happened(Kind.OFFER_MADE, offer)
    valkey.flushdb()
    assert telling.sweep_untold() == 0  # the bell is trusted for a moment
    at("2026-11-18 10:00:10")
    assert telling.sweep_untold() == 1
    valkey.flushdb()
    at("2026-11-18 10:00:30")
    assert deliveries.sweep_due(here) == 0
    assert [job.func_name for job in Queue("slow", connection=valkey).jobs] == ["helpline.jobs.deliver"]
    valkey.flushdb()
    at("2026-11-18 10:02")
    assert deliveries.sweep_due(here) == 1
    assert len(receiver.taken) == 1


def test_an_offer_that_was_answered_meanwhile_is_not_announced_any_more(receiver, here, offer):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_REMINDER, offer)
    with db.transaction() as session:
        answers.accept(session, offer, who="test")
    assert not deliveries.deliver(row.id, here)
    assert receiver.taken == []
    assert rows()[0].state == DeliveryState.DROPPED


def test_an_entity_without_a_way_to_be_told_makes_no_delivery_and_nothing_waits(offer):
    assert told(Kind.OFFER_MADE, offer) == []
    with db.transaction() as session:
        assert session.scalars(select(Leaving)).one().sent_at is not None


def test_one_that_cannot_be_told_waits_longer_and_stops_no_other(offer, monkeypatch, at, caplog):
    at("2026-11-18 10:00")
    first, second = happened(Kind.OFFER_MADE, offer), happened(Kind.OFFER_EXPIRED, offer)
    real = telling.tell_entity

    def broken(outbox_id):
        if outbox_id == first:
            raise RuntimeError("secret")
        return real(outbox_id)

    monkeypatch.setattr(telling, "tell_entity", broken)
    at("2026-11-18 10:00:10")
    assert telling.sweep_untold() == 1
    with db.transaction() as session:
        assert session.get_one(Leaving, second).sent_at
        assert session.get_one(Leaving, first).next_at > clock.now() + timedelta(seconds=5)
    assert "secret" not in caplog.text
