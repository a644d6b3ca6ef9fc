"""What is asked in a live talk, from the sheet of the call one is in. Asks `intake.talks`."""

from collections.abc import Callable
from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import callbacks_requests as questions
from helpline.console import callbacks_words
from helpline.console.access import person
from helpline.console.callbacks_words import WINDOWS
from helpline.console.forms import Form
from helpline.console.rendering import notice, page
from helpline.intake import talks
from helpline.intake.asks import Saved, TooMany
from helpline.intake.conversion import Refused
from helpline.intake.talks import NoNumber, Reach, Talk
from helpline.languages import CODES
from helpline.live import sheets
from helpline.people.access import allowed
from helpline.people.roles import Role

answers = allowed(Role.OPERATOR, Role.COORDINATOR)
KINDS = ("callback", "request")
OWN, OTHER = "own", "other"
WHERE = {
    OWN: lazy_gettext("the telephone they call from"),
    OTHER: lazy_gettext("another number"),
}


@answers
def ask_form(hold_id: int, kind: str) -> Response:
    """The questions."""
    return _page(_talk(hold_id, kind), hold_id, kind, Form())


@answers
def ask(hold_id: int, kind: str) -> Response:
    """Save what was answered, and show the code, once, to be told to the caller."""
    talk, form = _talk(hold_id, kind), Form(request.form)
    where = form.choice("where", WHERE)
    number = form.number("telephone") if where == OTHER else None
    if where == OTHER and number is None:
        form.fault("telephone", gettext("Give an Italian fixed or mobile number, such as 333 0000000."))
    reach = Reach(number, form.choice("window", WINDOWS))
    language = form.choice("language", CODES, required=False) if kind == "callback" else ""
    given = questions.read(form) if kind == "request" else None
    if not form:
        return _page(talk, hold_id, kind, form, 422)
    with db.transaction() as session:
        saved = (
            talks.save_request(session, talk, reach, given)
            if given is not None
            else talks.save_callback(session, replace(talk, language=language or talk.language), reach)
        )
        if not isinstance(saved, Saved):
            session.rollback()
    if isinstance(saved, Refused):
        questions.explain(form, saved)
    elif isinstance(saved, NoNumber):
        form.fault("where", gettext("We may not ring the number they call from: ask for an Italian one."))
    elif isinstance(saved, TooMany):
        form.fault("where", gettext("This telephone holds as many asks as it may, or is not to be rung."))
    if not isinstance(saved, Saved):
        return _page(talk, hold_id, kind, form, 422)
    return page("live/saved.html", saved=saved, language=talk.language)


def _talk(hold_id: int, kind: str) -> Talk:
    """The call of this person. 404 for somebody else's, or one that is put away; back to the call when it is too late."""
    if kind not in KINDS:
        abort(404)
    with db.transaction(durable=False) as session:
        try:
            call = sheets.to_write(session, hold_id, person().id)
        except sheets.TooLate:
            abort(_too_late())
    if call is None:
        abort(404)
    return Talk(call.call_sid, call.language, call.minor, person(), over=call.over_since is not None)


def _too_late() -> Response:
    text = gettext("That talk is over for too long: the person has to call again, or be called.")
    return notice(redirect(url_for("live.now"), 303), text, kind="bad")


def _page(talk: Talk, hold_id: int, kind: str, form: Form, status: int = 200) -> Response:
    with db.transaction(durable=False) as session:
        own = talks.own_number(session, talk.call_sid)
    return page(
        "live/ask.html",
        status,
        hold_id=hold_id,
        kind=kind,
        form=form,
        language=talk.language,
        where=[(word, text, str(own) if word == OWN and own else "") for word, text in WHERE.items()],
        windows=[(word, text, "") for word, text in WINDOWS.items()],
        consent=talks.words_for(talk),
        tongues=callbacks_words.tongues(),
        **questions.lists(),
    )


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/live/<int:hold_id>/ask/<kind>", ask_form),
    ("POST", "/live/<int:hold_id>/ask/<kind>", ask),
)
