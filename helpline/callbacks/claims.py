"""Who has which callback: claims with a lease, made and lost under the lock of the plan; decides nobody's order.

Locks are taken in one order: the person's desk, then plans (the lower id first), then callbacks.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.callbacks import candidates, queue
from helpline.callbacks.models import ENGAGED, AtDesk, Attempt, Callback, CallbackState, Plan
from helpline.callbacks.plan import TURN, Operator
from helpline.callbacks.values import Cause, Claim, Held, Occupied, Stale
from helpline.db import transaction
from helpline.db.states import move
from helpline.people import accounts, audit
from helpline.people.accounts import Who

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
UNRUNG_AT_MOST = timedelta(minutes=30)
"""A page that is left open beats for ever: what is not rung by then goes back to those who wait."""

CALL_AT_MOST = timedelta(hours=3)
"""A call whose end nobody told us of holds nobody longer than this."""

DESK_KEPT = timedelta(hours=12)
ROUNDS = 20
QUEUE = "queue"
_LEASE_OVER = "nobody went on with it"


def claim_next(session: Session, who: Who) -> Claim | None:
    """Claim what is next for this person; None when nothing may be rung now.

    Who holds one already gets that claim again: a double click claims once, and a call without an outcome comes first.
    """
    candidates.sit_down(session, who)
    standing = candidates.stand(session, who)
    if standing.held is not None:
        mine, _ = locked(session, standing.held)
        if mine.holder_id == who.id and mine.state in ENGAGED:
            if mine.state != CallbackState.CLAIMED or not ran_out(mine):
                return _renewed(mine)
            _give_back(session, mine, who=QUEUE, why=_LEASE_OVER)
    for attempt in range(ROUNDS):
        found = candidates.find(session, standing.operator, standing.others)
        if not found.items:
            return None
        for item in found.items:
            # Who comes second takes the next one rather than wait; only when all are in others' hands it waits.
            callback = _free(session, item.id, wait=attempt > 0)
            if callback is not None and callback.next_at <= found.now and callback.language in who.languages:
                _count_turn(session, who.id, standing.operator)
                return _take(session, callback, who, why="next")
            if attempt > 0:
                break  # what was read is old by now
    log.warning("somebody came too late for a callback %s times", ROUNDS)
    return None


def claim(session: Session, callback_id: int, who: Who) -> Claim | Held:
    """Claim this very callback. What the person held before and did not ring goes back to its place.

    Raises `Occupied` while the person's own call is under way, and `LookupError` when it is closed or does not exist.
    """
    candidates.sit_down(session, who)
    callback = _with_free_hands(session, callback_id, who)
    if callback.state not in queue.LIVE:
        raise LookupError(f"callback {callback_id} is {callback.state}")
    over = callback.state == CallbackState.CLAIMED and ran_out(callback)
    if callback.holder_id == who.id and callback.state in ENGAGED and not over:
        return _renewed(callback)
    if over:
        _give_back(session, callback, who=QUEUE, why=_LEASE_OVER)
    if callback.state != CallbackState.WAITING:
        return _held(session, callback)
    other = _engaged_on(session, callback.plan_id)
    return _held(session, other) if other else _take(session, callback, who, why="chosen")


def take_over(session: Session, callback_id: int, who: Who) -> Claim:
    """Take a callback from whoever holds it; a line in its history and one of the audit say so.

    Raises `Occupied` while it (or another one of the same number) is being rung, or while the person's own call is
    under way; `LookupError` as `claim`.
    """
    candidates.sit_down(session, who)
    callback = _with_free_hands(session, callback_id, who)
    if callback.state not in queue.LIVE:
        raise LookupError(f"callback {callback_id} is {callback.state}")
    if callback.state == CallbackState.WAITING:
        other = _engaged_on(session, callback.plan_id)
        if other:
            raise Occupied(other.id, other.holder_id or 0)
        return _take(session, callback, who, why="chosen")
    if callback.holder_id == who.id:
        return _renewed(callback)
    before = callback.holder_id or 0
    if callback.state == CallbackState.RINGING or under_way(session, callback):
        raise Occupied(callback.id, before)
    audit.record(session, who.in_audit, "took_over", f"callback {callback.id}", from_person=before)
    return _take(session, callback, who, why=f"taken over from person {before}", to=callback.state)


def beat(session: Session, callback_id: int, who: Who, claim_no: int) -> bool:
    """Say that one is still at it (every 30 s): the lease begins anew. False: the claim is lost."""
    now = clock.now()
    unrung = and_(Callback.lease_until > now, Callback.claimed_at > now - UNRUNG_AT_MOST)
    mine = (Callback.id == callback_id, Callback.holder_id == who.id, Callback.claim_no == claim_no)
    held = Callback.state.in_(ENGAGED) & or_(Callback.state != CallbackState.CLAIMED, unrung)
    session.execute(update(AtDesk).where(AtDesk.person_id == who.id).values(seen_at=now))
    renewed = update(Callback).where(*mine, held).values(lease_until=now + LEASE).returning(Callback.id)
    return session.scalar(renewed.execution_options(synchronize_session=False)) is not None


def release(session: Session, callback_id: int, who: Who, claim_no: int) -> None:
    """Give a callback back, to its old place. Raises `Stale`, and `Occupied` once it was rung."""
    callback, _ = locked(session, callback_id)
    check(callback, who, claim_no)
    if callback.state != CallbackState.CLAIMED:
        raise Occupied(callback.id, who.id)
    _give_back(session, callback, who=who.in_audit, why="given back")


def sweep_leases() -> int:
    """Give back what is held and no longer attended to; how many. Each in a transaction of its own.

    Not while a call is under way, and not when the two have talked: a person says how that went, and until then it
    is on the coordinators' list.
    """
    now = clock.now()
    open_call = select(Attempt.id).where(
        Attempt.callback_id == Callback.id, Attempt.ended_at.is_(None), Attempt.began_at > now - CALL_AT_MOST
    )
    held = Callback.state.in_((CallbackState.CLAIMED, CallbackState.RINGING))
    with transaction() as session:
        gone = select(Callback.id).where(held, Callback.lease_until <= now, ~open_call.exists())
        ids = list(session.scalars(gone.order_by(Callback.id)))
        session.execute(delete(AtDesk).where(AtDesk.seen_at < now - DESK_KEPT))
    done = 0
    for one in ids:
        with transaction() as session:
            callback, _ = locked(session, one)
            if callback.state in (CallbackState.CLAIMED, CallbackState.RINGING) and ran_out(callback):
                _end_lost_attempt(session, callback)
                _give_back(session, callback, who=QUEUE, why=_LEASE_OVER)
                done += 1
    return done


def locked(session: Session, callback_id: int) -> tuple[Callback, Plan]:
    """A callback and its plan, both locked until the transaction ends, as they are now. Raises `LookupError`."""
    while True:
        plan_id = session.scalar(select(Callback.plan_id).where(Callback.id == callback_id))
        if plan_id is None:
            raise LookupError(f"no callback {callback_id}")
        plan = queue.lock_plan(session, plan_id)
        callback = session.get_one(Callback, callback_id, with_for_update=True, populate_existing=True)
        if callback.plan_id == plan_id:
            return callback, plan


def check(callback: Callback, who: Who, claim_no: int) -> None:
    """Raise `Stale` unless this person still holds this locked callback under this number."""
    holder = callback.holder_id if callback.state in ENGAGED else None
    if holder != who.id or callback.claim_no != claim_no:
        raise Stale(callback.id, holder)
    if callback.state == CallbackState.CLAIMED and ran_out(callback):
        raise Stale(callback.id, None)


def ran_out(callback: Callback) -> bool:
    """Whether the lease is over. It ends nothing once the telephone rang: then the call's end does."""
    return (
        callback.state in (CallbackState.CLAIMED, CallbackState.RINGING)
        and callback.lease_until is not None
        and callback.lease_until <= clock.now()
    )


