"""The public form, in nine languages, with which a service or an association signals a person who agreed to be called.

No account and no script is needed. Asks `intake.signals`; knows nothing of what the number has asked before.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from babel import Locale
from flask import abort, redirect, request, url_for
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Response

from helpline import clock, db, hours, line, phone
from helpline.callbacks import windows
from helpline.console import errors
from helpline.console.access import current, jar, settings
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.public_words import spoken, words
from helpline.console.rendering import page
from helpline.console.signing_in import address
from helpline.hours import WINDOW_HOURS, Window
from helpline.intake import signals
from helpline.intake.signals import Often
from helpline.languages import CODES, LANGUAGES, by_code
from helpline.people.access import anyone
from helpline.phone import PhoneNumber, Verdict
from helpline.places import REGIONS
from helpline.routing import focal_points

LEAST, MOST = timedelta(seconds=3), timedelta(hours=12)
"""Nobody fills the form in less, and nobody's form is good for longer."""

LONGEST = 120
SEAL, TRAP = "form", "website"
MARK = "signal"  # not that of `csrf`, which marks whatever a browser says it is bound to
NOT_KNOWN = "unknown"
_REFUSALS = {
    Verdict.FOREIGN: "number_foreign",
    Verdict.TOLL_FREE: "number_special",
    Verdict.PREMIUM: "number_special",
    Verdict.SHORT: "number_short",
}
_TITLES = {
    "organisation": "organisation",
    "contact": "contact",
    "agreed": "person",
    "number": "number",
    "language": "language",
    "window": "window",
    "age": "age",
    "region": "region",
}
pages = Pages("public")


@pages.get("/signal")
@anyone
def somewhere() -> Response:
    """To the form in the reader's language."""
    return redirect(url_for("public.form", tongue=reader()), 303)


@pages.get("/signal/<tongue>")
@anyone
def form(tongue: str) -> Response:
    """The empty form."""
    if tongue not in CODES:
        abort(404)
    return _shown(tongue, Form())  # whoever reads in a language need not be asking for a call in it


@pages.post("/signal/<tongue>")
@anyone
def sent(tongue: str) -> Response:
    """Save what was sent, and show the code and the reference, once."""
    if tongue not in CODES:
        abort(404)
    typed = Form(request.form)
    given = _read(tongue, typed)
    if given is None:
        return _shown(tongue, typed, 422)
    with db.transaction() as session:
        told = signals.save(session, given)
        near = focal_points.of_region(session, given.region) if given.region and not given.minor else []
    if isinstance(told, Often):
        typed.fault("", words(tongue)["too_often"])
        return _shown(tongue, typed, 429)
    return page("public/saved.html", told=told, near=near, **around(tongue))


def reader() -> str:
    """The language that the reader's browser asks for, of the nine."""
    return request.accept_languages.best_match(CODES) or "it"


def failed(error: Exception) -> Response:
    """What went wrong on a public page, in its language; what was typed into the form is still there."""
    tongue = (request.view_args or {}).get("tongue", "")
    refused = isinstance(error, HTTPException) and not isinstance(error, BadRequest)
    if request.method != "POST" or tongue not in CODES or refused:
        return errors.page_for(error)
    typed = Form(request.form)
    if isinstance(error, BadRequest):
        typed.fault("", words(tongue)["too_old"])
        return _shown(tongue, typed, 400)
    errors.log.error("a signal failed: %s", type(error).__name__)
    typed.fault("", words(tongue)["unavailable"])
    return _shown(tongue, typed, 503)


pages.register_error_handler(Exception, failed)


