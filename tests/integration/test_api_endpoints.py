"""The addresses that entities are told at: what is refused, secrets, and their end."""

import pytest

from helpline import db
from helpline.api import deliveries, endpoints, signing
from helpline.api import told as told_so_far
from helpline.api.models import DeliveryState
from helpline.db.outbox import Kind
from helpline.faults import Faults
from tests.integration.telling_deeds import endpoint, rows, told

pytestmark = pytest.mark.usefixtures("database")


def test_an_endpoint_that_was_ended_hears_nothing_more_not_even_again(receiver, here, offer):
    ended, _ = endpoint(receiver, here)
    (row,) = told(Kind.OFFER_EXPIRED, offer)
    with db.transaction() as session:
        endpoints.end(session, ended, by="anna")
    assert not deliveries.deliver(row.id, here)
    assert rows()[0].state == DeliveryState.DROPPED
    with db.transaction() as session:
        assert told_so_far.replay(session, [row.id], who="anna") == []
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