def under_way(session: Session, callback: Callback) -> bool:
    """Whether a call is being made at this moment."""
    begun = clock.now() - CALL_AT_MOST
    still = (Attempt.callback_id == callback.id, Attempt.ended_at.is_(None), Attempt.began_at > begun)
    return session.scalar(select(Attempt.id).where(*still)) is not None


def begin_lease(callback: Callback) -> None:
    """Let the holder of a locked callback have it for another while."""
    callback.lease_until = clock.now() + LEASE


def _take(
    session: Session, callback: Callback, who: Who, *, why: str, to: str = CallbackState.CLAIMED
) -> Claim:
    callback.claim_no += 1
    callback.holder_id, callback.claimed_at = who.id, clock.now()
    begin_lease(callback)
    move(session, callback, CallbackState(to), who=who.in_audit, why=why)
    session.flush()
    return _as_claim(callback)


def _renewed(callback: Callback) -> Claim:
    begin_lease(callback)
    return _as_claim(callback)


def _as_claim(callback: Callback) -> Claim:
    return Claim(callback.id, callback.claim_no, callback.lease_until or clock.now())


def _give_back(session: Session, callback: Callback, *, who: str, why: str) -> None:
    """To its old place: it waits since when it waited."""
    queue.let_go(callback)
    move(session, callback, CallbackState.WAITING, who=who, why=why)
    session.flush()


