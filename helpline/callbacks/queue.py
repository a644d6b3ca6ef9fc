"""Which numbers are to be rung, and for what: opens plans, adds and changes callbacks. Knows nothing of codes or menus."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.callbacks.models import Callback, CallbackState, Plan, Priority
from helpline.db import Base, keyed_hash
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
) -> Callback:
    """A new callback on a locked plan, waiting."""
    callback = Callback(
        ask_id=ask_id,
        plan_id=plan.id,
        call_sid=call_sid,
        language=language,
        window=window,
        priority=Priority.MINOR if minor else Priority.NORMAL,
        topic=topic,
        promised_on=promised_on,
        follows_id=follows_id,
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
    move(session, live, CallbackState.CANCELLED, who=who, why=why)
    return True


def change_window(session: Session, ask_id: int, window: str) -> None:
    """Ring for this ask in another part of the day."""
    live = _live(session, ask_id)
    if live is not None:
        live.window = window


def change_plan(session: Session, ask_id: int, plan: OpenPlan) -> None:
    """Ring another number for this ask: its callbacks go over to another, locked plan."""
    session.execute(update(Callback).where(Callback.ask_id == ask_id).values(plan_id=plan.id))


def number_of_ask(session: Session, ask_id: int) -> PhoneNumber | None:
    """The number behind an ask, for whoever may see it; None once it is forgotten. The caller logs the reveal."""
    asks: Any = Base.metadata.tables["asks"]
    wanted = select(Plan.number).join(asks, asks.c.plan_id == Plan.id).where(asks.c.id == ask_id)
    number = session.scalars(wanted).one_or_none()
    return PhoneNumber(number) if number else None


def _live(session: Session, ask_id: int) -> Callback | None:
    wanted = select(Callback).where(Callback.ask_id == ask_id, Callback.state.in_(LIVE)).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
