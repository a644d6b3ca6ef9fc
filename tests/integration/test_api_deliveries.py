"""What is tried to be delivered: for a day, not twice at once, and what is said of what fails."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from helpline import clock, db
from helpline.api import deliveries, egress, endpoints
from helpline.api import told as told_so_far
from helpline.api.models import DeliveryState
from helpline.db.outbox import Kind
from tests.integration import routing_rows
from tests.integration.telling_deeds import endpoint, rows, told

pytestmark = pytest.mark.usefixtures("database")


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
        (seen,) = told_so_far.listed(session, entity_id="ente", state=DeliveryState.DUE)
        assert (seen.attempts, seen.last_error, seen.host) == (1, "answered 503", "127.0.0.1")
        assert timedelta(seconds=25) < seen.next_at - clock.now() < timedelta(seconds=35)
        assert told_so_far.replay(session, [row.id, 999], who="anna") == [row.id]
    assert deliveries.deliver(row.id, here)
    with db.transaction() as session:
        assert told_so_far.listed(session, state=DeliveryState.DELIVERED)[0].next_at is None


def test_what_arrived_can_be_sent_again_under_the_same_id(receiver, here, offer):
    endpoint(receiver, here)
    (row,) = told(Kind.OFFER_WITHDRAWN, offer)
    deliveries.deliver(row.id, here)
    assert not deliveries.deliver(row.id, here)
    with db.transaction() as session:
        told_so_far.replay(session, [row.id], who="anna")
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


def test_without_a_mail_server_it_is_told_what_is_missing(settings, offer):
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "desk@ente.example.org")
    (row,) = told(Kind.OFFER_MADE, offer)
    assert not deliveries.deliver(row.id, settings)
    assert rows()[0].last_error == "HELPLINE_SMTP_URL is not set"


def test_a_mail_server_that_refuses_is_a_failure_without_an_address(postbox, here, offer):
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "desk@ente.example.org")
    (row,) = told(Kind.OFFER_MADE, offer)
    postbox.answer = "550 no desk@ente.example.org here"
    assert not deliveries.deliver(row.id, here)
    assert rows()[0].last_error == "the mail server answered 550"
