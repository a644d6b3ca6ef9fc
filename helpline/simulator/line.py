"""What running a document asks of the carrier, so that the two can be read apart."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpline.simulator import clips
from helpline.simulator.call import Call, Event, Waiting
from helpline.simulator.links import Link
from helpline.simulator.mischief import Fields
from helpline.simulator.rooms import Rooms
from helpline.simulator.transport import Answer
from helpline.simulator.twiml import Verb


@dataclass(frozen=True)
class Place:
    """A document to fetch next; `extra` are the parameters of the verb that led there, `given` is one that is here."""

    url: str
    method: str = "POST"
    extra: tuple[tuple[str, str], ...] = ()
    kind: str = "voice"
    given: bytes = b""


Steps = Generator[Waiting, Event, Place | None]


class Gone(Exception):
    """The call is over now, wherever it was."""


class Elsewhere(Exception):
    """The call goes on in another document, whatever this one still had."""

    def __init__(self, place: Place) -> None:
        self.place = place


class Line(Protocol):
    """What a run needs from its carrier."""

    rooms: Rooms
    real_time: bool

    def now(self) -> datetime:
        """The carrier's moment."""

    def at(self, moment: datetime, what: Callable[[], None], *, weak: bool = False) -> None:
        """Do something at a moment; what is `weak` is nothing to wait for."""

    def ring(self, link: Link, to: str, from_: str, dial: Verb, noun: Verb | None, base: str) -> Call:
        """Ring somebody at once, for a call that dials."""

    def hang_up_on(self, link: Link) -> None:
        """Whoever dialled no longer waits or talks."""

    def later(self, errand: Callable[[], None]) -> None:
        """Do something once no call of this thread is in the middle of a step."""

    def ask(self, call: Call, place: Place) -> tuple[Answer, str]:
        """Request a document; the answer and the URL it came from."""

    def clip(self, call: Call, url: str) -> clips.Clip:
        """Fetch what is to be played."""

    def keep(self, call: Call, verb: Verb, base: str, seconds: float, wav: bytes) -> Fields:
        """Keep a recording; the parameters that tell the application about it."""

    def moved(self, call: Call) -> None:
        """The call has reached a later moment."""

    def over(self, call: Call, status: str) -> None:
        """The call has ended like this."""

    @property
    def saves_silence(self) -> bool:
        """Whether a recording of nothing is kept."""
