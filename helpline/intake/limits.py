"""How much one caller may ask for in a day. Knows nothing of what is asked."""

from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls.models import Call
from helpline.intake.models import Ask

NEW_ASKS_A_DAY = 5


def day_spent(session: Session, call_sid: str) -> bool:
    """Whether this caller made enough asks today (toll fraud, DOMAIN §4.3).

    Withheld callers are bounded by the slots of the numbers they key. Locked, so that calls at once count right.
    """
    caller = session.scalars(select(Call.from_hash).where(Call.sid == call_sid)).one_or_none()
    if caller is None:
        return False
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(caller, 0))))
    midnight = datetime.combine(clock.in_rome().date(), time(), tzinfo=clock.ROME)
    made = (
        select(func.count(Ask.id))
        .join(Call, Call.sid == Ask.call_sid)
        .where(Call.from_hash == caller, Ask.created_at >= midnight)
    )
    return session.scalars(made).one() >= NEW_ASKS_A_DAY
