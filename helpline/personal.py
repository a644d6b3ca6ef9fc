"""Whether words that are kept in plain hold what leads to somebody: a telephone number, an address for e-mail; pure.

It finds what looks so, and more: whoever wrote a long figure can say the same in other words.
"""

import re

LONGEST_REASON = 300
NUMBER = r"\d[\d ]{6,}|\d([./-]?\d){8,}"
"""Seven digits or more, with spaces among them, or nine with dots, strokes or hyphens: days and hours are shorter."""
TELLING = NUMBER + r"|[^\s@]@[^\s@]+\.[^\s@]"
"""As NUMBER, or an address for e-mail. Both mean the same to Python and to JSON Schema. Looked for from the @ on: a text
of many signs without one must not be gone through once for each of them."""

_NUMBER, _TELLING = re.compile(NUMBER), re.compile(TELLING)


class Telling(ValueError):
    """A reason that others read holds a telephone number or an address."""


class TooLong(ValueError):
    """A reason is longer than `LONGEST_REASON`."""


def holds_number(words: str) -> bool:
    """Whether something in it looks like a telephone number."""
    return _NUMBER.search(words) is not None


def is_telling(words: str) -> bool:
    """Whether something in it looks like a telephone number or an address for e-mail."""
    return _TELLING.search(words) is not None


def reason(words: str) -> str:
    """Somebody's reason, as it may be kept in plain. Raises `Telling` and `TooLong`, whose texts hold none of it."""
    if is_telling(words):
        raise Telling("a reason does not hold telephone numbers or e-mail addresses")
    if len(words) > LONGEST_REASON:
        raise TooLong(f"a reason has at most {LONGEST_REASON} characters")
    return words
