"""How a leg ended, from what the carrier and the person said. Pure: reads a leg's fields, changes nothing."""

from typing import Protocol

from helpline.telephony.models import Cause

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_PLAIN = {"busy": Cause.BUSY, "no-answer": Cause.NO_ANSWER, "canceled": Cause.CANCELED}
YES = "1"
ANOTHER_TIME = "2"
UNSURE = "unknown"


class Answered(Protocol):
    """What is read of a leg that was picked up."""

    detect_machine: bool
    answered_by: str | None


class Ended(Protocol):
    """What is read of a leg."""

    answered_by: str | None
    key: str | None
    wanted: str | None


def machine(answered_by: str | None) -> bool:
    """Whether the carrier heard no person pick up; what it is not sure of counts as a person."""
    return answered_by is not None and answered_by.startswith(("machine", "fax"))


def may_hear(leg: Answered) -> bool:
    """Whether anything may be said on it: where we promised to leave no message, nothing before the carrier has said that
    it was no machine that picked up.

    That a call is "in progress" says nothing of that: the carrier tells it while it still listens.
    """
    return not leg.detect_machine or (leg.answered_by is not None and not machine(leg.answered_by))


def of(status: str, leg: Ended, *, sip: str | None = None) -> Cause:
    """The cause for a final status in the carrier's words; `sip`: the network's own code where the carrier told it.

    A call that failed for the network's sake (5xx, or no code at all) is not the number's fault.
    """
    if status in _PLAIN:
        return _PLAIN[status]
    if status == "failed":
        return Cause.FAILED if sip and sip[0] in "46" else Cause.NETWORK
    if machine(leg.answered_by):
        return Cause.MACHINE
    if leg.key == YES:
        return Cause.COMPLETED
    if leg.key is None:
        return Cause.CANCELED if leg.wanted == "end" else Cause.GAVE_UP
    return Cause.REFUSED
