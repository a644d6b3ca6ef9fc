"""Takes back what somebody asked for: they said so to one of ours. Whoever talks with them does it only of what they were
recognised for, by code or by what they said unprompted; a coordinator of any request. Knows no page."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks import holding, queue
from helpline.intake import asks, conversion
from helpline.intake.models import Ask
from helpline.live import sheets
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.routing import requests
from helpline.routing.models import Request, RequestState
from helpline.routing.offers import Late
from helpline.voice import current

WHY = "they want it no more, and told one of ours"
WORDS = "asked_cancelled"
"""The prompt whose words are said to whoever has taken something back: the ones that the keypad's way ends with."""

_OVER = (RequestState.CLOSED, RequestState.CANCELLED)


class NotRecognised(Exception):
    """The person on the line has not shown to be the one who asked this, or nobody talks with them."""


def take_back(session: Session, request_id: int, who: Who, *, why: str) -> None:
    """End a request as its own person does with the code: a live offer is pulled back, and the entity told.

    `why`: how they said it; kept encrypted, in no line of moves or audit. Raises `LookupError`, `Late` when it is over
    already, `ValueError` without a reason.
    """
    if not why.strip():
        raise ValueError("what is taken back has a reason")
    known = session.get(Request, request_id)
    if known is None:
        raise LookupError(f"no request {request_id}")
    ask = session.get_one(Ask, known.ask_id)
    queue.lock_plan(session, ask.plan_id)
    request = requests.locked(session, request_id)
    if request is None or request.state in _OVER:
        raise Late(request.state if request else known.state)
    if not asks.cancel(session, ask, who=who.in_audit, why=WHY):
        requests.withdraw(session, request, who=who.in_audit, why=WHY)
    requests.keep_note(session, request_id, "taken_back", why, who=who.in_audit)
    audit.record(session, who.in_audit, "took_back", f"request {request_id}")
    session.flush()


def of_callback(session: Session, callback_id: int, who: Who) -> int | None:
    """The request that whoever is called back could take back now: the callback's own, of somebody who was recognised in
    this person's talk, which goes on or was over a moment ago; None where there is none such."""
    if not conversion.may_ask(session, callback_id, who):
        return None
    callback = holding.held(session, callback_id, who)
    return open_request(session, callback.ask_id)


def in_callback(session: Session, callback_id: int, who: Who, *, why: str) -> None:
    """As `take_back`, in the talk of a callback that this person holds. Raises `Stale`, `NotRecognised`, `Late`."""
    callback = holding.held(session, callback_id, who)
    if not conversion.may_ask(session, callback_id, who):
        raise NotRecognised(f"callback {callback_id}")
    request_id = open_request(session, callback.ask_id)
    if request_id is None:
        raise Late(RequestState.CANCELLED)
    take_back(session, request_id, who, why=why)


def in_live_call(session: Session, hold_id: int, who: Who, ask_id: int, *, why: str) -> None:
    """Take back a call back or a request of somebody who rang, in the talk or a moment after.

    Only what they were recognised for, or asked in this very call. Raises `sheets.TooLate`, `NotRecognised` (for
    whoever did not take the call, too), `Late` when it is over already, `ValueError` without a reason.
    """
    ask = of_live_call(session, hold_id, who, ask_id)
    request_id = open_request(session, ask_id)
    if request_id is not None:
        take_back(session, request_id, who, why=why)
        return
    if not why.strip():
        raise ValueError("what is taken back has a reason")
    if not asks.cancel(session, ask, who=who.in_audit, why=WHY):
        raise Late(RequestState.CANCELLED)
    audit.record(session, who.in_audit, "took_back", f"ask {ask_id}")


def of_live_call(session: Session, hold_id: int, who: Who, ask_id: int) -> Ask:
    """An ask of whoever rang, that they were recognised for, or asked in this very call. Raises as `in_live_call`."""
    call = sheets.to_write(session, hold_id, who.id)
    ask = asks.by_id(session, ask_id)
    if call is None or ask is None or (ask_id not in call.recognised and ask.call_sid != call.call_sid):
        raise NotRecognised(f"hold {hold_id}: ask {ask_id}")
    return ask


def words(language: str) -> str:
    """What is said to the person afterwards, in their language."""
    return current.texts().text(language, WORDS)


def open_request(session: Session, ask_id: int) -> int | None:
    """The request that an ask is, unless it is over; None where there is none."""
    newest = select(Request.id).where(Request.ask_id == ask_id, Request.state.not_in(_OVER))
    return session.scalars(newest.order_by(Request.id.desc()).limit(1)).one_or_none()
