"""Keeps the counts up to date: what changed since the last look is counted anew, whole days at a time. Safe to repeat."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.calls.models import Call, Step
from helpline.figures import counting, lengths
from helpline.figures.counting import Count
from helpline.figures.models import NONE, CallDue, CallSum, Counted
from helpline.figures.summing import LEFT_BY_KEY, Passed, came_to, summed
from helpline.hours import today
from helpline.live.models import Hold, HoldState

BATCH = 500
LOOKS_BACK = timedelta(minutes=10)
"""A change is looked for so long after its moment: its transaction may have been open until then."""
WHOLE_FOR = timedelta(days=350)
"""Rows of calls are forgotten after a year: younger days than this can be counted again from them."""

_CHANGED = """
SELECT (t.created_at AT TIME ZONE 'Europe/Rome')::date FROM moves m JOIN {table} t ON t.id = m.subject_id
 WHERE m.kind = '{kind}' AND m.at >= :since
UNION
SELECT (created_at AT TIME ZONE 'Europe/Rome')::date FROM {table} WHERE created_at >= :since"""
_REPORTED = "SELECT DISTINCT (at AT TIME ZONE 'Europe/Rome')::date FROM case_reports WHERE at >= :since"


def count_changes() -> int:
    """Count anew the days on which something changed since the last look; how many calls and days were looked at."""
    done = 0
    with db.transaction() as session:
        days, calls = _sum_up_due(session)
        oldest = clock.in_rome().date() - WHOLE_FOR
        _recount(session, {day for day in days if day > oldest}, counting.OF_CALLS)
        done += calls
    for kind, changed, counts in (
        ("callback", _CHANGED.format(kind="callback", table="callbacks"), counting.OF_CALLBACKS),
        ("request", _CHANGED.format(kind="request", table="requests"), counting.OF_REQUESTS),
        ("case", _REPORTED, counting.OF_CASES),
    ):
        with db.transaction() as session:
            days = _changed_days(session, kind, changed)
            _recount(session, days, counts)
            done += len(days)
    return done


def sum_up(session: Session, ids: Sequence[int]) -> set[date]:
    """Sum up these finished calls anew, and keep it; the days on which they began."""
    sums = sums_of(session, ids)
    if sums:
        written = insert(CallSum).values(sums)
        changed = {name: written.excluded[name] for name in sums[0] if name != "call_id"}
        session.execute(written.on_conflict_do_update(index_elements=["call_id"], set_=changed))
    return {today(one["hour"]) for one in sums}


def sums_of(session: Session, ids: Sequence[int]) -> list[dict[str, Any]]:
    """What these finished calls come to, as rows of `call_sums`. Calls that are forgotten or go on are left out."""
    wanted = select(Call).where(Call.id.in_(ids), Call.finished).order_by(Call.id)
    calls = list(session.scalars(wanted))
    sids = [call.sid for call in calls]
    ways = _ways(session, sids)
    holds = _holds(session, sids)
    length = lengths.of_sets(session, {call.set_id or 0 for call in calls})
    rows: list[dict[str, Any]] = []
    for call in calls:
        way = ways.get(call.sid, ())
        found = summed(way, call.ended_at, length[call.set_id or 0])
        hold = holds.get(call.sid)
        rows.append(
            {
                "call_id": call.id,
                "hour": call.started_at.replace(minute=0, second=0, microsecond=0),
                "language": call.language or NONE,
                "number": call.to_number or NONE,
                "outcome": call.outcome or NONE,
                "seconds": call.seconds if call.seconds is not None else _lasted(call),
                "last_step": found.last_step or NONE,
                "keys": found.keys,
                "listened": found.listened,
                "useful_seconds": found.useful_seconds,
                "useful_keys": found.useful_keys,
                "wait_seconds": hold.waited if hold else None,
                "answered": hold is not None and hold.answered,
                "nobody": hold is not None and hold.nobody,
                "hung_up": hold is not None and _hung_up(hold, way),
                "turned_away": hold is None and found.turned_away,
                "came_to": came_to(way),
            }
        )
    return rows


def finished(session: Session, first: date, last: date) -> Iterator[list[int]]:
    """Ids of the finished calls that began on these days, both included, batch by batch."""
    given = counting.moments(first, last)
    of_days = select(Call.id).where(
        Call.finished, Call.started_at >= given["begins"], Call.started_at < given["ends"]
    )
    after = 0
    while ids := list(session.scalars(of_days.where(Call.id > after).order_by(Call.id).limit(BATCH * 4))):
        yield ids
        after = ids[-1]


@dataclass(frozen=True)
class _Wait:
    """What waiting for a person came to in one call."""

    waited: int
    answered: bool
    nobody: bool
    left_since: datetime | None
    """Since when the caller was in the line for the last time, where that wait ended before anybody came."""


def _sum_up_due(session: Session) -> tuple[set[date], int]:
    due = session.execute(select(CallDue.id, CallDue.call_id).order_by(CallDue.id).limit(BATCH * 4)).all()
    days = sum_up(session, [row.call_id for row in due])
    session.execute(delete(CallDue).where(CallDue.id.in_([row.id for row in due])))
    return days, len(due)


def _changed_days(session: Session, kind: str, changed: str) -> set[date]:
    """The days of what moved since the last look, by this statement; and the look is noted."""
    now = clock.now()
    since = session.scalar(select(Counted.until).where(Counted.kind == kind))
    noted = insert(Counted).values(kind=kind, until=now)
    session.execute(noted.on_conflict_do_update(index_elements=["kind"], set_={"until": now}))
    begun = since - LOOKS_BACK if since else datetime.min.replace(tzinfo=now.tzinfo)
    return set(session.scalars(text(changed), {"since": begun}))


def _recount(session: Session, days: Iterable[date], counts: tuple[Count, ...]) -> None:
    for first, last in _together(sorted(days)):
        counting.recount(session, first, last, counts)


def _together(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days that follow one another, as their first and their last."""
    for _, run in groupby(enumerate(days), lambda each: each[1].toordinal() - each[0]):
        found = [day for _, day in run]
        yield found[0], found[-1]


