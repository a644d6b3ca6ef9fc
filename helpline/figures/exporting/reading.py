"""The rows of an export, some at a time: the oldest call first, each call once, whatever happens on the line meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, any_, case, func, literal, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from helpline.calls.models import Call, Step
from helpline.calls.steps import TOLD
from helpline.figures import searching
from helpline.figures.exporting.columns import BRANCHING, What
from helpline.figures.models import CallSum
from helpline.figures.summing import KEYS
from helpline.figures.wanted import Wanted
from helpline.live.models import Hold

SEVERAL = {What.CALLS: 8_000, What.STEPS: 1_500}
"""So many calls at a time: their rows are all that is held in memory."""
NAMED = ("request", "callback", "live", "message", "information")
"""Outcomes of calls whose caller is kept for longer than a day (privacy/rules.py): in a file the others have none, whenever
it is made."""
_NOT_FOR_US = ("silent", "not_for_us")
_PLACE = f"({'|'.join(BRANCHING)})_"

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
            CallSum.keys - _keys_of_places(), CallSum.listened, CallSum.useful_seconds,
            CallSum.useful_keys - _keys_of_places(_first_told()), CallSum.wait_seconds,
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


def _keys_of_places(upto: ScalarSelect[int] | None = None) -> ColumnElement[int]:
    """How often a caller pressed a key where the region is asked for within a part of Italy (up to a turn): in one part that
    takes a key more than in the others, so a file counts none of them. Only of calls that came there are steps read."""
    there = func.array_to_string(CallSum.came_to, " ").op("~")(f"(^| ){_PLACE}")
    pressed = select(func.count()).where(
        Step.call_sid == Call.sid,
        Step.step.op("~")(f"^{_PLACE}"),
        Step.heard.op("~")(f"^({'|'.join(KEYS)})"),
    )
    if upto is not None:
        pressed = pressed.where(Step.turn <= upto)
    return case((there, pressed.correlate(Call).scalar_subquery()), else_=0)


def _first_told() -> ScalarSelect[int]:
    """The turn that led to the first useful message of a call."""
    told = aliased(Step)
    first = select(func.min(told.turn)).where(
        told.call_sid == Call.sid, literal(TOLD) == any_(func.string_to_array(told.did, " "))
    )
    return first.correlate(Call).scalar_subquery()


def _where(which: Wanted, upto: int, after: Cursor | None) -> list[ColumnElement[bool]]:
    found = [*searching.conditions(which), Call.id <= upto]
    if after:
        found.append(tuple_(Call.started_at, Call.id) > after)
    return found
