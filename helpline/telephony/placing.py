"""Asks the carrier for the calls that are meant, in their turn, and to end or lead those that live. The intent is
committed before it is asked, and an answer that was not heard is never asked for again: it is looked up (`looking`)."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from helpline import clock
from helpline.db import states, transaction
from helpline.phone import PhoneNumber
from helpline.telephony import carrier, legs, pace
from helpline.telephony.models import Cause, Leg, LegState

log = logging.getLogger(__name__)

TOO_LATE = timedelta(minutes=2)
"""A call that could not be asked for in this time is none any more: whoever meant it does not wait longer."""
LONGEST_WAIT = 5.0
BELL = timedelta(seconds=5)
BATCH = 20
WHO = "dialling"


@dataclass(frozen=True, repr=False)
class _Order:
    """What is to be asked of the carrier."""

    leg_id: int
    to: PhoneNumber
    ring_seconds: int
    detect_machine: bool
    tries: int


def place_leg(leg_id: int) -> bool:
    """Ask the carrier for a call that is meant, in its turn; whether it was asked. Safe to call twice, and at once."""
    while _may_still(leg_id) and _turn_came():
        order = _ask_from_now_on(leg_id)
        if order is None:
            return False
        wait = _ask(order)
        if wait is None:
            return True
        if wait > LONGEST_WAIT:
            return False
        time.sleep(wait)
    return False


def place_due() -> int:
    """Ask for calls whose bell was lost, or that had to wait; how many were asked for."""
    with transaction() as session:
        due = Leg.due_at < clock.now() - BELL
        wanted = select(Leg.id).where(Leg.state == LegState.INTENDED, due).order_by(Leg.due_at, Leg.id)
        ids = list(session.scalars(wanted.limit(BATCH)))
    return sum(place_leg(leg_id) for leg_id in ids)


def _may_still(leg_id: int) -> bool:
    """Whether it is still to be asked for; one that waited too long ends here."""
    with transaction() as session:
        leg = legs.locked(session, leg_id)
        if leg is None or leg.state != LegState.INTENDED:
            return False
        if leg.created_at < clock.now() - TOO_LATE:
            legs.finish(session, leg, Cause.NETWORK, who=WHO, why="could not be asked for in time")
            return False
        return leg.due_at <= clock.now()


def _turn_came() -> bool:
    """Wait for the next turn of the installation; False when it is too far away."""
    with transaction() as session:
        seconds = pace.turn(session, carrier.carrier().calls_a_second, longest=LONGEST_WAIT)
    if seconds is None:
        return False
    time.sleep(seconds)
    return True


def _ask_from_now_on(leg_id: int) -> _Order | None:
    """Commit that it is being asked for: whatever happens next, it is not asked for twice."""
    with transaction() as session:
        leg = legs.locked(session, leg_id)
        if leg is None or leg.state != LegState.INTENDED or leg.to_number is None:
            return None
        leg.tries += 1
        leg.asked_at = leg.changed_at = clock.now()
        states.move(session, leg, LegState.ASKED, who=WHO, why=f"try {leg.tries}")
        return _Order(leg.id, PhoneNumber(leg.to_number), leg.ring_seconds, leg.detect_machine, leg.tries)


def _ask(order: _Order) -> float | None:
    """Ask the carrier once; the seconds to wait before the next time, None when there is none."""
    path = f"/voice/leg/{order.leg_id}"
    try:
        sid = carrier.carrier().place(
            order.to, path, ring_seconds=order.ring_seconds, detect_machine=order.detect_machine
        )
    except carrier.NotNow as refused:
        return _later(order, refused)
    except carrier.Declined as refused:
        log.warning("the carrier declined a call: %s", refused)
        cause = Cause.FAILED if refused.unreachable else Cause.NETWORK
        with transaction() as session:
            leg = legs.locked(session, order.leg_id)
            if leg is not None and leg.sid is None:
                legs.finish(session, leg, cause, who=legs.CARRIER, why=f"declined: {refused.code}")
        return None
    except carrier.CarrierError as error:
        log.warning("whether a call was placed is not known: %s; it will be looked up", error)
        return None
    with transaction() as session:
        if legs.heard(session, order.leg_id, sid, "queued") is None:
            log.warning("a call was placed that is nobody's by now; it hangs up when it is answered")
    return None


def _later(order: _Order, refused: carrier.NotNow) -> float:
    seconds = pace.back_off(order.tries, refused.seconds)
    with transaction() as session:
        leg = legs.locked(session, order.leg_id)
        if leg is not None and leg.state == LegState.ASKED and leg.sid is None:
            leg.due_at = leg.changed_at = clock.now() + timedelta(seconds=seconds)
            if leg.wanted == "end":
                legs.finish(session, leg, Cause.CANCELED, who=WHO, why="stopped")
            else:
                states.move(session, leg, LegState.INTENDED, who=legs.CARRIER, why="not now")
        pace.hold_off(session, seconds)
    return seconds


def steer_leg(leg_id: int) -> bool:
    """Ask the carrier for what is wanted of a live leg (its end, or its last words); whether it was done.

    A call that the carrier knows no more, or cannot change, is looked at as it stands.
    """
    with transaction() as session:
        leg = legs.locked(session, leg_id)
        if leg is None or leg.wanted is None or leg.sid is None or leg.state == LegState.ENDED:
            return False
        sid, wanted, leg.changed_at = leg.sid, leg.wanted, clock.now()
        was_answered = leg.state == LegState.ANSWERED
    status = ""
    try:
        if wanted == "end":
            status = carrier.carrier().end(sid, answered=was_answered)
        else:
            carrier.carrier().send(sid, f"/voice/leg/{leg_id}/left")
    except carrier.Declined:
        known = carrier.carrier().call(sid)
        status = known.status if known else "completed"
    with transaction() as session:
        if status:
            legs.heard(session, leg_id, sid, status)
        leg = legs.locked(session, leg_id)
        if leg is not None and wanted == "farewell" and leg.wanted == wanted:
            leg.wanted = None
        return leg is not None and (leg.state == LegState.ENDED or leg.wanted is None)


def steer_due() -> int:
    """Ask again for what was wanted of legs and not done; how many were done."""
    with transaction() as session:
        wanted = Leg.wanted.is_not(None) & (Leg.state != LegState.ENDED)
        late = Leg.changed_at < clock.now() - BELL
        ids = list(session.scalars(select(Leg.id).where(wanted, late).order_by(Leg.id).limit(BATCH)))
    return sum(quietly(steer_leg, leg_id) for leg_id in ids)


def quietly(ask: Callable[[int], bool], leg_id: int) -> bool:
    """Do something for one leg of many: a carrier that fails for one must not keep the others waiting."""
    try:
        return ask(leg_id)
    except carrier.CarrierError as error:
        log.warning("leg %d: %s", leg_id, error)
        return False
