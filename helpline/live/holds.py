"""Callers on hold: who joins the line, where they stand, how they leave it. Rings nobody; the menu says the words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpline import clock, db, line
from helpline.db.states import begin, move
from helpline.live import plan, presence
from helpline.live.engaged import WITH_SOMEBODY
from helpline.live.models import Hold, HoldState
from helpline.people import audit
from helpline.telephony import interpreting, legs, rooms

LIVE = (HoldState.WAITING, *WITH_SOMEBODY)
TALKED = (HoldState.TALKING, HoldState.DONE)
CALLER = "caller"


@dataclass(frozen=True)
class Place:
    """Where somebody stands in the line of a language: from one, and about how long it will take."""

    place: int
    wait: plan.Wait
    free: bool


@dataclass(frozen=True)
class Look:
    """What a round of the hold begins with. `taken`: somebody took the call, and the line will change by itself."""

    tell: plan.Tell
    place: Place | None = None
    taken: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Left:
    """The call stands in line no more; it waited `since` then (None: it did not). `taken`: somebody is there already."""

    since: datetime | None
    taken: bool = False


def join(
    session: Session, call_sid: str, language: str, *, minor: bool = False, since: datetime | None = None
) -> Place:
    """Put a call into the line of its language, at the end unless it waits `since` longer; telephones ring soon.

    A call that stands in line already keeps its place: repeated webhooks make one hold.
    """
    hold = _of_call(session, call_sid, lock=True)
    now = clock.now()
    if hold is None:
        hold = Hold(call_sid=call_sid, language=language, minor=minor, queued_since=min(since or now, now))
        session.add(hold)
        begin(session, hold, who=CALLER, why="wants a person")
    hold.seen_at = hold.told_at = now
    session.flush()
    db.ring(session, "match_holds")
    return _place(session, hold, presence.mediators(session))


def look(session: Session, call_sid: str, *, asked: bool = False) -> Look:
    """Look around for a caller who waits: what there is to be told. `asked`: a key was pressed.

    With nobody there any more, or after the longest hold, the hold has ended.
    """
    # Not locked, and nothing written before it is decided: whoever ends a hold locks the leg first.
    hold = _of_call(session, call_sid)
    if hold is None:
        return Look(plan.Tell.NOBODY)
    if hold.state != HoldState.WAITING:
        rooms.fetch(session, hold.room or "", call_sid)  # still here, so the first fetching failed
        return Look(plan.Tell.NOTHING, taken=True)
    now, there = clock.now(), presence.mediators(session)
    tell = plan.tell(
        now,
        since=hold.joined_at,
        told_at=hold.told_at,
        offer_due=hold.offer_due,
        asked=asked,
        stands=plan.standing(hold.language, there),
        being_rung=hold.rung_person_id is not None,
        longest=timedelta(minutes=line.current().limits.hold_minutes),
    )
    if tell is plan.Tell.NOBODY:
        left = leave(session, call_sid, HoldState.NOBODY, why="nobody can answer")
        return Look(tell if not left.taken else plan.Tell.NOTHING, taken=left.taken, since=left.since)
    hold.seen_at = now
    if tell is plan.Tell.NOTHING:
        return Look(tell)
    hold.told_at, hold.offer_due = now, False
    return Look(tell, _place(session, hold, there))


def leave(session: Session, call_sid: str, to: HoldState, *, why: str) -> Left:
    """Take a call out of the line: its place is `kept`, the caller `left`, or there is `nobody`.

    A telephone that rings for it is cancelled. Nothing changes for a call that somebody has taken.
    """
    found = session.scalars(select(Hold.id).where(Hold.call_sid == call_sid, Hold.state.in_(LIVE)))
    hold_id = found.one_or_none()
    hold = locked_with_leg(session, hold_id) if hold_id is not None else None
    if hold is None or hold.state not in LIVE:
        return Left(None)
    if hold.state != HoldState.WAITING:
        return Left(hold.queued_since, taken=True)
    end(session, hold, to, who=CALLER, why=why)
    if hold.rung_person_id is not None and hold.leg_id is not None:
        legs.stop(session, hold.leg_id, why="nobody waits any more")
    return Left(hold.queued_since)


def joined(session: Session, room: str) -> None:
    """The caller has come into this room: the two talk from now on. Safe to call for any room, and again."""
    wanted = select(Hold).where(Hold.room == room, Hold.state == HoldState.TAKEN).with_for_update()
    hold = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if hold is not None:
        moved = {"from": hold.state, "into": HoldState.TALKING}
        move(session, hold, HoldState.TALKING, who=CALLER, why="came into the room")
        audit.record(session, CALLER, "moved", f"hold {hold.id}", **moved)


def call_ended(session: Session, call_sid: str) -> None:
    """The caller's call is over: who waited has left, who talked has talked. Safe to call again."""
    left = leave(session, call_sid, HoldState.LEFT, why="hung up")
    hold = _of_call(session, call_sid) if left.taken else None
    if hold is not None:
        talked = hold.state == HoldState.TALKING
        end(session, hold, HoldState.DONE if talked else HoldState.LEFT, who=CALLER, why="the call is over")
        if hold.leg_id is not None:
            legs.farewell(session, hold.leg_id)
        if talked:
            interpreting.dismiss(session, hold.room or "", who=CALLER)


