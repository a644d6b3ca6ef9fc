"""Whoever is told something, and never answers the first time: so that who tells can be killed meanwhile."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests import mail, servers

ROOT = Path(__file__).parents[2]
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

    def known_to(self, environ: Mapping[str, str], database: servers.Servers) -> dict[str, str]:
        """The environment of a process of ours that may tell them, and works on this database."""
        return {
            **environ,
            "HELPLINE_WEBHOOK_ALLOW": "127.0.0.0/8",
            "HELPLINE_SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "HELPLINE_MAIL_FROM": "helpline@line.example.org",
            "DATABASE_URL": servers.plain(database.database_url),
            "REDIS_URL": database.redis_url,
        }

    def stop(self) -> None:
        self.may_go.set()
        self.web.shutdown()
        self.web.server_close()


@contextmanager
def receiving() -> Iterator[Receivers]:
    """Receivers that are there."""
    found = Receivers()
    with mail.running(found.mail):
        yield found
        found.stop()


def started(known: Mapping[str, str], *words: str) -> subprocess.Popen[bytes]:
    """A process of ours (`clock`, `worker slow`), which somebody else ends."""
    return subprocess.Popen([sys.executable, "-m", "helpline", *words], env={**os.environ, **known}, cwd=ROOT)
