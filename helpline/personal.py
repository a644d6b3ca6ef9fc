"""Whether words that are kept in plain hold what leads to somebody: a telephone number, an address for e-mail; pure.

It finds what looks so, and more: whoever wrote a long figure can say the same in other words.
"""

import re
import unicodedata

LONGEST_REASON = 300
NUMBER = r"\d[\d ]{6,}|\d([./-]?\d){8,}"
"""Seven digits or more, with spaces among them, or nine with dots, strokes or hyphens: days and hours are shorter."""
TELLING = NUMBER + r"|[^\s@]@[^\s@]+\.[^\s@]"
"""As NUMBER, or an address for e-mail. Both mean the same to Python and to JSON Schema. Looked for from the @ on: a text
of many signs without one must not be gone through once for each of them."""

_NUMBER, _TELLING = re.compile(NUMBER), re.compile(TELLING)
_MIXED = re.compile(r"\d(?:[\s,./()_-]{0,3}\d){8,}")
"""Nine digits or more with anything of the kind between them. Looked for where days and hours are left out: several of those
stand beside each other in a reason (`9-13, 15-18, 20-22`), and are no number."""
_DAY = (
    r"(?<![\d./-])(?:(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)?\d\d"
    r"|(?:19|20)\d\d-[01]\d-[0-3]\d)(?![./-]?\d)"
)
_HOUR = r"(?<!\d)(?:[01]?\d|2[0-4])[:.][0-5]\d(?!\d)"
_HOURS = r"(?<![\d./-])(?:[01]?\d|2[0-4])-(?:[01]?\d|2[0-4])(?![./-]?\d)"
_DAYS_AND_HOURS = re.compile(f"{_DAY}|{_HOUR}|{_HOURS}")
_SPACES, _DASHES, _UNSEEN = {"Zs", "Zl", "Zp"}, {"Pd"}, {"Cf", "Mn", "Me"}
_ALIKE = {"\t": " ", "\u2212": "-", "\u066b": ",", "\u066c": ","}


class Telling(ValueError):
    """A reason that others read holds a telephone number or an address."""


class TooLong(ValueError):
    """A reason is longer than `LONGEST_REASON`."""


def holds_number(words: str) -> bool:
    """Whether something in it looks like a telephone number."""
    return _looks_so(_NUMBER, folded(words))


def is_telling(words: str) -> bool:
    """Whether something in it looks like a telephone number or an address for e-mail."""
    return _looks_so(_TELLING, folded(words))


def folded(words: str) -> str:
    """The same with plain spaces, dashes and digits for all that Unicode has of each, and without what nobody sees: what is
    pasted from a page or a sheet has those."""
    if words.isascii():
        return words.replace("\t", " ")
    return "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", words))


def _plain(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in _UNSEEN:
        return ""
    return " " if kind in _SPACES else "-" if kind in _DASHES else _ALIKE.get(sign, sign)


def _looks_so(form: re.Pattern[str], words: str) -> bool:
    return form.search(words) is not None or _MIXED.search(_DAYS_AND_HOURS.sub("x", words)) is not None


def reason(words: str) -> str:
    """Somebody's reason, as it may be kept in plain. Raises `Telling` and `TooLong`, whose texts hold none of it."""
    if is_telling(words):
        raise Telling("a reason does not hold telephone numbers or e-mail addresses")
    if len(words) > LONGEST_REASON:
        raise TooLong(f"a reason has at most {LONGEST_REASON} characters")
    return words
