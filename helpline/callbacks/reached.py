"""Why an attempt ended, from how its legs did: pure. Only what the caller's side did may cost one of the three tries."""

from datetime import datetime
from typing import Protocol

from helpline.callbacks.values import Cause
from helpline.telephony.causes import ANOTHER_TIME, YES
from helpline.telephony.models import Cause as Leg

_OPERATOR = {Leg.COMPLETED: Cause.OPERATOR_NO_KEY, Leg.REFUSED: Cause.OPERATOR_NO_KEY} | {
    Leg.GAVE_UP: Cause.OPERATOR_NO_KEY,
    Leg.NETWORK: Cause.NETWORK,
}
_CALLER = {
    Leg.BUSY: Cause.BUSY,
    Leg.NO_ANSWER: Cause.NO_ANSWER,
    Leg.FAILED: Cause.NO_ANSWER,
    Leg.MACHINE: Cause.MACHINE,
    Leg.REFUSED: Cause.REFUSED,
    Leg.GAVE_UP: Cause.REFUSED,
    Leg.COMPLETED: Cause.REFUSED,
    Leg.CANCELED: Cause.OPERATOR_UNREACHED,
    Leg.NETWORK: Cause.NETWORK,
}


class Ended(Protocol):
    """What is read of a leg."""

    key: str | None
    cause: str | None
    wanted: str | None
    ended_at: datetime | None


def talked(caller: Ended | None) -> bool:
    """Whether the caller pressed 1 while the operator was there."""
    return caller is not None and caller.key == YES


def cause(operator: Ended, caller: Ended | None) -> Cause | None:
    """The cause of an attempt, or None while it lasts.

    After a talk it ends with whoever hangs up first; else when nobody rings or waits any more: the caller may be rung
    again only after that.
    """
    legs = [operator] if caller is None else [operator, caller]
    ended = [leg.cause is not None for leg in legs]
    if talked(caller):
        return Cause.CONNECTED if any(ended) else None
    if not all(ended):
        return None
    if operator.wanted == "end" or operator.cause == Leg.CANCELED:
        return Cause.TAKEN_BACK
    if operator.key != YES:
        return _OPERATOR.get(Leg(operator.cause or ""), Cause.OPERATOR_UNREACHED)
    if caller is None:
        return Cause.OPERATOR_UNREACHED
    if caller.key == ANOTHER_TIME:
        return Cause.WRONG_MOMENT
    found = _CALLER[Leg(caller.cause or "")]
    if found == Cause.REFUSED and _left_first(operator, caller):
        return Cause.OPERATOR_UNREACHED  # picked up, and heard an excuse: nobody was there for them
    return found


def _left_first(operator: Ended, caller: Ended) -> bool:
    return bool(operator.ended_at and caller.ended_at and operator.ended_at < caller.ended_at)
