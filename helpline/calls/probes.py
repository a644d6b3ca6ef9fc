"""Calls that nobody makes: `helpline probe` asks for the first document as the carrier would, and leaves no trace.

Such a call is written down like any other, since that is what is tried, and forgotten in the same request: it is never
finished, so nothing counts it, and nothing is heard by anybody. Whoever makes one has the carrier's token.
"""

import logging
import re
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from helpline import clock, db
from helpline.calls.models import Call, Step

log = logging.getLogger(__name__)

_MARK = "CA000000000000"
_SID = re.compile(_MARK + "[0-9a-f]{20}")
LEFT = timedelta(minutes=1)


def new_sid() -> str:
    """A name for one such call: the carrier's own do not begin so."""
    return _MARK + secrets.token_hex(10)


def is_probe(sid: str) -> bool:
    """Whether a call is one of these."""
    return _SID.fullmatch(sid) is not None


def forget(sid: str) -> None:
    """Leave nothing of it; what a database that is down keeps is forgotten by the sweep. Never raises."""
    try:
        with db.transaction(durable=False) as session:
            session.execute(delete(Step).where(Step.call_sid == sid))
            session.execute(delete(Call).where(Call.sid == sid))
    except SQLAlchemyError as error:
        log.warning("a probe was not forgotten: %s", type(error).__name__)


def forget_left() -> int:
    """Forget those whose process died in between; how many. For the clock."""
    with db.transaction() as session:
        old = Call.sid.startswith(_MARK), Call.started_at < clock.now() - LEFT, ~Call.finished
        sids = list(session.scalars(select(Call.sid).where(*old)))
    for sid in filter(is_probe, sids):
        forget(sid)
    return len(sids)
