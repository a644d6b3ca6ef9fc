"""The call of a callback: ring, watch, stop, the code, an interpreter. Asks `callbacks.dialling`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpline import db
from helpline.callbacks import desk, dialling
from helpline.callbacks.desk import Elsewhere, Engaged, Event, NotNow, Row, Stale
from helpline.console import callbacks_words, interpreters
from helpline.console.access import person, still_there
from helpline.console.forms import Form
from helpline.console.rendering import notice, part
from helpline.intake import conversion, filling_in, taking_back
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.accounts import Who
from helpline.people.roles import Role
from helpline.routing.offers import Late
from helpline.telephony.interpreters import by_language

CODE_LENGTH = 4
may_call = allowed(Role.OPERATOR, Role.COORDINATOR)


@dataclass(frozen=True)
class Shown:
    """What the panel of the call shows: how far it is, whether one may speak about the matter, whether one may ring;
    `may_take_back`: a request of theirs; `unknown`: what of it is not known (region, country); `choices`: who can be called in as interpreter, while the two talk."""

    progress: dialling.Progress | None
    may_discuss: bool
    under_way: bool
    may_ring: bool
    may_request: bool
    may_take_back: bool
    unknown: tuple[str, ...]
    is_mine: bool
    choices: interpreters.Choices | None


def claim_no() -> int:
    """The number of the claim that the form at hand was made for; 0 when it has none, which no claim ever is."""
    given = request.form.get("claim_no", "")
    return int(given) if given.isdecimal() and len(given) < len(str(2**31)) else 0


def shown(session: Session, row: Row, who: Who) -> Shown:
    """The call of this callback as it is now, for this person."""
    progress = dialling.progress(session, row.id)
    under_way = progress is not None and (
        progress.operator != "ended" or progress.caller not in {None, "ended"}
    )
    return Shown(
        progress=progress,
        may_discuss=dialling.may_discuss(session, row.id),
        under_way=under_way,
        may_ring=desk.may_ring(session, row.id),
        may_request=conversion.may_ask(session, row.id, who),
        may_take_back=taking_back.of_callback(session, row.id, who) is not None,
        unknown=filling_in.unknown(session, row.id, who),
        is_mine=row.holder == who.id,
        choices=interpreters.choices(by_language(session)) if progress and progress.talking else None,
    )


def happened(session: Session, callback_id: int) -> list[tuple[Event, str, str]]:
    """What happened to this callback, oldest first, each in words, and by whom."""
    events = desk.history(session, callback_id)
    names = accounts.names_of(session, (event.who for event in events))
    return [
        (event, callbacks_words.happened(event, names), callbacks_words.by_whom(event.who, names))
        for event in events
    ]


@may_call
def call(callback_id: int) -> Response:
    """How far the call is, for the part of the sheet that looks by itself."""
    with db.transaction(durable=False) as session:
        row = desk.row(session, callback_id)
        if row is None or (row.holder != person().id and Role.COORDINATOR not in person().roles):
            return Response(status=204, headers={"HX-Refresh": "true"})  # somebody else's by now: show that
        now, events = shown(session, row, person()), happened(session, callback_id)
    if now.is_mine and now.progress is not None and now.progress.operator == "answered":
        still_there()
    claim_no = request.args.get("claim_no", "")
    return part("callbacks/call.html", row=row, call=now, claim_no=claim_no, events=events, oob=True)


@may_call
def ring(callback_id: int) -> Response:
    """Ring one's own telephone, and then the person who asked."""
    with db.transaction() as session:
        try:
            dialling.call(session, callback_id, person(), claim_no())
        except dialling.NoTelephone:
            session.rollback()
            return back(
                callback_id, gettext("Your account has no telephone number: add it under My account.")
            )
        except Stale:
            session.rollback()
            return back(callback_id, gettext("Your time for it had run out. Take it again first."))
        except Engaged:
            session.rollback()
            return back(
                callback_id,
                gettext("You are in a live call, or your telephone rings for one: it comes first."),
            )
        except Elsewhere:
            session.rollback()
            return back(
                callback_id, gettext("An organisation is calling this telephone just now. Try again later.")
            )
        except NotNow:
            session.rollback()
            return back(callback_id, gettext("They may not be rung at this moment."))
    return back(callback_id)


