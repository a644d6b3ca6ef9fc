"""Looks legs up at the carrier when too little was heard of them, and tells their rooms what was missed. Places nothing."""

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import transaction
from helpline.phone import PhoneNumber
from helpline.telephony import carrier, legs, scripts
from helpline.telephony.models import Cause, Leg, LegState
from helpline.telephony.placing import BATCH, BELL, quietly

log = logging.getLogger(__name__)

UNHEARD = timedelta(seconds=15)
"""The carrier had its time to answer: from now on its silence is looked into."""
NEVER_PLACED = timedelta(seconds=90)
"""So long after it was asked for, and in no list: it was not placed. Lists lag behind by seconds."""
SKEW = timedelta(seconds=30)
RINGS_ON = timedelta(seconds=30)
TALKS = timedelta(minutes=3)
SID_BUT_SILENT = timedelta(minutes=2)


def look_up_unclear() -> int:
    """Find calls at the carrier that were asked for and whose answer was not heard; how many were found or given up."""
    with transaction() as session:
        unheard = Leg.asked_at < clock.now() - UNHEARD
        wanted = select(Leg.id).where(Leg.state == LegState.ASKED, Leg.sid.is_(None), unheard)
        ids = list(session.scalars(wanted.order_by(Leg.id).limit(BATCH)))
    return sum(quietly(look_up, leg_id) for leg_id in ids)


def look_up(leg_id: int) -> bool:
    """Look for the call of a leg in the carrier's list, by its number and the time it was asked for.

    Whether it is clear now: found, or not there for so long that it was never placed. Then it has ended, and is not
    placed again by itself. Raises `CarrierError`.
    """
    with transaction() as session:
        leg = legs.by_id(session, leg_id)
        if leg is None or leg.state != LegState.ASKED or leg.sid or not leg.to_number or not leg.asked_at:
            return False
        to, asked_at = PhoneNumber(leg.to_number), leg.asked_at
    found = carrier.carrier().calls_to(to, asked_at - SKEW)
    with transaction() as session:
        ours = next((call for call in found if not _is_known(session, call.sid)), None)
        if ours is not None:
            log.info("a call whose answer was lost was found at the carrier")
            legs.heard(session, leg_id, ours.sid, ours.status, answered_by=ours.answered_by)
            leg = legs.by_id(session, leg_id)
            if leg is not None and leg.wanted:
                legs.ask_again(session, leg)
            return True
        leg = legs.locked(session, leg_id)
        if leg is None or leg.sid or clock.now() - asked_at < NEVER_PLACED:
            return False
        return legs.finish(session, leg, Cause.NETWORK, who=legs.CARRIER, why="the carrier has no such call")


def _is_known(session: Session, sid: str) -> bool:
    return session.scalars(select(Leg.id).where(Leg.sid == sid)).first() is not None


def ask_about_stuck() -> int:
    """Ask the carrier about legs that should have gone on: no ringing, no answer, no end; how many went on."""
    now = clock.now()
    with transaction() as session:
        rows = session.execute(
            select(Leg.id, Leg.state, Leg.ring_seconds, Leg.changed_at)
            .where(Leg.state.in_((LegState.ASKED, LegState.RINGING, LegState.ANSWERED)), Leg.sid.is_not(None))
            .where(Leg.changed_at < now - RINGS_ON)
            .order_by(Leg.changed_at)
            .limit(10 * BATCH)
        ).all()
    late = [row.id for row in rows if row.changed_at < now - _patience(row.state, row.ring_seconds)]
    return sum(quietly(ask_about, leg_id) for leg_id in late[:BATCH])


def ask_about(leg_id: int) -> bool:
    """Ask the carrier how one leg stands; whether that was news. Raises `CarrierError`."""
    with transaction() as session:
        leg = legs.locked(session, leg_id)
        if leg is None or leg.sid is None or leg.state == LegState.ENDED:
            return False
        sid, before, leg.changed_at = leg.sid, leg.state, clock.now()
    known = carrier.carrier().call(sid)
    with transaction() as session:
        if known is None:
            leg = legs.locked(session, leg_id)
            return leg is not None and legs.finish(
                session, leg, Cause.NETWORK, who=legs.CARRIER, why="the carrier does not know the call"
            )
        leg = legs.heard(session, leg_id, sid, known.status, answered_by=known.answered_by)
        return leg is not None and leg.state != before


def _patience(state: str, ring_seconds: int) -> timedelta:
    if state == LegState.RINGING:
        return timedelta(seconds=ring_seconds) + RINGS_ON
    return TALKS if state == LegState.ANSWERED else SID_BUT_SILENT


def tell(leg_id: int) -> None:
    """Tell whoever a leg is for that it changed; once its end was taken in, it is settled."""
    with transaction() as session:
        leg = legs.by_id(session, leg_id)
        purpose, ended = (leg.purpose, leg.state == LegState.ENDED) if leg else ("", False)
    if not purpose:
        return
    scripts.of(purpose).leg_changed(leg_id)
    if ended:
        with transaction() as session:
            leg = legs.locked(session, leg_id)
            if leg is not None:
                leg.settled = True


def tell_overdue() -> int:
    """Tell of ends whose bell was lost; how many."""
    with transaction() as session:
        late = Leg.ended_at < clock.now() - BELL
        wanted = select(Leg.id).where(Leg.state == LegState.ENDED, ~Leg.settled, late)
        ids = list(session.scalars(wanted.order_by(Leg.ended_at).limit(BATCH)))
    return sum(_told(leg_id) for leg_id in ids)


def _told(leg_id: int) -> bool:
    """Tell of one end; one that cannot be taken in keeps no other waiting, and is told again."""
    try:
        tell(leg_id)
    except Exception as error:
        log.error("the end of leg %d could not be taken in: %s", leg_id, type(error).__name__)
        return False
    return True
