"""Fetches what `<Play>` names, as the carrier's caching proxy does; knows no call and no document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from helpline.simulator import clips
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.transport import Budget, NoAnswer
from helpline.simulator.webhooks import Exchange, Sender


class Media:
    """Clips by URL; those whose server allows it are kept."""

    def __init__(self, sender: Sender, now: Callable[[], datetime]) -> None:
        self._sender = sender
        self._now = now
        self._kept: dict[str, clips.Clip] = {}

    def fetch(self, url: str, call_sid: str) -> clips.Clip:
        """GET without signature and without parameters. Raises CarrierRefused for anything but a good WAV."""
        if url in self._kept:
            return self._kept[url]
        request = Exchange("media", call_sid, "GET", url, [], [("Accept", "*/*")], b"", self._now())
        try:
            answer = self._sender.transmit(request, Budget())
        except NoAnswer as nothing:
            raise CarrierRefused(nothing.code, f"<Play> of {url}: {nothing}") from None
        if answer.status != 200:
            raise CarrierRefused(11200, f"<Play> of {url}: HTTP {answer.status}")
        kind = (answer.header("Content-Type") or "").partition(";")[0].strip()
        if kind not in clips.TYPES:
            raise CarrierRefused(12300, f"<Play> of {url}: Content-Type {kind!r} is not WAV")
        try:
            clip = clips.read(answer.body)
        except ValueError as wrong:
            raise CarrierRefused(12300, f"<Play> of {url}: {wrong}") from None
        caching = answer.header("Cache-Control") or ""
        if "max-age" in caching and "no-cache" not in caching:
            self._kept[url] = clip
        return clip
