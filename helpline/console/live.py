"""Answering those who ask for a person: being there, and the call one is in. Asks `live`; shows nobody's work to others."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import interpreters, knowledge, live_asks, live_talk
from helpline.console.access import person, still_there
from helpline.console.forms import Form
from helpline.console.live_talk import back as _back
from helpline.console.pages import Pages
from helpline.console.rendering import page, part
from helpline.intake import filling_in
from helpline.intake import sheets as asked
from helpline.live import holds, presence, sheets, shifts
from helpline.live import interpreters as thirds
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.telephony.interpreters import by_language

answers = allowed(Role.OPERATOR, Role.COORDINATOR)


@answers
def now() -> Response:
    """Whether one is there, how the languages stand, and the call one is in."""
    seen = _seen()
    return page(
        "live/now.html",
        **seen,
        earlier=_earlier(seen["call"], seen["lines"]),
        articles=[knowledge.first(live=True), *knowledge.others()],
        today=clock.in_rome().date(),
        outcomes=live_talk.outcomes(),
        form=Form({"note": seen["call"].note} if seen["call"] else {}),
    )


@answers
def look() -> Response:
    """The same, for the part of the page that looks by itself; a call that began or ended shows the page anew."""
    seen = _seen()
    call = seen["call"]
    shown = request.args.get("hold", "")
    if shown != (str(call.hold_id) if call else ""):
        return Response(status=204, headers={"HX-Refresh": "true"})
    if call and call.talking:
        still_there()
    return part("live/part.html", **seen)


@answers
def be_there() -> Response:
    """Ready to be rung."""
    with db.transaction() as session:
        try:
            presence.be_ready(session, person().id)
        except presence.NotOnShift:
            return _back(gettext("You have no shift now: calls are offered only during one's own shifts."))
        except presence.NoTelephone:
            return _back(gettext("Your account has no telephone number: add it under My account."))
    return _back()


@answers
def pause() -> Response:
    """Not to be rung for a while."""
    with db.transaction() as session:
        presence.pause(session, person().id)
    return _back()


@answers
def leave() -> Response:
    """Gone."""
    with db.transaction() as session:
        presence.leave(session, person().id)
    return _back()


@answers
def interpreter(hold_id: int) -> Response:
    """Ring an interpreter; the caller waits meanwhile."""
    wanted = interpreters.wanted()
    if wanted is None:
        return _back(interpreters.incomplete())
    with db.transaction() as session:
        try:
            thirds.add(
                session,
                hold_id,
                wanted.number,
                language=wanted.language,
                who=person(),
                interpreter_id=wanted.interpreter_id,
            )
        except thirds.NotTalking:
            session.rollback()
            return _back(interpreters.not_talking())
    return _back()


@answers
def bridge(hold_id: int) -> Response:
    """Let the caller in again."""
    return _with_third(hold_id, thirds.bridge)


@answers
def dismiss(hold_id: int) -> Response:
    """Let the interpreter go."""
    return _with_third(hold_id, thirds.dismiss)


def _with_third(hold_id: int, act: Callable[..., bool]) -> Response:
    with db.transaction() as session:
        try:
            act(session, hold_id, person())
        except thirds.NotTalking:
            return _back(interpreters.not_talking())
    return _back()


def _seen() -> dict[str, Any]:
    who = person()
    with db.transaction(durable=False) as session:
        call = sheets.of_person(session, who.id)
        lines = asked.of_asks(session, call.ask_ids, call.call_sid) if call else []
        waiting = holds.waiting(session)
        return {
            "here": presence.of(session, who.id),
            "on_shift": sorted(shifts.now(session).get(who.id, ())),
            "board": [row for row in presence.board(session) if row.on_shift],
            "waiting": {
                row.language: sum(1 for one in waiting if one.language == row.language) for row in waiting
            },
            "call": call,
            "third": thirds.of_call(session, call.hold_id, who) if call and call.talking else None,
            "choices": interpreters.choices(by_language(session)) if call and call.talking else None,
            "lines": lines,
            "unknown": {
                line.id: filling_in.unknown_of(session, line.id) for line in lines if line.kind == "request"
            },
        }


def _earlier(call: sheets.LiveCall | None, lines: list[asked.AskLine]) -> list[asked.AskLine]:
    """What was asked from the number of the call before, once it is known who is on the line; it is written down who
    saw it."""
    if call is None or not call.recognised:
        return []
    with db.transaction() as session:
        shown = {line.id for line in lines}
        return asked.earlier_from(session, call.call_sid, person(), shown=shown, about=f"hold {call.hold_id}")


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/live", now),
    ("GET", "/live/part", look),
    ("POST", "/live/ready", be_there),
    ("POST", "/live/pause", pause),
    ("POST", "/live/leave", leave),
    ("POST", "/live/<int:hold_id>/interpreter", interpreter),
    ("POST", "/live/<int:hold_id>/bridge", bridge),
    ("POST", "/live/<int:hold_id>/dismiss", dismiss),
)

pages = Pages("live")
for method, rule, view in (*VIEWS, *live_talk.VIEWS, *live_asks.VIEWS):
    pages.add_url_rule(rule, view_func=view, methods=[method])
