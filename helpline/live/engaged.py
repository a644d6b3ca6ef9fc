"""Who is in a call, or being rung: holds and legs say so. Decides nothing."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from helpline.db import Base
from helpline.live.models import Hold, HoldState
from helpline.telephony.models import Leg, LegState, Purpose

WITH_SOMEBODY = (HoldState.TAKEN, HoldState.TALKING)


def people(session: Session) -> set[int]:
    """The ids of everybody whose telephone rings or is in use because of us."""
    rung = select(Hold.rung_person_id).where(Hold.rung_person_id.is_not(None))
    return in_calls(session) | set(session.scalars(rung))


def in_calls(session: Session) -> set[int]:
    """The ids of everybody who talks with a caller, or calls somebody back.

    Who calls back stands with the callback: another room's table, read here by name.
    """
    attempts, callbacks = (Base.metadata.tables[name] for name in ("attempts", "callbacks"))
    calling_back = (
        select(callbacks.c.holder_id)
        .join(attempts, attempts.c.callback_id == callbacks.c.id)
        .join(Leg, (Leg.subject_id == attempts.c.id) & (Leg.purpose == Purpose.CALLBACK_OPERATOR))
        .where(Leg.state != LegState.ENDED, callbacks.c.holder_id.is_not(None))
    )
    talking = select(Hold.person_id).where(Hold.state.in_(WITH_SOMEBODY))
    return {person for (person,) in session.execute(union(calling_back, talking))}
