"""Reads callbacks into rows for lists and into values for the plan; changes nothing, locks nothing."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from helpline import clock, hours, line
from helpline.callbacks import plan
from helpline.callbacks.models import ENGAGED, Callback, CallbackState, Plan
from helpline.callbacks.plan import Item
from helpline.callbacks.queue import LIVE
from helpline.callbacks.values import Reason, Row
from helpline.hours import Calendar
from helpline.languages import CODES
from helpline.phone import PhoneNumber

ITEM = (
    Callback.id, Callback.language, Callback.window, Callback.priority, Callback.created_at.label("asked_at"),
    Callback.queued_since, Callback.due_on, Callback.next_at, Callback.attempts, Callback.promised_on,
    Callback.followed_up,
)  # fmt: skip
"""The columns that an `Item` is made of, each under the name of its field."""

_ROWS: Any = select(
    *ITEM, Callback.state, Callback.topic, Callback.holder_id, Callback.urgent_reason, Plan.number
).join(Plan, Plan.id == Callback.plan_id)
ORDER = (Callback.rank, Callback.due_on, Callback.queued_since, Callback.id)
"""The order of the queue, but for what hangs on who asks."""

# Each language by itself, along an index that holds nothing else: to group them all takes seven times as long. Those in
# somebody's hands are few.
_OWED = text("""
    SELECT spoken, (SELECT count(*) FROM callbacks WHERE state = 'waiting' AND language = spoken)
        + (SELECT count(*) FROM callbacks WHERE state IN ('claimed', 'ringing', 'talking') AND language = spoken)
    FROM unnest(CAST(:languages AS text[])) AS one (spoken)
""")
_THERE_IS = text("SELECT FROM callbacks WHERE id = :id")
_IS_OWED = text(
    "callbacks.state IN ('waiting', 'claimed', 'ringing', 'talking')"
)  # word for word as the index has it
_NEWEST = (Callback.created_at.desc(), Callback.id.desc())


def waiting(
    session: Session,
    *,
    languages: Collection[str] | None = None,
    state: str | None = None,
    limit: int = 50,
    after: int | None = None,
) -> list[Row]:
    """Callbacks in the order of the queue; without `state` all that are still owed, of a closed state the newest first.

    `after`: the id of the last row of the page before. An unknown state or id gives an empty list.
    """
    if state is not None and state not in set(CallbackState):
        return []
    # Which they are is found before anything is joined, along the index of those that are owed.
    wanted = select(Callback.id)
    owed = state is None or state in LIVE
    if owed:
        wanted = wanted.where(_IS_OWED)
    if state is not None:
        wanted = wanted.where(Callback.state == state)
    if languages is not None:
        wanted = wanted.where(Callback.language.in_(languages))
    if after is not None:
        last = session.execute(select(*ORDER, Callback.created_at).where(Callback.id == after)).one_or_none()
        if last is None:
            return []
        key = tuple_(*ORDER) if owed else tuple_(Callback.created_at, Callback.id)
        wanted = wanted.where(key > tuple(last[:4]) if owed else key < (last.created_at, last.id))
    order = ORDER if owed else _NEWEST
    return rows(session, _ROWS.where(Callback.id.in_(wanted.order_by(*order).limit(limit))).order_by(*order))


def row(session: Session, callback_id: int) -> Row | None:
    """One callback, or None when there is none of this id."""
    return next(iter(rows(session, _ROWS.where(Callback.id == callback_id))), None)


def there_is(session: Session, callback_id: int) -> bool:
    """Whether there is a callback of this id."""
    return session.connection().execute(_THERE_IS, {"id": callback_id}).first() is not None


def of_ids(session: Session, ids: Sequence[int]) -> dict[int, Row]:
    """These callbacks, by their ids."""
    return {one.id: one for one in rows(session, _ROWS.where(Callback.id.in_(ids)))}


def rows(session: Session, wanted: Any) -> list[Row]:
    """What a select of `_ROWS` found, as lists show it."""
    now, calendar = clock.now(), line.current().calendar
    return [shown(one, now, calendar) for one in session.execute(wanted)]


def shown(found: Any, now: datetime, calendar: Calendar, reason: Reason | None = None) -> Row:
    """One row of a select as lists show it; `reason` in the place of the one that holds for everybody."""
    item = item_of(found)
    return Row(
        id=item.id,
        language=item.language,
        window=item.window,
        state=found.state,
        priority=item.priority,
        topic=found.topic,
        attempts=item.attempts,
        asked_at=item.asked_at,
        next_at=_next_at(item, now, calendar) if found.state == CallbackState.WAITING else None,
        promised_on=item.promised_on,
        number_masked=str(PhoneNumber(found.number)) if found.number else None,
        holder=found.holder_id if found.state in ENGAGED else None,
        reason=plan.why(item, now) if reason is None else reason,
        urgent_reason=found.urgent_reason,
    )


def item_of(found: Any) -> Item:
    """A row that has the columns of `ITEM` as the plan sees it."""
    return Item(
        found.id, found.language, found.window, found.priority, found.asked_at, found.queued_since, found.due_on,
        found.next_at, found.attempts, found.promised_on, found.followed_up,
    )  # fmt: skip


def _next_at(item: Item, now: datetime, calendar: Calendar) -> datetime | None:
    at = max(now, item.next_at)
    slot = hours.next_slot(calendar, item.language, item.window, at)
    return max(at, slot.begins) if slot else None


def owed(session: Session) -> dict[str, int]:
    """How many callbacks are owed in each language in which any is: those that `waiting` lists."""
    found = session.connection().execute(_OWED, {"languages": list(CODES)})
    return {language: count for language, count in found if count}


def number_of(session: Session, callback_id: int) -> PhoneNumber | None:
    """The number to ring, for dialling; None once forgotten. Whoever shows it to a person writes that down."""
    wanted = select(Plan.number).join(Callback, Callback.plan_id == Plan.id).where(Callback.id == callback_id)
    number = session.scalars(wanted).one_or_none()
    return PhoneNumber(number) if number else None


def full(session: Session, ids: Iterable[int]) -> list[Any]:
    """The rows of a select of all that `shown` needs, in no order."""
    return list(session.execute(_ROWS.where(Callback.id.in_(list(ids)))))
