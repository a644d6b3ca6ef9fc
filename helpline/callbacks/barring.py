"""Numbers that are not rung any more: for ninety days, unless somebody calls from them. Knows them by their hash."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.callbacks import queue
from helpline.callbacks.models import BarredNumber, Callback, CallbackState, Plan

BARRED_FOR = timedelta(days=90)


def barred(session: Session, number_hash: str) -> bool:
    """Whether a number that somebody only keys may not be asked for. `number_hash`: as `queue.hash_of` gives it."""
    held = (BarredNumber.number_hash == number_hash) & (BarredNumber.until > clock.now())
    return session.scalar(select(BarredNumber.id).where(held)) is not None


def bar(session: Session, number_hash: str) -> None:
    """Bar a number, for ninety days from now."""
    until = clock.now() + BARRED_FOR
    new = insert(BarredNumber).values(number_hash=number_hash, until=until)
    session.execute(new.on_conflict_do_update(index_elements=["number_hash"], set_={"until": until}))


def stop_telephone(session: Session, plan: Plan, *, who: str, why: str) -> None:
    """Ring the telephone of a locked plan no more: every call that is owed to it is stopped, and it is barred.

    Requests of it are withdrawn by whom this rings after the commit (`intake.stopping`).
    """
    live = select(Callback).where(Callback.plan_id == plan.id, Callback.state.in_(queue.LIVE))
    for one in session.scalars(live.order_by(Callback.id).with_for_update()).all():
        queue.close(session, one, CallbackState.STOPPED, who=who, why=why)
    if plan.number_hash:
        bar(session, plan.number_hash)
        db.ring(session, "withdraw_stopped", plan.id)
