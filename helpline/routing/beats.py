"""Whether we are there: the tick and the pages each leave a beat, a missing one is an outage of ours and moves deadlines.

The clock beats for itself; each web process after it was asked over HTTP, at its own address, and answered. An
installation whose web processes never beat (another server runs the application) is judged by the clock alone.
"""

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.routing import outages
from helpline.routing.models import Offer, OfferState
from helpline.routing.outages import Gap
from helpline.routing.records import Gap as GapRow
from helpline.routing.records import Heartbeat, Outage

log = logging.getLogger(__name__)

EVERY = 5.0
"""So often each of them beats."""

LATE = timedelta(seconds=10)
"""Two beats that are missing: from the last one on we may not have been there. Each such gap counts, all of it, however
short; what is shorter is the rhythm itself."""

CLOCK, WEB = "clock", "web"


def beat_of_clock() -> int:
    """Note that the clock runs; how many outages were added to deadlines. For the clock, in a thread of its own."""
    with db.transaction() as session:
        return len(beat(session))


def beat_of_web() -> None:
    """Note that the pages answer, for a web process that has just made sure of it."""
    with db.transaction(durable=False) as session:
        _note(session, WEB)


def beat(session: Session) -> list[Outage]:
    """Note that the tick runs. Outages of ours that are over are added, once, to the deadlines that ran in them.

    Nothing is added while one goes on: until then `is_over` lets nothing pass.
    """
    row, now = _note(session, CLOCK)
    if row.web_at is not None and _is_late(row.web_at, now):
        gone = int((now - row.web_at).total_seconds())
        if gone % 60 < EVERY:
            log.warning("the pages are not there for %d s: no deadline passes", gone)
        return []
    gaps = session.scalars(select(GapRow).where(GapRow.counted.is_(False)).order_by(GapRow.id)).all()
    if not gaps:
        return []
    since = session.scalar(select(func.max(Outage.ended_at)))
    found = outages.after(outages.joined((gap.began_at, gap.ended_at) for gap in gaps), since)
    for gap in gaps:
        gap.counted = True
    return [_add(session, *gap) for gap in found]


def uncounted(session: Session) -> list[Gap]:
    """What was lost and is added to no deadline yet, as moments of `deadlines.moment`; what goes on ends now."""
    row = session.execute(select(Heartbeat.at, Heartbeat.web_at)).one_or_none()
    if row is None:
        return []
    now = database_time(session)
    gaps: list[Gap] = [
        (began, ended)
        for began, ended in session.execute(
            select(GapRow.began_at, GapRow.ended_at).where(GapRow.counted.is_(False))
        )
    ]
    gaps += [(last, now) for last in row if _is_late(last, now)]
    since = session.scalar(select(func.max(Outage.ended_at)))
    shift = clock.offset()
    return [(began + shift, ended + shift) for began, ended in outages.after(outages.joined(gaps), since)]


def database_time(session: Session) -> datetime:
    """This moment by the database's own clock."""
    now: datetime = session.connection().exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return now.astimezone(UTC)


def _note(session: Session, who: str) -> tuple[Heartbeat, datetime]:
    """Leave a beat; the gap before it, if there was one, is written down."""
    session.execute(
        insert(Heartbeat)
        .values(id=1, at=func.clock_timestamp())
        .on_conflict_do_nothing(index_elements=["id"])
    )
    row = session.get_one(Heartbeat, 1, with_for_update=True, populate_existing=True)
    now = database_time(session)  # after the lock: of two that beat, the second is later
    last = row.at if who == CLOCK else row.web_at
    if last is not None and _is_late(last, now):
        session.add(GapRow(part=who, began_at=last, ended_at=now))
        log.warning("%s was not there for %d s", who, (now - last).total_seconds())
    if who == CLOCK:
        row.at = now
    else:
        row.web_at = now
    session.flush()
    return row, now


def _is_late(last: datetime | None, now: datetime) -> bool:
    return last is not None and now - last >= LATE


def _add(session: Session, began: datetime, ended: datetime) -> Outage:
    """Add an outage to the deadlines of what was pending in it; what was made in it gets what was left of it."""
    first, last = began + clock.offset(), ended + clock.offset()
    more = last - func.greatest(Offer.made_at, first)
    longer = (
        update(Offer)
        .where(Offer.state == OfferState.PENDING, Offer.expires_at > first, Offer.made_at < last)
        .values(expires_at=Offer.expires_at + more, remind_at=Offer.remind_at + more)
        .returning(Offer.id)
        .execution_options(synchronize_session=False)
    )
    outage = Outage(began_at=began, ended_at=ended, offers=len(session.scalars(longer).all()))
    session.add(outage)
    session.flush()
    seconds = (ended - began).total_seconds()
    log.warning("out of order for %d s: %d offers have as much more time", seconds, outage.offers)
    return outage
