"""The page of a verified service or association: it signals people, and sees of each whether they were called.

Asks `intake.signals` and `intake.signalled`; knows nothing of whom they are about.
"""

import secrets

from flask import abort, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db, line
from helpline.console import labels
from helpline.console.access import person, settings
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.public import LONGEST, offered
from helpline.console.rendering import page
from helpline.hours import WINDOW_HOURS, Window
from helpline.intake import signalled, signals
from helpline.intake.signals import Given, Often
from helpline.languages import CODES
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.places import REGION_CODES, REGIONS

WINDOWS = {
    Window.MORNING: lazy_gettext("in the morning"),
    Window.AFTERNOON: lazy_gettext("in the afternoon"),
    Window.EVENING: lazy_gettext("in the evening"),
    Window.ANY: lazy_gettext("at any time of the day"),
}
STATES = {
    signalled.WAITING: (lazy_gettext("to be called"), "busy"),
    signalled.CALLED: (lazy_gettext("called"), "good"),
    signalled.ENDED: (lazy_gettext("ended"), "calm"),
}
pages = Pages("signalling")
members = allowed(Role.NETWORK_MEMBER)


@pages.get("/signals")
@members
def mine() -> Response:
    """The form, and what became of what was sent."""
    return _mine(Form())


@pages.post("/signals")
@members
def sent() -> Response:
    """Save a signal; code and reference are shown once."""
    form = Form(request.form)
    given = _given(form)
    if given is None:
        return _mine(form, 422)
    with db.transaction() as session:
        told = signals.save(session, given)
    if isinstance(told, Often):
        form.fault("", gettext("Very many were sent from this account. Try again later, or call us."))
        return _mine(form, 429)
    return page("signalling/saved.html", told=told)


def _given(form: Form) -> Given | None:
    who = person()
    if not who.organisation:
        abort(403)
    if form.typed("agreed") != "yes":
        form.fault("agreed", gettext("We can call only if the person knows about it and agrees."))
    number = _number(form)
    language = form.choice("language", CODES)
    window = form.choice("window", tuple(Window))
    if language and window and not offered(language, window):
        form.fault("window", gettext("At that time of the day nobody can call in this language."))
    age = form.choice("age", ("adult", "minor"))
    region = form.choice("region", REGION_CODES, required=False)
    contact = form.text("contact", most=LONGEST)
    if not form or number is None:
        return None
    return Given(
        nonce=f"{who.id} {form.typed('nonce')[:40]}",  # nobody else's form is this one
        organisation=who.organisation,
        contact=contact,
        number=number,
        language=language,
        window=window,
        region=region or None,
        minor=age == "minor",
        read_in=who.locale,
        by=who,
    )


def _number(form: Form) -> PhoneNumber | None:
    number = form.number("number")
    ours = {settings().callback_number, settings().toll_free_number, *line.current().greetings}
    if number is None or number.e164 in ours:
        form.fault("number", gettext("Give an Italian fixed or mobile number, such as 333 0000000."))
        return None
    return number


def _mine(form: Form, status: int = 200) -> Response:
    reference = request.args.get("reference", "").strip()
    with db.transaction(durable=False) as session:
        rows = signalled.sent(session, person(), reference=reference)
    return page(
        "signalling/mine.html",
        status,
        form=form,
        rows=rows,
        reference=reference,
        states=STATES,
        nonce=form.typed("nonce")[:40] or secrets.token_urlsafe(12),
        language_options=[("", ""), *((code, labels.language_name(code)) for code in CODES)],
        window_options=[(str(one), WINDOWS[one], _hours(one)) for one in Window],
        region_options=[("", gettext("not known")), *((one.code, one.name) for one in REGIONS)],
        ages=[
            ("adult", gettext("Yes, 18 or older"), ""),
            ("minor", gettext("No, under 18"), gettext("A child in danger: 114, at any time, free.")),
        ],
        titles={
            "contact": gettext("Your telephone number or e-mail"),
            "agreed": gettext("Agreement"),
            "number": gettext("Telephone number of the person"),
            "language": gettext("Language of the call"),
            "window": gettext("When may we call?"),
            "age": gettext("Is the person 18 years old or older?"),
            "region": gettext("Region of Italy where the person is"),
        },
    )


def _hours(window: Window) -> str:
    opens, closes = WINDOW_HOURS[window]
    return f"{opens}:00–{closes}:00"
