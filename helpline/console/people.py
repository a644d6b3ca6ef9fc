"""Who works here: the list, and each person's page, for administrators. Decides nothing: `people.accounts` does."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.api import tokens
from helpline.console import labels
from helpline.console.access import person, settings
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.people import accounts, register, second_factor
from helpline.people.access import allowed
from helpline.people.accounts import INVITATION_PATH, NoPerson
from helpline.people.reasons import Invalid
from helpline.people.register import Row, Standing
from helpline.people.roles import Role

pages = Pages("people")
administrators = allowed(Role.ADMINISTRATOR)


@pages.get("/people")
@administrators
def listed() -> Response:
    """Everybody, or those of one role."""
    role = request.args.get("role", "")
    with db.transaction() as session:
        everybody = register.listed(session)
    here = [row for row in everybody if row.standing != Standing.DISABLED]
    chosen = {
        "": here,
        "disabled": [row for row in everybody if row.standing == Standing.DISABLED],
    } | {str(each): [row for row in here if each in row.roles] for each in Role}
    return page(
        "people/list.html",
        rows=chosen.get(role, here),
        role=role,
        counts={name: len(rows) for name, rows in chosen.items()},
        roles=labels.ROLES,
        standings=labels.STANDINGS,
    )


@pages.get("/people/invite")
@administrators
def inviting() -> Response:
    """The form for a new person."""
    return _invitation(Form({"locale": "it"}))


@pages.post("/people/invite")
@administrators
def invited() -> Response:
    """Somebody is invited: the link is shown, once."""
    form = Form(request.form)
    given = _given(form)
    try:
        with db.transaction() as session:
            token = accounts.invite(session, login=form.typed("login"), by=person().in_audit, **given)
        return _link(token, given["name"])
    except Invalid as invalid:
        form.refused(invalid)
    return _invitation(form, 422)


@pages.get("/people/<int:person_id>")
@administrators
def one(person_id: int) -> Response:
    """One person."""
    return _one(_row(person_id))


@pages.post("/people/<int:person_id>")
@administrators
def changed(person_id: int) -> Response:
    """What is known of a person is changed."""
    row, form = _row(person_id), Form(request.form)
    given = _given(form)
    if not given["phone"]:
        given["phone"] = "" if form.values.get("no_phone") else None
    given["entity_id"], given["organisation"] = given["entity_id"] or "", given["organisation"] or ""
    try:
        with db.transaction() as session:
            accounts.change(session, person_id, by=person().in_audit, **given)
        return notice(redirect(url_for(".listed"), 303), gettext("%(name)s: saved.", name=given["name"]))
    except Invalid as invalid:
        form.refused(invalid)
    return _one(row, form, 422)


@pages.post("/people/<int:person_id>/link")
@administrators
def link(person_id: int) -> Response:
    """A new link for somebody who lost theirs, or their password."""
    row = _row(person_id)
    with db.transaction() as session:
        token = accounts.reinvite(session, person_id, person().in_audit)
    return _link(token, row.name)


@pages.post("/people/<int:person_id>/second-factor")
@administrators
def reset_second_factor(person_id: int) -> Response:
    """The second factor is taken away: the next time that person signs in, it is set up again."""
    return _deed(
        person_id,
        second_factor.reset,
        gettext("The second step is reset. It is set up again the next time they sign in."),
    )


@pages.post("/people/<int:person_id>/disable")
@administrators
def disable(person_id: int) -> Response:
    """Nobody signs in with this account any more."""
    return _deed(person_id, accounts.disable, gettext("The account is disabled, and signed out everywhere."))


@pages.post("/people/<int:person_id>/enable")
@administrators
def enable(person_id: int) -> Response:
    """The account works again."""
    return _deed(person_id, accounts.enable, gettext("The account works again."))


def _deed(person_id: int, act: Callable[[Any, int, str], None], done: str) -> Response:
    row = _row(person_id)
    response = redirect(url_for(".one", person_id=person_id), 303)
    try:
        with db.transaction() as session:
            act(session, person_id, person().in_audit)
    except Invalid as invalid:
        words = " ".join(str(labels.REASONS[reason]) for reason in invalid.fields.values())
        return notice(response, f"{row.name}: {words}", kind="bad")
    except NoPerson:
        abort(404)
    return notice(response, done)


def _row(person_id: int) -> Row:
    with db.transaction() as session:
        row = register.row(session, person_id)
    if row is None:
        abort(404)
    return row


def _given(form: Form) -> dict[str, Any]:
    """What the two forms have in common, as it was typed: the service judges all of it at once."""
    return {
        "name": form.typed("name"),
        "roles": form.values.getlist("roles"),
        "languages": form.values.getlist("languages"),
        "prompt_languages": form.values.getlist("prompt_languages"),
        "phone": form.typed("phone") or None,
        "entity_id": form.typed("entity_id") or None,
        "organisation": form.typed("organisation") or None,
        "locale": form.typed("locale"),
    }


def _invitation(form: Form, status: int = 200) -> Response:
    return page("people/invite.html", status, form=form, **_options())


def _one(row: Row, form: Form | None = None, status: int = 200) -> Response:
    values = Form() if form is None else form
    if form is None:
        values.fill(
            name=row.name,
            roles=row.roles,
            languages=row.languages,
            prompt_languages=row.prompt_languages,
            entity_id=row.entity_id or "",
            organisation=row.organisation or "",
            locale=row.locale,
        )
    with db.transaction(durable=False) as session:
        made = [
            each.entity_id
            for each in tokens.listed(session)
            if each.opens and each.made_by == f"person {row.id}"
        ]
    return page(
        "people/one.html",
        status,
        row=row,
        form=values,
        standings=labels.STANDINGS,
        me=person(),
        tokens=made,
        **_options(),
    )


def _options() -> dict[str, Any]:
    return {
        "role_options": labels.role_choices(),
        "language_options": labels.language_choices(),
        "locale_options": [(code, name, "") for code, name in labels.LOCALES.items()],
    }


def _link(token: str, name: str) -> Response:
    link = settings().public_url + INVITATION_PATH + token
    return page(
        "people/link.html", link=link, name=name, back=url_for(".listed"), back_text=gettext("People")
    )
