"""What we ask of any carrier, in our words; knows no particular one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class CarrierError(Exception):
    """The carrier could not be asked, or did not do what it was asked. The message holds no personal data."""


@dataclass(frozen=True)
class Recording:
    """A recording that the carrier holds: its sid, the call's sid, seconds (None when unknown), when it was made."""

    sid: str
    call_sid: str
    seconds: int | None
    at: datetime


@dataclass(frozen=True, repr=False)
class CarrierCall:
    """A call as the carrier knows it: sid, both numbers as given, status in the carrier's words, times, seconds."""

    sid: str
    from_: str
    to: str
    status: str
    started_at: datetime | None
    seconds: int | None


class Carrier(Protocol):
    """What the helpline asks of a carrier. Every method may raise `CarrierError`."""

    def recording(self, sid: str) -> bytes | None:
        """The sound (WAV), or None while it is not ready or when it is gone."""

    def delete_recording(self, sid: str) -> None:
        """Delete it at the carrier; one that is gone already is no error."""

    def recordings(self, since: datetime) -> list[Recording]:
        """All recordings made since then."""

    def call(self, sid: str) -> CarrierCall | None:
        """The call, or None when the carrier does not know it."""


_carrier: Carrier | None = None


def use(carrier: Carrier) -> None:
    """Set this process's carrier (done where the process starts)."""
    global _carrier
    _carrier = carrier


def carrier() -> Carrier:
    """This process's carrier."""
    if _carrier is None:
        raise RuntimeError("no carrier: call helpline.telephony.carrier.use(...) first")
    return _carrier
