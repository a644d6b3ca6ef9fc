"""Finds an ask by number and code, and counts wrong pairs. An unknown number and a wrong code are one and the same."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.callbacks.models import Plan
from helpline.callbacks.queue import hash_of
from helpline.calls.models import Call
from helpline.db import keyed_hash
from helpline.intake import codes, kept
from helpline.intake.models import Ask, CodeTry
from helpline.phone import PhoneNumber
from helpline.routing.network_models import Signal


@dataclass(frozen=True)
class Found:
    """The ask that this number and code belong to; it may be closed."""

    ask: Ask


@dataclass(frozen=True)
class Kept:
    """A signal for which nobody can be called yet: it sounds as one that made a call (`intake.kept`)."""

    signal: Signal


@dataclass(frozen=True)
class Wrong:
    """No such pair of number and code: try again."""


@dataclass(frozen=True)
class Blocked:
    """Too many wrong pairs, in this call or for this number: only a person can help."""


def find(
    session: Session, number: PhoneNumber | None, code: str, call_sid: str, *, own: bool = False
) -> Found | Kept | Wrong | Blocked:
    """The ask of this number with this code.

    `number` None: what was keyed is no number at all; it takes the same way, counted by call. The wrong pair that
    uses up the limit is `Blocked` at once. `own`: the call comes from this very number; its tries are counted apart
    from those of others, who could otherwise lock somebody out of their own telephone. The count must be kept: commit also when the answer is `Wrong`.
    """
    wanted = hash_of(number) if number else keyed_hash("number", f"none {call_sid}")
    counted = keyed_hash("own number", number.e164) if number and own else wanted
    # Tries of one number wait for each other, or many at once would each see a free try.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(counted, 1))))
    before = _tries(session, counted, call_sid)
    known = select(Ask.id, Ask.code).join(Plan, Plan.id == Ask.plan_id).where(Plan.number_hash == wanted)
    candidates = [(row.id, row.code) for row in session.execute(known) if row.code]
    # What was kept stands behind zero: one and the same comparison for both.
    candidates += [(-id, code) for id, code in kept.of_number(session, wanted)]
    right = codes.matching(code, candidates)
    if before.used_up:
        return Blocked()
    if right is not None and right < 0:
        return Kept(kept.by_id(session, -right))
    ask = session.get(Ask, right) if right is not None else None
    if ask is not None:
        return Found(ask)
    now = clock.now()
    day = now.astimezone(clock.ROME).date()
    session.add(CodeTry(at=now, rome_day=day, call_sid=call_sid, number_hash=counted))
    session.flush()
    return Blocked() if _tries(session, counted, call_sid).used_up else Wrong()


def _tries(session: Session, number_hash: str, call_sid: str) -> codes.Tries:
    of_number = CodeTry.number_hash == number_hash
    in_call = CodeTry.call_sid == call_sid
    today = CodeTry.rome_day == clock.in_rome().date()
    caller = select(Call.from_hash).where(Call.sid == call_sid).scalar_subquery()
    by_caller = CodeTry.call_sid.in_(select(Call.sid).where(Call.from_hash == caller)) & today
    counts = select(
        func.count(case((in_call, 1))),
        func.count(case((of_number & today, 1))),
        func.count(case((of_number, 1))),
        func.count(case((by_caller, 1))),
    ).where(of_number | in_call | by_caller)
    return codes.Tries(*session.execute(counts).one())