def _ways(session: Session, sids: Sequence[str]) -> dict[str, list[Passed]]:
    columns = (Step.call_sid, Step.at, Step.heard, Step.did, Step.to_step, Step.to_language)
    found = session.execute(
        select(*columns).where(Step.call_sid.in_(sids)).order_by(Step.call_sid, Step.turn)
    )
    return {
        sid: [Passed(*row[1:]) for row in rows] for sid, rows in groupby(found, key=lambda row: row.call_sid)
    }


def _holds(session: Session, sids: Sequence[str]) -> dict[str, _Wait]:
    """How long each call waited for a person, in all its holds, and what came of it.

    Each from its own beginning: `queued_since` of whoever kept a place and came back is that of the first.
    """
    talked = "SELECT min(m.at) FROM moves m WHERE m.kind = 'hold' AND m.subject_id = holds.id AND m.to_state = 'talking'"
    until = func.coalesce(text(f"({talked})"), Hold.ended_at, Hold.seen_at)
    waited = func.greatest(0, func.extract("epoch", until - Hold.joined_at))
    found = session.execute(
        select(
            Hold.call_sid,
            func.sum(waited),
            func.bool_or(Hold.state.in_((HoldState.TALKING, HoldState.DONE))),
            func.bool_and(Hold.state == HoldState.NOBODY),
            func.max(Hold.joined_at),
            func.array_agg(aggregate_order_by(Hold.state, Hold.id.desc())),
        )
        .where(Hold.call_sid.in_(sids))
        .group_by(Hold.call_sid)
    )
    return {
        sid: _Wait(round(waited), answered, nobody, joined if states[0] == HoldState.LEFT else None)
        for sid, waited, answered, nobody, joined, states in found
    }


def _hung_up(hold: _Wait, way: Sequence[Passed]) -> bool:
    """Whether the caller hung up in the line: whoever chose to be called back, or went back to the menu, has left it by a key."""
    since = hold.left_since
    return since is not None and not any(
        passed.at >= since and LEFT_BY_KEY in (passed.did or "").split() for passed in way
    )


def _lasted(call: Call) -> int:
    return max(0, round((call.ended_at - call.started_at).total_seconds())) if call.ended_at else 0
