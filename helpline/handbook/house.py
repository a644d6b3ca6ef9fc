"""The house's own pages of the manual: written, changed, taken away, put back; each version with who, when and why. Shows
nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.handbook import markdown
from helpline.handbook.chapters import LOCALES
from helpline.handbook.markdown import Passage, Rendered
from helpline.handbook.models import HousePage, HouseVersion
from helpline.people import audit
from helpline.people.accounts import Who

LONGEST_TEXT = 12_000
LONGEST_TITLE = 120
LONGEST_MADE = 120_000
"""So long the HTML of a text may be: a short text can be a table of a hundred thousand empty cells, which takes seconds to make,
in a process that answers callers."""
LONGEST_HEADING = 200
MOST_BRACKETS = 600
"""Each may begin a link, whose end is looked for in all that follows: thousands of them take a second."""
MOST_COLUMNS = 20
MOST_CELLS = 500
"""A table may have so many columns, and all tables of a text so many cells."""
MOST_PAGES = 200


class Wrong(StrEnum):
    """Why a page cannot be kept so."""

    EMPTY = "empty"
    HALF = "half"
    TOO_LONG = "too_long"
    TABLE = "table"


class Overtaken(Exception):
    """Somebody else saved this page since it was shown; nothing was saved."""


class TooMany(Exception):
    """There are as many pages as there may be; nothing was saved."""


@dataclass(frozen=True)
class Given:
    """What somebody wrote: title and text by language; empty where they wrote none."""

    titles: dict[str, str]
    texts: dict[str, str]


@dataclass(frozen=True)
class Page:
    """A page of the house as one version has it."""

    id: int
    chapter: str | None
    version: int
    titles: dict[str, str]
    texts: dict[str, str]
    gone: bool
    by_id: int
    why: str
    at: datetime

    def locale_for(self, reader: str) -> str:
        """The language in which somebody reads it: their own, where it has it, else the other."""
        return reader if self.texts[reader] else next(locale for locale in LOCALES if self.texts[locale])

    @cached_property
    def rendered(self) -> dict[str, Rendered]:
        """Its text as a page shows it, by language; anchors carry its number."""
        return {locale: _rendered(self.id, text) for locale, text in self.texts.items() if text}

    def passages(self, locale: str) -> tuple[Passage, ...]:
        """Its text as a search reads it."""
        return _passages(self.id, self.texts[locale])


def _rendered(page_id: int, text: str) -> Rendered:
    return markdown.render(text, outside=True, prefix=f"ours-{page_id}-", deeper=1)


@lru_cache(maxsize=MOST_PAGES * len(LOCALES))
def _passages(page_id: int, text: str) -> tuple[Passage, ...]:
    """Kept: each search reads all pages, in a process that answers callers, and to make them takes milliseconds each."""
    return _rendered(page_id, text).passages


def wrong(given: Given) -> dict[str, Wrong]:
    """What is wrong with what somebody wrote, by field (`title_it`, `text_en`); empty when it can be kept."""
    found: dict[str, Wrong] = {}
    for locale in LOCALES:
        title, text = given.titles[locale], given.texts[locale]
        if bool(title) != bool(text):
            found[f"{'text' if title else 'title'}_{locale}"] = Wrong.HALF
        if len(title) > LONGEST_TITLE:
            found[f"title_{locale}"] = Wrong.TOO_LONG
        columns, cells = markdown.tables(text)
        if columns > MOST_COLUMNS or cells > MOST_CELLS:
            found[f"text_{locale}"] = Wrong.TABLE
        elif _too_long(text):
            found[f"text_{locale}"] = Wrong.TOO_LONG
    if not any(given.texts.values()) and not any(given.titles.values()):
        found["title_it"] = Wrong.EMPTY
    return found


def _too_long(text: str) -> bool:
    """Whether a text is more than a page can be, in its letters, its links, its headings, or in what is made of it."""
    if len(text) > LONGEST_TEXT or text.count("[") > MOST_BRACKETS:
        return True
    made = markdown.render(text, outside=True)
    return (
        any(len(heading.text) > LONGEST_HEADING for heading in made.headings)
        or sum(len(block.html) for block in made.blocks) > LONGEST_MADE
    )


def listed(session: Session, *, gone: bool = False) -> list[Page]:
    """All pages as they stand, the oldest first; with `gone`, those that were taken away instead."""
    newest = (
        select(HousePage.chapter, HouseVersion)
        .join(
            HouseVersion,
            (HouseVersion.page_id == HousePage.id) & (HouseVersion.version == HousePage.revision),
        )
        .where(HouseVersion.gone.is_(gone))
        .order_by(HousePage.id)
    )
    return [_page(chapter, row) for chapter, row in session.execute(newest)]


def one(session: Session, page_id: int) -> Page:
    """A page as it stands. Raises `LookupError`."""
    page = session.get(HousePage, page_id)
    if page is None:
        raise LookupError(page_id)
    return _page(page.chapter, session.get_one(HouseVersion, (page_id, page.revision)))


def versions(session: Session, page_id: int) -> list[Page]:
    """Every version of a page, the newest first. Raises `LookupError`."""
    page = session.get(HousePage, page_id)
    if page is None:
        raise LookupError(page_id)
    rows = session.scalars(
        select(HouseVersion).where(HouseVersion.page_id == page_id).order_by(HouseVersion.version.desc())
    )
    return [_page(page.chapter, row) for row in rows]


def make(session: Session, given: Given, *, chapter: str | None, by: Who, why: str) -> int:
    """Keep a new page; its id. Raises `TooMany`, `ValueError` for what `wrong` refuses."""
    _refuse(given)
    if len(session.scalars(select(HousePage.id).limit(MOST_PAGES)).all()) >= MOST_PAGES:
        raise TooMany
    page = HousePage(chapter=chapter)
    session.add(page)
    session.flush()
    _add(session, page, given, by=by, why=why)
    audit.record(session, by.in_audit, "made_page", f"page {page.id}")
    return page.id


def change(session: Session, page_id: int, given: Given, *, revision: int, by: Who, why: str) -> bool:
    """Keep what somebody made of the version that they were shown; False when nothing is different.

    Raises `LookupError`, `Overtaken`, `ValueError` for what `wrong` refuses.
    """
    _refuse(given)
    page, now = _locked(session, page_id, revision)
    if not now.gone and (now.titles, now.texts) == (given.titles, given.texts):
        return False
    _next(session, page, given, by=by, why=why)
    audit.record(session, by.in_audit, "changed_page", f"page {page_id}")
    return True


def take_away(session: Session, page_id: int, *, revision: int, by: Who, why: str) -> bool:
    """Show a page no more; its versions stay. False when it was gone. Raises `LookupError`, `Overtaken`."""
    page, now = _locked(session, page_id, revision)
    if now.gone:
        return False
    _next(session, page, Given(now.titles, now.texts), by=by, why=why, gone=True)
    audit.record(session, by.in_audit, "removed_page", f"page {page_id}")
    return True


def put_back(session: Session, page_id: int, version: int, *, revision: int, by: Who, why: str) -> None:
    """Let an older version hold again, as a new one. Raises `LookupError`, `Overtaken`."""
    page, _now = _locked(session, page_id, revision)
    older = session.get(HouseVersion, (page_id, version))
    if older is None:
        raise LookupError(version)
    past = _page(page.chapter, older)
    _next(session, page, Given(past.titles, past.texts), by=by, why=why)
    audit.record(session, by.in_audit, "restored_page", f"page {page_id}", version=version)


def of_chapter(pages: Iterable[Page], chapter: str | None) -> list[Page]:
    """Those that stand beside this chapter, or (None) by themselves."""
    return [one for one in pages if one.chapter == chapter]


def _refuse(given: Given) -> None:
    if faults := wrong(given):
        raise ValueError(", ".join(faults))


def _locked(session: Session, page_id: int, revision: int) -> tuple[HousePage, Page]:
    page = session.get(HousePage, page_id, with_for_update=True)
    if page is None:
        raise LookupError(page_id)
    if page.revision != revision:
        raise Overtaken
    return page, one(session, page_id)


def _next(session: Session, page: HousePage, given: Given, *, by: Who, why: str, gone: bool = False) -> None:
    page.revision += 1
    _add(session, page, given, by=by, why=why, gone=gone)


def _add(session: Session, page: HousePage, given: Given, *, by: Who, why: str, gone: bool = False) -> None:
    session.add(
        HouseVersion(
            page_id=page.id, version=page.revision, gone=gone, by_id=by.id, why=why,
            **{f"title_{locale}": given.titles[locale] for locale in LOCALES},
            **{f"text_{locale}": given.texts[locale] for locale in LOCALES},
        )
    )  # fmt: skip
    session.flush()


def _page(chapter: str | None, row: HouseVersion) -> Page:
    return Page(
        id=row.page_id, chapter=chapter, version=row.version, gone=row.gone, by_id=row.by_id, why=row.why, at=row.at,
        titles={"it": row.title_it, "en": row.title_en}, texts={"it": row.text_it, "en": row.text_en},
    )  # fmt: skip
