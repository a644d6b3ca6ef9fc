"""Which numbers are to be rung, and for what: opens plans, adds and changes callbacks. Knows nothing of codes or menus."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from helpline import clock, hours, line
from helpline.callbacks import windows
from helpline.callbacks.models import Callback, CallbackState, Plan, Priority
from helpline.db import keyed_hash
from helpline.db.states import move
from helpline.phone import PhoneNumber

LIVE = (CallbackState.WAITING, CallbackState.CLAIMED, CallbackState.RINGING, CallbackState.TALKING)

# Made once. Another call may open, or close, the same plan at the same moment: then its row is waited for.
_new = insert(Plan).values(
    {name: bindparam(name) for name in ("number", "number_hash", "number_proved", "created_at")}
)
_OPEN = _new.on_conflict_do_update(
    index_elements=["number_hash"],
    index_where=Plan.closed_at.is_(None),
    set_={"number_proved": Plan.number_proved | _new.excluded.number_proved},
).returning(Plan.id)


# How long this number waits already, and which callback to it was given up and has no successor yet.
_follower = aliased(Callback)
_OF_NUMBER = select(
    select(func.min(Callback.queued_since))
    .where(Callback.plan_id == bindparam("plan"), Callback.state.in_(LIVE))
    .scalar_subquery(),
    select(func.max(Callback.id))
    .join(Plan, Plan.id == Callback.plan_id)
    .where(
        Plan.number_hash == bindparam("hash"),
        Callback.state == CallbackState.UNREACHABLE,
        ~select(_follower.id).where(_follower.follows_id == Callback.id).exists(),
    )
    .scalar_subquery(),
)


def hash_of(number: PhoneNumber) -> str:
    """The keyed hash by which plans and tries of codes are found for a number."""
    return keyed_hash("number", number.e164)


@dataclass(frozen=True)
class OpenPlan:
    """A plan that this transaction has locked: its id, and the hash of its number."""

    id: int
    number_hash: str


def open_plan(session: Session, number: PhoneNumber, *, proved: bool) -> OpenPlan:
    """The one open plan of a number, made if there is none, and locked until the transaction ends.

    `proved`: the caller rings from this very number. Once proved, a plan stays so.
    """
    values: dict[str, Any] = {
        "number": number.e164,
        "number_hash": hash_of(number),
        "number_proved": proved,
        "created_at": clock.now(),
    }
    return OpenPlan(session.connection().execute(_OPEN, values).scalar_one(), values["number_hash"])


def lock_plan(session: Session, plan_id: int) -> Plan:
    """The plan, locked until the transaction ends. Every change of its asks and callbacks is made under this lock."""
    wanted = select(Plan).where(Plan.id == plan_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def close_plan(session: Session, plan: Plan) -> None:
    """Close a plan that holds no open ask any more; a later ask of this number opens a new one."""
    plan.closed_at = clock.now()
    session.flush()


def add(
    session: Session,
    plan: OpenPlan,
    *,
    ask_id: int,
    call_sid: str,
    language: str,
    window: str,
    minor: bool = False,
    topic: str | None = None,
    promised_on: date | None = None,
    follows_id: int | None = None,
    queued_since: datetime | None = None,
) -> Callback:
    """A new callback on a locked plan, waiting.

    It keeps the place of what is owed to this number already, and follows the last one that nobody could reach.
    `queued_since`: the moment at which somebody began to wait who has waited elsewhere.
    """
    now, calendar = clock.now(), line.current().calendar
    older, unreached = (
        session.connection().execute(_OF_NUMBER, {"plan": plan.id, "hash": plan.number_hash}).one()
    )
    since = queued_since or windows.queued_since(calendar, language, window, now)
    callback = Callback(
        ask_id=ask_id,
        plan_id=plan.id,
        call_sid=call_sid,
        language=language,
        window=window,
        priority=Priority.MINOR if minor else Priority.NORMAL,
        topic=topic,
        promised_on=promised_on,
        due_on=promised_on or windows.due_on(calendar, language, window, now),
        queued_since=min(since, older) if older else since,
        next_at=now,
        follows_id=follows_id or unreached,
    )
    session.add(callback)
    session.flush()
    return callback


def again(session: Session, old: Callback, *, on: date, at: datetime) -> Callback:
    """What was agreed in a talk: the one who was called is called again on a day, from a moment on.

    The old callback is closed already; the new one follows it, for the same ask.
    """
    callback = Callback(
        ask_id=old.ask_id,
        plan_id=old.plan_id,
        call_sid=old.call_sid,
        language=old.language,
        window=old.window,
        priority=Priority.MINOR if old.priority == Priority.MINOR else Priority.NORMAL,
        topic=old.topic,
        promised_on=on,
        due_on=on,
        queued_since=at,
        next_at=at,
        follows_id=old.id,
        followed_up=True,
    )
    session.add(callback)
    session.flush()
    return callback


def of_ask(session: Session, ask_id: int) -> Callback | None:
    """The newest callback of an ask, live or closed, or None."""
    newest = select(Callback).where(Callback.ask_id == ask_id).order_by(Callback.id.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def cancel(session: Session, ask_id: int, *, who: str, why: str) -> bool:
    """Withdraw the live callback of an ask, if it may still be withdrawn; say whether it was.

    A callback whose two people are talking is left to end by itself.
    """
    live = _live(session, ask_id)
    if live is None or live.state == CallbackState.TALKING:
        return False
    close(session, live, CallbackState.CANCELLED, who=who, why=why)
    return True


def close(session: Session, callback: Callback, state: CallbackState, *, who: str, why: str) -> None:
    """Bring a locked callback to one of its ends. Raises `ForbiddenMove`."""
    let_go(callback)
    callback.closed_at = clock.now()
    move(session, callback, state, who=who, why=why)
    session.flush()


def let_go(callback: Callback) -> None:
    """Nobody holds it any more. Its last claim's number stays, so that a later claim's is another."""
    callback.holder_id = callback.claimed_at = callback.lease_until = None


def change_window(session: Session, ask_id: int, window: str, promised_on: date | None = None) -> None:
    """Ring for this ask in another part of the day: as soon as that comes, whatever was planned for the old one.

    `promised_on`: the day that the caller is told instead of the one they knew.
    """
    live = _live(session, ask_id)
    if live is not None and live.window != window:
        live.window = window
        if promised_on is not None:
            live.promised_on = live.due_on = promised_on
        live.next_at = max(clock.now(), hours.at_hour(hours.today(live.next_at), 0))


def change_plan(session: Session, ask_id: int, plan: OpenPlan) -> bool:
    """Ring another number for this ask: its callbacks go over to another, locked plan.

    Whoever holds one loses it: the old number may no longer be safe. False, and nothing is changed, while two talk.
    """
    live = _live(session, ask_id)
    if live is not None and live.state == CallbackState.TALKING:
        return False
    if live is not None and live.state != CallbackState.WAITING:
        let_go(live)
        move(session, live, CallbackState.WAITING, who="caller", why="another number")
        session.flush()
    session.execute(update(Callback).where(Callback.ask_id == ask_id).values(plan_id=plan.id))
    return True


def _live(session: Session, ask_id: int) -> Callback | None:
    wanted = select(Callback).where(Callback.ask_id == ask_id, Callback.state.in_(LIVE)).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
