"""Whether a text may be said for a prompt: form, placeholder, wording, length; one place for pages, files and the
checks. Pure, and knows no file and no database."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from helpline.voice import catalogue, lint

_WORD = re.compile(r"[^\s.,:;!?।،؛؟«»\"“”()…]+")
# How keyboards and schools write one and the same digit: the apostrophe of Ukrainian, the sign for a nasal in Hindi, the
# hamza of Arabic; and forms of a digit that are another word.
_WRITTEN_ALIKE = str.maketrans({"'": "’", "ʼ": "’", "ँ": "ं", "أ": "ا", "إ": "ا", "آ": "ا"})
_OTHER_FORMS = {
    "единица": 1, "единицу": 1, "одиниця": 1, "одиницю": 1, "ноль": 0, "शून्य": 0, "छः": 6, "छे": 6, "छै": 6, "واحدة": 1,
    "اثنين": 2, "ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثماني": 8, "تسع": 9, "জিরো": 0,
}  # fmt: skip
_BREAKS = re.compile(r"[ \t\r\n]*[\t\r\n]+[ \t\r\n]*")


def tidy(text: str) -> str:
    """The text as it is kept: in NFC, on one line, without space around it."""
    return unicodedata.normalize("NFC", _BREAKS.sub(" ", text)).strip()


def faults(language: str, text: str, *, master: str) -> list[str]:
    """Every reason why this text may not be said, one plain sentence each; `master` is what English says in its place.

    Empty when it may. For the English master itself give it as its own `master`, but its placeholder is then not judged.
    """
    return list(_faults(language, text, master))


def placeholder_fault(text: str, repository: str) -> str | None:
    """Why these two cannot stand for each other: a value that callers need is said by one of them alone."""
    ours, theirs = catalogue.placeholder(text), catalogue.placeholder(repository)
    if ours == theirs:
        return None
    return "must have no placeholder" if theirs is None else f"must have the placeholder {{{theirs}}}"


def keys_told(text: str, digits: Sequence[str]) -> set[int]:
    """Which digits a text tells, by their words in its language (`digits`: zero to nine); one beside others is no key."""
    words = _OTHER_FORMS | {_words(digit)[0]: number for number, digit in enumerate(digits) if _words(digit)}
    found = {words[word] for word in _words(text) if word in words}
    return found - {1} if len(found) > 1 else found


def keys_fault(text: str, base: str, digits: Sequence[str]) -> str | None:
    """Why this text would send callers to other keys than `base`, whose keys are right; None when it does not.

    `digits`: the words for zero to nine in the language. "One" is an article in some languages: beside another key it is
    not counted. A digit said in a form of its own in both texts is not seen.
    """
    ours, right = keys_told(text, digits), keys_told(base, digits)
    if ours == right:
        return None
    return f"tells other keys ({_listed(ours)}) than the menu has ({_listed(right)})"


def _listed(keys: set[int]) -> str:
    return ", ".join(map(str, sorted(keys))) or "-"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().translate(_WRITTEN_ALIKE))


def _faults(language: str, text: str, master: str) -> Iterator[str]:
    yield from catalogue.form(text)
    if catalogue.placeholder(text) != catalogue.placeholder(master):
        yield f"{catalogue.says(text)}, the English master {catalogue.says(master)}"
    yield from lint.judge(language, text, master=master)
    if language in catalogue.SECONDS_A_CHARACTER:
        seconds = catalogue.seconds(language, text)
        if seconds > catalogue.LONGEST:
            yield f"takes about {seconds:.0f} seconds to say, more than {catalogue.LONGEST:.0f}"
