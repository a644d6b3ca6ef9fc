"""Finds, among any number of callbacks, the few of which one is next for a person; the plan decides which.

Within one language and window the order of the plan is that of an index, so the first few of each are enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, column, lateral, select, true
from sqlalchemy import values as sql_values
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import Text

from helpline import clock, line
from helpline.callbacks import plan, reading
from helpline.callbacks.models import ENGAGED, AtDesk, Callback, CallbackState
from helpline.callbacks.plan import Item, Operator
from helpline.callbacks.values import Row
from helpline.callbacks.windows import open_pairs
from helpline.hours import Calendar
from helpline.people.accounts import Who

EACH = 8
"""So many of each language and window are looked at: others may be claiming the first ones at this moment."""

AT_WORK = timedelta(minutes=15)
"""Who has not been seen for so long is not at work on the queue."""


@dataclass(frozen=True)
class Found:
    """Whom a person may ring now, in the order of the plan, and what the order was decided on."""

    items: list[Item]
    operator: Operator
    others: tuple[Operator, ...]
    now: datetime
    calendar: Calendar


def find(session: Session, operator: Operator, others: tuple[Operator, ...]) -> Found:
    """Whom this person may ring at this moment, the first few of each language and window."""
    now, calendar = clock.now(), line.current().calendar
    pairs = open_pairs(calendar, sorted(operator.languages), now)
    found: dict[int, Item] = {}
    if pairs:
        # On the turn of those who are due, the first of them may stand behind many children and urgent ones.
        for least in (0, 2) if plan.is_turn_of_the_due(operator) else (0,):
            values = {"now": now, "least": least}
            for one in session.connection().execute(_first_of(pairs), values):
                found[one.id] = reading.item_of(one)
    return Found(plan.order(found.values(), operator, others, now, calendar), operator, others, now, calendar)


def next_for(session: Session, who: Who) -> Row | None:
    """What this person would get now (what they hold already, first), with the reason; nothing is claimed."""
    mine = select(Callback.id).where(Callback.holder_id == who.id, Callback.state.in_(ENGAGED))
    held = session.scalar(mine)
    if held is not None:
        return reading.row(session, held)
    turn = session.scalar(select(AtDesk.turn).where(AtDesk.person_id == who.id)) or 0
    operator = Operator(frozenset(who.languages), turn)
    return next_of(session, operator, others_at_work(session, who.id))


def next_of(session: Session, operator: Operator, others: tuple[Operator, ...] = ()) -> Row | None:
    """The first of those whom somebody like this may ring now, with the reason."""
    found = find(session, operator, others)
    if not found.items:
        return None
    first = found.items[0]
    reason = plan.why_next(first, operator, others, found.now)
    (row,) = reading.full(session, [first.id])
    return reading.shown(row, found.now, found.calendar, reason)


def sit_down(session: Session, who: Who) -> Operator:
    """Note that somebody is at work, and lock them until the transaction ends: two clicks of one person take turns."""
    new = insert(AtDesk).values(person_id=who.id, languages=list(who.languages), turn=0, seen_at=clock.now())
    seen = new.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"languages": new.excluded.languages, "seen_at": new.excluded.seen_at},
    ).returning(AtDesk.turn)
    return Operator(frozenset(who.languages), session.connection().execute(seen).scalar_one())


def others_at_work(session: Session, person_id: int) -> tuple[Operator, ...]:
    """Everybody else who was seen at work on the queue a moment ago."""
    seen = (AtDesk.person_id != person_id) & (AtDesk.seen_at > clock.now() - AT_WORK)
    return tuple(
        Operator(frozenset(spoken)) for spoken in session.scalars(select(AtDesk.languages).where(seen))
    )


def _first_of(pairs: Sequence[tuple[str, str]]) -> Any:
    """The first few that wait and may be rung, of each pair of language and window."""
    pair = sql_values(column("language", Text), column("window", Text), name="pair").data(list(pairs))
    other = aliased(Callback)
    same_number = select(other.id).where(other.plan_id == Callback.plan_id, other.state.in_(ENGAGED))
    first = lateral(
        select(*reading.ITEM)
        .where(
            Callback.state == CallbackState.WAITING,
            Callback.language == pair.c.language,
            Callback.window == pair.c.window,
            Callback.next_at <= bindparam("now", type_=Callback.next_at.type),
            Callback.rank >= bindparam("least"),
            ~same_number.exists(),
        )
        .order_by(Callback.rank, Callback.due_on, Callback.queued_since, Callback.id)
        .limit(EACH)
    )
    return select(first).select_from(pair.join(first, true()))
