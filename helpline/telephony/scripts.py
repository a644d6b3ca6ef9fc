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
class Digits:
    """Wait for keys, at most so many, ended by the hash key or a pause; they come back under the name of this stage."""

    stage: str
    most: int
    seconds: int = 6


@dataclass(frozen=True)
class Record:
    """Record what is said after a tone, at most so many seconds, until a key or a pause; told under this stage."""

    stage: str
    seconds: int
    pause: int = 4


@dataclass(frozen=True)
class End:
    """Hang up."""


@dataclass(frozen=True)
class Words:
    """Words for people of ours, said by the carrier's voice."""

    text: str
    language: str


@dataclass(frozen=True)
class Sound:
    """A sound of ours, at this path."""

    path: str


@dataclass(frozen=True)
class Says:
    """Prompts by name in one language (or words, or sounds), then what follows. `slow` puts a breath between them."""

    language: str
    prompts: tuple[str | Words | Sound, ...] = ()
    then: Key | Digits | Record | Join | End = End()
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


class Recording(Script, Protocol):
    """What a purpose's module offers besides, on whose legs keys are collected and words recorded."""

    def keyed(self, session: Session, leg: Leg, stage: str, digits: str) -> Says:
        """Keys at this stage; empty: none came in time."""

    def recorded(self, session: Session, leg: Leg, stage: str, sid: str, *, over: bool) -> Says:
        """Somebody has spoken (`sid` of the recording; empty: nothing was heard). `over`: and has hung up."""

    def told(self, session: Session, leg: Leg, sid: str, *, absent: bool) -> None:
        """The carrier says that a recording of this leg's call is ready, or that there is none."""


SCRIPTS = {
    Purpose.CALLBACK_OPERATOR: "helpline.callbacks.dialling",
    Purpose.CALLBACK_CALLER: "helpline.callbacks.dialling",
    Purpose.LIVE_OPERATOR: "helpline.live.ringing",
    Purpose.INTERPRETER: "helpline.telephony.interpreting",
    Purpose.OFFER_MEMBER: "helpline.intake.offer_calls",
    Purpose.OFFER_PERSON: "helpline.intake.offer_calls",
    Purpose.PROMPT_EDITOR: "helpline.voice.dictation",
}


def of(purpose: str) -> Script:
    """The module that decides what is said on legs of this purpose."""
    return cast("Script", importlib.import_module(SCRIPTS[Purpose(purpose)]))


def recording(purpose: str) -> Recording | None:
    """The module that records on legs of this purpose; None for one on which nothing is ever recorded."""
    if Purpose(purpose) is not Purpose.PROMPT_EDITOR:
        return None
    return cast("Recording", of(purpose))
