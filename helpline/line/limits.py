"""The limits that a coordinator may tune: what each is usually, and between which bounds it stays safe. Pure.

A limit that protects callers, or on which a promise rests (three wrong codes, three tries of a callback, the quiet hours),
is none of these: it is written where it is kept, and a change of it is a change of the program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """As they hold now: asks that one number may make in a day, those of all who hide their number together, and the
    minutes after which whoever waits on hold is promised a call instead."""

    new_asks_a_day: int = 5
    hidden_asks_a_day: int = 40
    hold_minutes: int = 20


BOUNDS: Mapping[str, tuple[int, int]] = {
    "new_asks_a_day": (3, 20),
    "hidden_asks_a_day": (10, 500),
    "hold_minutes": (5, 25),
}
USUAL: Mapping[str, int] = {one.name: getattr(Limits(), one.name) for one in fields(Limits)}


def of(values: Mapping[str, int]) -> Limits:
    """The limits with these that were tuned; a name that this program does not know (any more) says nothing, nor does a
    value that is not safe (any more): an old change may be put back."""
    return Limits(**{name: value for name, value in values.items() if name in USUAL and fits(name, value)})


def fits(name: str, value: int) -> bool:
    """Whether a limit of this name may have this value. Raises `KeyError` for a name that none has."""
    least, most = BOUNDS[name]
    return least <= value <= most
