"""The rows of an export, some at a time: the oldest call first, each call once, whatever happens on the line meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true, tuple_
from sqlalchemy.orm import Session

from helpline.calls.models import Call, Step
from helpline.figures import searching
from helpline.figures.exporting.columns import What
from helpline.figures.models import CallSum
from helpline.figures.wanted import Wanted
from helpline.live.models import Hold

SEVERAL = {What.CALLS: 8_000, What.STEPS: 1_500}
"""So many calls at a time: their rows are all that is held in memory."""
NAMED = ("request", "callback", "live", "message", "information")
"""Outcomes of calls whose caller is kept for longer than a day (privacy/rules.py): in a file the others have none, whenever
it is made."""
_NOT_FOR_US = ("silent", "not_for_us")

Cursor = tuple[datetime, int]


def newest(session: Session) -> int:
    """The newest call that there is."""
    return session.scalar(select(func.max(Call.id))) or 0


def how_many(session: Session, which: Wanted, upto: int) -> int:
    """How many calls fit, all of them counted."""
    some = select(func.count(Call.id)).outerjoin(CallSum, CallSum.call_id == Call.id)
    return session.scalar(some.where(*_where(which, upto, None))) or 0


def calls(session: Session, which: Wanted, upto: int, after: Cursor | None) -> Sequence[Any]:
    """The next calls that fit, each with what it came to, for `columns.call_rows`; fewer than `SEVERAL` when they are the last."""
    wrong = select(Hold.call_sid).where(Hold.outcome.in_(_NOT_FOR_US))
    wanted = (
        select(
            Call.id, Call.started_at, case((Call.outcome.in_(NAMED) & Call.sid.not_in(wrong), Call.from_hash)),
            Call.language, Call.outcome, CallSum.last_step, func.coalesce(Call.seconds, CallSum.seconds),
            CallSum.keys, CallSum.listened, CallSum.useful_seconds, CallSum.useful_keys, CallSum.wait_seconds,
            CallSum.answered, CallSum.nobody, CallSum.turned_away, Call.to_number,
        )
        .outerjoin(CallSum, CallSum.call_id == Call.id)
        .where(*_where(which, upto, after))
        .order_by(Call.started_at, Call.id)
        .limit(SEVERAL[What.CALLS])
    )  # fmt: skip
    return session.execute(wanted).all()


def steps(session: Session, which: Wanted, upto: int, after: Cursor | None) -> Sequence[Any]:
    """The steps of the next calls that fit, in their order; of a call without any one row, whose `turn` is None."""
    some = (
        select(Call.id, Call.sid, Call.started_at)
        .outerjoin(CallSum, CallSum.call_id == Call.id)
        .where(*_where(which, upto, after))
        .order_by(Call.started_at, Call.id)
        .limit(SEVERAL[What.STEPS])
        .subquery()
    )
    # Call by call along the index: joined at once, all steps of the year would be read for each of these.
    of_call = (
        select(Step.turn, Step.at, Step.to_language, Step.step, Step.heard, Step.to_step)
        .where(Step.call_sid == some.c.sid)
        .offset(0)
        .lateral()
    )
    wanted = (
        select(some.c.id, some.c.started_at, *of_call.c)
        .outerjoin(of_call, true())
        .order_by(some.c.started_at, some.c.id, of_call.c.turn)
    )
    return session.execute(wanted).all()


def _where(which: Wanted, upto: int, after: Cursor | None) -> list[ColumnElement[bool]]:
    found = [*searching.conditions(which), Call.id <= upto]
    if after:
        found.append(tuple_(Call.started_at, Call.id) > after)
    return found
