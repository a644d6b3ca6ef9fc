"""How hard a text is to follow by ear: sentences with many words, words with many letters; pure, and honest about being no
more than that. It does not know which words people know: it is told as a warning and refuses nothing."""

import re
import unicodedata
from dataclasses import dataclass

# The longest sentence (in words) and the longest word (in letters) that pass without a word: of the texts that a second
# reader found plain, all but a handful in each language are shorter. Languages differ: Arabic writes "and to your family"
# as one word, Hindi says with three what Italian says with one. A test keeps the table in touch with the texts.
MOST_WORDS = {
    "it": 16, "en": 16, "fr": 18, "es": 17, "ru": 14, "uk": 14, "ar": 12, "bn": 15, "hi": 19,
}  # fmt: skip
MOST_LETTERS = {
    "it": 14, "en": 12, "fr": 13, "es": 14, "ru": 13, "uk": 14, "ar": 10, "bn": 7, "hi": 6,
}  # fmt: skip
_END = re.compile(r"(?<=[.!?।؟])\s+")
_WORD = re.compile(r"[^\s.,:;!?।،؛؟«»\"“”()—–-]+")
_ELIDED = re.compile(r"^\w{1,4}[’'](?=\w{3})")  # l'organisation is heard as one short word and one long one
_VALUE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Hard:
    """What is hard to follow: a `sentence` or a `word`, what it is, how long it is, and how long it may be."""

    kind: str
    what: str
    length: int
    most: int


def hard(language: str, text: str) -> list[Hard]:
    """What is hard to follow in a text, in its order; nothing for a language that the tables do not hold."""
    found = []
    for sentence in _END.split(_VALUE.sub("", text).strip()):
        words = _WORD.findall(sentence)
        most = MOST_WORDS.get(language, len(words))
        if len(words) > most:
            found.append(Hard("sentence", sentence.strip(), len(words), most))
        for word in dict.fromkeys(_ELIDED.sub("", each) for each in words):
            letters = _letters(word)
            if letters > MOST_LETTERS.get(language, letters):
                found.append(Hard("word", word, letters, MOST_LETTERS[language]))
    return found


def _letters(word: str) -> int:
    """How many letters it has; signs that are written above or below a letter are none."""
    return sum(unicodedata.category(sign).startswith("L") for sign in word)
