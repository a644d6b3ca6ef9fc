"""The chapters that come with the program, in Italian and English: read from files, and judged together. Pure: knows no
page, no person and no database."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from helpline.faults import raise_if_any
from helpline.handbook import markdown
from helpline.handbook.markdown import Rendered

HERE = Path(__file__).parent
LOCALES = ("it", "en")
TAKEN = frozenset({"print", "phrases", "ours", "sound"})
"""Addresses of the manual that are no chapters."""
STALE = timedelta(days=180)
"""What nobody has checked for longer than this may be out of date."""
_FIELDS: Mapping[str, type] = {
    "title": str, "about": str, "order": int, "audience": list, "version": int, "changed_on": date, "what_changed": str,
    "checked_on": date,
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z-]{0,39}")


@dataclass(frozen=True)
class Chapter:
    """One chapter in one language. `audience`: the roles it is written for; empty, everybody.

    `version` rises with each change, in both languages at once; `what_changed` says in one sentence what the newest one
    changed; `checked_on` is when somebody who knows the work last read it against the line as it runs.
    """

    name: str
    locale: str
    title: str
    about: str
    order: int
    audience: tuple[str, ...]
    version: int
    changed_on: date
    what_changed: str
    checked_on: date
    body: str

    @property
    def rendered(self) -> Rendered:
        """As a page shows it and a search reads it."""
        return _rendered(self)

    def on_paper(self) -> Rendered:
        """As it stands among all others on one page: its headings lower, its anchors with its name."""
        return _on_paper(self)

    def is_stale(self, today: date) -> bool:
        """Whether nobody has checked it for half a year."""
        return today - self.checked_on > STALE


@cache
def _rendered(chapter: Chapter) -> Rendered:
    return markdown.render(chapter.body)


@cache
def _on_paper(chapter: Chapter) -> Rendered:
    return markdown.render(chapter.body, prefix=f"{chapter.name}-", deeper=1)


@cache
def chapters(locale: str) -> tuple[Chapter, ...]:
    """All chapters in one language, in their order; made into pages only as they are asked for, since a process that answers
    callers reads them. Raises `Faults` naming each file and field that is wrong; the two languages are compared by `read`."""
    faults: list[str] = []
    found = _read_language(HERE, locale, faults)
    raise_if_any(faults)
    return found


def chapter(locale: str, name: str) -> Chapter | None:
    """One chapter, or None."""
    return next((one for one in chapters(locale) if one.name == name), None)


def mine_first(all_: tuple[Chapter, ...], roles: tuple[str, ...]) -> tuple[list[Chapter], list[Chapter]]:
    """The chapters for somebody with these roles, and the others; those for everybody are among the first."""
    own = [one for one in all_ if not one.audience or set(one.audience) & set(roles)]
    return own, [one for one in all_ if one not in own]


@cache
def read(folder: Path = HERE) -> dict[str, tuple[Chapter, ...]]:
    """The chapters of both languages, judged together. Raises `Faults`: every fault of every file."""
    faults: list[str] = []
    found = {locale: _read_language(folder, locale, faults) for locale in LOCALES}
    names = {locale: {one.name: one for one in own} for locale, own in found.items()}
    for name in sorted(set(names["it"]) | set(names["en"])):
        faults += _of_pair(name, names["it"].get(name), names["en"].get(name))
    raise_if_any(faults)
    return found


def _read_language(folder: Path, locale: str, faults: list[str]) -> tuple[Chapter, ...]:
    found = []
    for file in sorted((folder / locale).glob("*.md")):
        where = f"handbook/{locale}/{file.name}"
        if not _NAME.fullmatch(file.stem) or file.stem in TAKEN:
            faults.append(
                f"{where}: name: must be small letters and hyphens, and none of {', '.join(sorted(TAKEN))}"
            )
            continue
        head, mark, body = file.read_text("utf-8").removeprefix("+++\n").partition("\n+++\n")
        fields = _fields(where, head if mark else "", faults)
        if fields is not None:
            found.append(Chapter(name=file.stem, locale=locale, body=body.strip(), **fields))
    return tuple(sorted(found, key=lambda one: one.order))


def _fields(where: str, head: str, faults: list[str]) -> dict[str, Any] | None:
    try:
        values = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{where}: head: cannot be read: {error}")
        return None
    wrong = [f"{where}: {name}: unknown" for name in values if name not in _FIELDS]
    for name, kind in _FIELDS.items():
        if name not in values:
            wrong.append(f"{where}: {name}: missing")
        elif type(values[name]) is not kind or values[name] == "":
            wrong.append(f"{where}: {name}: must be {kind.__name__}")
    faults += wrong
    return None if wrong else values | {"audience": tuple(values["audience"])}


def _of_pair(name: str, it: Chapter | None, en: Chapter | None) -> list[str]:
    """What is wrong between the two languages of one chapter."""
    if it is None or en is None:
        return [f"handbook/{'en' if en is None else 'it'}/{name}.md: missing"]
    found = [
        f"handbook/en/{name}.md: {field}: must be as in Italian"
        for field in ("order", "audience", "version", "changed_on", "checked_on")
        if getattr(it, field) != getattr(en, field)
    ]
    anchors = [[one.anchor for one in each.rendered.headings] for each in (it, en)]
    if anchors[0] != anchors[1]:
        found.append(f"handbook/en/{name}.md: headings: must have the Italian ones' anchors, in their order")
    if it.rendered.articles != en.rendered.articles:
        found.append(f"handbook/en/{name}.md: articles: must show the same ones as in Italian")
    if it.changed_on > it.checked_on:
        found.append(f"handbook/it/{name}.md: checked_on: must not be before changed_on")
    return found
