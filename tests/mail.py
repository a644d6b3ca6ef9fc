"""A mail server for tests: it keeps what it is given, and answers as it is told to."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from tests import ports


@dataclass
class Postbox:
    """What came, each with those whom it is for; what is answered; what is done before that."""

    mails: list[tuple[list[str], Message]] = field(default_factory=list)
    answer: str = "250 kept"
    first: Callable[[Message], Awaitable[None]] | None = None
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's word
        """Keep one mail (called by the server)."""
        mail = message_from_bytes(envelope.content)
        self.mails.append((envelope.rcpt_tos, mail))
        if self.first:
            await self.first(mail)
        return self.answer

    def empty(self) -> None:
        """As it was at the beginning."""
        self.mails.clear()
        self.answer = "250 kept"


@contextmanager
def running(box: Postbox) -> Iterator[Postbox]:
    """A server at a free `port` of this machine that gives the box what comes, meanwhile."""
    box.port = ports.free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
