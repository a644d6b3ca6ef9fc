"""Whether the person on the line is the one who asked: by the code, or by what they said unprompted. Before that nothing
may be discussed, since telephones are shared. Knows no page; codes are never kept or told here."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.callbacks import holding
from helpline.callbacks.models import Attempt, Callback, Plan
from helpline.db import Base
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.telephony import causes, legs
from helpline.telephony.models import Leg, LegState, Purpose

# As `intake.codes` counts them (a test compares): 3 in a talk, 5 a Rome day, 10 ever.
WRONG_A_TALK = 3
WRONG_A_DAY = 5
WRONG_EVER = 10


class NotTalking(Exception):
    """Caller and operator are not in one room now."""


@dataclass(frozen=True)
class Talk:
    """Holder and caller have talked, or still do: the caller's leg, the callback, and since when it is over (None: not)."""

    leg: Leg
    callback: Callback
    over_since: datetime | None


def caller_leg(session: Session, callback_id: int) -> Leg | None:
    """The caller's leg in the newest attempt of a callback, or None when nobody was rung in it."""
    newest = select(func.max(Attempt.id)).where(Attempt.callback_id == callback_id).scalar_subquery()
    wanted = select(Leg).where(Leg.purpose == Purpose.CALLBACK_CALLER, Leg.subject_id == newest)
    return session.scalars(wanted).one_or_none()


def talk_of(session: Session, callback: Callback) -> Talk | None:
    """The talk that the holder of a callback has had under this very claim; None before, and for who came later."""
    both = (Purpose.CALLBACK_OPERATOR, Purpose.CALLBACK_CALLER)
    of_claim = (Attempt.callback_id == callback.id, Attempt.claim_no == callback.claim_no)
    newest = select(func.max(Attempt.id)).where(*of_claim).scalar_subquery()
    found = select(Leg).where(Leg.purpose.in_(both), Leg.subject_id == newest)
    legs_of_it = {leg.purpose: leg for leg in session.scalars(found)}
    operator, caller = (legs_of_it.get(purpose) for purpose in both)
    if operator is None or caller is None or caller.key != causes.YES:
        return None
    ended = [leg.ended_at or clock.now() for leg in (operator, caller) if leg.state != LegState.ANSWERED]
    return Talk(caller, callback, min(ended, default=None))


def may_discuss(session: Session, callback_id: int) -> bool:
    """Whether the person on the line in the newest attempt has shown to be the one who asked: else nothing is said."""
    leg = caller_leg(session, callback_id)
    return leg is not None and leg.recognised is not None


def code_given(session: Session, callback_id: int, who: Who, code: str) -> bool:
    """Whether this is the code of the ask that is being called back; from then on `may_discuss`.

    Wrong ones are counted with all others of the number: 3 in a talk, 5 a day, 10 ever; then no code is right any
    more (`recognised_without_code` remains). Commit also when the answer is False. Raises `NotTalking` before and
    after the talk, and `Stale` for anybody but the holder: then no try is counted.
    """
    talk = _talk(session, callback_id, who)
    number_hash = session.scalars(select(Plan.number_hash).where(Plan.id == talk.callback.plan_id)).one()
    counted = number_hash or f"plan {talk.callback.plan_id}"
    # Tries of one number wait for each other, here and in the menu.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(counted, 1))))
    asks: Any = Base.metadata.tables["asks"]
    right = session.execute(select(asks.c.code).where(asks.c.id == talk.callback.ask_id)).scalar_one()
    same = hmac.compare_digest(code.encode(), (right or "----").encode())
    if _used_up(session, counted, talk):
        same = False
    elif same:
        talk.leg.recognised = talk.leg.recognised or "code"
    else:
        _count(session, counted, talk)
    audit.record(session, who.in_audit, "code_tried", f"callback {callback_id}", right=same)
    return same


def recognised_without_code(session: Session, callback_id: int, who: Who) -> None:
    """The person said unprompted what they asked for: noted in the audit; from then on `may_discuss`.

    Raises `NotTalking` before and after the talk, `Stale` for anybody but the holder.
    """
    talk = _talk(session, callback_id, who)
    talk.leg.recognised = talk.leg.recognised or "words"
    audit.record(session, who.in_audit, "recognised_without_code", f"callback {callback_id}")


def _talk(session: Session, callback_id: int, who: Who) -> Talk:
    """The talk that is going on, with the caller's leg locked."""
    callback = holding.held(session, callback_id, who)
    before = talk_of(session, callback)
    leg = legs.locked(session, before.leg.id) if before else None
    talk = talk_of(session, callback) if leg else None
    if talk is None or talk.over_since is not None:
        raise NotTalking(f"callback {callback_id}: there is nobody on the line")
    return talk


def _used_up(session: Session, counted: str, talk: Talk) -> bool:
    tries: Any = Base.metadata.tables["code_tries"]
    of_number = tries.c.number_hash == counted
    in_talk = tries.c.call_sid == _name_of(talk)
    today = tries.c.rome_day == clock.in_rome().date()
    counts = select(
        func.count(case((in_talk, 1))),
        func.count(case((of_number & today, 1))),
        func.count(case((of_number, 1))),
    ).where(of_number | in_talk)
    in_this, this_day, ever = session.execute(counts).one()
    return bool(in_this >= WRONG_A_TALK or this_day >= WRONG_A_DAY or ever >= WRONG_EVER)


def _count(session: Session, counted: str, talk: Talk) -> None:
    now = clock.now()
    line = {"at": now, "rome_day": now.astimezone(clock.ROME).date(), "number_hash": counted}
    session.execute(insert(Base.metadata.tables["code_tries"]).values(**line, call_sid=_name_of(talk)))


def _name_of(talk: Talk) -> str:
    return talk.leg.sid or f"leg {talk.leg.id}"
