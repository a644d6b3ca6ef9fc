"""How much one caller may ask for in a call and in a day. Knows nothing of what is asked."""

from datetime import datetime, time

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session

from helpline import clock, line
from helpline.calls.models import Call
from helpline.db import UtcTime
from helpline.intake.models import Ask

NEW_ASKS_A_CALL = 3
"""A caller's asks in one call; those in a day, and those of all who hide their number, are settings (`line.limits`)."""


_known = select(Call.sid).where(Call.from_hash.is_not(None))
_today = Ask.created_at >= bindparam("midnight", type_=UtcTime())


def _made(which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(Ask.id)).where(which).scalar_subquery()


# Made once: to put such statements together costs more than to run them.
_LOCK = select(
    Call.from_hash,
    func.pg_advisory_xact_lock(func.hashtextextended(func.coalesce(Call.from_hash, "hidden"), 0)),
).where(Call.sid == bindparam("sid"))
_LOCK_HIDDEN = select(func.pg_advisory_xact_lock(func.hashtextextended("hidden", 0)))
_IN_CALL = _made(Ask.call_sid == bindparam("sid"))
_OF_CALLER = select(
    _IN_CALL, _made(_today & Ask.call_sid.in_(_known.where(Call.from_hash == bindparam("caller"))))
)
# Signals are no calls: a guard of their own stands before them (`intake.signals`).
_OF_HIDDEN = select(_IN_CALL, _made(_today & Ask.call_sid.not_in(_known) & (Ask.source == "call")))


def spent(session: Session, call_sid: str) -> bool:
    """Whether this caller asked enough in this call or today (toll fraud, DOMAIN §4.3).

    Callers whose number we know are counted each; those who hide it share one budget, so that keying other
    people's numbers one after the other comes to an end. Locked, so that calls at once count right.
    """
    connection = session.connection()
    call = connection.execute(_LOCK, {"sid": call_sid}).one_or_none()
    if call is None:
        connection.execute(_LOCK_HIDDEN)
    caller = call.from_hash if call else None
    midnight = datetime.combine(clock.in_rome().date(), time(), tzinfo=clock.ROME)
    limits = line.current().limits
    counts, most = (_OF_CALLER, limits.new_asks_a_day) if caller else (_OF_HIDDEN, limits.hidden_asks_a_day)
    # A statement of its own: what others saved while we waited for the lock must be counted.
    values = {"sid": call_sid, "midnight": midnight, "caller": caller}
    in_call, in_day = connection.execute(counts, values).one()
    return bool(in_call >= NEW_ASKS_A_CALL or in_day >= most)
