"""How much one caller may ask for in a call and in a day. Knows nothing of what is asked."""

from datetime import datetime, time

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls.models import Call
from helpline.intake.models import Ask

NEW_ASKS_A_CALL = 3
NEW_ASKS_A_DAY = 5
HIDDEN_ASKS_A_DAY = 40  # all callers together who hide their number: nobody can be told from another


def spent(session: Session, call_sid: str) -> bool:
    """Whether this caller asked enough in this call or today (toll fraud, DOMAIN §4.3).

    Callers whose number we know are counted each; those who hide it share one budget, so that keying other
    people's numbers one after the other comes to an end. Locked, so that calls at once count right.
    """
    caller = session.scalars(select(Call.from_hash).where(Call.sid == call_sid)).one_or_none()
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(caller or "hidden", 0))))
    if _made(session, Ask.call_sid == call_sid) >= NEW_ASKS_A_CALL:
        return True
    midnight = datetime.combine(clock.in_rome().date(), time(), tzinfo=clock.ROME)
    today = Ask.created_at >= midnight
    known = select(Call.sid).where(Call.from_hash.is_not(None))
    if caller is None:
        return _made(session, today, Ask.call_sid.not_in(known)) >= HIDDEN_ASKS_A_DAY
    return _made(session, today, Ask.call_sid.in_(known.where(Call.from_hash == caller))) >= NEW_ASKS_A_DAY


def _made(session: Session, *which: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count(Ask.id)).where(*which)).one()
