"""The house's own pages of the manual: to read for everybody, to write for coordinators and administrators. Asks
`handbook.house`; decides nothing."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import handbook, handbook_read
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.handbook_words import address
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.console.words import language
from helpline.handbook import chapters, house
from helpline.handbook.chapters import LOCALES
from helpline.handbook.house import Given, Overtaken, Page, TooMany, Wrong
from helpline.people import accounts
from helpline.people.access import allowed, signed_in
from helpline.people.roles import Role

WRONG = {
    Wrong.EMPTY: lazy_gettext("Write a title and a text in one language at least."),
    Wrong.HALF: lazy_gettext("Title and text go together."),
    Wrong.TOO_LONG: lazy_gettext("This is too long."),
    Wrong.TABLE: lazy_gettext(
        "A table has at most 20 columns, and all tables of a text together 500 cells: make it smaller, or two pages."
    ),
}
writers = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@signed_in
def one(page_id: int) -> Response:
    """A page of the house, as it stands."""
    found = _found(page_id)
    if found.gone:
        abort(404)
    shown = page("handbook/ours.html", one=found, address=address(found), writes=handbook.may_write())
    read = handbook_read.versions() or {}
    return handbook_read.remember(shown, read | {handbook.key_of(found): found.version})


@writers
def new() -> Response:
    """The form for a page: by itself, or beside the chapter that `?chapter=` names."""
    form = Form()
    form.fill(chapter=request.args.get("chapter", ""))
    return _form(form)


@writers
def made() -> Response:
    """A page is kept."""
    form = Form(request.form)
    given, why = _given(form), form.reason("why")
    chapter = form.choice("chapter", [one.name for one in chapters.chapters("it")], required=False) or None
    if not form:
        return _form(form, 422)
    try:
        with db.transaction() as session:
            page_id = house.make(session, given, chapter=chapter, by=person(), why=why)
    except TooMany:
        form.fault("", gettext("There are as many pages as there may be: change one of them instead."))
        return _form(form, 422)
    return notice(
        redirect(url_for("handbook_house.edit", page_id=page_id), 303),
        gettext("Saved: everybody reads it now."),
    )


@writers
def edit(page_id: int) -> Response:
    """A page to be changed, with all its versions."""
    found = _found(page_id)
    form = Form()
    _fill(form, found)
    return _form(form, kept=found)


@writers
def changed(page_id: int) -> Response:
    """Other words, and why."""
    form = Form(request.form.copy())
    kept = _found(page_id)
    given, why = _given(form), form.reason("why")
    if not form:
        return _form(form, 422, kept=kept)
    try:
        with db.transaction() as session:
            house.change(session, page_id, given, revision=form.revision(), by=person(), why=why)
    except Overtaken:
        form.fault(
            "",
            gettext(
                "Somebody else saved this page meanwhile: below is what you wrote. Look at what holds, then decide."
            ),
        )
        fresh = _found(page_id)
        form.fill(revision=str(fresh.version))
        return _form(form, 409, kept=fresh)
    return notice(
        redirect(url_for("handbook_house.edit", page_id=page_id), 303),
        gettext("Saved: everybody reads it now."),
    )


@writers
def taken_away(page_id: int) -> Response:
    """The page is shown no more; its versions stay, and can be put back."""
    return _deed(page_id, "away_why", lambda session, revision, why: house.take_away(
        session, page_id, revision=revision, by=person(), why=why), gettext("Taken away: nobody reads it any more. It can be put back here."),
    )  # fmt: skip


@writers
def put_back(page_id: int, version: int) -> Response:
    """An older version holds again."""
    return _deed(page_id, "back_why", lambda session, revision, why: house.put_back(
        session, page_id, version, revision=revision, by=person(), why=why), gettext("Put back: everybody reads it so now."),
    )  # fmt: skip


def _deed(page_id: int, field: str, do: Callable[[Any, int, str], Any], said: str) -> Response:
    kept, form = _found(page_id), Form(request.form)
    why = form.reason(field)
    if form:
        try:
            with db.transaction() as session:
                do(session, form.revision(), why)
            return notice(redirect(url_for("handbook_house.edit", page_id=page_id), 303), said)
        except LookupError:
            abort(404)
        except Overtaken:
            form.fault(
                "", gettext("Somebody else saved this page meanwhile. Look at what holds, then decide.")
            )
            kept = _found(page_id)
            status = 409
    else:
        status = 422
    shown = Form()
    _fill(shown, kept)
    shown.errors = form.errors
    return _form(shown, status, kept=kept)


def _found(page_id: int) -> Page:
    with db.transaction(durable=False) as session:
        try:
            return house.one(session, page_id)
        except LookupError:
            abort(404)


def _given(form: Form) -> Given:
    titles = {locale: " ".join(form.typed(f"title_{locale}").split()) for locale in LOCALES}
    texts = {locale: form.typed(f"text_{locale}").replace("\r\n", "\n") for locale in LOCALES}
    given = Given(titles, texts)
    for field, reason in house.wrong(given).items():
        form.fault(field, str(WRONG[reason]))
    return given


def _fill(form: Form, kept: Page) -> None:
    form.fill(revision=str(kept.version), chapter=kept.chapter or "")
    for locale in LOCALES:
        form.fill(**{f"title_{locale}": kept.titles[locale], f"text_{locale}": kept.texts[locale]})


def _form(form: Form, status: int = 200, *, kept: Page | None = None) -> Response:
    versions: list[Page] = []
    names: dict[int, str] = {}
    with db.transaction(durable=False) as session:
        if kept is not None:
            versions = house.versions(session, kept.id)
            names = accounts.names(session, [version.by_id for version in versions])
        gone = house.listed(session, gone=True) if kept is None else []
    return page(
        "handbook/write.html",
        status,
        form=form,
        kept=kept,
        versions=versions,
        names=names,
        gone=gone,
        address=None if kept is None or kept.gone else address(kept),
        among=[(each.name, each.title) for each in chapters.chapters(language())],
        longest=house.LONGEST_TEXT,
    )


VIEWS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/handbook/ours/new", new),
    ("POST", "/handbook/ours/new", made),
    ("GET", "/handbook/ours/<int:page_id>", one),
    ("GET", "/handbook/ours/<int:page_id>/edit", edit),
    ("POST", "/handbook/ours/<int:page_id>/edit", changed),
    ("POST", "/handbook/ours/<int:page_id>/away", taken_away),
    ("POST", "/handbook/ours/<int:page_id>/back/<int:version>", put_back),
)
pages = Pages("handbook_house")
for method, rule, view in VIEWS:
    pages.add_url_rule(rule, view_func=view, methods=[method])
