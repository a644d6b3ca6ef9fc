"""Who is rung next, and when again: pure, from values to values; knows no table, no claim and not what time it is.

A caller is rung inside their own window, in the hours in which we ring for their language, and never between nine in
the evening and nine in the morning (DOMAIN §4.1). `order` says the order; when somebody is tried again `tries` says, and which windows there are `windows`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpline import hours
from helpline.callbacks.tries import next_try
from helpline.callbacks.values import Reason
from helpline.callbacks.windows import may_give_out, offered_windows, slots
from helpline.hours import Calendar

__all__ = [
    "Chosen", "Item", "Operator", "can_ring", "due_key", "is_due", "is_turn_of_the_due", "next_for", "next_try",
    "offered_windows", "order", "slots", "why", "why_next",
]  # fmt: skip

TURN = 4
"""Every so-many-th claim of a person goes to whoever is due, before children and urgent ones: nobody starves."""

RARE_CREDIT = timedelta(minutes=30)
"""A language that nobody else speaks counts as having waited so much longer (ROUTING §5: p95 78 -> 64 minutes)."""

_RANKS = {"minor": 0, "urgent": 1, "normal": 2}
_NORMAL = _RANKS["normal"]


@dataclass(frozen=True)
class Item:
    """A callback as the plan sees it.

    `due_on`: the day by which it should be rung (the promised one, later that of the next try). `queued_since`: when
    the person could first be rung, so that waiting for one's own window does not count. `next_at`: not before.
    `engaged`: another call to the same number is being made.
    """

    id: int
    language: str
    window: str
    priority: str
    asked_at: datetime
    queued_since: datetime
    due_on: date
    next_at: datetime
    attempts: int = 0
    promised_on: date | None = None
    followed_up: bool = False
    engaged: bool = False

    @property
    def rank(self) -> int:
        """Children before urgent ones before all others."""
        return _RANKS[self.priority]


@dataclass(frozen=True)
class Operator:
    """Somebody who rings people. `claims_made` counts what `next_for` gave them; only its rest by `TURN` matters."""

    languages: frozenset[str]
    claims_made: int = 0


@dataclass(frozen=True)
class Chosen:
    """Who is next, and why."""

    item: Item
    reason: Reason


def can_ring(item: Item, operator: Operator, now: datetime, calendar: Calendar) -> bool:
    """Whether this person may ring that caller at this moment."""
    return _is_free(item, operator, now) and may_give_out(calendar, item.language, item.window, now)


def _is_free(item: Item, operator: Operator, now: datetime) -> bool:
    return item.language in operator.languages and not item.engaged and item.next_at <= now


def order(
    items: Iterable[Item], operator: Operator, others: Collection[Operator], now: datetime, calendar: Calendar
) -> list[Item]:
    """Whom this person may ring now, the next one first. The order is total: ties are broken by the id.

    Children, then those whom a person marked urgent, then all others; among equals first the languages that nobody
    else at work speaks, then the day by which to ring, then who has waited longest (rare languages with a credit).
    On every fourth claim those who are due today or late, and are neither of the first two, stand before everybody.
    """
    free = [item for item in items if _is_free(item, operator, now)]
    # Asked once for all that share a language and a window.
    pairs = {(item.language, item.window) for item in free}
    open_now = {pair for pair in pairs if may_give_out(calendar, *pair, now)}
    able = [item for item in free if (item.language, item.window) in open_now]
    usual = sorted(able, key=lambda item: _key(item, others))
    if not is_turn_of_the_due(operator):
        return usual
    today = hours.today(now)
    due = sorted((item for item in able if is_due(item, today)), key=due_key)
    return due + [item for item in usual if item not in due]


def next_for(
    items: Iterable[Item], operator: Operator, others: Collection[Operator], now: datetime, calendar: Calendar
) -> Chosen | None:
    """The first of `order`, with the reason; None when nobody may be rung now."""
    able = order(items, operator, others, now, calendar)
    return Chosen(able[0], why_next(able[0], operator, others, now)) if able else None


def is_turn_of_the_due(operator: Operator) -> bool:
    """Whether this claim is the one in four that goes to who is due."""
    return operator.claims_made % TURN == TURN - 1


def is_due(item: Item, today: date) -> bool:
    """Whether it is an ordinary one that should be rung today at the latest."""
    return item.rank == _NORMAL and item.due_on <= today


def due_key(item: Item) -> tuple[date, datetime, int]:
    """The order of those who are due: the earlier day, then who has waited longer."""
    return item.due_on, item.queued_since, item.id


def _key(item: Item, others: Collection[Operator]) -> tuple[int, bool, date, datetime, int]:
    also = _speakers(item.language, others)
    credit = RARE_CREDIT * (len(others) - also) / (len(others) + 1)
    return item.rank, also > 0, item.due_on, item.queued_since - credit, item.id


def _speakers(language: str, others: Iterable[Operator]) -> int:
    return sum(language in other.languages for other in others)


def why(item: Item, now: datetime) -> Reason:
    """Where a callback stands and why, as codes with values (see `values.Reason`)."""
    found: list[tuple[str, str | int]] = []
    if item.rank != _NORMAL:
        found.append((item.priority, 1))
    found += [("language", item.language), _asked(now - item.asked_at), ("window", item.window)]
    if item.attempts:
        found.append(("try", item.attempts + 1))
    if item.promised_on and not item.attempts:
        late = (hours.today(now) - item.promised_on).days
        found.append(("late_days", late) if late > 0 else ("promised", item.promised_on.isoformat()))
    if item.followed_up:
        found.append(("followed_up", 1))
    return tuple(found)


def why_next(item: Item, operator: Operator, others: Collection[Operator], now: datetime) -> Reason:
    """`why`, and what made it this person's next: a language kept for them, or the turn of those who are due."""
    found = list(why(item, now))
    if is_turn_of_the_due(operator) and is_due(item, hours.today(now)):
        return (*found, ("turn", TURN))
    served = [language for language in operator.languages if _speakers(language, others)]
    if served and not _speakers(item.language, others):
        found.append(("kept_for", item.language))
    return tuple(found)


def _asked(ago: timedelta) -> tuple[str, int]:
    minutes = max(0, int(ago.total_seconds()) // 60)
    if minutes < 60:
        return "asked_minutes", minutes
    return ("asked_hours", minutes // 60) if minutes < 48 * 60 else ("asked_days", minutes // (24 * 60))
