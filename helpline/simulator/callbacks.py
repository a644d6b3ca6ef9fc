"""Sends callbacks whose answer is not run, or loses and reorders them when mischief says so."""

from __future__ import annotations

from collections.abc import Callable

from helpline.simulator import twiml
from helpline.simulator.mischief import Mischief
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.webhooks import Sender, Webhook


class Callbacks:
    """The way out for status and recording callbacks; `release` lets go what reordering holds back."""

    def __init__(self, sender: Sender, mischief: Callable[[], Mischief]) -> None:
        self._sender = sender
        self._mischief = mischief
        self._held: list[tuple[Webhook, bool]] = []

    def send(self, hook: Webhook, strict: bool) -> None:
        """Send it, lose it, or hold it back."""
        if self._mischief().loses(hook.kind, hook.fields):
            return
        if self._mischief().reorder and hook.kind == "status":
            self._held.append((hook, strict))
        else:
            self._deliver(hook, strict)

    def release(self) -> None:
        """Deliver what was held back, last first."""
        while self._held:
            self._deliver(*self._held.pop())

    def _deliver(self, hook: Webhook, strict: bool) -> None:
        """In strict mode the answer must be an empty 204, or TwiML: of anything else Twilio warns."""
        try:
            answer, _ = self._sender.send(hook)
            if answer.status != 204:
                twiml.read(answer.body, answer.header("Content-Type"), first=False)
        except CarrierRefused:
            if strict:
                raise
