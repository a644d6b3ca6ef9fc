"""What several files of one subject share: an entity's program and mailbox, and settings with which they are told."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from helpline import db
from helpline.config import Settings
from helpline.people.roles import Role
from helpline.telephony import carrier
from tests import mail
from tests.integration import leg_deeds, queue_rows, routing_rows
from tests.integration.api_visits import offers
from tests.integration.console_visits import Visitor, application


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


@pytest.fixture(scope="module")
def mail_server():
    with mail.running(mail.Postbox()) as box:
        yield box


@pytest.fixture
def postbox(mail_server):
    mail_server.empty()
    return mail_server


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


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a settings file."""

    def write(text: str) -> Path:
        path = tmp_path / "settings.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def asked(database) -> leg_deeds.Scripted:
    """A carrier that answers as a test says."""
    ours = leg_deeds.Scripted()
    carrier.use(ours)
    return ours


@pytest.fixture
def amina(settings, at, database) -> Visitor:
    """Somebody at the console who calls people back in Arabic, on a day on which all is open."""
    at(queue_rows.TUESDAY)
    queue_rows.always()
    return Visitor(application(settings)).sign_in(
        "amina", roles=[Role.OPERATOR], languages=["ar"], locale="en"
    )
