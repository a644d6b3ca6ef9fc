"""What can be found in the manual, as the search wants it: chapters, articles, the house's pages. Knows no page."""

from collections.abc import Iterable, Iterator

from flask import url_for
from flask_babel import gettext

from helpline.console import knowledge
from helpline.console.labels import language_name
from helpline.handbook import chapters, phrases
from helpline.handbook.house import Page
from helpline.handbook.markdown import Passage
from helpline.handbook.search import Entry
from helpline.languages import CODES


def entries(locale: str, ours: Iterable[Page]) -> Iterator[Entry]:
    """Everything that can be found, in the reader's language."""
    for chapter in chapters.chapters(locale):
        at = url_for("handbook.chapter", name=chapter.name)
        yield from _of(chapter.rendered.passages, at, chapter.title, chapter.about, "chapter", locale)
    for page in ours:
        read = page.locale_for(locale)
        at = address(page)
        yield from _of(page.passages(read), at, page.titles[read], "", "ours", read)
    for article in knowledge.articles():
        at = url_for("callbacks.guide") + f"#{article.name}"
        yield Entry(at, article.titles[locale], "", " ".join(article.paragraphs[locale]), "article", locale)
    yield from _phrases(locale)


def _phrases(locale: str) -> Iterator[Entry]:
    """Each phrase by what it means; and in each other language as it is written and read."""
    book = phrases.book()
    index = url_for("handbook_phrases.tongues")
    for section in book.sections:
        for one in section.phrases:
            if not section.words:
                yield Entry(
                    f"{index}#{one.name}",
                    gettext("Phrases"),
                    one.says[locale],
                    one.when[locale],
                    "phrase",
                    locale,
                )
            for code in CODES:
                said = book.said[code][one.name]
                at = url_for("handbook_phrases.one", tongue=code) + f"#{one.name}"
                if code != locale:
                    yield Entry(at, language_name(code), said.text, said.read, "phrase", code)


def address(page: Page) -> str:
    """Where a page of the house is read: beside its chapter, or by itself."""
    if page.chapter and chapters.chapter("it", page.chapter):
        return url_for("handbook.chapter", name=page.chapter)
    return url_for("handbook_house.one", page_id=page.id)


def _of(
    passages: Iterable[Passage], at: str, title: str, about: str, kind: str, locale: str
) -> Iterator[Entry]:
    if about:
        yield Entry(at, title, "", about, kind, locale)
    for passage in passages:
        where = f"{at}#{passage.anchor}" if passage.anchor else at
        yield Entry(where, title, passage.heading, passage.text, kind, locale)
