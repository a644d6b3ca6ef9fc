"""What may be said on the telephone, as an installation keeps it: articles in Italian and English, each with its date, its
source and the day on which somebody checked it last. Reads and judges; stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from helpline.line.reading import Table

LOCALES = ("it", "en")
STALE = timedelta(days=180)
"""What nobody has checked for longer than this may be out of date, whatever else it says."""


@dataclass(frozen=True)
class Article:
    """One article: titles, sources and paragraphs by locale; from which day it is true, when it was checked last.

    `check_by`: a day after which it has to be looked at sooner than that (the end of a project, say).
    """

    name: str
    titles: Mapping[str, str]
    sources: Mapping[str, str]
    paragraphs: Mapping[str, Sequence[str]]
    as_of: date
    checked_on: date
    check_by: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the day by which it was to be looked at again has passed."""
        return self.check_by is not None and today > self.check_by

    def is_stale(self, today: date) -> bool:
        """Whether nobody has checked it for half a year."""
        return today - self.checked_on > STALE

    def is_old(self, today: date) -> bool:
        """Whether it may be out of date by this day."""
        return self.is_overdue(today) or self.is_stale(today)


def fields_of(table: Table) -> dict[str, Any]:
    """The fields of an article (but its name); whatever is wrong with them is written down in the table's faults."""
    as_of = table.day("as_of")
    checked_on = table.day("checked_on", default=as_of)
    check_by = table.day("check_by", default=as_of) if "check_by" in table.values else None
    if table.sound("checked_on") and checked_on > table.today:
        table.fault("checked_on", "must not be a day to come")
    titles, sources = _by_locale(table, "title"), _by_locale(table, "source")
    paragraphs = {locale: _paragraphs(table, locale) for locale in LOCALES}
    if table.sound(*LOCALES) and len({len(said) for said in paragraphs.values()}) > 1:
        counts = " and ".join(f"{len(paragraphs[locale])} in {locale}" for locale in LOCALES)
        table.fault("en", f"must say as many things in each language: {counts}")
    return {
        "titles": titles, "sources": sources, "paragraphs": paragraphs,
        "as_of": as_of, "checked_on": checked_on, "check_by": check_by,
    }  # fmt: skip


def _by_locale(table: Table, field: str) -> dict[str, str]:
    given = table.take(field)
    if given is None:
        return {}
    inner = Table(given, where=f"{table.where}: {field}", faults=table.faults, today=table.today)
    found = {locale: inner.text(locale) for locale in LOCALES}
    inner.done()
    return found


def _paragraphs(table: Table, locale: str) -> list[str]:
    said = table.take(locale)
    if said is None:
        return []
    if (
        not isinstance(said, list)
        or not said
        or any(not isinstance(one, str) or not one.strip() for one in said)
    ):
        table.fault(locale, "must be a list of paragraphs")
        return []
    return [str(one).strip() for one in said]
