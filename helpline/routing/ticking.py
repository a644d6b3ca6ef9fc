"""What routing does every few seconds: outages of ours, reminders, expiries, free places of the day, and a look at who waits.

Everything is due by a row and the database's clock, so the tick may be late, run twice or die at any moment.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import db
from helpline.hours import today
from helpline.routing import beats, deadlines, snapshot
from helpline.routing.answers import expire_due, remind_due
from helpline.routing.planning import sweep_waiting
from helpline.routing.records import FreePlaces, Heartbeat

LOOK_ANYWAY = timedelta(seconds=60)
"""Everything that changes who can be offered what is looked at by the next tick; and all of it this often, whatever."""

# What tells that something changed: any line of moves or of changes, a file that was loaded, a moment that has come.
_CHANGED = """
SELECT concat_ws(' ',
  (SELECT max(id) FROM moves), (SELECT max(id) FROM entity_changes), (SELECT max(id) FROM line_versions),
  (SELECT count(*) FROM pair_blocks WHERE until <= :now), (SELECT max(at) FROM pair_blocks),
  (SELECT concat_ws(' ', count(*) FILTER (WHERE urgent), count(parked_until), count(*) FILTER (WHERE parked_until <= :now),
                    count(held_for)) FROM requests WHERE state IN ('waiting', 'needs_person')),
  CAST(:day AS text))
"""


def tick() -> int:
    """Do all that is due; how many offers were made, expired or reminded of. For the clock, every five seconds."""
    with db.transaction() as session:
        beats.beat(session)
    done = expire_due() + remind_due()
    with db.transaction() as session:
        now = deadlines.moment(session)
        _note_free_places(session, now)
        look = _should_look(session, now)
    return done + (sweep_waiting() if look else 0)


def _should_look(session: Session, now: datetime) -> bool:
    """Whether anything changed since everybody who waits was last looked at; notes that they are looked at now."""
    waits = text("SELECT EXISTS (SELECT FROM requests WHERE state IN ('waiting', 'needs_person'))")
    if not session.scalar(waits):
        return False
    changed: str = session.execute(text(_CHANGED), {"now": now, "day": today(now).isoformat()}).scalar_one()
    row = session.get_one(Heartbeat, 1, with_for_update=True, populate_existing=True)
    fresh = row.looked_at is not None and timedelta(0) <= now - row.looked_at < LOOK_ANYWAY
    if row.looked == changed and fresh:
        return False
    row.looked, row.looked_at = changed, now
    return True


def _note_free_places(session: Session, now: datetime) -> None:
    """Once a Roman day, how many places each running project could offer: what the ledger's shares are held against."""
    day = today(now)
    if session.scalar(select(FreePlaces.day).where(FreePlaces.day == day).limit(1)) is not None:
        return
    rows = [
        {
            "day": day,
            "project_id": project.id,
            "entity_id": project.entity_id,
            "free": 0 if project.paused or project.full_by_word else project.free,
        }
        for project in snapshot.projects(session, now=now)
        if project.runs_on(day)
    ]
    if rows:
        session.execute(insert(FreePlaces).on_conflict_do_nothing(), rows)
