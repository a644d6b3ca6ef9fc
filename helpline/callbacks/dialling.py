"""Rings the operator, then the person who asked, and leads both into one room. Knows no words and no carrier; what an
attempt came to, `reached` says, and the desk keeps."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks import desk, elsewhere, holding, reached
from helpline.callbacks.models import Attempt, Callback, CallbackState
from helpline.callbacks.recognising import NotTalking, code_given, may_discuss, recognised_without_code
from helpline.db import transaction
from helpline.people import accounts, audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.telephony import interpreting, legs, opening, rooms
from helpline.telephony.models import Leg, LegState, Purpose
from helpline.telephony.scripts import Says

__all__ = [
    "Dialled", "NoTelephone", "NotTalking", "Progress", "add_interpreter", "answered", "bridge", "call", "code_given",
    "dismiss_interpreter", "left", "leg_changed", "may_discuss", "pressed", "progress", "recognised_without_code",
    "stop",
]  # fmt: skip


class NoTelephone(Exception):
    """The operator's account has no telephone number, so nothing can be rung."""


@dataclass(frozen=True)
class Dialled:
    """A call under way: the attempt, and the leg that rings the operator."""

    attempt_id: int
    leg_id: int


@dataclass(frozen=True)
class Progress:
    """How far an attempt has got: `operator` and `caller` are states of their legs (None: not meant yet), with their
    causes once ended; `interpreter` the newest one's; `talking`: both are in the room; `held`: the caller waits there.
    """

    attempt_id: int
    operator: str
    operator_cause: str | None
    caller: str | None
    caller_cause: str | None
    interpreter: str | None
    interpreter_leg_id: int | None
    talking: bool
    held: bool


def call(session: Session, callback_id: int, who: Who, claim_no: int) -> Dialled:
    """Ring the operator's own telephone for this callback. A second click gives the same call, and rings nobody.

    Raises `NoTelephone`, and what `desk.attempt_began` raises: `desk.Stale` when the claim is somebody else's by now,
    `desk.NotNow` when the caller may not be rung at this moment (`desk.Engaged`: one's own telephone is in a live call).
    """
    own = accounts.phone_to_ring(session, who.id)
    if own is None:
        raise NoTelephone(f"person {who.id} has no telephone number")
    if elsewhere.in_live_call(session, who.id):
        raise desk.Engaged(callback_id)
    attempt_id = desk.attempt_began(session, callback_id, claim_no, by=who.id)
    for known in legs.of(session, Purpose.CALLBACK_OPERATOR, attempt_id):
        return Dialled(attempt_id, known.id)
    language = session.scalars(select(Callback.language).where(Callback.id == callback_id)).one()
    leg = legs.place(
        session,
        Purpose.CALLBACK_OPERATOR,
        attempt_id,
        own,
        language=language,
        room=rooms.open_room(session, language).name,
        ring_seconds=opening.RING_OURS,
        who=who.in_audit,
    )
    return Dialled(attempt_id, leg.id)


def progress(session: Session, callback_id: int) -> Progress | None:
    """How far the newest attempt of this callback has got; None when nothing was ever dialled."""
    newest = select(Attempt.id).where(Attempt.callback_id == callback_id).order_by(Attempt.id.desc()).limit(1)
    attempt_id = session.scalars(newest).one_or_none()
    operator, caller = _legs(session, attempt_id) if attempt_id else (None, None)
    if attempt_id is None or operator is None:
        return None
    room = rooms.seen(session, operator.room or "")
    third = interpreting.newest(session, operator.room or "")
    alive = all(leg is not None and leg.state == LegState.ANSWERED for leg in (operator, caller))
    return Progress(
        attempt_id=attempt_id,
        operator=operator.state,
        operator_cause=operator.cause,
        caller=caller.state if caller else None,
        caller_cause=caller.cause if caller else None,
        interpreter=third.state if third else None,
        interpreter_leg_id=third.id if third else None,
        talking=alive and reached.talked(caller),
        held=room is not None and not room.ended_at and (room.guest_held or room.guest_wanted == "held"),
    )


def stop(session: Session, callback_id: int, who: Who) -> bool:
    """Take the call back while it rings, or end it; False when nothing was under way. The caller loses no attempt.

    The holder's, or a coordinator's: raises `Stale` for everybody else.
    """
    under_way = select(Attempt.id).where(Attempt.callback_id == callback_id, Attempt.ended_at.is_(None))
    if session.scalars(under_way).one_or_none() is None:
        return False
    holding.held(session, callback_id, who, or_coordinator=True)
    attempt_id = session.scalars(under_way).one_or_none()
    found = _legs(session, attempt_id) if attempt_id else ()
    stopped = [legs.stop(session, leg.id, who=who.in_audit, why="taken back") for leg in found if leg]
    if any(stopped):
        audit.record(session, who.in_audit, "stopped_call", f"callback {callback_id}")
    return any(stopped)


def add_interpreter(
    session: Session,
    attempt_id: int,
    number: PhoneNumber,
    *,
    language: str,
    who: Who,
    interpreter_id: int | None = None,
) -> int:
    """Ring an interpreter, who hears `take_call` in `language`; the caller waits meanwhile. The leg's id.

    First operator and interpreter speak alone (consult); `bridge` lets the caller in. Raises `NotTalking` when the
    two are not in their room, `Stale` for anybody but the holder. A second click gives the same leg. `interpreter_id`:
    who it is in the directory, for the audit; None where the number was given by hand.
    """
    callback_id = _held(session, attempt_id, who)
    operator, caller = _legs(session, attempt_id)
    if (
        not operator
        or not caller
        or not reached.talked(caller)
        or LegState.ENDED in (operator.state, caller.state)
    ):
        raise NotTalking(f"attempt {attempt_id}: the two are not in one room")
    new = interpreting.add(session, operator.room or "", number, language=language, who=who.in_audit)
    leg = new or interpreting.newest(session, operator.room or "")
    if leg is None:
        raise NotTalking(f"attempt {attempt_id}: the two are not in one room")
    if new is not None:
        about = {"language": language, "interpreter": interpreter_id}
        audit.record(session, who.in_audit, "called_interpreter", f"callback {callback_id}", **about)
    return leg.id


