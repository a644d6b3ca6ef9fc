"""The log of calls: which there were, the newest first, by what somebody chose; and searches that are kept. Shows no number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from helpline.calls.models import Call
from helpline.figures import counting
from helpline.figures.models import NONE, CallDay, CallSum
from helpline.figures.wanted import OUTCOMES, RUNNING, UNCHOSEN, Wanted
from helpline.ivr import formerly
from helpline.phone import PhoneNumber

Cursor = tuple[datetime, int]


def of_ours(session: Session, which: Wanted, wrong: dict[str, str]) -> Wanted:
    """The same, without a number that is none of ours, which is added to what is `wrong`: a caller's number typed there must
    not be kept, nor stand in an address."""
    if not which.number or session.scalar(
        select(CallDay.number).where(CallDay.number == which.number).limit(1)
    ):
        return which
    wrong["number"] = "unknown"
    return replace(which, number="")


@dataclass(frozen=True)
class Listed:
    """A call in the log. `number`: masked, None when it was withheld or is forgotten. `seconds`: None while it goes on."""

    id: int
    at: datetime
    number: str | None
    language: str | None
    outcome: str | None
    seconds: int | None
    last_step: str | None
    to_number: str | None


def listed(
    session: Session,
    which: Wanted,
    *,
    callers: Sequence[str] = (),
    before: Cursor | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Calls, the newest first; older than `before`, where that is given. `callers`: pseudonyms, of which one must fit."""
    asked = _asked(which, callers)
    if before:
        asked = asked.where(tuple_(Call.started_at, Call.id) < before)
    if _is_of_sums(which):
        # The hour of a call is that of its beginning: the same order, and an index holds it.
        if before:
            asked = asked.where(CallSum.hour <= before[0])
        few = _few(session, which)
        if few is not None:
            asked = asked.where(CallSum.call_id.in_(few))
        asked = asked.order_by(CallSum.hour.desc())
    found = session.execute(asked.order_by(Call.started_at.desc(), Call.id.desc()).limit(limit))
    return [
        Listed(
            row.id,
            row.started_at,
            str(PhoneNumber(row.from_number)) if row.from_number else None,
            row.language,
            row.outcome,
            row.lasted,
            row.last_step,
            row.to_number,
        )
        for row in found
    ]


MOST_COUNTED = 10_000
FEW = 500
"""So few calls of some length are found by it; the newest of more are soon met among all."""


def _few(session: Session, which: Wanted) -> list[int] | None:
    """The calls that fit, where they are few and asked for by their length: the database takes rare lengths for more than
    they are, and would look for them among all calls, from the newest on. None where there are more."""
    if which.longer is None and which.shorter is None:
        return None
    found = list(session.scalars(select(CallSum.call_id).where(*_of_sums(which)).limit(FEW + 1)))
    return found if len(found) <= FEW else None


def how_many(session: Session, which: Wanted, *, callers: Sequence[str] = ()) -> int:
    """How many calls fit, counted up to `MOST_COUNTED`."""
    if which.outcome in OUTCOMES and which.hour is None and not _is_of_sums(which) and not callers:
        return min(MOST_COUNTED, _counted(session, which))
    if _is_of_sums(which) and not callers:
        # No column of theirs is asked for, so that an index alone may say it.
        some = select(literal(1)).select_from(CallSum).where(*_of_sums(which))
    else:
        some = _asked(which, callers).with_only_columns(Call.id)
    return session.scalar(select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())) or 0


def _counted(session: Session, which: Wanted) -> int:
    """The same by the counts of days, which know each finished call by its outcome."""
    given: list[ColumnElement[bool] | None] = [
        CallDay.day >= which.first if which.first else None,
        CallDay.day <= which.last if which.last else None,
        CallDay.language == (NONE if which.language == UNCHOSEN else which.language)
        if which.language
        else None,
        CallDay.outcome == which.outcome,
        CallDay.number == which.number if which.number else None,
    ]
    asked = select(func.sum(CallDay.calls)).where(*[one for one in given if one is not None])
    return session.scalar(asked) or 0


