"""Nothing that is read to somebody is said in words that the handbook itself forbids: its articles, and what stands ready to be
said in its chapters."""

import re
from collections.abc import Iterator

import pytest

from helpline.console import knowledge
from helpline.handbook import chapters
from helpline.voice import lint

WORD = re.compile(r"^\| (?P<said>[^|]+) \| (?P<unsaid>[^|]+) \|$", re.MULTILINE)
ARTICLES = re.compile(r"^(?:il|lo|la|gli|i|le|the|those) |^l’", re.IGNORECASE)
FORMS = {
    "it": lambda word: rf"\b{re.sub('i?[aeio]$', '', word)}(?:i?[aeio]|he)\b",
    "en": lambda word: rf"\b(?<!in ){word}(?:s|’s)?\b",
}
"""How a word stands in a sentence: in the singular, in the plural; "in case" is no case."""
OF_THE_LAW = re.compile(r"sospende un’espulsione|suspends an expulsion")
"""What a paper of the police is called there is no other word for."""
REASONS = {lint.SENT_BACK, lint.JARGON, lint.VOLUNTEER, lint.OPERATOR, lint.BUREAUCRACY, lint.GENDER}


def listed(locale: str) -> tuple[list[str], list[re.Pattern[str]]]:
    """What the chapter on words wants said, and what it wants unsaid, in the singular and in the plural."""
    [chapter] = [one for one in chapters.chapters(locale) if one.name == "saying"]
    rows = [row for row in WORD.finditer(chapter.body) if not row["said"].startswith(("si dice", "we say"))]
    said = sorted((word for row in rows for word in row["said"].split(", ")), key=len, reverse=True)
    unsaid = [ARTICLES.sub("", word) for row in rows for word in row["unsaid"].split(", ")]
    return said, [re.compile(FORMS[locale](word), re.IGNORECASE) for word in unsaid]


def spoken(locale: str) -> Iterator[tuple[str, str]]:
    """Where something stands that is said or read to people, and what."""
    for article in knowledge.packaged():
        for sentence in (article.titles[locale], *article.paragraphs[locale]):
            yield f"articles.toml {article.name}", sentence
    for chapter in chapters.chapters(locale):
        for box in re.split(r"\n\n(?!>)", chapter.body):
            for part in re.findall(r"> \[!talk\]\n((?:>.*\n?)+)", box):
                yield chapter.name, part


@pytest.mark.parametrize("locale", ["it", "en"])
def test_what_is_said_to_people_has_no_word_that_the_handbook_forbids(locale):
    said, unsaid = listed(locale)
    assert len(unsaid) >= 10
    found = []
    for where, text in spoken(locale):
        left = OF_THE_LAW.sub("", text)
        for word in said:
            left = left.replace(word, "")
        found += [(where, hit[0]) for pattern in unsaid for hit in pattern.finditer(left)]
        found += [(where, fault.found) for fault in lint.faults(locale, text) if fault.reason in REASONS]
    assert found == []


@pytest.mark.parametrize(
    ("locale", "wrong", "right"),
    [
        ("it", "Lo spiega chi segue la pratica.", "Il ritorno volontario assistito è gratuito."),
        ("it", "Le pratiche dei beneficiari", "La Sua richiesta"),
        ("it", "Chieda ai funzionari", "Chieda a una persona del progetto"),
        ("en", "Whoever follows the case explains it.", "In case the line drops"),
        ("en", "The operators know the beneficiary’s name.", "A person of the project"),
    ],
)
def test_the_words_are_found_in_the_plural_and_alone_too(locale, wrong, right):
    _, unsaid = listed(locale)
    assert any(pattern.search(wrong) for pattern in unsaid)
    said, _ = listed(locale)
    for word in said:
        right = right.replace(word, "")
    assert not any(pattern.search(right) for pattern in unsaid)
