"""An interpreter as the third in a live call: rung, let in, let go, by the person who took it. Knows no words and no page."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.live.models import Hold, HoldState
from helpline.live.sheets import NotTalking
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber
from helpline.telephony import interpreting, rooms

__all__ = ["NotTalking", "Third", "add", "bridge", "dismiss", "of_call"]


@dataclass(frozen=True)
class Third:
    """How far an interpreter has got: the state of the newest one's leg (None: nobody was rung); `held`: the caller
    waits outside meanwhile."""

    state: str | None
    held: bool

    @property
    def there(self) -> bool:
        """Whether somebody is rung, or in the talk."""
        return self.state not in (None, "ended")


def of_call(session: Session, hold_id: int, who: Who) -> Third:
    """How it stands in the call of this person."""
    name = _room(session, hold_id, who)
    room = rooms.seen(session, name) if name else None
    leg = interpreting.newest(session, name) if name else None
    held = room is not None and not room.ended_at and (room.guest_held or room.guest_wanted == "held")
    return Third(leg.state if leg else None, held)


def add(
    session: Session,
    hold_id: int,
    number: PhoneNumber,
    *,
    language: str,
    who: Who,
    interpreter_id: int | None = None,
) -> int:
    """Ring an interpreter, who hears `take_call` in `language`; the caller waits meanwhile. The leg's id.

    First the two of us speak alone; `bridge` lets the caller in. A second click gives the same leg. `interpreter_id`:
    who it is in the directory, for the audit; None where the number was given by hand. Raises `NotTalking`.
    """
    name = _room(session, hold_id, who)
    new = interpreting.add(session, name, number, language=language, who=who.in_audit) if name else None
    leg = new or (interpreting.newest(session, name) if name else None)
    if leg is None:
        raise NotTalking(f"hold {hold_id}: the two are not in one room")
    if new is not None:
        about = {"language": language, "interpreter": interpreter_id}
        audit.record(session, who.in_audit, "called_interpreter", f"hold {hold_id}", **about)
    return leg.id


def bridge(session: Session, hold_id: int, who: Who) -> bool:
    """Let the caller back in, with the interpreter or without; False when nobody was on hold. Raises `NotTalking`."""
    done = interpreting.bridge(session, _own_room(session, hold_id, who))
    if done:
        audit.record(session, who.in_audit, "let_caller_in", f"hold {hold_id}")
    return done


def dismiss(session: Session, hold_id: int, who: Who) -> bool:
    """Let the interpreter go, or stop ringing; the caller comes back. False when there was none. Raises `NotTalking`."""
    done = interpreting.dismiss(session, _own_room(session, hold_id, who), who=who.in_audit)
    if done:
        audit.record(session, who.in_audit, "dismissed_interpreter", f"hold {hold_id}")
    return done


def _own_room(session: Session, hold_id: int, who: Who) -> str:
    name = _room(session, hold_id, who)
    if name is None:
        raise NotTalking(f"hold {hold_id}: not a talk of person {who.id}")
    return name


def _room(session: Session, hold_id: int, who: Who) -> str | None:
    """The room in which this person talks with the caller; None once they do not, or when it is somebody else's call."""
    mine = select(Hold.room).where(
        Hold.id == hold_id, Hold.person_id == who.id, Hold.state == HoldState.TALKING
    )
    return session.scalars(mine).one_or_none()
