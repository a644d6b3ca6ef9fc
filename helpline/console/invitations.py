"""Accepting an invitation: the link is opened, a password is chosen, and one goes on as if one had signed in."""

from flask import abort, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import signing_in
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import page, page_in
from helpline.people import accounts
from helpline.people.access import anyone
from helpline.people.accounts import INVITATION_PATH, NoInvitation, Who
from helpline.people.reasons import Invalid

pages = Pages("invitations")


@pages.get(f"{INVITATION_PATH}<token>")
@anyone
def opened(token: str) -> Response:
    """Whose invitation it is, and the form for the password."""
    who = _invited(token)
    if who is None:
        return _over()
    return page_in(who.locale, "signing_in/accept.html", form=Form(), invited=who, token=token)


@pages.post(f"{INVITATION_PATH}<token>")
@anyone
def accepted(token: str) -> Response:
    """The password was chosen: the invitation is used up."""
    form = Form(request.form)
    password = form.secret("password")
    if form and password != form.values.get("again", ""):
        form.fault("again", gettext("The two passwords differ."))
    who = _invited(token)
    if who is None:
        return _over()
    if form:
        try:
            with db.transaction() as session:
                accounts.accept(session, token, password)
            return signing_in.first_time(who.login, password)
        except Invalid as invalid:
            form.refused(invalid)
        except NoInvitation:
            return _over()
    return page_in(who.locale, "signing_in/accept.html", 422, form=form, invited=who, token=token)


def _invited(token: str) -> Who | None:
    if len(token) > 200:
        abort(404)
    with db.transaction() as session:
        return accounts.invited(session, token)


def _over() -> Response:
    return page("signing_in/over.html", 410)
