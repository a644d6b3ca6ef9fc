"""An endpoint that is slow, or kills who sends to it, rests; nothing else waits for it."""

import socket
import time
from datetime import timedelta

import pytest
from rq import Queue

from helpline import clock, db
from helpline.api import deliveries, egress, endpoints, telling
from helpline.api.models import DeliveryState
from helpline.db.outbox import Kind
from tests.integration.telling_deeds import endpoint, happened, rows, told

pytestmark = pytest.mark.usefixtures("database")


def test_one_that_never_answers_is_tried_once_a_minute_whatever_waits_for_it(here, offer, at, monkeypatch):
    at("2026-11-18 10:00")
    with db.transaction() as session:
        for host in ("deaf", "awake"):
            endpoints.add(session, entity_id="ente", address=f"https://{host}.example.org/x", by="test")
    for kind in (Kind.OFFER_EXPIRED, Kind.OFFER_WITHDRAWN, Kind.ENTITY_PAUSED):
        telling.tell_entity(happened(kind, offer))
    tried = []

    def post(address, *_, **__):
        tried.append(address)
        if "deaf" in address:
            raise egress.NotReached("too slow")

    monkeypatch.setattr(egress, "post", post)
    for row in rows():
        deliveries.deliver(row.id, here)
    assert len([address for address in tried if "deaf" in address]) == 1
    assert len([address for address in tried if "awake" in address]) == 3
    waiting = [row for row in rows() if row.state == DeliveryState.DUE]
    assert sorted(row.attempts for row in waiting) == [0, 0, 1]
    at("2026-11-18 10:01:01")
    for row in waiting:
        deliveries.deliver(row.id, here)
    assert len([address for address in tried if "deaf" in address]) == 2


def test_what_waited_longer_than_a_day_for_one_that_rests_is_given_up(here, offer, at, monkeypatch):
    at("2026-11-18 10:00")
    with db.transaction() as session:
        endpoints.add(session, entity_id="ente", address="https://deaf.example.org/x", by="test")
    (row,) = told(Kind.OFFER_EXPIRED, offer)

    def post(*_, **__):
        raise egress.NotReached("too slow")

    monkeypatch.setattr(egress, "post", post)
    at("2026-11-19 12:01")
    assert not deliveries.deliver(row.id, here)
    assert rows()[0].state == DeliveryState.GIVEN_UP


@pytest.fixture
def silent():
    """A machine that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        yield listening.getsockname()[1]


def test_the_clock_waits_a_few_seconds_for_slow_receivers_however_many_there_are(
    silent, here, offer, at, monkeypatch, valkey
):
    at("2026-11-18 10:00")
    monkeypatch.setattr(egress, "TRY_SECONDS", 6.0)
    monkeypatch.setattr(deliveries, "SWEEP_SECONDS", 0.2)
    with db.transaction() as session:
        for number in range(endpoints.MOST):
            address = f"http://127.0.0.1:{silent}/{number}"
            endpoints.add(session, entity_id="ente", address=address, by="test", allow=here.webhook_allow)
    for kind in (Kind.OFFER_EXPIRED, Kind.OFFER_WITHDRAWN, Kind.ENTITY_PAUSED):
        telling.tell_entity(happened(kind, offer))
    at("2026-11-18 10:02")
    valkey.flushdb()
    began = time.monotonic()
    first, second = deliveries.sweep_due(here), deliveries.sweep_due(here)
    took = time.monotonic() - began
    jobs = Queue("slow", connection=valkey).jobs
    for thread in deliveries._trying:
        thread.join(20)
    assert (first, second) == (deliveries.AT_ONCE, 0)  # while these go on, no more are begun here
    assert took < 5, "the sweeps, not the tries"
    assert len({job.args[0] for job in jobs}) >= len(rows()) - deliveries.AT_ONCE
    assert [row.last_error for row in rows() if row.attempts] == ["too slow"] * deliveries.AT_ONCE


def test_while_one_thing_is_told_the_next_waits_for_it_and_not_for_the_whole_rest(
    receiver, here, offer, monkeypatch, valkey
):
    endpoint(receiver, here)
    for kind in (Kind.OFFER_EXPIRED, Kind.OFFER_WITHDRAWN):
        telling.tell_entity(happened(kind, offer))
    first, second = (row.id for row in rows())
    real = deliveries._send
    meanwhile = []

    def send(order, settings):
        monkeypatch.setattr(deliveries, "_send", real)
        meanwhile.append(deliveries.deliver(second, settings))
        real(order, settings)

    monkeypatch.setattr(deliveries, "_send", send)
    valkey.flushdb()
    assert deliveries.deliver(first, here)
    assert meanwhile == [False]
    assert [job.args for job in Queue("slow", connection=valkey).jobs] == [(second,)]
    assert deliveries.deliver(second, here)


def test_whoever_kills_a_worker_is_left_alone_by_all_that_waits(receiver, here, offer, monkeypatch):
    endpoint(receiver, here)
    for kind in (Kind.OFFER_EXPIRED, Kind.OFFER_WITHDRAWN):
        telling.tell_entity(happened(kind, offer))
    first, second = (row.id for row in rows())

    def too_long(*_):
        raise RuntimeError("the worker's time is over")

    monkeypatch.setattr(deliveries, "_send", too_long)
    assert not deliveries.deliver(first, here)
    monkeypatch.undo()
    assert not deliveries.deliver(second, here)
    assert receiver.taken == []
    assert rows()[1].next_at - clock.now() > timedelta(seconds=45)
