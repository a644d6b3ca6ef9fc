"""What happens to an offer reaches its entity: by signed webhook and by mail, once it is committed, for a day, not twice
at once, whatever is lost in between; and nothing of anybody with it."""

import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from rq import Queue
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.api import deliveries, egress, endpoints, signing, telling
from helpline.api.models import Delivery, DeliveryState
from helpline.config import Settings
from helpline.db import outbox
from helpline.db.outbox import Kind, Leaving
from helpline.faults import Faults
from helpline.routing import answers
from helpline.routing.models import Entity
from tests.integration import routing_rows
from tests.integration.api_visits import CODE, NUMBER, offers

pytestmark = pytest.mark.usefixtures("database")


class Receiver(ThreadingHTTPServer):
    """A program of an entity that takes webhooks, or does not, as its `answers` say."""

    daemon_threads = True

    def __init__(self):
        self.taken, self.answers, self.arrived = [], [], threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append((self.path, dict(self.headers), body))
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{receiver.server_port}/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture(scope="module")
def running():
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver(running):
    running.taken.clear()
    running.answers.clear()
    return running


class Postbox:
    """A mail server that keeps what it gets."""

    def __init__(self):
        self.mails, self.answer = [], "250 kept"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's word
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return self.answer


@pytest.fixture(scope="module")
def mail_server():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Postbox(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def postbox(mail_server):
    mail_server.handler.__init__()
    return mail_server.handler


@pytest.fixture
def here(environ, mail_server):
    """Settings with which this machine may be told."""
    return Settings.from_env(
        environ
        | {
            "HELPLINE_WEBHOOK_ALLOW": "127.0.0.0/8",
            "HELPLINE_SMTP_URL": f"smtp://127.0.0.1:{mail_server.port}",
            "HELPLINE_MAIL_FROM": "helpline@line.example.org",
        }
    )


@pytest.fixture
def offer():
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=50)
        return offers(session, "ente-0")[0]


def endpoint(receiver, settings, path="/hooks"):
    address = f"http://127.0.0.1:{receiver.server_port}{path}"
    with db.transaction() as session:
        return endpoints.add(
            session, entity_id="ente", address=address, by="test", allow=settings.webhook_allow
        )


def happened(kind, offer, key=""):
    with db.transaction() as session:
        return outbox.put(session, kind, offer, key)


def told(kind, offer):
    """The deliveries of something that happened now."""
    telling.tell_entity(happened(kind, offer))
    return rows()


def rows():
    with db.transaction() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


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
        session.get_one(Entity, "ente").email = "desk@ente.example.org"
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
        session.get_one(Entity, "ente").email = "old@ente.example.org"
    (row,) = told(Kind.OFFER_MADE, offer)
    with db.transaction() as session:
        session.get_one(Entity, "ente").email = "desk@ente.example.org"
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


def test_what_fails_is_tried_again_ever_later_for_a_day_under_the_same_id(receiver, here, offer, at):
    start = at("2026-11-18 10:00")
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    receiver.answers[:] = [500] * 99
    tries = 0
    while rows()[0].state == DeliveryState.DUE:
        clock.set_offset(clock.offset() + rows()[0].next_at - clock.now() + timedelta(seconds=1))
        assert not deliveries.deliver(row.id, here)
        tries += 1
    assert tries == len(receiver.taken) == 10
    assert timedelta(hours=22) < clock.now() - start < timedelta(hours=25)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.taken}) == 1
    assert (rows()[0].state, rows()[0].last_error) == (DeliveryState.GIVEN_UP, "answered 500")


def test_an_operator_sees_the_next_try_and_the_last_error_and_can_send_again(receiver, here, offer, at):
    at("2026-11-18 10:00")
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    receiver.answers[:] = [503]
    deliveries.deliver(row.id, here)
    with db.transaction() as session:
        (seen,) = deliveries.listed(session, entity_id="ente", state=DeliveryState.DUE)
        assert (seen.attempts, seen.last_error, seen.host) == (1, "answered 503", "127.0.0.1")
        assert timedelta(seconds=25) < seen.next_at - clock.now() < timedelta(seconds=35)
        assert deliveries.replay(session, [row.id, 999], who="anna") == [row.id]
    assert deliveries.deliver(row.id, here)
    with db.transaction() as session:
        assert deliveries.listed(session, state=DeliveryState.DELIVERED)[0].next_at is None


def test_what_arrived_can_be_sent_again_under_the_same_id(receiver, here, offer):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_WITHDRAWN, offer)
    deliveries.deliver(row.id, here)
    assert not deliveries.deliver(row.id, here)
    with db.transaction() as session:
        deliveries.replay(session, [row.id], who="anna")
    assert deliveries.deliver(row.id, here)
    first, second = (headers["webhook-id"] for _, headers, _ in receiver.taken)
    assert first == second


def test_a_worker_that_dies_while_it_sends_leaves_a_row_that_is_due_again(
    receiver, here, offer, monkeypatch, at
):
    at("2026-11-18 10:00")
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)

    def killed(*_):
        raise SystemExit

    monkeypatch.setattr(deliveries, "_send", killed)
    with pytest.raises(SystemExit):
        deliveries.deliver(row.id, here)
    monkeypatch.undo()
    assert rows()[0].state == DeliveryState.DUE and rows()[0].attempts == 1
    at("2026-11-18 10:00:31")
    assert not deliveries.deliver(row.id, here)  # its endpoint rests, since it may be what killed the worker
    at("2026-11-18 10:01:02")
    assert deliveries.deliver(row.id, here)


