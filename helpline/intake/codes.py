"""Four-digit codes: drawn, compared, and how often one may be wrong. Pure: knows no database and no call."""

import hmac
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

LENGTH = 4
WRONG_A_CALL = 3
WRONG_A_DAY = 5
WRONG_EVER = 10
WRONG_A_CALLERS_DAY = 9  # three calls' worth, so that nobody goes through the numbers of others
_KEYPAD_LINES = ("2580", "0852")
_PADDING = "----"
_COMPARED_AT_LEAST = 3


def speakable(code: str) -> bool:
    """Whether a code is hard to guess and easy to say: four different digits that are not neighbours in a row."""
    if len(code) != LENGTH or not (code.isascii() and code.isdigit()) or len(set(code)) < LENGTH:
        return False
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    return steps not in ({1}, {9}) and code not in _KEYPAD_LINES


def draw(taken: Collection[str] = (), *, below: Callable[[int], int] = secrets.randbelow) -> str:
    """A new code that is none of `taken`. `below(n)` gives a random number under n (from the system's own source)."""
    while True:
        code = f"{below(10**LENGTH):0{LENGTH}d}"
        if speakable(code) and code not in taken:
            return code


@dataclass(frozen=True)
class Tries:
    """How many wrong pairs there were: in this call, and for this number today (Rome's day) and ever; and how many
    this caller keyed today, whatever the numbers."""

    in_call: int
    today: int
    ever: int
    by_caller: int = 0

    @property
    def used_up(self) -> bool:
        """Whether only a person can help now (the limits are DOMAIN §6's, Codes)."""
        of_number = self.in_call >= WRONG_A_CALL or self.today >= WRONG_A_DAY or self.ever >= WRONG_EVER
        return of_number or self.by_caller >= WRONG_A_CALLERS_DAY


def matching(code: str, candidates: Iterable[tuple[int, str]]) -> int | None:
    """The id of the candidate whose code this is, or None.

    All are compared, each in constant time, and never fewer than three: how long it takes does not tell whether
    the number is known.
    """
    found = None
    padded = list(candidates)
    padded += [(0, _PADDING)] * (_COMPARED_AT_LEAST - len(padded))
    for identity, right in padded:
        if hmac.compare_digest(code.encode(), right.encode()) and identity:
            found = identity
    return found
