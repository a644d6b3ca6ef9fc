"""What may be said on the telephone: short articles in Italian and English, each with its date and source. No rules."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from helpline.faults import raise_if_any

ARTICLES = Path(__file__).with_name("articles.toml")
LOCALES = ("it", "en")


@dataclass(frozen=True)
class Article:
    """One article: titles, sources and paragraphs by locale (`it`, `en`), from which day, to be looked at again by which."""

    name: str
    titles: Mapping[str, str]
    sources: Mapping[str, str]
    paragraphs: Mapping[str, Sequence[str]]
    as_of: date
    check_by: date

    def is_old(self, today: date) -> bool:
        """Whether somebody should have looked at it again by this day."""
        return today > self.check_by


FIRST, FIRST_LIVE = "first", "first_live"
"""What is read before anything is said: to somebody we ring, and to somebody who rang us."""


def first(*, live: bool = False) -> Article:
    """The article to be read before anything is said, in a callback or in a live call."""
    [found] = [one for one in articles() if one.name == (FIRST_LIVE if live else FIRST)]
    return found


def others() -> list[Article]:
    """All articles but those."""
    return [one for one in articles() if one.name not in (FIRST, FIRST_LIVE)]


@cache
def articles(file: Path = ARTICLES) -> tuple[Article, ...]:
    """All articles, in the file's order. Raises `Faults` naming each article and field that is wrong."""
    tables = tomllib.loads(file.read_text())
    raise_if_any([fault for name, table in tables.items() for fault in _faults(file.name, name, table)])
    return tuple(
        Article(
            name=name,
            titles=table["title"],
            sources=table["source"],
            paragraphs={locale: tuple(table[locale]) for locale in LOCALES},
            as_of=table["as_of"],
            check_by=table["check_by"],
        )
        for name, table in tables.items()
    )


def _faults(file: str, name: str, table: Any) -> list[str]:
    where = f"{file}: [{name}]"
    if not isinstance(table, dict):
        return [f"{where}: must be a table"]
    faults = [
        f"{where} {field}: must be a date" for field in ("as_of", "check_by") if not _date(table, field)
    ]
    for field in ("title", "source"):
        words = table.get(field)
        if not isinstance(words, dict) or any(not words.get(locale) for locale in LOCALES):
            faults.append(f"{where} {field}: needs words in {' and '.join(LOCALES)}")
    for locale in LOCALES:
        said = table.get(locale)
        if not isinstance(said, list) or not said or any(not isinstance(line, str) for line in said):
            faults.append(f"{where} {locale}: must be a list of paragraphs")
    if all(isinstance(table.get(locale), list) for locale in LOCALES) and len(table["it"]) != len(
        table["en"]
    ):
        faults.append(f"{where}: says {len(table['it'])} things in Italian and {len(table['en'])} in English")
    unknown = set(table) - {"as_of", "check_by", "title", "source", *LOCALES}
    return faults + [f"{where} {field}: unknown field" for field in sorted(unknown)]


def _date(table: Mapping[str, Any], field: str) -> bool:
    return type(table.get(field)) is date
