"""One's own account: name, language, telephone, password, recovery codes, and where one is signed in."""

from flask import redirect, request
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import labels
from helpline.console.access import jar, person
from helpline.console.cookies import LANGUAGE, SESSION
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.console.signing_in import address, refusal
from helpline.people import accounts, second_factor, sessions, signing_in
from helpline.people.access import signed_in
from helpline.people.reasons import Invalid

_HOME = "/me"
_YEAR = 31_536_000

pages = Pages("account")


@pages.get("/me")
@signed_in
def mine() -> Response:
    """All of it on one page."""
    return _shown()


@pages.post("/me")
@signed_in
def changed() -> Response:
    """Name, language and telephone."""
    who, form = person(), Form(request.form)
    locale, typed = form.typed("locale"), form.typed("phone")
    phone = typed or ("" if form.values.get("no_phone") else None)
    if (
        phone is not None
    ):  # where callers are put through to: a session alone, left open or stolen, is not enough
        with db.transaction() as session:
            refused = signing_in.confirm(session, who.id, form.values.get("password", ""), address=address())
        if refused:
            form.fault("password", refusal(refused, gettext("This is not your present password.")))
            return _shown(form, status=422)
    try:
        with db.transaction() as session:
            accounts.change(
                session, who.id, by=who.in_audit, name=form.typed("name"), locale=locale, phone=phone
            )
    except Invalid as invalid:
        form.refused(invalid)
        return _shown(form, status=422)
    with force_locale(locale):
        response = notice(redirect(_HOME, 303), gettext("Saved."))
    jar().put(response, LANGUAGE, locale, seconds=_YEAR)
    return response


@pages.post("/me/telephone-seen")
@signed_in
def telephone_seen() -> Response:
    """One has seen that somebody else changed one's telephone."""
    with db.transaction() as session:
        accounts.saw_changed_phone(session, person().id)
    return redirect(_HOME, 303)


@pages.post("/me/password")
@signed_in
def password() -> Response:
    """A new password; all other sessions end."""
    who, form = person(), Form(request.form)
    old, new = form.secret("old"), form.secret("new")
    if form and new != form.values.get("again", ""):
        form.fault("again", gettext("The two passwords differ."))
    if form:
        try:
            with db.transaction() as session:
                refused = signing_in.change_password(
                    session, who.id, old, new, address=address(), token=jar().get(SESSION)
                )
            if refused:
                form.fault("old", refusal(refused, gettext("This is not your present password.")))
        except Invalid as invalid:
            form.refused(invalid)
    if not form:
        return _shown(secret=form, status=422)
    return notice(
        redirect(_HOME, 303), gettext("The password is changed. You are signed out everywhere else.")
    )


@pages.post("/me/recovery-codes")
@signed_in
def recovery_codes() -> Response:
    """New recovery codes instead of the old ones, shown once."""
    try:
        with db.transaction() as session:
            codes = second_factor.renew_recovery_codes(session, person().id)
    except second_factor.WrongCode:
        return notice(redirect(_HOME, 303), gettext("You have no second step, and so no codes."), kind="bad")
    return page("signing_in/recovery.html", codes=codes, next=_HOME)


@pages.post("/me/sessions/<int:session_id>/end")
@signed_in
def end(session_id: int) -> Response:
    """End one of one's own sessions."""
    with db.transaction() as session:
        sessions.end_one(session, person().id, session_id)
    return notice(redirect(_HOME, 303), gettext("That session is ended."))


@pages.post("/me/sessions/end")
@signed_in
def end_others() -> Response:
    """End all but this one."""
    with db.transaction() as session:
        sessions.end_all(session, person().id, except_=jar().get(SESSION))
    return notice(redirect(_HOME, 303), gettext("You are signed out everywhere else."))


def _shown(form: Form | None = None, *, secret: Form | None = None, status: int = 200) -> Response:
    who = person()
    with db.transaction() as session:
        values = {
            "phone": accounts.phone_of(session, who.id),
            "opened": sessions.listed(session, who.id, jar().get(SESSION)),
            "enrolled": second_factor.enrolled(session, who.id),
            "codes_left": second_factor.recovery_codes_left(session, who.id),
        }
    return page(
        "account/mine.html",
        status,
        me=who,
        form=Form({"name": who.name, "locale": who.locale}) if form is None else form,
        secret=Form() if secret is None else secret,
        locale_options=[(code, name, "") for code, name in labels.LOCALES.items()],
        **values,
    )
