"""The prompts: what is said, by name, in each language, read from `prompts/<lang>/texts.toml`; pure but for reading
files, and knows nothing of clips, voices or steps."""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from helpline.faults import Faults, raise_if_any
from helpline.languages import CODES

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"
MASTER = "en"
_HASH_LENGTH = 12
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LONGEST = 20.0  # seconds of one clip, in any language
_START = 0.28  # seconds, whatever is said
_PAUSE = 0.33  # at each comma and full stop within
_PAUSES = re.compile(r"[.,:;!?।،؛؟](?=\s)")
# Measured with espeak-ng at 130 words a minute over the prompts of each language; a test measures again.
SECONDS_A_CHARACTER = {
    "it": 0.0690, "en": 0.0680, "fr": 0.0570, "es": 0.0785, "ru": 0.0670, "uk": 0.0600, "ar": 0.1100,
    "bn": 0.0985, "hi": 0.0855,
}  # fmt: skip
_LAST = re.compile(r"\{[^{}]*\}\s*[.।]?\s*")  # a full stop may follow, the danda of Hindi and Bangla too


@dataclass(frozen=True)
class Catalogue:
    """Every prompt's text: language code -> prompt name -> text. All languages hold the same names."""

    texts: Mapping[str, Mapping[str, str]]

    @property
    def names(self) -> tuple[str, ...]:
        """The prompts' names, in the order of the English master."""
        return tuple(self.texts[MASTER])

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages it holds, in the order of their keys."""
        return tuple(self.texts)

    def text(self, language: str, prompt: str) -> str:
        """What is said. Raises `KeyError` when there is no such prompt in this language."""
        try:
            return self.texts[language][prompt]
        except KeyError:
            raise KeyError(f"no text {language}/{prompt}") from None


def text_hash(text: str) -> str:
    """Twelve hexadecimal digits that change when the text does (in NFC, so not when only its encoding does)."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:_HASH_LENGTH]


def placeholder(text: str) -> str | None:
    """The name of the value that ends this text (`code` in `Your code is: {code}.`), or None."""
    found = _PLACEHOLDER.search(text)
    return found.group(1) if found else None


def stem(text: str) -> str:
    """What is said before the value; the whole text where it has none."""
    return text.partition("{")[0].rstrip() if "{" in text else text


def seconds(language: str, text: str) -> float:
    """About how long it takes to say the text, without the value of its placeholder.

    Raises `Faults` for a language that was never measured.
    """
    if language not in SECONDS_A_CHARACTER:
        raise Faults([f"helpline/voice/catalogue.py: SECONDS_A_CHARACTER: {language}: missing"])
    spoken = stem(text)
    return _START + SECONDS_A_CHARACTER[language] * len(spoken) + _PAUSE * len(_PAUSES.findall(spoken))


def load(folder: Path = PROMPTS, languages: Iterable[str] = CODES) -> Catalogue:
    """Read the texts of all languages. Raises `Faults` listing every fault in their form: a missing or broken file,
    a name that is missing or too many against English, a text that is empty or whose placeholder is not the master's.
    How a text is worded is judged by `lint`, not here: a wrong word fails the checks, never a start."""
    texts, faults = read(folder, languages)
    raise_if_any(faults)
    return Catalogue(texts)


@lru_cache
def repository() -> Catalogue:
    """The texts that come with this release, read once in a process. Raises as `load`."""
    return load()


def read(folder: Path, languages: Iterable[str] = CODES) -> tuple[dict[str, dict[str, str]], list[str]]:
    """All texts that can be read, and the faults of form of all files; a text at fault is kept if it is a text."""
    faults: list[str] = []
    texts: dict[str, dict[str, str]] = {}
    for language in languages:
        texts[language] = _read_file(
            folder / language / "texts.toml", f"prompts/{language}/texts.toml", faults
        )
    master = texts.get(MASTER, {})
    for language, own in texts.items():
        if own and master:
            faults.extend(_compare(language, own, master))
    return texts, faults


def _read_file(path: Path, label: str, faults: list[str]) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"{label}: missing")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{label}: cannot be read: {error}")
        return {}
    if not content:
        faults.append(f"{label}: holds no text")
    texts: dict[str, str] = {}
    for name, text in content.items():
        if not _NAME.fullmatch(name):
            faults.append(f"{label}: {name}: a name is made of small letters, digits and _")
        if not isinstance(text, str):
            faults.append(f"{label}: {name}: must be a text in quotation marks")
            continue
        texts[name] = text
        faults.extend(f"{label}: {name}: {fault}" for fault in form(text))
    return texts


def form(text: str) -> Iterable[str]:
    """What is wrong with the form of one text, whatever its language: a sentence's end for each."""
    if not stem(text).strip():
        yield ("says nothing" if not text.strip() else "says nothing before its placeholder")
    if text != text.strip():
        yield "begins or ends with a space"
    if not unicodedata.is_normalized("NFC", text):
        yield "is not in Unicode NFC"
    found = _PLACEHOLDER.findall(text)
    if len(found) > 1:
        yield "has more than one placeholder: say the values in sentences of their own"
    elif not found and ("{" in text or "}" in text):
        yield "has a brace that is not a placeholder"
    elif found and not _NAME.fullmatch(found[0]):
        yield f"has a bad placeholder {{{found[0]}}}"
    elif found and not _LAST.fullmatch(text[text.index("{") :]):
        yield f"must end with its placeholder {{{found[0]}}}: only a full stop may follow"


def _compare(language: str, own: Mapping[str, str], master: Mapping[str, str]) -> Iterable[str]:
    label = f"prompts/{language}/texts.toml"
    for name in master:
        if name not in own:
            yield f"{label}: {name}: missing"
    for name, text in own.items():
        if name not in master:
            yield f"{label}: {name}: not in the English master"
        elif placeholder(text) != placeholder(master[name]):
            yield f"{label}: {name}: {says(text)}, the English master {says(master[name])}"


def says(text: str) -> str:
    """Which placeholder a text has, in words for a fault."""
    name = placeholder(text)
    return "has no placeholder" if name is None else f"has the placeholder {{{name}}}"
