"""What must be true when all operators have gone home, read from the tables, from the carrier and from what they saw.

Each breach is a sentence; an empty list is what we want.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.callbacks.models import ENGAGED, Attempt, Callback, CallbackState
from helpline.callbacks.tries import DELAYS, TRIES
from helpline.db.states import Moved
from helpline.people import audit
from helpline.telephony.models import Leg, LegState, Purpose

AMONG_TRIED = ("no_answer", "wrong_person")
"""Outcomes that a person says and that cost a try."""


def breaches(
    ids: Sequence[int], calls: Sequence[dict[str, Any]], days: Sequence[dict[str, Any]]
) -> list[str]:
    """All that went wrong. `calls`: as the carrier saw them; `days`: what each operator did and was told."""
    with db.transaction() as session:
        return [
            *(f"operator {day['person_id']}: {error}" for day in days for error in day["errors"]),
            *_claimed_twice(days),
            *_two_in_one_hand(session),
            *_dialled_once(session, calls),
            *_rung_by_two(session, calls),
            *_nothing_forgotten(session, ids),
            *_counts_add_up(session, ids, days),
            *(f"audit: {fault}" for fault in audit.check(session)),
        ]


def each_once(ids: Sequence[int], calls: Sequence[dict[str, Any]]) -> list[str]:
    """Where everybody picks up and talks: each caller was dialled exactly once, and everything is done."""
    with db.transaction() as session:
        legs_of = select(Leg.id, Attempt.callback_id).join(Attempt, Attempt.id == Leg.subject_id)
        caller_legs = session.execute(legs_of.where(Leg.purpose == Purpose.CALLBACK_CALLER)).all()
        states = dict(session.execute(select(Callback.id, Callback.state)).all())
    callback_of = dict(caller_legs)
    dialled = Counter(callback_of[call["leg_id"]] for call in calls if call["leg_id"] in callback_of)
    telephones = Counter(call["to"] for call in calls if call["leg_id"] in callback_of)
    return [
        *(f"callback {one}: its caller was dialled {dialled[one]} times" for one in ids if dialled[one] != 1),
        *(f"a telephone of a caller was dialled {count} times" for count in telephones.values() if count > 1),
        *(f"callback {one} is {states.get(one)}" for one in ids if states.get(one) != CallbackState.DONE),
    ]


def _claimed_twice(days: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Nobody was given a claim that somebody else was given too."""
    given: dict[tuple[int, int], set[int]] = defaultdict(set)
    for day in days:
        for callback_id, claim_no in day["claims"]:
            given[callback_id, claim_no].add(day["person_id"])
    for (callback_id, claim_no), people in given.items():
        if len(people) > 1:
            yield f"callback {callback_id}: claim {claim_no} was given to {len(people)} people"


