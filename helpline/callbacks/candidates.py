"""Finds, among any number of callbacks, the few of which one is next for a person; the plan decides which.

Within one language and window the order of the plan is that of an index, so the first few of each are enough.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline import clock, line
from helpline.callbacks import elsewhere, plan, reading
from helpline.callbacks.plan import Item, Operator
from helpline.callbacks.values import Row
from helpline.callbacks.windows import open_pairs
from helpline.hours import Calendar
from helpline.people.accounts import Who

EACH = 8
"""So many of each language and window are looked at: others may be claiming the first ones at this moment."""

AT_WORK = timedelta(minutes=15)
"""Who has not been seen for so long is not at work on the queue."""


NORMAL = 2
"""The rank of those who are neither children nor urgent."""

# As text, since to put such statements together costs many times what it takes to run them.
_FIRST = text(f"""
    SELECT found.* FROM unnest(CAST(:languages AS text[]), CAST(:windows AS text[])) AS pair (spoken, part)
    CROSS JOIN LATERAL (
        SELECT c.id, c.language, c."window", c.priority, c.created_at AS asked_at, c.queued_since, c.due_on, c.next_at,
            c.attempts, c.promised_on, c.followed_up
        FROM callbacks c
        WHERE c.state = 'waiting' AND c.language = pair.spoken AND c."window" = pair.part
            AND c.next_at <= :now AND c.rank >= :least
            AND NOT EXISTS (
                SELECT FROM callbacks o
                WHERE o.plan_id = c.plan_id AND o.state IN ('claimed', 'ringing', 'talking')
            )
            AND c.plan_id <> ALL (ARRAY({elsewhere.PLANS}))
        ORDER BY c.rank, c.due_on, c.queued_since, c.id
        LIMIT :each
    ) found
""")  # noqa: S608 - put together once, of our own constants
_STAND = text("""
    SELECT
        (SELECT id FROM callbacks WHERE holder_id = :me AND state IN ('claimed', 'ringing', 'talking')),
        (SELECT turn FROM at_desks WHERE person_id = :me),
        (SELECT json_agg(languages) FROM at_desks WHERE person_id <> :me AND seen_at > :since)
""")
_SIT_DOWN = text("""
    INSERT INTO at_desks (person_id, languages, turn, seen_at) VALUES (:me, :languages, 0, :now)
    ON CONFLICT (person_id) DO UPDATE SET languages = excluded.languages, seen_at = excluded.seen_at
""")


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in the queue: the callback they hold, what they are for the plan, who else is at work."""

    held: int | None
    operator: Operator
    others: tuple[Operator, ...]


@dataclass(frozen=True)
class Found:
    """Whom a person may ring now, in the order of the plan, and what the order was decided on."""

    items: list[Item]
    operator: Operator
    others: tuple[Operator, ...]
    now: datetime
    calendar: Calendar


def find(session: Session, operator: Operator, others: tuple[Operator, ...], *, each: int = EACH) -> Found:
    """Whom this person may ring at this moment, the first few of each language and window."""
    now, calendar = clock.now(), line.current().calendar
    pairs = open_pairs(calendar, sorted(operator.languages), now)
    found: dict[int, Item] = {}
    if pairs:
        # On the turn of those who are due, the first of them may stand behind many children and urgent ones.
        languages, chosen = map(list, zip(*pairs, strict=True))
        for least in (0, NORMAL) if plan.is_turn_of_the_due(operator) else (0,):
            values = {"now": now, "least": least, "languages": languages, "windows": chosen, "each": each}
            for one in session.connection().execute(_FIRST, values):
                found[one.id] = reading.item_of(one)
    return Found(plan.order(found.values(), operator, others, now, calendar), operator, others, now, calendar)


def next_for(session: Session, who: Who) -> Row | None:
    """What this person would get now (what they hold already, first), with the reason; nothing is claimed."""
    standing = stand(session, who)
    if standing.held is not None:
        return reading.row(session, standing.held)
    return next_of(session, standing.operator, standing.others)


def next_of(session: Session, operator: Operator, others: tuple[Operator, ...] = ()) -> Row | None:
    """The first of those whom somebody like this may ring now, with the reason."""
    found = find(session, operator, others, each=1)  # who only looks is in nobody's way
    if not found.items:
        return None
    first = found.items[0]
    reason = plan.why_next(first, operator, others, found.now)
    (row,) = reading.full(session, [first.id])
    return reading.shown(row, found.now, found.calendar, reason)


def sit_down(session: Session, who: Who) -> None:
    """Note that somebody is at work, and lock them until the transaction ends: two clicks of one person take turns."""
    values = {"me": who.id, "languages": list(who.languages), "now": clock.now()}
    session.connection().execute(_SIT_DOWN, values)


def stand(session: Session, who: Who) -> Standing:
    """What somebody holds, whose turn it is at their next claim, and who else was seen at work a moment ago."""
    values = {"me": who.id, "since": clock.now() - AT_WORK}
    held, turn, others = session.connection().execute(_STAND, values).one()
    operator = Operator(frozenset(who.languages), turn or 0)
    return Standing(held, operator, tuple(Operator(frozenset(spoken)) for spoken in others or ()))
