"""Why the callers of one day give up: one of three things that go wrong on a line, each as it shows in a journey. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Cause(StrEnum):
    """What went wrong."""

    MISSING_CLIP = "missing-clip"
    SHIFT_GAP = "shift-gap"
    LONG_PROMPT = "long-prompt"


@dataclass(frozen=True)
class Met:
    """A way that callers are made to go: keys at steps, answers of the line, the step at which they hang up after so many
    seconds. `unsaid`: the carrier cannot play what is sent there. `hold`: how their wait for a person ends."""

    cause: Cause
    step: str
    stays: tuple[float, float]
    presses: Mapping[str, str] = field(default_factory=dict)
    does: Mapping[str, str] = field(default_factory=dict)
    unsaid: bool = False
    hold: str = ""


STEPS = {"about": "1", "callback": "2"}
"""Steps at which a prompt may go wrong, by the key of `BEGINS` that leads there."""
BEGINS = "welcome"
UNANSWERED = "number_safe"
"""Where those are who waited for somebody in vain."""


def met(dice: Random, cause: Cause) -> Met:
    """How the cause is met: where, where it may be met at several steps."""
    if cause is Cause.SHIFT_GAP:
        does = {"greet": "welcome", "find_person": "free", "know_number": "known"}
        return Met(cause, UNANSWERED, (2, 14), {BEGINS: "0"}, does, hold="nobody")
    step = dice.choice(sorted(STEPS))
    presses, does = {BEGINS: STEPS[step]}, {"greet": "welcome"}
    if cause is Cause.MISSING_CLIP:
        return Met(cause, step, (2, 6), presses, does, unsaid=True)
    return Met(cause, step, (50, 115), presses, does)