def _two_in_one_hand(session: Session) -> Iterator[str]:
    """Nobody ever held two callbacks, and no two people one: read from the line that every change has left."""
    wanted = select(Moved).where(Moved.kind == Callback.KIND).order_by(Moved.subject_id, Moved.id)
    held: dict[str, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    holder: str | None = None
    since, last = clock.now(), None
    for line in session.scalars(wanted):
        if line.subject_id != last:
            holder, last = None, line.subject_id
        taken = (
            line.to_state in ENGAGED
            and line.who.startswith("person")
            and line.from_state in ("waiting", line.to_state)
        )
        if holder and (taken or line.to_state not in ENGAGED):
            held[holder].append((since, line.at, line.subject_id))
            holder = None
        if taken:
            holder, since = line.who, line.at
    for person, times in held.items():
        times.sort()
        for (_, until, one), (begins, _, other) in pairwise(times):
            if begins < until:
                yield f"{person} held callbacks {one} and {other} at once"


def _dialled_once(session: Session, calls: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Every leg that was asked for is one call at the carrier, and every call there is a leg's own."""
    per_leg = Counter(call["leg_id"] for call in calls)
    sids = {call["sid"]: call["leg_id"] for call in calls}
    known = {leg.id: leg for leg in session.scalars(select(Leg))}
    for leg_id, count in per_leg.items():
        leg = known.get(leg_id)
        what = f"{leg.purpose} of attempt {leg.subject_id}" if leg else f"leg {leg_id}"
        if count > 1:
            yield f"{what}: dialled {count} times"
    for leg in known.values():
        if leg.sid and sids.get(leg.sid) != leg.id:
            yield f"leg {leg.id} took a call for its own that is another's"
        if leg.sid is None and leg.id in per_leg:
            yield f"leg {leg.id} was dialled and does not know it"
        if leg.state != LegState.ENDED or not leg.settled:
            yield f"leg {leg.id} is {leg.state}" + ("" if leg.settled else ", and nobody was told")
    for call in calls:
        if call["ended"] is None:
            yield f"a call of leg {call['leg_id']} goes on for ever ({call['status']})"
        yield from (f"leg {call['leg_id']}: {trouble}" for trouble in call["troubles"])


def _rung_by_two(session: Session, calls: Sequence[dict[str, Any]]) -> Iterator[str]:
    """No telephone was called while we were calling it already, and each attempt called its caller once at most."""
    per_number: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for call in calls:
        per_number[call["to"]].append(call)
    for of_one in per_number.values():
        of_one.sort(key=lambda call: call["began"])
        for before, after in pairwise(of_one):
            if before["ended"] is None or after["began"] < before["ended"]:
                yield f"legs {before['leg_id']} and {after['leg_id']} rang one telephone at once"
    callers = select(Leg.subject_id).where(Leg.purpose == Purpose.CALLBACK_CALLER)
    yield from (
        f"attempt {one}: {count} legs to the caller"
        for one, count in Counter(session.scalars(callers)).items()
        if count > 1
    )


def _nothing_forgotten(session: Session, ids: Sequence[int]) -> Iterator[str]:
    """Each is closed for a reason, or waits for a reason until a moment that is still to come."""
    now = clock.now()
    reasons = dict(
        session.execute(
            select(Moved.subject_id, Moved.why).where(Moved.kind == Callback.KIND).order_by(Moved.id)
        ).all()
    )
    found = {one.id: one for one in session.scalars(select(Callback))}
    tried = set(session.scalars(select(Callback.plan_id).join(Attempt, Attempt.callback_id == Callback.id)))
    if missing := set(ids) - set(found):
        yield f"{len(missing)} callbacks are gone"
    for one in found.values():
        if one.state in ENGAGED or one.holder_id is not None:
            yield f"callback {one.id} is still {one.state}, held by person {one.holder_id}"
        elif one.state == CallbackState.WAITING and one.next_at <= now:
            yield f"callback {one.id} is due and was left ({reasons.get(one.id)})"
        elif (
            not reasons.get(one.id) and one.plan_id not in tried
        ):  # a telephone is not rung for one ask after the other
            yield f"callback {one.id} is {one.state}, and nobody knows why"
        elif one.state == CallbackState.UNREACHABLE and one.attempts < TRIES:
            yield f"callback {one.id} was given up after {one.attempts} tries ({reasons[one.id]})"
    open_ones = session.scalars(select(Attempt.id).where(Attempt.ended_at.is_(None)))
    yield from (f"attempt {one} never ended" for one in open_ones)


def _counts_add_up(session: Session, ids: Sequence[int], days: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What a callback cost is what its attempts and its outcomes say; every talk has one outcome; claims were counted."""
    said: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for day in days:
        for callback_id, outcome in day["finished"]:
            ended[callback_id] += 1
            said[callback_id] += outcome in AMONG_TRIED
    talks: Counter[int] = Counter()
    for callback_id, cause in session.execute(select(Attempt.callback_id, Attempt.cause)):
        said[callback_id] += cause in DELAYS
        talks[callback_id] += cause == "connected"
    claims: Counter[int] = Counter()
    taken = (Moved.kind == Callback.KIND, Moved.who.startswith("person"), Moved.to_state == "claimed")
    for line in session.scalars(select(Moved).where(*taken, Moved.from_state.in_(("waiting", "claimed")))):
        claims[line.subject_id] += 1
    talking = (Moved.kind == Callback.KIND, Moved.from_state == "talking", Moved.to_state == "talking")
    for line in session.scalars(select(Moved).where(*talking)):
        claims[line.subject_id] += 1
    for one in session.scalars(select(Callback).where(Callback.id.in_(ids))):
        if one.attempts != said[one.id]:
            yield f"callback {one.id} counts {one.attempts} tries, and {said[one.id]} were made"
        if talks[one.id] != ended[one.id]:
            yield f"callback {one.id}: {talks[one.id]} talks, {ended[one.id]} outcomes"
        if one.claim_no != claims[one.id]:
            yield f"callback {one.id}: claim number {one.claim_no} after {claims[one.id]} claims"


def figures(calls: Sequence[dict[str, Any]], days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What happened, in numbers: for whoever reads a run."""
    with db.transaction() as session:
        states = Counter(session.scalars(select(Callback.state)))
        causes = Counter(session.scalars(select(Attempt.cause)))
        asked = Counter(session.scalars(select(Leg.purpose).where(Leg.sid.is_not(None))))
    return {
        "states": dict(states),
        "attempts": dict(causes),
        "legs": dict(asked),
        "calls at the carrier": len(calls),
        "claims": sum(len(day["claims"]) for day in days),
        "processes": len({day["process"] for day in days}),
        "came late": sum(day["came_late"] for day in days),
    }
