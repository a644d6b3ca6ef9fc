"""What running a document asks of the carrier, so that the two can be read apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from helpline.simulator import clips
from helpline.simulator.call import Call
from helpline.simulator.mischief import Fields
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


class Line(Protocol):
    """What a run needs from its carrier."""

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
