"""A try to bring two people together, from its first ring to its end: what dialling tells the queue. Rings nobody."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, hours, line
from helpline.callbacks import claims, elsewhere, outcomes
from helpline.callbacks.models import ENGAGED, Attempt, Callback, CallbackState, Plan
from helpline.callbacks.values import Cause, Elsewhere, Finished, NotNow, Stale
from helpline.db.states import move
from helpline.people import audit

TELEPHONE = "telephone"
CALLER = "caller"


def may_ring(session: Session, callback_id: int) -> bool:
    """Whether this person may be rung at this very moment: asked once more before the caller's telephone rings."""
    callback = session.get(Callback, callback_id, populate_existing=True)
    return callback is not None and callback.state in ENGAGED and _in_hours(callback)


def attempt_began(session: Session, callback_id: int, claim_no: int, *, by: int | None = None) -> int:
    """A call begins (the operator's telephone first); the attempt's id, which is the same for the same claim's open one.

    `by`: whose telephone is to ring; the claim must be theirs. Raises `Stale`, `NotNow` when the caller may not be
    rung at this moment (`Elsewhere`: an organisation rings that telephone just now), and `LookupError`.
    """
    callback, _ = claims.locked(session, callback_id)
    holder = callback.holder_id if callback.state in ENGAGED else None
    if holder is None or callback.claim_no != claim_no or by not in (None, holder):
        raise Stale(callback_id, holder)
    still = (Attempt.callback_id == callback_id, Attempt.ended_at.is_(None))
    open_one = session.scalars(select(Attempt).where(*still)).one_or_none()
    if open_one is not None and open_one.claim_no == claim_no:
        return open_one.id
    if open_one is not None or callback.state != CallbackState.CLAIMED or claims.ran_out(callback):
        raise Stale(callback_id, None if claims.ran_out(callback) else holder)
    if not _in_hours(callback):
        place = (line.current().calendar, callback.language, callback.window)
        slot = hours.next_slot(*place, clock.now())
        raise NotNow(callback_id, slot.begins if slot else None)
    if elsewhere.rung(session, callback.plan_id):
        raise Elsewhere(callback_id, None)
    attempt = Attempt(callback_id=callback_id, claim_no=claim_no)
    session.add(attempt)
    claims.begin_lease(callback)
    move(session, callback, CallbackState.RINGING, who=f"person {holder}", why="rings")
    session.flush()
    return attempt.id


def attempt_answered(session: Session, attempt_id: int) -> None:
    """The caller pressed 1: the two are talking. Safe to say twice, and too late. Raises `LookupError`."""
    attempt, callback, _ = _locked(session, attempt_id)
    if attempt.ended_at is None and _is_its(attempt, callback) and callback.state == CallbackState.RINGING:
        claims.begin_lease(callback)
        _talking(session, callback)


def attempt_ended(session: Session, attempt_id: int, cause: Cause | str) -> Finished:
    """An attempt is over, and what became of the callback; safe to say twice (the first cause stays).

    After `connected` the holder says how it went (`finish`), and after `taken_back` they have it as before; after
    every other cause the claim has ended with it. Raises `LookupError`.
    """
    attempt, callback, plan = _locked(session, attempt_id)
    if attempt.ended_at is not None:
        return _now(callback)
    cause = Cause(cause)
    attempt.ended_at, attempt.cause = clock.now(), cause
    session.flush()
    if not _is_its(attempt, callback):
        return _now(callback)
    if cause is Cause.CONNECTED or callback.state == CallbackState.TALKING:
        # Whatever ended the call: they have talked, and only a person knows what came of it.
        if callback.state == CallbackState.RINGING:
            _talking(session, callback)
        claims.begin_lease(callback)
        session.flush()
        return _now(callback)
    if cause is Cause.TAKEN_BACK:
        claims.begin_lease(callback)
        move(session, callback, CallbackState.CLAIMED, who=f"person {callback.holder_id}", why=str(cause))
        session.flush()
        return _now(callback)
    return outcomes.after_try(session, callback, plan, cause, who=TELEPHONE, proved=plan.number_proved)


def _talking(session: Session, callback: Callback) -> None:
    """The caller's key brings the two together: no act of ours, yet the audit tells it, since all that follows rests on it."""
    before, states = callback.state, CallbackState.TALKING
    move(session, callback, states, who=CALLER, why="took the call")
    audit.record(session, CALLER, "moved", f"callback {callback.id}", **{"from": before, "into": states})
    session.flush()


def _locked(session: Session, attempt_id: int) -> tuple[Attempt, Callback, Plan]:
    callback_id = session.scalar(select(Attempt.callback_id).where(Attempt.id == attempt_id))
    if callback_id is None:
        raise LookupError(f"no attempt {attempt_id}")
    callback, plan = claims.locked(session, callback_id)
    return session.get_one(Attempt, attempt_id, populate_existing=True), callback, plan


def _is_its(attempt: Attempt, callback: Callback) -> bool:
    """Whether the callback still is where this attempt has brought it."""
    rung = callback.state in (CallbackState.RINGING, CallbackState.TALKING)
    return rung and callback.claim_no == attempt.claim_no


def _now(callback: Callback) -> Finished:
    return Finished(callback.state, callback.next_at if callback.state == CallbackState.WAITING else None)


def _in_hours(callback: Callback) -> bool:
    return hours.may_ring(line.current().calendar, callback.language, callback.window, clock.now())
