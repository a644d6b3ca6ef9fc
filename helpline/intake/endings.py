"""What becomes of a call when it is over: incomplete calls, outcomes, asks that are settled. Knows no menu."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from helpline import clock, hours, line
from helpline.callbacks import queue
from helpline.callbacks.models import Callback
from helpline.calls import clips, journeys, memory
from helpline.calls.models import Call, Step
from helpline.calls.steps import TOLD
from helpline.db import transaction
from helpline.intake import agreements, asks, drafts, wishes
from helpline.intake.models import Ask
from helpline.live import holds
from helpline.phone import PhoneNumber
from helpline.routing import handed_over, offers
from helpline.routing.models import Request, RequestState

log = logging.getLogger(__name__)

BATCH = 200
PRESSED = ("key", "language", "digits", "wrong")
"""First words of what the journey says was heard when the caller did something."""


def rescued(draft: Mapping[str, Any], *, saved: bool, place: bool) -> Literal["request", "callback"] | None:
    """What to save of a call that broke off (DOMAIN §6, incomplete calls).

    Only when a safe number and a time window were confirmed, nothing was saved, and the caller did not cancel. A
    request needs the caller's own agreement and a free place; otherwise it is a callback.
    """
    if saved or draft.get("cancelled") or not wishes.complete(draft):
        return None
    return "request" if place and wishes.agreed(draft) else "callback"


def finish_call(session: Session, call_sid: str) -> str | None:
    """Settle a call that has ended: save what an incomplete one allows, drop its draft, store its outcome.

    Safe to run again: what was saved is not saved twice, and what came late (a message) is counted. Gives the
    outcome, or None for a call nobody told us of.
    """
    try:
        call: Call | None = journeys.locked(session, call_sid)
    except NoResultFound:
        call = None
    language = journeys.language_of(session, call_sid)
    holds.call_ended(session, call_sid)
    draft = drafts.opened(session, call_sid).fields
    if not draft or _rescued(session, call_sid, draft, language or "it"):
        drafts.drop(session, call_sid)
    if call is None:
        return None
    call.language = language
    call.outcome = journeys.outcome(facts_of(session, call_sid))
    _remember_language(session, call)
    call.finished = True
    session.flush()
    return call.outcome


def _rescued(session: Session, call_sid: str, draft: Mapping[str, Any], language: str) -> bool:
    """Save what an incomplete call allows. A draft that cannot be saved is told of and kept for its day, no longer."""
    try:
        with session.begin_nested():
            _rescue(session, call_sid, draft, language)
    except Exception as error:
        log.error("what was said in %s could not be saved: %s", call_sid, type(error).__name__)
        return False
    return True


def _remember_language(session: Session, call: Call) -> None:
    number = PhoneNumber(call.from_number) if call.from_number else None
    language = memory.used((step.language, step.heard) for step in journeys.steps_of(session, call.sid))
    if number and language:
        memory.remember(session, number, language)


def facts_of(session: Session, call_sid: str) -> journeys.Facts:
    """What is known of a call, from its rows."""
    kinds = set(session.scalars(select(Ask.kind).where(Ask.call_sid == call_sid)))
    steps = session.execute(select(Step.step, Step.did, Step.heard).where(Step.call_sid == call_sid)).all()
    return journeys.Facts(
        request="request" in kinds,
        callback="callback" in kinds,
        live=holds.talked(session, call_sid),
        message=clips.left_message(session, call_sid),
        information=any(TOLD in (row.did or "").split() for row in steps),
        pressed=any((row.heard or "").startswith(PRESSED) for row in steps),
        answered=bool(steps),
    )


def finish_overdue_calls() -> int:
    """Finish calls whose bell was lost, each in its own transaction; how many."""
    with transaction() as session:
        sids = journeys.overdue(session)
    return _each(sids, finish_call)


def close_settled_asks() -> int:
    """Close asks to which nothing more is owed: their callback or request has reached its end; how many."""
    live = select(Callback.id).where(Callback.ask_id == Ask.id, Callback.state.in_(queue.LIVE))
    ends = (RequestState.CLOSED, RequestState.CANCELLED)
    pending = select(Request.id).where(Request.ask_id == Ask.id, Request.state.not_in(ends))
    settled = select(Ask.id).where(Ask.closed_at.is_(None), ~live.exists(), ~pending.exists()).limit(BATCH)
    with transaction() as session:
        ids = list(session.scalars(settled))
    return _each(ids, lambda session, ask_id: _with_ask(session, ask_id, asks.close_if_open))


GIVEN_UP_AFTER = {"callback": timedelta(days=90), "request": timedelta(days=365)}


def give_up_old_asks() -> int:
    """Close what nobody has brought to an end for so long that its number may no longer be kept; how many.

    Without an end nothing would ever be forgotten: retention counts from closing. A case that an entity has accepted
    has an end of its own, which the entity reports; a return takes longer than a year with all that follows it.
    """
    accepted = select(Request.ask_id).where(Request.state == RequestState.ACCEPTED)
    closed = 0
    for kind, after in GIVEN_UP_AFTER.items():
        old = (
            select(Ask.id)
            .where(Ask.kind == kind, Ask.closed_at.is_(None), Ask.created_at < clock.now() - after)
            .where(Ask.id.not_in(accepted))
            .limit(BATCH)
        )
        with transaction() as session:
            ids = list(session.scalars(old))
        closed += _each(ids, lambda session, ask_id: _with_ask(session, ask_id, _give_up))
    return closed


def _give_up(session: Session, ask: Ask) -> None:
    queue.lock_plan(session, ask.plan_id)
    of_ask = select(Request).where(Request.ask_id == ask.id).with_for_update()
    if any(request.state == RequestState.ACCEPTED for request in session.scalars(of_ask)):
        return  # an entity accepted it at this very moment
    asks.cancel(session, ask, who="retention", why="open for too long")


def close_handed_over_asks() -> int:
    """Close what an organisation accepted so long ago that number and code are forgotten (`retention`); how many.

    The case goes on with the organisation, which reports its end. What else was asked with the telephone stays open.
    """
    live = select(Callback.id).where(Callback.ask_id == Ask.id, Callback.state.in_(queue.LIVE))
    due = select(Ask.id).where(Ask.closed_at.is_(None), Ask.id.in_(handed_over.asks()), ~live.exists())
    with transaction() as session:
        ids = list(session.scalars(due.limit(BATCH)))
    return _each(ids, lambda session, ask_id: _with_ask(session, ask_id, _hand_over))


def _hand_over(session: Session, ask: Ask) -> None:
    queue.lock_plan(session, ask.plan_id)
    if session.scalars(handed_over.asks().where(Request.ask_id == ask.id)).first() is not None:
        asks.close_if_open(session, ask)  # unless it was given back at this very moment


def _with_ask(session: Session, ask_id: int, act: Callable[[Session, Ask], object]) -> None:
    ask = asks.by_id(session, ask_id)
    if ask is not None:
        act(session, ask)


def _each(ids: Sequence[Any], act: Callable[[Session, Any], object]) -> int:
    """Do something for each, in a transaction of its own; one that fails is told of and keeps no other waiting."""
    done = 0
    for each in ids:
        try:
            with transaction() as session:
                act(session, each)
            done += 1
        except Exception as error:
            log.error("%s could not be settled: %s", each, type(error).__name__)
    return done


def _rescue(session: Session, call_sid: str, draft: Mapping[str, Any], language: str) -> None:
    saved = session.scalars(select(Ask.id).where(Ask.call_sid == call_sid).limit(1)).first() is not None
    if rescued(draft, saved=saved, place=False) is None:
        return
    wish = wishes.wish_of(draft)
    agreement = agreements.of_call(session, call_sid)
    place = agreement is not None and offers.has_place(
        session,
        language=language,
        region=wish["region"],
        country=wish["country"],
        group=wish["whom"] or "self",
    )
    if agreement is not None and rescued(draft, saved=saved, place=place) == "request":
        asks.save_request(
            session,
            call_sid,
            wish,
            language,
            agreement_id=agreement,
            waits_without_place=False,
            promised_on=hours.promise(line.current().calendar, language, wish["window"], clock.now()),
        )
    else:
        since = wishes.waited_since(draft)
        asks.save_callback(session, call_sid, wish, language, promised_on=None, queued_since=since)
