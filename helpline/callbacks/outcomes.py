"""What becomes of a callback: after a try that failed, and after what the person who rang says. Rings nobody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from helpline import clock, hours, line
from helpline.callbacks import barring, claims, notes, queue, tries, windows
from helpline.callbacks.models import Attempt, Callback, CallbackState, Plan
from helpline.callbacks.tries import DELAYS, Settled
from helpline.callbacks.values import Cause, Finished, Occupied, Outcome
from helpline.db import table
from helpline.db.states import move
from helpline.faults import raise_if_any
from helpline.languages import CODES
from helpline.people import audit
from helpline.people.accounts import Who

FURTHEST = timedelta(days=90)
"""Whom we ring again on an agreed day is rung within so many days."""

_TRIED = (Outcome.NO_ANSWER, Outcome.WRONG_MOMENT, Outcome.WRONG_PERSON)
_WITHOUT_A_DAY = (Outcome.STOP_CALLING, Outcome.REQUEST_MADE)


def finish(
    session: Session,
    callback_id: int,
    who: Who,
    claim_no: int,
    outcome: Outcome | str,
    *,
    language: str | None = None,
    note: str | None = None,
    follow_up: date | None = None,
) -> Finished:
    """Say how it went. `language`: whom it is handed over to (`other_language`); `follow_up`: the day to ring again.

    Raises `Stale`, `Occupied` while the telephones still ring, and then nothing has changed; `Faults` for an unknown
    outcome, a request that is not there, a missing or unknown language, or a day on which nobody can be rung.
    """
    callback, plan = claims.locked(session, callback_id)
    claims.check(callback, who, claim_no)
    if callback.state == CallbackState.RINGING and claims.under_way(session, callback):
        raise Occupied(
            callback.id, who.id
        )  # the person may yet pick up: then they talk, and nobody would hold it
    at = _judge(session, callback, outcome, language, note, follow_up)
    outcome = Outcome(outcome)
    if note is not None and note.strip():
        notes.add_note(session, callback_id, who, note)
    if outcome in _TRIED:
        # Who spoke with somebody says more than a key: a wrong moment comes from the one who asked.
        proved = plan.number_proved or outcome is not Outcome.WRONG_PERSON
        return after_try(session, callback, plan, outcome, who=who.in_audit, proved=proved, agreed=at)
    if outcome is Outcome.STOP_CALLING:
        return stop_plan(session, callback, plan, who=who.in_audit, why="asked not to be called")
    if outcome is Outcome.OTHER_LANGUAGE:
        why = f"handed over from {callback.language} to {language}"
        callback.language = language or callback.language
        return _wait(session, callback, at or clock.now(), who=who.in_audit, why=why, day=follow_up)
    queue.close(session, callback, CallbackState.DONE, who=who.in_audit, why=str(outcome))
    if follow_up is None or at is None:
        return Finished(callback.state)
    new = queue.again(session, callback, on=follow_up, at=at)
    return Finished(callback.state, at, new.id)


def after_try(
    session: Session,
    callback: Callback,
    plan: Plan,
    cause: Cause | Outcome,
    *,
    who: str,
    proved: bool,
    agreed: datetime | None = None,
) -> Finished:
    """Count what the caller's side cost, and let a locked callback wait, or close it.

    `proved`: whether the number is known to be the one of somebody who asked; `agreed`: when to ring, if that was
    said. The other callbacks of this number wait too: one telephone is not rung three times in a row.
    """
    now, calendar = clock.now(), line.current().calendar
    # Who says in the talk that it is not the moment was reached: no try failed.
    callback.attempts += cause in DELAYS and cause is not Outcome.WRONG_MOMENT
    before = _tries(session, callback)
    settled = tries.settle(
        cause,
        callback.attempts,
        proved=proved,
        # A wrong moment that the right person told us of stops nothing.
        wrong_moments=before.wrong_moments if isinstance(cause, Cause) else 0,
        failures=before.failures,
    )
    if settled is Settled.BARRED:
        return stop_plan(session, callback, plan, who=who, why=f"{cause}, and the number was only keyed")
    if settled is not Settled.AGAIN:
        end, why = CallbackState(settled), f"{cause}, try {callback.attempts}"
        queue.close(session, callback, end, who=who, why=why)
        return Finished(callback.state)
    place = (callback.window, callback.language, calendar, now)
    again = tries.next_try(
        cause, callback.attempts, now, *place, first_at=before.first_at, failures=before.failures or 1
    )
    if cause in DELAYS:
        _spare_the_telephone(session, callback, now + DELAYS[cause])
    at = agreed or again or now + DELAYS.get(cause, timedelta(hours=1))
    day = hours.today(at) if cause in DELAYS else None
    return _wait(session, callback, at, who=who, why=str(cause), day=day)


def stop_plan(session: Session, callback: Callback, plan: Plan, *, who: str, why: str) -> Finished:
    """Ring this telephone no more (`barring.stop_telephone`), with a line of the audit."""
    barring.stop_telephone(session, plan, who=who, why=why)
    audit.record(session, who, "barred", f"callback {callback.id}", why=why)
    session.flush()
    return Finished(callback.state)


def _judge(
    session: Session,
    callback: Callback,
    outcome: str,
    language: str | None,
    note: str | None,
    follow_up: date | None,
) -> datetime | None:
    """When to ring on the day that was agreed, None without one. Raises `Faults` with all that is wrong."""
    faults = list(notes.faults_of(note)) if note and note.strip() else []
    if outcome not in tuple(Outcome):
        faults.append(f"outcome: {outcome}: must be one of {', '.join(Outcome)}")
    if outcome == Outcome.REQUEST_MADE and not _has_request(session, callback):
        faults.append(f"outcome: {outcome}: there is no request of it")
    spoken = callback.language
    if outcome == Outcome.OTHER_LANGUAGE:
        if language not in CODES or language == callback.language:
            faults.append(f"language: {language}: must be another one of {', '.join(CODES)}")
        else:
            spoken = language
    elif language is not None:
        faults.append(f"language: only with the outcome {Outcome.OTHER_LANGUAGE}")
    at = None
    if follow_up is not None:
        at, reason = _day(callback, spoken, follow_up)
        if outcome in _WITHOUT_A_DAY:
            reason = f"not with the outcome {outcome}"
        faults += [f"follow_up: {follow_up}: {reason}"] if reason else []
    raise_if_any(faults)
    return at


def _has_request(session: Session, callback: Callback) -> bool:
    requests = table("requests")  # another room's, read here by name
    return bool(session.scalar(select(exists().where(requests.c.ask_id == callback.ask_id))))


def _day(callback: Callback, language: str, day: date) -> tuple[datetime | None, str | None]:
    """The first moment of a day at which this person may be rung, or why there is none."""
    now = clock.now()
    if not hours.today(now) <= day <= hours.today(now + FURTHEST):
        return None, f"must be from today to {FURTHEST.days} days ahead"
    calendar = line.current().calendar
    at = windows.first_moment(calendar, language, callback.window, day, now)
    if at is None or hours.today(at) != day:
        return None, "nobody is rung on this day in this window and language"
    return at, None


def _wait(
    session: Session, callback: Callback, at: datetime, *, who: str, why: str, day: date | None
) -> Finished:
    """Back among those who wait, from a moment on and, where given, by a day; since when it waits does not change."""
    queue.let_go(callback)
    callback.next_at = at
    callback.due_on = day or callback.due_on
    move(session, callback, CallbackState.WAITING, who=who, why=why)
    session.flush()
    return Finished(callback.state, at)


def _spare_the_telephone(session: Session, callback: Callback, until: datetime) -> None:
    others = select(Callback).where(
        Callback.plan_id == callback.plan_id,
        Callback.state == CallbackState.WAITING,
        Callback.id != callback.id,
    )
    for other in session.scalars(others.order_by(Callback.id).with_for_update()).all():
        other.next_at = max(other.next_at, until)


class _Tries:
    """What the attempts of a callback amount to."""

    def __init__(self, rows: Sequence[tuple[str | None, int, datetime]]) -> None:
        counted = {cause: count for cause, count, _ in rows}
        self.wrong_moments = counted.get(Cause.WRONG_MOMENT, 0)
        self.failures = counted.get(Cause.NETWORK, 0)
        cost = [at for cause, _, at in rows if cause in DELAYS or cause == Cause.CONNECTED]
        self.first_at = min(cost, default=None)


def _tries(session: Session, callback: Callback) -> _Tries:
    wanted = (
        select(Attempt.cause, func.count(), func.min(Attempt.began_at))
        .where(Attempt.callback_id == callback.id, Attempt.ended_at.is_not(None))
        .group_by(Attempt.cause)
    )
    return _Tries([(cause, count, at) for cause, count, at in session.execute(wanted)])
