"""How fast calls may be asked for: one row for the whole installation, and how long to wait after a "not now"."""

from datetime import datetime, timedelta
from random import random
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.telephony.models import Pace

LONGEST_BACK_OFF = 30.0
_ONE = 1
_table: Any = Pace.__table__


def turn(session: Session, calls_a_second: float, *, longest: float) -> float | None:
    """Take the next turn; how many seconds from now it is. None: more than `longest`, and none was taken.

    The row is locked until the transaction ends: commit before waiting. Turns of all processes lie apart as the
    carrier wants them, in the order in which they were taken.
    """
    now = clock.now()
    pace = _row(session, now)
    at = max(pace.next_at, now)
    seconds = (at - now).total_seconds()
    if seconds > longest:
        return None
    pace.next_at = at + timedelta(seconds=1 / calls_a_second)
    return seconds


def hold_off(session: Session, seconds: float) -> None:
    """Let nobody call for so long: the carrier said "not now" to the whole installation."""
    now = clock.now()
    pace = _row(session, now)
    pace.next_at = max(pace.next_at, now + timedelta(seconds=seconds))


def back_off(tries: int, told: float | None = None, *, chance: float | None = None) -> float:
    """Seconds to wait after the n-th "not now": twice as long each time, never less than the carrier told, and a
    share left to chance, so that not all come back at once. `chance`: from 0 to 1, drawn unless given."""
    usual = min(2.0 ** (tries - 1), LONGEST_BACK_OFF)
    drawn = random() if chance is None else chance  # noqa: S311 - spreads calls, keeps no secret
    return max(usual, told or 0.0) + usual / 2 * drawn


def _row(session: Session, now: datetime) -> Pace:
    session.execute(insert(_table).values(id=_ONE, next_at=now).on_conflict_do_nothing())
    wanted = select(Pace).where(Pace.id == _ONE).with_for_update()
    found: Pace = session.scalars(wanted.execution_options(populate_existing=True)).one()
    return found
