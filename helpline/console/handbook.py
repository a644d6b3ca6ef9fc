"""The manual inside the console: chapters, the house's own pages beside them, a search, the whole of it on paper. Asks the
room `handbook` and the line's articles; decides nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import abort, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import handbook_read, knowledge
from helpline.console.access import person
from helpline.console.handbook_words import entries
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.console.words import language
from helpline.handbook import chapters, house, search
from helpline.handbook.chapters import Chapter
from helpline.handbook.house import Page
from helpline.people.access import signed_in
from helpline.people.roles import Role


@signed_in
def contents() -> Response:
    """What the manual holds, one's own chapters first, what is new marked; or where the words stand that are looked for."""
    asked = request.args.get("q", "").strip()[: search.LONGEST]
    locale, ours = language(), pages_of_house()
    own, others = chapters.mine_first(chapters.chapters(locale), person().roles)
    read = handbook_read.versions()
    now = _versions(ours)
    shown = page(
        "handbook/contents.html",
        asked=asked,
        hits=search.found(entries(locale, ours), asked) if asked else [],
        own=own,
        others=others,
        ours=house.of_chapter(ours, None),
        noted={one.chapter for one in ours},
        news=handbook_read.news(now, read),
        writes=may_write(),
    )
    return shown if read is not None else handbook_read.remember(shown, now)


@signed_in
def chapter(name: str) -> Response:
    """One chapter, with what the house says beside it; from now on it counts as read in this browser."""
    locale, ours = language(), pages_of_house()
    all_ = [one for part in chapters.mine_first(chapters.chapters(locale), person().roles) for one in part]
    found = next((one for one in all_ if one.name == name), None)
    if found is None:
        abort(404)
    place = all_.index(found)
    beside = house.of_chapter(ours, name)
    read = handbook_read.versions() or _versions(ours)
    shown = page(
        "handbook/chapter.html",
        chapter=found,
        beside=beside,
        articles=articles(),
        today=clock.in_rome().date(),
        news=handbook_read.news(_versions(ours), read),
        before=all_[place - 1] if place else None,
        after=all_[place + 1] if place + 1 < len(all_) else None,
        writes=may_write(),
    )
    fresh = {found.name: found.version} | {key_of(one): one.version for one in beside}
    return handbook_read.remember(shown, read | fresh)


@signed_in
def on_paper() -> Response:
    """All chapters one after the other, for the printer; `?chapter=` alone, or as many as are named."""
    wanted = request.args.getlist("chapter")
    ours = pages_of_house()
    own, others = chapters.mine_first(chapters.chapters(language()), person().roles)
    chosen: list[Chapter] = [one for one in [*own, *others] if not wanted or one.name in wanted]
    return page(
        "handbook/paper.html",
        chapters=chosen,
        ours=ours,
        alone=[] if wanted else house.of_chapter(ours, None),
        articles=articles(),
        today=clock.in_rome().date(),
        now=clock.now(),
    )


def pages_of_house() -> list[Page]:
    """The house's pages as they stand."""
    with db.transaction(durable=False) as session:
        return house.listed(session)


def articles() -> dict[str, Any]:
    """What may be said, article by article, as this installation has it now."""
    return {one.name: one for one in knowledge.articles()}


def may_write() -> bool:
    """Whether who is here may write the house's pages."""
    return bool({Role.COORDINATOR, Role.ADMINISTRATOR} & set(person().roles))


def key_of(one: Page) -> str:
    """What a page of the house is called in the browser's own list."""
    return f"ours-{one.id}"


def _versions(ours: Iterable[Page]) -> dict[str, int]:
    now = {one.name: one.version for one in chapters.chapters(language())}
    return now | {key_of(one): one.version for one in ours}


VIEWS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/handbook", contents),
    ("GET", "/handbook/<name>", chapter),
    ("GET", "/handbook/print", on_paper),
)
pages = Pages("handbook")
for method, rule, view in VIEWS:
    pages.add_url_rule(rule, view_func=view, methods=[method])


@pages.app_template_global("handbook_link")
def link(name: str, text: str, anchor: str = "") -> Markup:
    """A link to a chapter, for pages on which one works: to be read beside the work, in a window of its own."""
    address = url_for("handbook.chapter", name=name) + (f"#{anchor}" if anchor else "")
    return Markup('<a class="manual" href="{}" target="_blank">{}</a>').format(address, text)