def talked(session: Session, call_sid: str) -> bool:
    """Whether this call was one in which a person answered."""
    return bool(session.scalar(select(exists().where(Hold.call_sid == call_sid, Hold.state.in_(TALKED)))))


def waiting(session: Session) -> list[plan.Holding]:
    """Everybody in line, as `plan` knows them."""
    return [
        plan.Holding(
            hold.id,
            hold.language,
            hold.queued_since,
            minor=hold.minor,
            being_rung=hold.rung_person_id is not None,
            tried={int(person): datetime.fromisoformat(at) for person, at in hold.tried.items()},
        )
        for hold in session.scalars(select(Hold).where(Hold.state == HoldState.WAITING))
    ]


def locked_with_leg(session: Session, hold_id: int) -> Hold | None:
    """The hold, locked until the transaction ends, with its newest leg locked before it, as whoever hears of legs does."""
    while True:
        leg_id = session.scalar(select(Hold.leg_id).where(Hold.id == hold_id))
        if leg_id is not None:
            legs.locked(session, leg_id)
        hold = locked(session, hold_id)
        if hold is None or hold.leg_id == leg_id:
            return hold


def locked(session: Session, hold_id: int) -> Hold | None:
    """The hold, locked until the transaction ends."""
    wanted = select(Hold).where(Hold.id == hold_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def sweep_gone() -> int:
    """End the holds of callers of whom nothing was heard for so long that they are not there any more; how many."""
    late = clock.now() - plan.GONE_AFTER
    with db.transaction() as session:
        gone = select(Hold.call_sid).where(Hold.state == HoldState.WAITING, Hold.seen_at < late)
        sids = list(session.scalars(gone))
    for sid in sids:
        with db.transaction() as session:
            leave(session, sid, HoldState.LEFT, why="was not heard of any more")
    return len(sids)


def _of_call(session: Session, call_sid: str, *, lock: bool = False) -> Hold | None:
    wanted = select(Hold).where(Hold.call_sid == call_sid, Hold.state.in_(LIVE))
    wanted = wanted.with_for_update() if lock else wanted
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def end(session: Session, hold: Hold, to: HoldState, *, who: str, why: str) -> None:
    """End a locked hold; what was only known for ringing is forgotten."""
    move(session, hold, to, who=who, why=why)
    hold.ended_at, hold.tried = clock.now(), {}
    session.flush()


def _place(session: Session, hold: Hold, there: list[plan.Mediator]) -> Place:
    at = plan.place(hold.id, waiting(session))
    free = plan.standing(hold.language, there) is plan.Standing.FREE
    return Place(at, plan.rough_wait(at, hold.language, there), free)