def _read(tongue: str, typed: Form) -> signals.Given | None:
    """What the form says, or None with every fault in it."""
    own = words(tongue)
    nonce, since = _seal(typed)
    if nonce is None or clock.now() - since > MOST:
        typed.fault("", own["too_old"])
    elif clock.now() - since < LEAST:
        typed.fault("", own["too_fast"])
    if typed.typed(TRAP):
        typed.fault(TRAP, own["leave_empty"])
    organisation, contact = _text(typed, "organisation", own), _text(typed, "contact", own)
    if contact and not (focal_points.is_address(contact) or _is_telephone(contact)):
        typed.fault("contact", own["contact_wrong"])
    if typed.typed("agreed") != "yes":
        typed.fault("agreed", own["must_agree"])
    number = _number(tongue, typed)
    language = _choice(typed, "language", CODES, own)
    window = _choice(typed, "window", [str(one) for one in Window], own)
    if language and window and not offered(language, window):
        typed.fault("window", own["window_closed"])
    age = _choice(typed, "age", ("adult", "minor"), own)
    region = _choice(
        typed, "region", [*(one.code for one in REGIONS), NOT_KNOWN], own, required=age != "minor"
    )
    if not typed or number is None or nonce is None:
        return None
    return signals.Given(
        nonce=nonce,
        organisation=organisation,
        contact=contact,
        number=number,
        language=language,
        window=window,
        region=region if region not in {"", NOT_KNOWN} else None,
        minor=age == "minor",
        read_in=tongue,
        by=current(),
        address=address(),
    )


def _seal(typed: Form) -> tuple[str | None, datetime]:
    """The form's own name and since when it is open; None for one that we did not make."""
    made = jar().unsealed(MARK, typed.typed(SEAL))
    if not isinstance(made, list):
        return None, clock.now()
    nonce, since = made
    return str(nonce), datetime.fromtimestamp(since, tz=UTC)


def _text(typed: Form, field: str, own: Mapping[str, str]) -> str:
    value = " ".join("".join(sign for sign in typed.typed(field) if sign.isprintable()).split())
    if not value:
        typed.fault(field, own["missing"])
    elif len(value) > LONGEST:
        typed.fault(field, own["too_long"].format(most=LONGEST))
    return value


def _choice(
    typed: Form,
    field: str,
    among: tuple[str, ...] | list[str],
    own: Mapping[str, str],
    *,
    required: bool = True,
) -> str:
    value = typed.typed(field)
    if value not in among and (required or value):
        typed.fault(field, own["choose"])
        return ""
    return value


def _number(tongue: str, typed: Form) -> PhoneNumber | None:
    value = typed.typed("number")
    if not value:
        typed.fault("number", words(tongue)["missing"])
        return None
    judged = phone.judge(value)
    ours = {settings().callback_number, settings().toll_free_number, *line.current().greetings}
    if judged.number is None or judged.number.e164 in ours:
        refusal = _REFUSALS.get(judged.verdict, "number_special" if judged.number else "number_not_valid")
        typed.fault("number", spoken(tongue, refusal))
        return None
    return judged.number


def _is_telephone(text: str) -> bool:
    return phone.judge(text).verdict in {Verdict.CALLABLE, Verdict.FOREIGN, Verdict.TOLL_FREE}


def offered(language: str, window: str) -> bool:
    """Whether somebody calls in that language at that time of day."""
    today = hours.today(clock.now())
    return window == Window.ANY or window in windows.offered_windows(line.current().calendar, language, today)


def _shown(tongue: str, typed: Form, status: int = 200) -> Response:
    nonce, _since = _seal(typed)
    opened = clock.now() if status == 200 else clock.now() - LEAST
    seal = jar().sealed(MARK, [nonce or secrets.token_urlsafe(12), opened.timestamp()])
    values = around(tongue)
    return page(
        "public/signal.html",
        status,
        form=typed,
        seal=seal,
        trap=TRAP,
        longest=LONGEST,
        titles=_TITLES,
        tongues=_tongues(tongue),
        parts=[(str(one), values["w"][str(one)], WINDOW_HOURS[one]) for one in Window],
        regions=[(one.code, spoken(tongue, f"region_{one.code}")) for one in REGIONS],
        not_known=NOT_KNOWN,
        quiet=values["w"]["quiet"],
        **values,
    )


def around(tongue: str) -> dict[str, Any]:
    """What every public page shows around what it is for."""
    return {
        "w": words(tongue),
        "tongue": by_code(tongue),
        "languages": LANGUAGES,
        "number": PhoneNumber(settings().toll_free_number).digits,
        "signed_in": current(),
        "here": request.endpoint if request.method == "GET" else "public.form",
    }


def _tongues(tongue: str) -> list[tuple[str, str, str, str]]:
    """The languages of a call: code, own name, direction, and the name in the page's language."""
    names = Locale.parse(tongue).languages
    return [(one.code, one.own_name, one.direction, names.get(one.code, one.code)) for one in LANGUAGES]
