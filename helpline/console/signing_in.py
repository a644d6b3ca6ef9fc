"""Signing in and out: the password, then the second factor. Decides nothing: `people.signing_in` does."""

from io import BytesIO
from urllib.parse import urlencode

from flask import redirect, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from helpline import db
from helpline.console.access import current, jar, onward, settings
from helpline.console.cookies import LANGUAGE, PENDING, SESSION
from helpline.console.formats import span
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page, page_in
from helpline.people import addresses, second_factor, sessions, signing_in
from helpline.people.access import anyone, signed_in
from helpline.people.accounts import Who
from helpline.people.signing_in import NeedsCode, NeedsEnrolment, Refused, Signed

_YEAR = 31_536_000
_NEXT = "next"


pages = Pages("signing_in")


@pages.get("/sign-in")
@anyone
def begin() -> Response:
    """The login and the password are asked for."""
    if current():
        return onward(request.args.get(_NEXT, "/"))
    return page("signing_in/password.html", form=Form(), next=request.args.get(_NEXT, ""))


@pages.post("/sign-in")
@anyone
def password() -> Response:
    """They were given."""
    form = Form(request.form)
    login, secret = form.text("login"), form.secret("password")
    if form:
        answer = _begun(login, secret)
        if not isinstance(answer, Refused):
            return _further(answer, form.values.get(_NEXT, ""))
        form.fault("", refusal(answer, gettext("The login or the password is not right.")))
    return page("signing_in/password.html", 422, form=form, next=form.values.get(_NEXT, ""))


@pages.get("/sign-in/code")
@anyone
def code() -> Response:
    """The code of the second factor is asked for."""
    who = _waiting()
    if who is None:
        return _again()
    return page_in(who.locale, "signing_in/code.html", form=Form(), next=request.args.get(_NEXT, ""))


@pages.post("/sign-in/code")
@anyone
def code_given() -> Response:
    """It was given."""
    return _second()


@pages.get("/sign-in/enrol")
@anyone
def enrol() -> Response:
    """A second factor is to be set up."""
    return _enrolment(Form(), request.args.get(_NEXT, ""))


@pages.post("/sign-in/enrol")
@anyone
def enrolled() -> Response:
    """Its first code was given."""
    return _second(enrolling=True)


@pages.post("/sign-out")
@signed_in
def out() -> Response:
    """Sign out."""
    with db.transaction() as session:
        sessions.end(session, jar().get(SESSION))
    response = notice(redirect("/sign-in", 303), gettext("You are signed out."))
    jar().drop(response, SESSION)
    return response


def first_time(login: str, password: str) -> Response:
    """Sign in who has just chosen a password."""
    answer = _begun(login, password)
    return redirect("/sign-in", 303) if isinstance(answer, Refused) else _further(answer, "")


def _begun(login: str, password: str) -> Refused | NeedsCode | NeedsEnrolment | Signed:
    required = settings().second_factor_required
    with db.transaction() as session:
        return signing_in.begin(session, login, password, address=address(), factor_required=required)


def refusal(refused: Refused, otherwise: str) -> str:
    """The words for a refusal: the same whether the login exists or not."""
    if refused.pause_seconds:
        return gettext("Too many attempts. Try again in %(span)s.", span=span(max(refused.pause_seconds, 60)))
    return otherwise


def picture(uri: str) -> Markup:
    """A QR code as SVG that stands in the page: no script, no style, no file."""
    import segno  # once for each person, when they enrol

    out = BytesIO()
    segno.make(uri, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by us, from an address that we made


def signed(answer: Signed, wanted: str) -> Response:
    """Signed in: the cookie, and on to the page one wanted; after an enrolment first the recovery codes."""
    if answer.recovery_codes:
        response = page_in(
            answer.who.locale,
            "signing_in/recovery.html",
            codes=answer.recovery_codes,
            next=onward(wanted).location,
        )
    else:
        response = onward(wanted)
    jar().put(response, SESSION, answer.token)
    jar().put(response, LANGUAGE, answer.who.locale, seconds=_YEAR)
    jar().drop(response, PENDING)
    return response


def _further(answer: NeedsCode | NeedsEnrolment | Signed, wanted: str) -> Response:
    if isinstance(answer, Signed):
        return signed(answer, wanted)
    step = "code" if isinstance(answer, NeedsCode) else "enrol"
    response = redirect(f"/sign-in/{step}", 303)
    jar().put(response, PENDING, answer.pending, seconds=int(signing_in.PENDING_LASTS.total_seconds()))
    if wanted:
        response.location = f"/sign-in/{step}?{urlencode({_NEXT: wanted})}"
    return response


def _second(*, enrolling: bool = False) -> Response:
    form = Form(request.form)
    typed = form.text("code", most=40)
    wanted = form.values.get(_NEXT, "")
    if form:
        with db.transaction() as session:
            answer = signing_in.second(session, jar().get(PENDING), typed, address=address())
        if isinstance(answer, Signed):
            return signed(answer, wanted)
        form.fault("code", refusal(answer, gettext("This code is not right, or was used already.")))
    if enrolling:
        return _enrolment(form, wanted, 422)
    who = _waiting()
    return page_in(who.locale, "signing_in/code.html", 422, form=form, next=wanted) if who else _again()


def _waiting() -> Who | None:
    with db.transaction() as session:
        return signing_in.whose(session, jar().get(PENDING))


def _enrolment(form: Form, wanted: str, status: int = 200) -> Response:
    with db.transaction() as session:
        who = signing_in.whose(session, jar().get(PENDING))
        if who is None:
            return _again()
        try:
            enrolment = second_factor.begin_enrolment(session, who.id)
        except second_factor.AlreadyEnrolled:
            return _again()
    return page_in(
        who.locale,
        "signing_in/enrol.html",
        status,
        form=form,
        next=wanted,
        secret=enrolment.secret,
        picture=picture(enrolment.uri),
    )


def _again() -> Response:
    response = notice(redirect("/sign-in", 303), gettext("That took too long. Sign in again."), kind="info")
    jar().drop(response, PENDING)
    return response


def address() -> str:
    """Where the request came from, for counting wrong guesses; empty when nobody knows."""
    return addresses.of_client(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
