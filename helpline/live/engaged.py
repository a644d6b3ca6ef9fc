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
    """The ids of everybody who talks with a caller, calls somebody back, or records prompts by telephone.

    Who calls back stands with the callback, who records with the dictation: other rooms' tables, read here by name.
    """
    tables = Base.metadata.tables
    attempts, callbacks, dictations = (
        tables[name] for name in ("attempts", "callbacks", "prompt_dictations")
    )
    calling_back = (
        select(callbacks.c.holder_id)
        .join(attempts, attempts.c.callback_id == callbacks.c.id)
        .join(Leg, (Leg.subject_id == attempts.c.id) & (Leg.purpose == Purpose.CALLBACK_OPERATOR))
        .where(Leg.state != LegState.ENDED, callbacks.c.holder_id.is_not(None))
    )
    recording = (
        select(dictations.c.person_id)
        .join(Leg, (Leg.subject_id == dictations.c.id) & (Leg.purpose == Purpose.PROMPT_EDITOR))
        .where(Leg.state != LegState.ENDED)
    )
    talking = select(Hold.person_id).where(Hold.state.in_(WITH_SOMEBODY))
    return {person for (person,) in session.execute(union(calling_back, recording, talking))}
