"""How often something happened, by minute: counted in memory by whoever it happens to, written down now and then.

For what happens too often, or to whom must be answered too soon, to be written as it happens: a refused webhook, a clip
that is not there. Who dies loses the last seconds. Names are words of ours, never anything that came from outside.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline import clock
from helpline.db.base import Base

KEPT = timedelta(days=1)
Counted = Mapping[tuple[str, datetime], int]

_lock = Lock()
_counted: Counter[tuple[str, datetime]] = Counter()


class Tally(Base):
    """How often one thing happened in a minute, in all processes."""

    __tablename__ = "tallies"

    what: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


def count(what: str) -> None:
    """It happened. Asks no database, and never fails."""
    minute = clock.now().replace(second=0, microsecond=0)
    with _lock:
        _counted[what, minute] += 1


def taken() -> Counted:
    """What this process has counted since the last time; `given_back`, where it could not be written down."""
    with _lock:
        counted = dict(_counted)
        _counted.clear()
    return counted


def given_back(counted: Counted) -> None:
    """It could not be written down: the next time."""
    with _lock:
        _counted.update(counted)


def write(session: Session, counted: Counted) -> None:
    """Write down what was counted, beside what other processes did."""
    if counted:
        rows = [{"what": what, "minute": minute, "count": n} for (what, minute), n in sorted(counted.items())]
        written = insert(Tally).values(rows)
        more = {"count": Tally.count + written.excluded["count"]}
        session.execute(written.on_conflict_do_update(index_elements=["what", "minute"], set_=more))


def lately(session: Session, within: timedelta) -> dict[str, int]:
    """How often each thing happened within the last minutes."""
    since = clock.now() - within
    asked = select(Tally.what, func.sum(Tally.count)).where(Tally.minute >= since).group_by(Tally.what)
    return {what: int(number) for what, number in session.execute(asked)}


def forget_old(session: Session) -> None:
    """What is older than a day serves nobody."""
    session.execute(delete(Tally).where(Tally.minute < clock.now() - KEPT))
