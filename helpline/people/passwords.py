"""Passwords: which are too weak, and how they are kept (argon2id). Knows no person."""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from helpline.people.reasons import Reason

SHORTEST, LONGEST = 12, 200

# OWASP's smallest: the same process answers callers, whom a guess must not keep waiting; guesses are few (`guessing`).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

_DIFFERENT = 5
# What people put digits and signs around, in the languages of those who work here.
_COMMON = frozenset(Path(__file__).with_name("too_common.txt").read_text("utf-8").split())
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "01234567890")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LOOK_ALIKE = str.maketrans("0134578@$!", "oieastbasi")


def weakness(password: str, *login_and_name: str) -> Reason | None:
    """Why a password will not do, or None: too short, too long, or among the first that would be guessed."""
    said = unicodedata.normalize("NFKC", password)
    if len(said) < SHORTEST:
        return Reason.TOO_SHORT
    if len(said) > LONGEST:
        return Reason.TOO_LONG
    if len(set(said)) < _DIFFERENT:
        return Reason.TOO_COMMON
    said = said.casefold()
    bare = said.strip("".join(c for c in said if not c.isalpha()))
    cores = {_letters(said), _letters(said.translate(_LOOK_ALIKE)), _letters(bare.translate(_LOOK_ALIKE))}
    own = {_letters(word) for words in login_and_name for word in _WORD.findall(words.casefold())}
    return Reason.TOO_COMMON if any(_is_filling(core, own) for core in cores) else None


def _letters(said: str) -> str:
    return "".join(c for c in said if c.isalpha())


def _is_filling(letters: str, own: Collection[str]) -> bool:
    """Whether the letters are a common word, the person's own names, a row of keys, or none at all."""
    for word in sorted(own, key=len, reverse=True):
        letters = letters.replace(word, "") if word else letters
    if not letters or letters in _COMMON:
        return True
    return any(letters in row or letters in row[::-1] for row in _ROWS)


def hashed(password: str) -> str:
    """The password as it is kept. It is not judged here."""
    return _hasher.hash(_prepared(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether this is the password that is kept; False for none. Takes as long where there is none to compare."""
    nobodys = _nobodys()
    if len(password) > LONGEST:
        password = ""  # nobody's; a password of a megabyte is not worth our time
    try:
        return _hasher.verify(kept or nobodys, _prepared(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than today's, and should be hashed anew at the next sign-in."""
    return _hasher.check_needs_rehash(kept)


def _prepared(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return _hasher.hash(b"")
