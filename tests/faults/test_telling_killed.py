"""The worker that tells organisations is killed between taking a message and hearing the answer: nothing is lost, and what is
told again comes under the same id."""

from collections.abc import Iterator
from datetime import timedelta

import psutil
import pytest

from helpline import clock, db
from helpline.api import deliveries, endpoints, telling
from helpline.api.models import DeliveryState
from helpline.config import Settings
from helpline.db import outbox
from tests import servers
from tests.faults.receiving import PATIENCE, Receivers, receiving, started
from tests.integration import routing_rows
from tests.integration.api_visits import offers
from tests.integration.telling_deeds import rows

LATER = timedelta(minutes=3)


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with receiving() as found:
        yield found


def told_by(way: str, receivers: Receivers, settings: Settings) -> None:
    """An organisation that wants to be told in this way, and an offer of which it is."""
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=5)
        offer = offers(session, "ente-0")[0]
        if way == "mail":
            routing_rows.mailbox(session, "ente", "desk@ente.example.org")
        else:
            address = f"http://127.0.0.1:{receivers.web.server_port}/hooks"
            endpoints.add(session, entity_id="ente", address=address, by="test", allow=settings.webhook_allow)
    with db.transaction() as session:
        left = outbox.put(session, outbox.Kind.OFFER_MADE, offer)
    assert left is not None
    telling.tell_entity(left)


@pytest.mark.parametrize("way", ["webhook", "mail"])
def test_what_a_killed_worker_was_telling_is_told_again_under_the_same_id(
    way: str, database: servers.Servers, environ: dict[str, str], receivers: Receivers
) -> None:
    known = receivers.known_to(environ, database)
    settings = Settings.from_env(known)
    worker = started(known, "worker", "slow")
    try:
        told_by(way, receivers, settings)
        assert receivers.arrived.wait(PATIENCE), "the worker tells"
    finally:
        for process in (*psutil.Process(worker.pid).children(recursive=True), worker):
            process.kill()
        worker.wait(PATIENCE)
    (row,) = rows()
    assert (row.state, row.attempts) == (DeliveryState.DUE, 1), "taken, and not forgotten"
    assert not deliveries.deliver(row.id, settings), "and not told again at once"
    clock.set_offset(clock.offset() + LATER)
    deliveries.sweep_due(settings)
    (row,) = rows()
    assert (row.state, row.attempts) == (DeliveryState.DELIVERED, 2)
    first, second = receivers.ids
    assert first == second
