"""A mail server that delivers nothing: it keeps what it is given, in a folder and for a page. Knows no line and no call."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template

SHOWN = 100

pages = Blueprint("mailbox", __name__)


@dataclass(frozen=True)
class Mail:
    """One mail, as its reader sees it."""

    at: datetime
    to: str
    subject: str
    text: str


@dataclass
class Mailbox:
    """What was caught, the newest first; each is also a file `<number>.eml` in the folder, if there is one."""

    folder: Path | None = None
    mails: deque[Mail] = field(default_factory=lambda: deque(maxlen=SHOWN))
    caught: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's word
        """Keep one mail (called by the server)."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        now = datetime.now(UTC)
        self.mails.appendleft(Mail(now, ", ".join(envelope.rcpt_tos), str(mail["Subject"] or ""), text))
        self.caught += 1
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"{now:%Y%m%d-%H%M%S}-{self.caught}.eml"
            (self.folder / name).write_bytes(envelope.content)
        return "250 kept"


@pages.get("/mail")
def mail() -> str:
    """What was caught."""
    box: Mailbox = current_app.extensions["mailbox"]
    return render_template("mail.html", mails=list(box.mails))


@contextmanager
def catching(server: str | None, box: Mailbox) -> Iterator[None]:
    """Catch mail at this address (`smtp://127.0.0.1:2525`) meanwhile; nothing where none is given, or it is another machine's."""
    parts = urlsplit(server or "")
    if parts.scheme != "smtp" or parts.hostname != "127.0.0.1" or not parts.port:
        yield
        return
    from aiosmtpd.controller import Controller  # only who catches mail pays for loading it

    controller = Controller(box, hostname=parts.hostname, port=parts.port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
