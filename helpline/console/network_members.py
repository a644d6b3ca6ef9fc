"""Verified services and associations, for coordinators: invited once one is sure that it is they, ended. Asks `people.verified`."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import labels
from helpline.console.access import person, settings
from helpline.console.forms import Form
from helpline.console.rendering import notice, page
from helpline.people import verified
from helpline.people.access import allowed
from helpline.people.accounts import INVITATION_PATH, NoPerson
from helpline.people.reasons import Invalid
from helpline.people.roles import Role

coordinators = allowed(Role.COORDINATOR)


@coordinators
def members() -> Response:
    """Who is verified, and the form for somebody new."""
    return _members(Form({"locale": "it"}))


@coordinators
def member_invited() -> Response:
    """Somebody is invited: the link is shown, once."""
    form = Form(request.form)
    if form.values.get("sure") != "yes":
        form.fault("sure", gettext("Confirm that you made sure that it is they."))
    if not form:
        return _members(form, 422)
    try:
        with db.transaction() as session:
            token = verified.invite(
                session,
                login=form.typed("login"),
                name=form.typed("name"),
                organisation=form.typed("organisation") or None,
                locale=form.typed("locale"),
                by=person().in_audit,
            )
    except Invalid as invalid:
        form.refused(invalid)
        return _members(form, 422)
    return _link(token, form.typed("name"))


@coordinators
def member_link(person_id: int) -> Response:
    """A new link for somebody who lost theirs, or their password."""
    with db.transaction() as session:
        try:
            token = verified.reinvite(session, person_id, person().in_audit)
        except (NoPerson, Invalid):
            abort(404)
        name = next(row.name for row in verified.listed(session) if row.id == person_id)
    return _link(token, name)


@coordinators
def member_ended(person_id: int) -> Response:
    """Nobody signals with this account any more."""
    return _deed(person_id, verified.disable, gettext("The account is disabled, and signed out everywhere."))


@coordinators
def member_back(person_id: int) -> Response:
    """The account works again."""
    return _deed(person_id, verified.enable, gettext("The account works again."))


def _deed(person_id: int, act: Callable[[Any, int, str], None], said: str) -> Response:
    with db.transaction() as session:
        try:
            act(session, person_id, person().in_audit)
        except NoPerson:
            abort(404)
    return notice(redirect(url_for("network.members"), 303), said)


def _link(token: str, name: str) -> Response:
    back = url_for("network.members")
    link = settings().public_url + INVITATION_PATH + token
    return page("people/link.html", link=link, name=name, back=back, back_text=gettext("Verified services"))


def _members(form: Form, status: int = 200) -> Response:
    with db.transaction(durable=False) as session:
        rows = verified.listed(session)
    locales = [(code, name, "") for code, name in labels.LOCALES.items()]
    return page(
        "network/members.html",
        status,
        rows=rows,
        form=form,
        standings=labels.STANDINGS,
        locale_options=locales,
    )


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/network/members", members),
    ("POST", "/network/members", member_invited),
    ("POST", "/network/members/<int:person_id>/link", member_link),
    ("POST", "/network/members/<int:person_id>/end", member_ended),
    ("POST", "/network/members/<int:person_id>/back", member_back),
)
