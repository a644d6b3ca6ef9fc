"""What is said on a leg, as values, and who decides it: one module for each purpose. Knows no words and no TwiML.

The rooms above this one are named, not imported, as jobs are.
"""

import importlib
from dataclasses import dataclass
from typing import Protocol, cast

from sqlalchemy.orm import Session

from helpline.telephony.models import Leg, Purpose


@dataclass(frozen=True)
class Key:
    """Wait for one key, so many seconds after the words; it comes back under the name of this stage."""

    stage: str
    seconds: int = 5


@dataclass(frozen=True)
class Join:
    """Go into this room. Whoever leaves it ends it, so that nobody stays alone (an interpreter may leave).

    `wait`: a prompt that is said again and again to who is alone in there.
    """

    room: str
    ends: bool = True
    wait: str | None = None


@dataclass(frozen=True)
class End:
    """Hang up."""


@dataclass(frozen=True)
class Says:
    """Prompts by name in one language, then what follows. `slow` puts a breath between them."""

    language: str
    prompts: tuple[str, ...] = ()
    then: Key | Join | End = End()
    slow: bool = False


class Script(Protocol):
    """What a purpose's module offers. Every function may be called again with the same words (webhooks repeat)."""

    def answered(self, session: Session, leg: Leg) -> Says:
        """Somebody picked up (the leg is locked, and `answered`)."""

    def pressed(self, session: Session, leg: Leg, stage: str, key: str) -> Says:
        """A key at this stage; empty: none came in time."""

    def left(self, session: Session, leg: Leg) -> Says:
        """The room was left, or the leg was fetched out of it: the last words."""

    def leg_changed(self, leg_id: int) -> None:
        """The leg ended (a job: no session); told again until it was taken in. A script may ring it sooner itself."""


SCRIPTS = {
    Purpose.CALLBACK_OPERATOR: "helpline.callbacks.dialling",
    Purpose.CALLBACK_CALLER: "helpline.callbacks.dialling",
    Purpose.LIVE_OPERATOR: "helpline.live.ringing",
    Purpose.INTERPRETER: "helpline.telephony.interpreting",
    Purpose.OFFER_MEMBER: "helpline.intake.offer_calls",
    Purpose.OFFER_PERSON: "helpline.intake.offer_calls",
}


def of(purpose: str) -> Script:
    """The module that decides what is said on legs of this purpose."""
    return cast("Script", importlib.import_module(SCRIPTS[Purpose(purpose)]))