def _held(session: Session, callback: Callback) -> Held:
    holder = callback.holder_id or 0
    name = accounts.names(session, [holder]).get(holder, "")
    return Held(holder, name, callback.lease_until or clock.now())


def _held_by(session: Session, person_id: int) -> int | None:
    mine = select(Callback.id).where(Callback.holder_id == person_id, Callback.state.in_(ENGAGED))
    return session.scalar(mine)


def _engaged_on(session: Session, plan_id: int) -> Callback | None:
    """The one callback of a locked plan that somebody holds."""
    wanted = select(Callback).where(Callback.plan_id == plan_id, Callback.state.in_(ENGAGED))
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _free(session: Session, callback_id: int, *, wait: bool) -> Callback | None:
    """The callback under its plan's lock, if it still waits and nobody holds another one of the same number.

    `wait` for whoever has the lock, or leave it to them.
    """
    of_callback = select(Callback.plan_id).where(Callback.id == callback_id).scalar_subquery()
    plan = select(Plan.id).where(Plan.id == of_callback).with_for_update(skip_locked=not wait)
    plan_id = session.connection().execute(plan).scalar()
    if plan_id is None:
        return None
    wanted = select(Callback).where(
        Callback.id == callback_id, Callback.plan_id == plan_id, Callback.state == CallbackState.WAITING
    )
    callback = session.scalars(
        wanted.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    return None if callback is None or _engaged_on(session, plan_id) else callback


def _with_free_hands(session: Session, callback_id: int, who: Who) -> Callback:
    """The callback, locked, for somebody who gives back what they held and did not ring."""
    mine = _held_by(session, who.id)
    if mine is None or mine == callback_id:
        return locked(session, callback_id)[0]
    plans = select(Callback.plan_id).where(Callback.id.in_([mine, callback_id])).distinct()
    _lock_plans(session, session.scalars(plans))
    old, _ = locked(session, mine)
    if old.holder_id == who.id and old.state in ENGAGED:
        if old.state != CallbackState.CLAIMED:
            raise Occupied(old.id, who.id)
        _give_back(session, old, who=who.in_audit, why="given back for another")
    return locked(session, callback_id)[0]


def _lock_plans(session: Session, ids: Iterable[int]) -> None:
    for plan_id in sorted(set(ids)):
        queue.lock_plan(session, plan_id)


def _count_turn(session: Session, person_id: int, operator: Operator) -> None:
    turn = (operator.claims_made + 1) % TURN
    session.execute(update(AtDesk).where(AtDesk.person_id == person_id).values(turn=turn))


def _end_lost_attempt(session: Session, callback: Callback) -> None:
    lost = update(Attempt).where(Attempt.callback_id == callback.id, Attempt.ended_at.is_(None))
    session.execute(lost.values(ended_at=clock.now(), cause=Cause.NETWORK))
