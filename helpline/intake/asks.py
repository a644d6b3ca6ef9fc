"""Saves, changes and withdraws what a person asked for. Knows no menu, no TwiML and no way of ringing anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.callbacks import barring, queue
from helpline.callbacks.models import CallbackState
from helpline.db import outbox
from helpline.intake import codes, slots
from helpline.intake.limits import spent
from helpline.intake.models import Agreement, Ask
from helpline.phone import PhoneNumber
from helpline.routing import requests
from helpline.routing.models import Request

OFFICE = "office"
NUMBER_CHANGES = 3  # an ask that wanders from number to number is no ask of one person

Kind = Literal["callback", "request"]


@dataclass(frozen=True, repr=False)
class Saved:
    """What the caller is told once the transaction has been committed. `renewed`: the code is not the one they know."""

    code: str
    promised_on: date | None
    ask_id: int
    renewed: bool = False


@dataclass(frozen=True)
class TooMany:
    """Nothing was saved: this telephone holds three asks already, its day's share is used up, or it is not to be rung."""


class NotAgreed(ValueError):
    """A request for somebody who did not, or may not, agree to it themselves."""


def save_callback(
    session: Session,
    call_sid: str,
    draft: Mapping[str, Any],
    language: str,
    *,
    promised_on: date | None,
    queued_since: datetime | None = None,
    signalled_with: str | None = None,
) -> Saved | TooMany:
    """Save that somebody wants to be called.

    The draft gives `number` (E.164), `number_proved`, `window`, and may give `minor`, `topic`, `whom`, `region`.
    The same call asking again for the same number is told the same again: repeated webhooks make one ask.
    `queued_since`: when somebody who waited on hold began to, and keeps their place. `signalled_with`: the code that
    was told to whoever signals this person (`intake.signals`); no caller's share is spent.
    """
    ask, plan = _ask(
        session, call_sid, draft, language, kind="callback", promised_on=promised_on, code=signalled_with
    )
    if ask is None:
        return TooMany()
    if plan is not None:
        callback = queue.add(
            session,
            plan,
            ask_id=ask.id,
            call_sid=call_sid,
            language=language,
            window=ask.window,
            minor=bool(draft.get("minor")),
            topic=draft.get("topic"),
            promised_on=promised_on,
            queued_since=queued_since,
        )
        if callback.topic == OFFICE and ask.region:
            outbox.put(session, outbox.NetworkKind.OFFICE_CALLED, callback.id)
    return _saved(ask)


def save_request(
    session: Session,
    call_sid: str,
    draft: Mapping[str, Any],
    language: str,
    *,
    agreement_id: int,
    waits_without_place: bool,
    promised_on: date | None = None,
    explained: bool = False,
) -> Saved | TooMany:
    """Save that somebody asks for help to return, and hand it to routing.

    As `save_callback`; the draft may also give `region`, `country`, `whom`. With `waits_without_place` one of ours calls
    to explain (R8), unless it was `explained` in a talk. Raises `NotAgreed` unless the agreement is this call's own yes, of an adult, for themselves (promise 4).
    """
    agreement = session.get(Agreement, agreement_id)
    if agreement is None or agreement.call_sid != call_sid or not agreement.agreed:
        raise NotAgreed("no agreement was given in this call")
    if draft.get("minor") or draft.get("whom") == "other":
        raise NotAgreed("nobody agrees for a child or for somebody else")
    ask, plan = _ask(
        session, call_sid, draft, language, kind="request", promised_on=promised_on, agreement=agreement
    )
    if ask is None:
        return TooMany()
    if plan is not None:
        ask.waits_without_place = waits_without_place
        requests.new_request(
            session,
            ask_id=ask.id,
            call_sid=call_sid,
            language=language,
            region=draft.get("region"),
            country=draft.get("country"),
            group=draft.get("whom") or "self",
            agreement_id=agreement.id,
        )
        # Who heard at the keypad that we call and explain is called by one of ours: no organisation will.
        if waits_without_place and not explained:
            queue.add(
                session,
                plan,
                ask_id=ask.id,
                call_sid=call_sid,
                language=language,
                window=ask.window,
                promised_on=promised_on,
            )
    return _saved(ask)


def renew_code(session: Session, ask: Ask) -> None:
    """Another code: somebody else knows the one of a signalled person, and what follows is that person's alone."""
    ask.code = slots.fresh_code(session, queue.lock_plan(session, ask.plan_id).number_hash)
    session.flush()


def by_id(session: Session, ask_id: int) -> Ask | None:
    """The ask that an earlier webhook of the call found by its code."""
    return session.get(Ask, ask_id)


def state_of(session: Session, ask: Ask) -> str:
    """One plain word for the caller: `waiting tried offered accepted done cancelled`.

    What waits for a coordinator is waiting: why is not for a telephone.
    """
    if ask.kind == "request":
        request = _request_of(session, ask)
        words = {"offered": "offered", "accepted": "accepted", "closed": "done", "cancelled": "cancelled"}
        return words.get(request.state if request else "", "waiting")
    callback = queue.of_ask(session, ask.id)
    if callback is None:
        return "done" if ask.closed_at else "waiting"
    ends = {
        CallbackState.DONE: "done",
        CallbackState.UNREACHABLE: "done",  # final: nobody will try again
        CallbackState.CANCELLED: "cancelled",
        CallbackState.STOPPED: "cancelled",
    }
    return ends.get(CallbackState(callback.state), "tried" if callback.attempts else "waiting")


