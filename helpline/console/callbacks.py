"""The callback queue: the sheet of one callback, who holds it, and how it went. Asks `callbacks.desk`."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.callbacks import desk, dialling
from helpline.callbacks.desk import Held, Occupied, Outcome, Stale
from helpline.console import (
    callbacks_calls,
    callbacks_lists,
    callbacks_requests,
    callbacks_words,
    errors,
    knowledge,
)
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.faults import Faults
from helpline.intake import sheets
from helpline.languages import CODES
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role

may_call = allowed(Role.OPERATOR, Role.COORDINATOR)


@may_call
def sheet(callback_id: int) -> Response:
    """Everything about one callback that this person may see."""
    return _sheet(callback_id)


@may_call
def claim(callback_id: int) -> Response:
    """Take this very one."""
    with db.transaction() as session:
        try:
            taken = desk.claim(session, callback_id, person())
        except Occupied as other:
            return _busy(other)
        except LookupError:
            return _to(callback_id, gettext("It is closed by now."))
    if isinstance(taken, Held):
        text = gettext("%(name)s has it, until %(time)s at least.", name=taken.name, time=taken.until.astimezone(clock.ROME).strftime("%H:%M"))  # fmt: skip
        return _to(callback_id, text)
    return _to(callback_id)


@may_call
def take_over(callback_id: int) -> Response:
    """Take it from whoever has it; that is written down."""
    with db.transaction() as session:
        try:
            desk.take_over(session, callback_id, person())
        except Occupied as other:
            return _busy(other)
        except LookupError:
            return _to(callback_id, gettext("It is closed by now."))
    return _to(callback_id)


@may_call
def beat(callback_id: int) -> Response:
    """Say that one is still at it; a page that lost its claim looks again."""
    with db.transaction(durable=False) as session:
        alive = desk.beat(session, callback_id, person(), callbacks_calls.claim_no())
    if alive:
        return Response(status=204)
    return Response(status=204, headers={"HX-Refresh": "true"})  # somebody else has it now: show that


@may_call
def release(callback_id: int) -> Response:
    """Give it back to the queue, with the note that was being written."""
    form = Form(request.form)
    with db.transaction() as session:
        try:
            if note := form.text("note", required=False, most=2000):
                desk.add_note(session, callback_id, person(), note)
            if form:
                desk.release(session, callback_id, person(), callbacks_calls.claim_no())
        except (Stale, Occupied):
            session.rollback()
            return _to(callback_id, gettext("That was too late: look at what happened meanwhile."))
    if not form:
        return _sheet(callback_id, form, status=422)
    return redirect(url_for("callbacks.listed"), 303)


@may_call
def outcome(callback_id: int) -> Response:
    """How it went."""
    form = Form(request.form)
    how = form.choice("outcome", [one.value for one in Outcome])
    language = form.choice("language", CODES, required=how == Outcome.OTHER_LANGUAGE)
    note = form.text("note", required=False, most=2000)
    day = form.day("follow_up")
    if not form:
        return _sheet(callback_id, form, status=422)
    with db.transaction() as session:
        try:
            desk.finish(
                session,
                callback_id,
                person(),
                callbacks_calls.claim_no(),
                how,
                language=language if how == Outcome.OTHER_LANGUAGE else None,
                note=note or None,
                follow_up=day,
            )
        except Stale as stale:
            return _lost(callback_id, stale)
        except Occupied:
            session.rollback()
            form.fault("outcome", gettext("The telephone still rings: wait, or hang up first."))
        except Faults as faults:
            session.rollback()
            for field, text in callbacks_words.refused(faults.faults, how):
                form.fault(field, text)
    if not form:
        return _sheet(callback_id, form, status=422)
    return notice(redirect(url_for("callbacks.listed"), 303), gettext("Noted. Who is next?"))


@may_call
def note(callback_id: int) -> Response:
    """Keep a note."""
    form = Form(request.form)
    text = form.text("note", most=2000)
    if not form:
        return _sheet(callback_id, form, status=422)
    with db.transaction() as session:
        desk.add_note(session, callback_id, person(), text)
    return _to(callback_id)


@may_call
def urgent(callback_id: int) -> Response:
    """Put it before the others, with a reason."""
    form = Form(request.form)
    why = form.text("why", most=300)
    if not form:
        return _sheet(callback_id, form, status=422)
    with db.transaction() as session:
        try:
            desk.mark_urgent(session, callback_id, person(), why)
        except LookupError:
            return _to(callback_id, gettext("It is closed by now."))
    return _to(callback_id)


@may_call
def reveal(callback_id: int) -> Response:
    """Show the number, with a reason that is written down."""
    form = Form(request.form)
    why = form.reason("why")
    if not form:
        return _sheet(callback_id, form, status=422)
    with db.transaction() as session:
        try:
            number = sheets.reveal(session, callback_id, person(), why=why)
        except sheets.Unknown:
            return _to(callback_id, gettext("The number has been forgotten."))
    return _sheet(callback_id, number=number.e164)


@may_call
def clip(callback_id: int, clip_id: int) -> Response:
    """The sound of what was said, for who handles it; each listening is written down."""
    with db.transaction() as session:
        try:
            sound = sheets.listen(session, callback_id, clip_id, person())
        except sheets.Unknown:
            abort(404)
    return Response(sound, mimetype="audio/wav")


def _sheet(
    callback_id: int, form: Form | None = None, *, number: str | None = None, status: int = 200
) -> Response:
    who = person()
    with db.transaction() as session:
        row = desk.row(session, callback_id)
        if row is None:
            abort(404)
        claim = None
        if row.holder == who.id:  # whoever holds it and looks at it again goes on holding it
            claim = desk.claim(session, callback_id, who)
            claim = None if isinstance(claim, Held) else claim
        mine = claim is not None or Role.COORDINATOR in who.roles
        sheet = sheets.of_callback(session, callback_id, who)
        events = callbacks_calls.happened(session, callback_id)
        notes = desk.read_notes(session, callback_id, who)
        names = accounts.names(
            session, [*(n.by for n in notes if n.by), *([row.holder] if row.holder else [])]
        )
        call = callbacks_calls.shown(session, row, who)
    return page(
        "callbacks/sheet.html",
        status,
        row=row,
        sheet=sheet,
        claim=claim,
        may_see=mine,
        call=call,
        events=events,
        notes=notes,
        names=names,
        form=Form() if form is None else form,
        number=number,
        outcomes=[(one.value, *words) for one, words in callbacks_words.OUTCOMES.items()],
        tongues=callbacks_words.tongues(),
        first=knowledge.first(),
        articles=knowledge.others(),
        today=clock.in_rome().date(),
        closed=row.state in callbacks_lists.CLOSED,
    )


def _to(callback_id: int, text: str = "") -> Response:
    there: Any = redirect(url_for("callbacks.sheet", callback_id=callback_id), 303)
    return notice(there, text, kind="bad") if text else there


def _busy(other: Occupied) -> Response:
    return _to(other.callback_id, gettext("A call is under way here: it comes first."))


def _lost(callback_id: int, stale: Stale) -> Response:
    with db.transaction(durable=False) as session:
        names = accounts.names(session, [stale.holder] if stale.holder else [])
    if stale.holder in names:
        return _to(callback_id, gettext("Not noted: %(name)s has it by now.", name=names[stale.holder]))
    return _to(callback_id, gettext("Not noted: your time for it had run out. Take it again first."))


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/callbacks/<int:callback_id>", sheet),
    ("POST", "/callbacks/<int:callback_id>/claim", claim),
    ("POST", "/callbacks/<int:callback_id>/take-over", take_over),
    ("POST", "/callbacks/<int:callback_id>/beat", beat),
    ("POST", "/callbacks/<int:callback_id>/release", release),
    ("POST", "/callbacks/<int:callback_id>/outcome", outcome),
    ("POST", "/callbacks/<int:callback_id>/note", note),
    ("POST", "/callbacks/<int:callback_id>/urgent", urgent),
    ("POST", "/callbacks/<int:callback_id>/number", reveal),
    ("GET", "/callbacks/<int:callback_id>/clips/<int:clip_id>.wav", clip),
)

pages = Pages("callbacks")


@pages.before_request
def there() -> None:
    """404 for a callback that there is not, once the guard has let somebody in."""
    wanted = (request.view_args or {}).get("callback_id")
    if wanted is not None:
        with db.transaction(durable=False) as session:
            if not desk.there_is(session, wanted):
                abort(404)


@pages.errorhandler(Stale)
def not_held(stale: Stale) -> Response:
    """Whoever does not hold it is told so; nothing was done."""
    if request.method == "GET":
        return errors.page_for(Forbidden())
    return _lost(stale.callback_id, stale)


@pages.errorhandler(dialling.NotTalking)
def not_talking(_: dialling.NotTalking) -> Response:
    """What belongs into a talk is refused before and after it."""
    return _to((request.view_args or {})["callback_id"], gettext("You are not talking with the person now."))


for method, rule, view in (*callbacks_lists.VIEWS, *VIEWS, *callbacks_calls.VIEWS, *callbacks_requests.VIEWS):
    pages.add_url_rule(rule, view_func=view, methods=[method])
for name, function in callbacks_words.FILTERS.items():
    pages.app_template_filter(name)(function)
pages.app_template_global("places_to_fill_in")(callbacks_requests.to_fill_in)
