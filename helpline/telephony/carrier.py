"""What we ask of any carrier, in our words; knows no particular one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpline.phone import PhoneNumber


class CarrierError(Exception):
    """The carrier could not be asked, or did not do what it was asked. The message holds no personal data.

    Of a call that was to be placed it says nothing: it may ring or not.
    """


class NotNow(CarrierError):
    """Asked too often, or never reached: nothing was done, and may be asked again after `seconds` (None: not said)."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Declined(CarrierError):
    """The carrier will not do this, however often it is asked; `code` is its own, and nothing was done."""

    def __init__(self, why: str, code: int | None = None) -> None:
        super().__init__(why)
        self.code = code

    @property
    def unreachable(self) -> bool:
        """Whether the number that was to be called is the reason."""
        return self.code in _NO_SUCH_NUMBER


_NO_SUCH_NUMBER = frozenset({13223, 13224, 21211, 21214, 21217, 21219, 21401, 21421, 21614})


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
    created_at: datetime | None = None
    answered_by: str | None = None


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

    @property
    def calls_a_second(self) -> float:
        """How many calls a second this installation may place."""

    def place(self, to: PhoneNumber, path: str, *, ring_seconds: int, detect_machine: bool) -> str:
        """Call this number from the number for callbacks; the call's sid.

        What is said is asked for at our `path`, what becomes of the call is told at `path`/status. With
        `detect_machine` the words wait until the carrier knows whether a person picked up. Raises `NotNow`,
        `Declined`; any other `CarrierError` leaves it open whether the telephone rings.
        """

    def calls_to(self, to: PhoneNumber, since: datetime) -> list[CarrierCall]:
        """The calls placed to this number since then, oldest first; the newest may not be listed yet."""

    def end(self, sid: str, *, answered: bool) -> str:
        """End a call, or take it back while it rings; its status after that. Raises `Declined` when it has ended."""

    def send(self, sid: str, path: str) -> None:
        """Send a live call to another document of ours. Raises `Declined` when it does not live."""

    def hold(self, room_sid: str, call_sid: str, path: str | None) -> None:
        """Hold a participant of a conference, who hears the document at `path`; None: let them talk again."""


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
