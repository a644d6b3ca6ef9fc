"""Turning a callback into a request, in the talk: the keypad's questions, asked by a person. Asks `intake.conversion`."""

from collections.abc import Callable

from flask import request as asked
from flask import url_for
from flask_babel import get_locale, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.callbacks import desk
from helpline.callbacks.desk import Stale
from helpline.console import callbacks_words
from helpline.console.access import person
from helpline.console.callbacks_calls import back
from helpline.console.forms import Form
from helpline.console.rendering import page
from helpline.intake import conversion, filling_in
from helpline.intake.conversion import Answers, Refused
from helpline.intake.taking_back import NotRecognised
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.places import REGION_CODES, REGIONS, is_country
from helpline.routing.filling_in import Known
from helpline.routing.offers import Late

may_call = allowed(Role.OPERATOR, Role.COORDINATOR)
WHOM = {
    "self": lazy_gettext("only for themselves"),
    "family": lazy_gettext("for themselves and their family"),
    "other": lazy_gettext("for somebody else"),
}
REFUSED = {
    "not_talking": lazy_gettext(
        "A request can be made while you talk with the person, and until ten minutes after."
    ),
    "not_recognised": lazy_gettext(
        "First the code, or that they say unprompted what they asked: you do not know yet who it is."
    ),
    "minor": lazy_gettext("Under 18 there is no ordinary request: the authorities decide."),
    "for_somebody_else": lazy_gettext("Nobody agrees for somebody else: that person has to ask."),
    "not_agreed": lazy_gettext("Without their agreement nothing is passed on."),
    "words_changed": lazy_gettext("The words to read aloud have changed meanwhile: read them again."),
    "not_read": lazy_gettext(
        "The talk was over before the words were there to be read: nobody agrees afterwards."
    ),
    "asked_already": lazy_gettext("This telephone has asked for help to return already."),
    "no_place": lazy_gettext("No project has a free place: ask whether they want to wait."),
}
_FIELD = {"minor": "adult", "for_somebody_else": "whom", "not_agreed": "agreed", "words_changed": "agreed", "not_read": "agreed", "no_place": "waits"}  # fmt: skip


@may_call
def request_form(callback_id: int) -> Response:
    """The questions, with the words to be read aloud in the caller's language."""
    return _page(callback_id, Form())


@may_call
def make_request(callback_id: int) -> Response:
    """Save what was answered; every reason against it is told beside its question."""
    form = Form(asked.form)
    answers = read(form)
    if not form:
        return _page(callback_id, form, 422)
    with db.transaction() as session:
        try:
            saved = conversion.to_request(session, callback_id, person(), answers)
        except Stale:
            session.rollback()
            return back(callback_id, gettext("Your time for it had run out. Take it again first."))
        if isinstance(saved, Refused):
            session.rollback()
    if isinstance(saved, Refused):
        explain(form, saved)
        return _page(callback_id, form, 422)
    if saved.renewed:  # whoever signalled knows the old one
        back_to = (url_for("callbacks.sheet", callback_id=callback_id), gettext("Callbacks"))
        return page("live/saved.html", saved=saved, back_to=back_to)
    said = gettext("The request is saved. Tell them: the code stays the same.")
    return back(callback_id, said, kind="good")


@may_call
def fill_in(callback_id: int) -> Response:
    """Where they are, or want to go, that was not known when they asked."""
    form = Form(asked.form)
    region, country = places(form)
    why = form.text("why", most=300)
    if not form or not (region or country):
        return back(callback_id, incomplete())
    with db.transaction() as session:
        try:
            filling_in.in_callback(session, callback_id, person(), region=region, country=country, why=why)
        except (Stale, NotRecognised):
            session.rollback()
            return back(callback_id, callbacks_words.not_recognised())
        except (Late, Known):
            session.rollback()
            return back(callback_id, known_already())
    return back(callback_id, filled_in(), kind="good")


def incomplete() -> str:
    """What is said where there is nothing to fill in, or no reason."""
    return gettext("Choose a region or a country, and write how you know.")


def known_already() -> str:
    """What is said where somebody came first."""
    return gettext("It is known by now, or their request is over.")


def filled_in() -> str:
    """What is said when it is done."""
    return gettext("Noted. The request is looked at again at once.")


def places(form: Form) -> tuple[str | None, str | None]:
    """The region and the country that were chosen, or None; another one is a fault of the form."""
    region = form.choice("region", REGION_CODES, required=False)
    country = form.text("country", required=False, most=2).upper()
    if country and not is_country(country):
        form.fault("country", gettext("Choose one of these."))
    return region or None, country or None


def read(form: Form) -> Answers:
    """What was answered to the keypad's questions, as far as it could be read; what could not is a fault of the form."""
    adult = form.choice("adult", ("yes", "no"))
    whom = form.choice("whom", WHOM)
    region, country = places(form)
    agreed = form.choice("agreed", ("yes", "no"))
    return Answers(
        adult=adult == "yes",
        whom=whom,
        agreed=agreed == "yes",
        consent_version=form.values.get("version", ""),
        region=region,
        country=country,
        waits=form.values.get("waits") == "yes",
        shown=form.values.get("shown", ""),
    )


def explain(form: Form, refused: Refused) -> None:
    """Say every reason against a request beside its question."""
    for reason in refused.reasons:
        form.fault(_FIELD.get(reason, ""), str(REFUSED[reason]))


def lists() -> dict[str, list[tuple[str, ...]]]:
    """What the questions let one choose from, in the reader's language: `whom`, `regions`, `countries`."""
    locale = get_locale()
    names = {code: name for code, name in (locale.territories if locale else {}).items() if is_country(code)}
    return {
        "whom": [(word, str(text), "") for word, text in WHOM.items()],
        "regions": [("", "—"), *((region.code, region.name) for region in REGIONS)],
        "countries": [("", "—"), *sorted(names.items(), key=lambda pair: pair[1])],
    }


def to_fill_in() -> dict[str, list[tuple[str, ...]]]:
    """The same for what was not known of a request, by its field."""
    offered = lists()
    return {"region": offered["regions"], "country": offered["countries"]}


def _page(callback_id: int, form: Form, status: int = 200) -> Response:
    with db.transaction(durable=False) as session:
        row = desk.row(session, callback_id)
        consent = conversion.words_for(
            session, callback_id, person()
        )  # by whoever talks with the person alone
    if isinstance(consent, Refused):
        return back(callback_id, " ".join(str(REFUSED[reason]) for reason in consent.reasons))
    return page(
        "callbacks/request.html",
        status,
        row=row,
        form=form,
        consent=consent,
        **lists(),
    )


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/callbacks/<int:callback_id>/request", request_form),
    ("POST", "/callbacks/<int:callback_id>/request", make_request),
    ("POST", "/callbacks/<int:callback_id>/fill-in", fill_in),
)