@may_call
def stop(callback_id: int) -> Response:
    """Take the call back, or end it."""
    with db.transaction() as session:
        dialling.stop(session, callback_id, person())
    return back(callback_id)


@may_call
def code(callback_id: int) -> Response:
    """Check the code that the person said."""
    given = "".join(c for c in request.form.get("code", "") if c.isdecimal() and c.isascii())
    if len(given) != CODE_LENGTH:
        return back(callback_id, gettext("A code has four digits."))
    with db.transaction() as session:
        right = dialling.code_given(session, callback_id, person(), given)
    if right:
        return back(callback_id, gettext("The code is right."), kind="good")
    return back(callback_id, gettext("The code is not right. Say nothing about the matter."))


@may_call
def recognised(callback_id: int) -> Response:
    """The person said unprompted what they asked for."""
    with db.transaction() as session:
        dialling.recognised_without_code(session, callback_id, person())
    return back(callback_id)


@may_call
def take_back(callback_id: int) -> Response:
    """The person takes their request back."""
    form = Form(request.form)
    why = form.text("why", most=300)
    if not form:
        return back(callback_id, gettext("Write how they said so."))
    with db.transaction() as session:
        try:
            taking_back.in_callback(session, callback_id, person(), why=why)
        except taking_back.NotRecognised:
            return back(callback_id, callbacks_words.not_recognised())
        except Late:
            session.rollback()
            return back(callback_id, callbacks_words.over_already())
    return back(callback_id, callbacks_words.taken_back(), kind="good")


@may_call
def interpreter(callback_id: int) -> Response:
    """Ring an interpreter."""
    wanted = interpreters.wanted()
    if wanted is None:
        return back(callback_id, interpreters.incomplete())
    with db.transaction() as session:
        progress = dialling.progress(session, callback_id)
        if progress is None:
            return back(callback_id, interpreters.not_talking())
        try:
            dialling.add_interpreter(
                session,
                progress.attempt_id,
                wanted.number,
                language=wanted.language,
                who=person(),
                interpreter_id=wanted.interpreter_id,
            )
        except dialling.NotTalking:
            session.rollback()
            return back(callback_id, interpreters.not_talking())
    return back(callback_id)


@may_call
def bridge(callback_id: int) -> Response:
    """Let the caller in again."""
    return _with_attempt(callback_id, dialling.bridge)


@may_call
def dismiss(callback_id: int) -> Response:
    """Let the interpreter go."""
    return _with_attempt(callback_id, dialling.dismiss_interpreter)


def _with_attempt(callback_id: int, act: Any) -> Response:
    with db.transaction() as session:
        progress = dialling.progress(session, callback_id)
        if progress is not None:
            act(session, progress.attempt_id, person())
    return back(callback_id)


def back(callback_id: int, text: str = "", *, kind: str = "bad") -> Response:
    """To the sheet of this callback, with a word if there is one to say."""
    there: Any = redirect(url_for("callbacks.sheet", callback_id=callback_id), 303)
    return notice(there, text, kind=kind) if text else there


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/callbacks/<int:callback_id>/call", call),
    ("POST", "/callbacks/<int:callback_id>/call", ring),
    ("POST", "/callbacks/<int:callback_id>/stop", stop),
    ("POST", "/callbacks/<int:callback_id>/code", code),
    ("POST", "/callbacks/<int:callback_id>/recognised", recognised),
    ("POST", "/callbacks/<int:callback_id>/take-back", take_back),
    ("POST", "/callbacks/<int:callback_id>/interpreter", interpreter),
    ("POST", "/callbacks/<int:callback_id>/bridge", bridge),
    ("POST", "/callbacks/<int:callback_id>/dismiss", dismiss),
)
