"""Whom an entity could not reach, or a coordinator wants called, is called by one of ours: a callback on the same ask, and
what follows from its end.

Lock order: the number's plan, then the request.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db, hours, line
from helpline.callbacks import queue
from helpline.callbacks.models import Callback, CallbackState
from helpline.intake.models import Ask
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.routing import concerns, coordinating
from helpline.routing.answers import Late
from helpline.routing.models import Request, RequestState
from helpline.routing.requests import keep_note, locked

log = logging.getLogger(__name__)

WHO = "reaching"
PROMISED = "the promised day comes before the organisation must answer"


def reach_again(request_id: int) -> bool:
    """Have somebody call back whom an entity could not reach; the body of the job of that name. Safe to run twice."""
    with db.transaction() as session:
        ask = _ask_of(session, request_id)
        if ask is None:
            return False
        plan = queue.lock_plan(session, ask.plan_id)
        session.refresh(ask)
        request = locked(session, request_id)
        if request is None or not _waits_for_a_call(request) or ask.plan_id != plan.id:
            return False
        if ask.closed_at is not None or plan.number_hash is None:
            return False
        callback = _owed(session, ask) or _new(session, ask, queue.OpenPlan(plan.id, plan.number_hash))
        request.reason = (request.reason or {}) | {"callback": callback.id}
        return True


def call_them(session: Session, request_id: int, who: Who, *, why: str) -> bool:
    """Have one of ours call whoever asked, at a coordinator's word; False when a call is owed already.

    The request stays where it stands, and is offered meanwhile. Raises `LookupError`, `ValueError` without a reason, and
    `Late` when the request is over or the number forgotten.
    """
    if not why.strip():
        raise ValueError("a call has a reason")
    ask = _ask_of(session, request_id)
    if ask is None:
        raise LookupError(f"no request {request_id}")
    plan = queue.lock_plan(session, ask.plan_id)
    session.refresh(ask)
    request = locked(session, request_id)
    if request is None or ask.plan_id != plan.id or ask.closed_at is not None or plan.number_hash is None:
        raise Late(request.state if request else RequestState.CLOSED)
    made = _owed(session, ask) is None
    if made:
        _new(session, ask, queue.OpenPlan(plan.id, plan.number_hash))
    keep_note(session, request_id, "to_be_called", why, who=who.in_audit)
    audit.record(session, who.in_audit, "asked_to_call", f"request {request_id}")
    session.flush()
    return made


def call_promised(session: Session, who: Who) -> int:
    """Have everybody called whose promised day ends before their organisation must have answered; how many."""
    called = 0
    for request_id in concerns.promised_before_answer(session):
        with suppress(Late):  # over meanwhile, or the number is forgotten
            called += call_them(session, request_id, who, why=PROMISED)
    return called


def _owed(session: Session, ask: Ask) -> Callback | None:
    callback = queue.of_ask(session, ask.id)
    return callback if callback is not None and callback.state in queue.LIVE else None


def _new(session: Session, ask: Ask, plan: queue.OpenPlan) -> Callback:
    promised_on = hours.promise(line.current().calendar, ask.language, ask.window, clock.now())
    return queue.add(
        session,
        plan,
        ask_id=ask.id,
        call_sid=ask.call_sid,
        language=ask.language,
        window=ask.window,
        promised_on=promised_on,
    )


def sweep() -> int:
    """Call those whose bell was lost, and go on with those whose call has ended; how many.

    Reached: the request is offered again. Not reached, or the call was not wanted: a coordinator looks at it.
    """
    held = (Request.held_for == "operator", Request.state == RequestState.NEEDS_PERSON)
    called = Request.reason["callback"].as_integer()
    with db.transaction() as session:
        uncalled = session.scalars(select(Request.id).where(*held, called.is_(None))).all()
        over = select(Request.id, Callback.state).join(Callback, Callback.id == called)
        ended = session.execute(over.where(*held, Callback.state.not_in(queue.LIVE))).all()
    done = sum(reach_again(id) for id in uncalled)
    return done + _go_on([(id, state) for id, state in ended])


def _go_on(ended: Sequence[tuple[int, str]]) -> int:
    for id, state in ended:
        with db.transaction() as session:
            request = locked(session, id)
            if request is None or request.held_for != "operator":
                continue
            if state == CallbackState.DONE:
                coordinating.unpark(session, id, who=WHO)
            else:
                request.held_for = "coordinator"
                says = "neither the entity nor we could reach the person"
                request.reason = {"code": "not_reached", "counts": {}, "total": 0, "says": says}
    return len(ended)


def _ask_of(session: Session, request_id: int) -> Ask | None:
    return session.scalars(
        select(Ask).join(Request, Request.ask_id == Ask.id).where(Request.id == request_id)
    ).one_or_none()


def _waits_for_a_call(request: Request) -> bool:
    return request.held_for == "operator" and (request.reason or {}).get("callback") is None