def _is_of_sums(which: Wanted) -> bool:
    """Whether something is chosen that is known of finished calls alone, from what they came to."""
    return (
        bool(which.step or which.passed or which.person)
        or which.longer is not None
        or which.shorter is not None
    )


def _asked(which: Wanted, callers: Sequence[str]) -> Any:
    if not _is_of_sums(which):
        joined = select(*_COLUMNS).outerjoin(CallSum, CallSum.call_id == Call.id)
        return joined.where(*_conditions(which, callers))
    joined = select(*_COLUMNS).select_from(CallSum).join(Call, CallSum.call_id == Call.id)
    return joined.where(*_of_sums(which), *[Call.from_hash.in_(callers)] if callers else ())


_COLUMNS = (
    Call.id, Call.started_at, Call.from_number, Call.language, Call.outcome,
    func.coalesce(Call.seconds, CallSum.seconds).label("lasted"), CallSum.last_step, Call.to_number,
)  # fmt: skip
# `IS true` and `IS false` would be no condition of an index of ours, though they say the same.
_OF_PERSON: dict[str, ColumnElement[bool]] = {
    "asked": CallSum.wait_seconds.is_not(None),
    "got": and_(CallSum.answered),
    "nobody": and_(CallSum.nobody),
    "left": and_(CallSum.hung_up, CallSum.wait_seconds > counting.PATIENT, ~CallSum.answered),
}


def conditions(which: Wanted) -> list[ColumnElement[bool]]:
    """What a call must be, beside what it came to (where that is known), to be one of those that are listed."""
    return [*_conditions(which, ()), *(_of_sums(which) if _is_of_sums(which) else ())]


def _conditions(which: Wanted, callers: Sequence[str]) -> list[ColumnElement[bool]]:
    """What is chosen, of calls themselves."""
    given: list[ColumnElement[bool] | None] = [
        Call.started_at >= which.begins if which.begins else None,
        Call.started_at < which.ends if which.ends else None,
        Call.language == which.language if which.language not in {"", UNCHOSEN} else None,
        Call.language.is_(None) if which.language == UNCHOSEN else None,
        Call.outcome == which.outcome if which.outcome not in {"", RUNNING} else None,
        ~Call.finished if which.outcome == RUNNING else None,
        Call.to_number == which.number if which.number else None,
        Call.from_hash.in_(callers) if callers else None,
    ]
    return [one for one in given if one is not None]


def _of_sums(which: Wanted) -> list[ColumnElement[bool]]:
    """What is chosen, of what finished calls came to. Days begin with an hour, so their hour says on which a call began."""
    given: list[ColumnElement[bool] | None] = [
        CallSum.hour >= which.begins if which.begins else None,
        CallSum.hour < which.ends if which.ends else None,
        CallSum.language == which.language if which.language not in {"", UNCHOSEN} else None,
        CallSum.language == NONE if which.language == UNCHOSEN else None,
        CallSum.outcome == which.outcome if which.outcome not in {"", RUNNING} else None,
        false() if which.outcome == RUNNING else None,
        or_(*[CallSum.last_step == name for name in formerly.every(which.step)]) if which.step else None,
        or_(*[literal(name) == any_(CallSum.came_to) for name in formerly.every(which.passed)])
        if which.passed
        else None,
        CallSum.number == which.number if which.number else None,
        CallSum.seconds >= which.longer if which.longer is not None else None,
        CallSum.seconds <= which.shorter if which.shorter is not None else None,
        _OF_PERSON.get(which.person),
    ]
    return [one for one in given if one is not None]


def numbers_of_ours(session: Session) -> list[str]:
    """The numbers of ours that were dialled, as far as they are counted."""
    return [one for one in session.scalars(select(CallDay.number).distinct().order_by(CallDay.number)) if one]
