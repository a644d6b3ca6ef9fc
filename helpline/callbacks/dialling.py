"""Rings the operator, then the person who asked, and leads both into one room. Knows no words and no carrier; whether a
person may be told anything is checked here too."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.telephony.models import Leg
from helpline.telephony.scripts import Says


class NoTelephone(Exception):
    """The operator's account has no telephone number, so nothing can be rung."""


@dataclass(frozen=True)
class Dialled:
    """A call under way: the attempt, and the leg that rings the operator."""

    attempt_id: int
    leg_id: int


@dataclass(frozen=True)
class Progress:
    """How far an attempt has got: `operator` and `caller` are states of their legs (None: not meant yet), with their
    causes once ended; `interpreter` the newest one's; `talking`: both are in the room; `held`: the caller waits there.
    """

    attempt_id: int
    operator: str
    operator_cause: str | None
    caller: str | None
    caller_cause: str | None
    interpreter: str | None
    interpreter_leg_id: int | None
    talking: bool
    held: bool


def call(session: Session, callback_id: int, who: Who, claim_no: int) -> Dialled:
    """Ring the operator's own telephone for this callback. A second click gives the same call, and rings nobody.

    Raises `NoTelephone`, and `desk.Stale` when the claim is somebody else's by now.
    """
    raise NotImplementedError


def progress(session: Session, callback_id: int) -> Progress | None:
    """How far the newest attempt of this callback has got; None when nothing was ever dialled."""
    raise NotImplementedError


def stop(session: Session, callback_id: int, who: Who) -> bool:
    """Take the call back while it rings, or end it; False when nothing was under way. The caller loses no attempt."""
    raise NotImplementedError


def add_interpreter(
    session: Session, attempt_id: int, number: PhoneNumber, *, language: str, who: Who
) -> int:
    """Ring an interpreter, who hears `take_call` in `language`; the caller waits meanwhile. The leg's id.

    First operator and interpreter speak alone (consult); `bridge` lets the caller in. Raises `NotTalking` when the
    two are not in their room.
    """
    raise NotImplementedError


def bridge(session: Session, attempt_id: int, who: Who) -> bool:
    """Let the caller back in, with the interpreter or without; False when nobody was on hold."""
    raise NotImplementedError


def dismiss_interpreter(session: Session, attempt_id: int, who: Who) -> bool:
    """Let the interpreter go, or stop ringing; the caller comes back. False when there was none."""
    raise NotImplementedError


class NotTalking(Exception):
    """Caller and operator are not in one room now."""


def code_given(session: Session, callback_id: int, who: Who, code: str) -> bool:
    """Whether this is the code of the ask that is being called back; from then on `may_discuss`.

    Wrong ones are counted with all others of the number: 3 in a talk, 5 a day, 10 ever; then no code is right any
    more (`recognised_without_code` remains). Commit also when the answer is False.
    """
    raise NotImplementedError


def recognised_without_code(session: Session, callback_id: int, who: Who) -> None:
    """The person said unprompted what they asked for: noted in the audit; from then on `may_discuss`."""
    raise NotImplementedError


def may_discuss(session: Session, callback_id: int) -> bool:
    """Whether the person on the line in the newest attempt has shown to be the one who asked: else nothing is said."""
    raise NotImplementedError


def answered(session: Session, leg: Leg) -> Says:
    """What is said to who picked up: `take_call` to the operator, the neutral opening to the other."""
    raise NotImplementedError


def pressed(session: Session, leg: Leg, stage: str, key: str) -> Says:
    """What follows a key, or none."""
    raise NotImplementedError


def left(session: Session, leg: Leg) -> Says:
    """The last words to who left the room, or was fetched out of it."""
    raise NotImplementedError


def leg_changed(leg_id: int) -> None:
    """A leg of a callback's changed (a job): the attempt ends with a cause, and nobody stays alone."""
    raise NotImplementedError