def test_twenty_workers_at_once_send_one_message(receiver, here, offer):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    with ThreadPoolExecutor(6) as threads:
        arrived = list(threads.map(lambda _: deliveries.deliver(row.id, here), range(20)))
    assert sum(arrived) == len(receiver.taken) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_only_what_was_taken_counts_and_no_redirect_is_followed(receiver, here, offer, status):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    receiver.answers[:] = [status]
    assert not deliveries.deliver(row.id, here)
    assert [path for path, _, _ in receiver.taken] == ["/hooks"]
    assert rows()[0].last_error == f"answered {status}"


def test_gone_means_never_again(receiver, here, offer):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    receiver.answers[:] = [410]
    deliveries.deliver(row.id, here)
    assert rows()[0].state == DeliveryState.GIVEN_UP


def test_an_address_inside_our_network_is_refused_when_it_is_sent_to(receiver, here, settings, offer):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    assert not deliveries.deliver(row.id, settings)
    assert receiver.taken == []
    assert rows()[0].last_error == "the address is not one that we send to"


def test_nobody_who_listens_is_a_failure_like_others(here, offer):
    with db.transaction() as session:
        endpoints.add(
            session, entity_id="ente", address="http://127.0.0.1:9/x", by="test", allow=here.webhook_allow
        )
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    assert not deliveries.deliver(row.id, here)
    assert rows()[0].last_error == "no connection"


def test_a_certificate_that_is_none_is_told(receiver, here):
    with pytest.raises(egress.NotReached, match="TLS"):
        egress.post(f"https://127.0.0.1:{receiver.server_port}/", b"{}", {}, allow=here.webhook_allow)


def test_an_offer_that_was_answered_meanwhile_is_not_announced_any_more(receiver, here, offer):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_REMINDER, offer)
    with db.transaction() as session:
        answers.accept(session, offer, who="test")
    assert not deliveries.deliver(row.id, here)
    assert receiver.taken == []
    assert rows()[0].state == DeliveryState.DROPPED


def test_an_endpoint_that_was_ended_hears_nothing_more_not_even_again(receiver, here, offer):
    ended, _ = endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    with db.transaction() as session:
        endpoints.end(session, ended, by="anna")
    assert not deliveries.deliver(row.id, here)
    assert rows()[0].state == DeliveryState.DROPPED
    with db.transaction() as session:
        assert deliveries.replay(session, [row.id], who="anna") == []
    assert [one.id for one in told(Kind.OFFER_WITHDRAWN, offer)] == [row.id]


def test_a_new_secret_signs_from_then_on(receiver, here, offer):
    id, old = endpoint(receiver, here)
    with db.transaction() as session:
        secret = endpoints.new_secret(session, id, by="anna")
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    deliveries.deliver(row.id, here)
    ((_, headers, body),) = receiver.taken
    made = [
        signing.signature(one, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
        for one in (old, secret)
    ]
    assert [one == headers["webhook-signature"] for one in made] == [False, True]


def test_without_a_mail_server_it_is_told_what_is_missing(settings, offer):
    with db.transaction() as session:
        session.get_one(Entity, "ente").email = "desk@ente.example.org"
    (row,) = told(Kind.OFFER_MADE, offer)
    assert not deliveries.deliver(row.id, settings)
    assert rows()[0].last_error == "HELPLINE_SMTP_URL is not set"


def test_a_mail_server_that_refuses_is_a_failure_without_an_address(postbox, here, offer):
    with db.transaction() as session:
        session.get_one(Entity, "ente").email = "desk@ente.example.org"
    (row,) = told(Kind.OFFER_MADE, offer)
    postbox.answer = "550 no desk@ente.example.org here"
    assert not deliveries.deliver(row.id, here)
    assert rows()[0].last_error == "the mail server answered 550"


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


def test_everything_wrong_with_an_endpoint_is_told_and_an_entity_has_five_at_most(receiver, here, offer):
    with db.transaction() as session:
        with pytest.raises(Faults) as caught:
            endpoints.add(session, entity_id="none", address="http://me:x@example.org", by="test")
    assert len(caught.value.faults) == 3
    for number in range(endpoints.MOST):
        endpoint(receiver, here, f"/{number}")
    with pytest.raises(Faults, match="already"):
        endpoint(receiver, here)


def test_addresses_and_secrets_are_encrypted_and_lists_show_the_host_alone(receiver, here, offer):
    _, secret = endpoint(receiver, here, "/hooks/very-private")
    with db.transaction() as session:
        kept = session.connection().exec_driver_sql("SELECT * FROM endpoints").one()
        assert not any("very-private" in str(value) or secret in str(value) for value in kept)
        assert [row.host for row in endpoints.listed(session)] == ["127.0.0.1"]


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
    monkeypatch.setattr(egress, "TRY_SECONDS", 1.8)
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
        thread.join(5)
    assert (first, second) == (deliveries.AT_ONCE, 0)  # while these go on, no more are begun here
    assert took < 1.2
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
