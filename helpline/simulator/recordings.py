"""What callers said, as the carrier keeps it: ready a while after the call, gone (softly) when deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Recording:
    """One recording. It can be fetched from `ready` on, unless it was `lost` or `deleted`."""

    sid: str
    call_sid: str
    created: datetime
    ready: datetime
    seconds: int
    wav: bytes
    lost: bool = False
    deleted: bool = False

    def status(self, now: datetime) -> str:
        """Twilio's word for how far it is."""
        if self.deleted:
            return "deleted"
        if now < self.ready:
            return "processing"
        return "absent" if self.lost else "completed"


class Recordings:
    """All recordings of the account, by sid."""

    def __init__(self) -> None:
        self._kept: dict[str, Recording] = {}

    def add(self, recording: Recording) -> None:
        """Keep one."""
        self._kept[recording.sid] = recording

    def find(self, sid: str, *, deleted: bool = False) -> Recording | None:
        """One that is not deleted, or also a deleted one."""
        found = self._kept.get(sid)
        return found if found and (deleted or not found.deleted) else None

    def all(self, *, deleted: bool = False) -> list[Recording]:
        """Newest first, as the carrier lists them."""
        kept = [one for one in self._kept.values() if deleted or not one.deleted]
        return sorted(kept, key=lambda one: one.created, reverse=True)

    def __len__(self) -> int:
        return len(self.all())