def bridge(session: Session, attempt_id: int, who: Who) -> bool:
    """Let the caller back in, with the interpreter or without; False when nobody was on hold.

    Raises `Stale` for anybody but the holder, `NotTalking` for an attempt that there is not.
    """
    callback_id, room = _held(session, attempt_id, who), _room(session, attempt_id)
    done = room is not None and interpreting.bridge(session, room)
    if done:
        audit.record(session, who.in_audit, "let_caller_in", f"callback {callback_id}")
    return done


def dismiss_interpreter(session: Session, attempt_id: int, who: Who) -> bool:
    """Let the interpreter go, or stop ringing; the caller comes back. False when there was none.

    Raises `Stale` for anybody but the holder, `NotTalking` for an attempt that there is not.
    """
    callback_id, room = _held(session, attempt_id, who), _room(session, attempt_id)
    done = room is not None and interpreting.dismiss(session, room, who=who.in_audit)
    if done:
        audit.record(session, who.in_audit, "dismissed_interpreter", f"callback {callback_id}")
    return done


def _held(session: Session, attempt_id: int, who: Who) -> int:
    """The callback of an attempt that this person has begun, and still holds."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotTalking(f"no attempt {attempt_id}")
    callback = holding.held(session, attempt.callback_id, who)
    if attempt.claim_no != callback.claim_no:
        raise NotTalking(f"attempt {attempt_id}: of another claim")
    return callback.id


# --- what is said on the legs (telephony.scripts) ---------------------------------------------------------


def answered(session: Session, leg: Leg) -> Says:
    """What is said to who picked up: `take_call` to the operator, the neutral opening to the other, to a machine nothing."""
    return opening.take(leg) if leg.purpose == Purpose.CALLBACK_OPERATOR else opening.answered(leg)


def pressed(session: Session, leg: Leg, stage: str, key: str) -> Says:
    """What follows a key, or none."""
    if leg.state == LegState.ENDED:
        return Says(leg.language)
    if leg.purpose == Purpose.CALLBACK_OPERATOR:
        # Looked at once the key is taken: a second webhook waits for that, and rings nobody again.
        return opening.taken(session, leg, key, rings=lambda: _rings(session, leg))
    return opening.pressed(
        session, leg, stage, key, waits=lambda: opening.is_there(_legs(session, leg.subject_id)[0])
    )


def left(session: Session, leg: Leg) -> Says:
    """The last words to who left the room, or was fetched out of it: none after a talk."""
    _, caller = _legs(session, leg.subject_id)
    return opening.left(leg, caller, ours=leg.purpose == Purpose.CALLBACK_OPERATOR)


def leg_changed(leg_id: int) -> None:
    """The caller took the call, or a leg ended (a job): the attempt ends with a cause, and nobody stays alone."""
    with transaction() as session:
        leg = legs.by_id(session, leg_id)
        operator, caller = _legs(session, leg.subject_id) if leg else (None, None)
    if leg is None or operator is None:
        return
    if reached.talked(caller):
        with transaction() as session:
            desk.attempt_answered(session, leg.subject_id)
    if leg.state == LegState.ENDED:
        _let_the_others_go(leg, operator, caller)
    cause = reached.cause(operator, caller)
    if cause is not None:
        with transaction() as session:
            rooms.close(session, operator.room or "")
        with transaction() as session:
            desk.attempt_ended(session, leg.subject_id, cause)


def _rings(session: Session, operator: Leg) -> bool:
    return _legs(session, operator.subject_id)[1] is not None or _place_caller(session, operator)


def _place_caller(session: Session, operator: Leg) -> bool:
    """Ring the person who asked; False when they took it back meanwhile, or may not be rung at this moment any more."""
    callback = session.scalars(
        select(Callback)
        .join(Attempt, Attempt.callback_id == Callback.id)
        .where(Attempt.id == operator.subject_id)
    ).one()
    number = desk.number_of(session, callback.id)
    if number is None or callback.state != CallbackState.RINGING or not desk.may_ring(session, callback.id):
        return False
    legs.place(
        session,
        Purpose.CALLBACK_CALLER,
        operator.subject_id,
        number,
        language=operator.language,
        room=operator.room,
        ring_seconds=opening.RING_PERSON,
    )
    return True


def _let_the_others_go(leg: Leg, operator: Leg, caller: Leg | None) -> None:
    other = caller if leg.id == operator.id else operator
    with transaction() as session:
        if other is not None:
            legs.farewell(session, other.id)
        interpreting.dismiss(session, operator.room or "", who="dialling")


def _legs(session: Session, attempt_id: int) -> tuple[Leg | None, Leg | None]:
    """The operator's leg of an attempt and the caller's, where there are such."""
    both = (Purpose.CALLBACK_OPERATOR, Purpose.CALLBACK_CALLER)
    wanted = select(Leg).where(Leg.purpose.in_(both), Leg.subject_id == attempt_id)
    found = {leg.purpose: leg for leg in session.scalars(wanted)}
    return found.get(both[0]), found.get(both[1])


def _room(session: Session, attempt_id: int) -> str | None:
    operator, _ = _legs(session, attempt_id)
    return operator.room if operator else None
