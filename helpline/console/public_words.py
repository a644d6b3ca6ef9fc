"""What the public pages say, in nine languages, from `public/<language>.toml`.

The words of the line itself (regions, what the help is) are those that callers hear now. `faults` judges all nine at once.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from helpline.faults import raise_if_any
from helpline.languages import CODES
from helpline.voice import current, lint
from helpline.voice.catalogue import MASTER, text_hash

FOLDER = Path(__file__).with_name("public")
REVIEW = Path(__file__).parents[2] / "docs" / "languages" / "public.md"
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_ROW = re.compile(r"^\| ([a-z_]+) \| ([0-9a-f]{12}) \|", re.MULTILINE)


@cache
def words(language: str) -> Mapping[str, str]:
    """Every text of a language, by name. Raises `Faults` for a language that lacks one, `KeyError` for a tenth one."""
    texts, faults = _read(FOLDER)
    raise_if_any(faults)
    return texts[language]


def spoken(language: str, prompt: str) -> str:
    """What the line says, in its own words. Raises `KeyError` for what it does not say."""
    return current.texts().text(language, prompt)


def faults(folder: Path = FOLDER, review: Path = REVIEW) -> list[str]:
    """Everything wrong with the texts: missing or unknown names, other placeholders than the master's, words that must
    not be said, texts that nobody has translated back."""
    texts, found = _read(folder)
    for language, own in texts.items():
        found += [
            f"{_label(language)}: {name}: {reason}"
            for name, text in own.items()
            for reason in _judge(language, text)
        ]
    if review.exists():
        found += list(_unread(texts, review.read_text("utf-8")))
    return found


def _read(folder: Path) -> tuple[dict[str, dict[str, str]], list[str]]:
    texts: dict[str, dict[str, str]] = {}
    found: list[str] = []
    for language in CODES:
        try:
            texts[language] = tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            found.append(f"{_label(language)}: cannot be read: {error}")
    master = texts.get(MASTER, {})
    for language, own in texts.items():
        found += [f"{_label(language)}: {name}: missing" for name in master if name not in own]
        found += [
            f"{_label(language)}: {name}: not in the English master" for name in own if name not in master
        ]
        for name in sorted(set(own) & set(master)):
            if set(_PLACEHOLDER.findall(own[name])) != set(_PLACEHOLDER.findall(master[name])):
                found.append(f"{_label(language)}: {name}: other placeholders than the English master")
    return texts, found


def _judge(language: str, text: str) -> Iterator[str]:
    if not text.strip() or text != text.strip() or not unicodedata.is_normalized("NFC", text):
        yield "must be words in NFC without spaces around them"
    patterns = [*lint.WORDS.get(language, ()), (lint.EXPULSIONS[language], lint.EXPULSION)]
    for pattern, reason in patterns:
        if said := re.search(pattern, text, re.IGNORECASE):
            yield str(lint.Fault(reason, said.group(0)))
    if letters := sorted(set(text.lower()) & set(lint.NOT_ITS_LETTERS.get(language, ""))):
        yield f"holds letters of another language: {' '.join(letters)}"


def _unread(texts: Mapping[str, Mapping[str, str]], review: str) -> Iterator[str]:
    read = set(_ROW.findall(review))
    for language, own in texts.items():
        for name, text in own.items():
            if language != MASTER and (name, text_hash(text)) not in read:
                yield f"docs/languages/public.md: {language}: {name}: today's text was not translated back"


def _label(language: str) -> str:
    return f"console/public/{language}.toml"
