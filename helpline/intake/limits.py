"""How much one caller may ask for in a call and in a day. Knows nothing of what is asked."""

from datetime import datetime, time

from sqlalchemy import ColumnElement, ScalarSelect, func, select
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
    counted = func.hashtextextended(func.coalesce(Call.from_hash, "hidden"), 0)
    mine = select(Call.from_hash, func.pg_advisory_xact_lock(counted)).where(Call.sid == call_sid)
    call = session.execute(mine).one_or_none()
    if call is None:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("hidden", 0))))
    caller = call.from_hash if call else None
    midnight = datetime.combine(clock.in_rome().date(), time(), tzinfo=clock.ROME)
    today = Ask.created_at >= midnight
    known = select(Call.sid).where(Call.from_hash.is_not(None))
    if caller is None:
        of_caller, most = today & Ask.call_sid.not_in(known), HIDDEN_ASKS_A_DAY
    else:
        of_caller = today & Ask.call_sid.in_(known.where(Call.from_hash == caller))
        most = NEW_ASKS_A_DAY
    # A statement of its own: what others saved while we waited for the lock must be counted.
    in_call, in_day = session.execute(select(_made(Ask.call_sid == call_sid), _made(of_caller))).one()
    return bool(in_call >= NEW_ASKS_A_CALL or in_day >= most)


def _made(which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(Ask.id)).where(which).scalar_subquery()