def change_window(session: Session, ask: Ask, window: str, promised_on: date | None = None) -> bool:
    """Another part of the day for this ask, and the day that was said with it; False when it has been closed meanwhile."""
    if not _lock(session, ask):
        return False
    ask.window, ask.promised_on = window, promised_on or ask.promised_on
    queue.change_window(session, ask.id, window, promised_on)
    return True


def change_number(session: Session, ask: Ask, number: PhoneNumber, *, proved: bool) -> Saved | TooMany | None:
    """Move an ask, with its code, to another number's plan; None when the ask has been closed meanwhile.

    `TooMany`: that telephone has no free slot or is barred, the ask has moved often enough, two people are talking about it just now, or one
    of that telephone's asks has the same code already (once in thousands; two people must never share one).
    """
    if not _lock(session, ask):
        return None
    old = ask.plan_id
    plan = queue.open_plan(session, number, proved=proved)
    if plan.id == old:
        return _saved(ask)
    there = slots.of_number(session, plan.number_hash)
    still = [one for one in there if one.open]
    slot = slots.free({one.slot for one in still}, proved=proved)
    often = ask.number_changes >= NUMBER_CHANGES
    twin = any(one.call_sid == ask.call_sid and one.kind == ask.kind for one in still)
    refused = slot is None or often or twin or ask.code in {one.code for one in there}
    refused = refused or (not proved and barring.barred(session, plan.number_hash))
    if slot is None or refused or not queue.change_plan(session, ask.id, plan):
        _close_if_empty(session, plan.id)
        return TooMany()
    ask.plan_id, ask.slot, ask.number_changes = plan.id, slot, ask.number_changes + 1
    session.flush()
    _close_if_empty(session, old)
    return _saved(ask)


def cancel(session: Session, ask: Ask, *, who: str = "caller", why: str = "cancelled with the code") -> bool:
    """Withdraw an ask with its callback, or its request and the live offer; False when it was closed already."""
    if not _lock(session, ask):
        return False
    if ask.kind == "request":
        request = _request_of(session, ask)
        if request is not None:
            requests.withdraw(session, request, who=who, why=why)
    # A request too may have a callback: an entity could not reach the person.
    queue.cancel(session, ask.id, who=who, why=why)
    _close(session, ask)
    return True


def close_if_open(session: Session, ask: Ask) -> None:
    """Nothing more is owed for this ask: it frees its slot, and its plan when it was the last one."""
    if _lock(session, ask):
        _close(session, ask)


def _close(session: Session, ask: Ask) -> None:
    ask.closed_at = clock.now()
    session.flush()
    _close_if_empty(session, ask.plan_id)


def _ask(
    session: Session,
    call_sid: str,
    draft: Mapping[str, Any],
    language: str,
    *,
    kind: Kind,
    promised_on: date | None,
    agreement: Agreement | None = None,
    code: str | None = None,
) -> tuple[Ask | None, queue.OpenPlan | None]:
    """The ask and, when it is new, its locked plan; the call's own earlier ask without a plan; or nothing at all."""
    number, proved = PhoneNumber(draft["number"]), bool(draft.get("number_proved"))
    too_many = code is None and spent(session, call_sid)
    plan = None if too_many else queue.open_plan(session, number, proved=proved)
    there = slots.of_number(session, queue.hash_of(number))
    same = next((one for one in there if one.open and one.call_sid == call_sid and one.kind == kind), None)
    if same is not None:
        ask = session.get_one(Ask, same.id)
        if plan is not None and ask.window != draft["window"]:
            change_window(session, ask, draft["window"])
        return ask, None
    slot = slots.free({one.slot for one in there if one.open}, proved=proved)
    if plan is None or slot is None:
        return None, None
    # Whoever calls from a barred number asks anew; whoever only keys it makes nobody's telephone ring.
    taken = {one.code for one in there if one.code}
    if code in taken or (not proved and barring.barred(session, plan.number_hash)):
        _close_if_empty(session, plan.id)
        return None, None
    ask = Ask(
        plan_id=plan.id,
        slot=slot,
        code=code or codes.draw(taken),
        kind=kind,
        language=language,
        window=draft["window"],
        whom=draft.get("whom"),
        call_sid=call_sid,
        agreement_id=agreement.id if agreement else None,
        promised_on=promised_on,
        source="signal" if code else "call",
        region=draft.get("region") if code or draft.get("topic") == OFFICE else None,
    )
    session.add(ask)
    session.flush()
    return ask, plan


def _request_of(session: Session, ask: Ask) -> Request | None:
    newest = select(Request).where(Request.ask_id == ask.id).order_by(Request.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one_or_none()


def _saved(ask: Ask) -> Saved:
    if ask.code is None:
        raise ValueError("this ask has been forgotten")
    return Saved(ask.code, ask.promised_on, ask.id)


def _lock(session: Session, ask: Ask) -> bool:
    """Lock the ask's plan and read the ask again; whether it is still open."""
    while True:
        plan_id = ask.plan_id
        queue.lock_plan(session, plan_id)
        session.refresh(ask)
        if ask.plan_id == plan_id:
            return ask.closed_at is None


def _close_if_empty(session: Session, plan_id: int) -> None:
    still = select(Ask.id).where(Ask.plan_id == plan_id, Ask.closed_at.is_(None)).limit(1)
    if session.scalars(still).first() is None:
        queue.close_plan(session, queue.lock_plan(session, plan_id))
