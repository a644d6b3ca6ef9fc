"""The worker that tells organisations is killed between taking a message and hearing the answer: nothing is lost, and what is
told again comes under the same id."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from helpline import clock, db
from helpline.api import deliveries, endpoints, telling
from helpline.api.models import DeliveryState
from helpline.config import Settings
from helpline.db import outbox
from tests import mail, servers
from tests.integration import routing_rows
from tests.integration.api_visits import offers
from tests.integration.telling_deeds import rows

ROOT = Path(__file__).parents[2]
LATER = timedelta(minutes=3)
PATIENCE = 60


class Receivers:
    """A program and a mail server of an organisation. Each keeps the ids that it was told, and answers the first never."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.arrived, self.may_go = threading.Event(), threading.Event()
        receivers = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                if receivers.keeps(self.headers["webhook-id"]):
                    receivers.may_go.wait(PATIENCE)
                    return
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.mail = mail.Postbox(first=self.mailed)
        threading.Thread(target=self.web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def keeps(self, id: str) -> bool:
        """Note what was told; whether it is the first."""
        self.ids.append(id)
        self.arrived.set()
        return len(self.ids) == 1

    async def mailed(self, came: Message) -> None:
        if self.keeps(came["Message-ID"]):
            await asyncio.get_running_loop().run_in_executor(None, self.may_go.wait, PATIENCE)

    def stop(self) -> None:
        self.may_go.set()
        self.web.shutdown()
        self.web.server_close()


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    found = Receivers()
    with mail.running(found.mail):
        yield found
        found.stop()


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
    telling_here = {
        "HELPLINE_WEBHOOK_ALLOW": "127.0.0.0/8",
        "HELPLINE_SMTP_URL": f"smtp://127.0.0.1:{receivers.mail.port}",
        "HELPLINE_MAIL_FROM": "helpline@line.example.org",
        "DATABASE_URL": servers.plain(database.database_url),
        "REDIS_URL": database.redis_url,
    }
    settings = Settings.from_env(environ | telling_here)
    worker = subprocess.Popen(
        [sys.executable, "-m", "helpline", "worker", "slow"], env=dict(os.environ) | environ | telling_here, cwd=ROOT
    )  # fmt: skip
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
