"""A third person in a room, who interprets: rung while the guest waits, first alone with our own person (consult), then
together (bridge). Used by callbacks and live calls alike; `subject_id` of these legs is the room's id."""

from sqlalchemy.orm import Session

from helpline.db import transaction
from helpline.phone import PhoneNumber
from helpline.telephony import causes, legs, rooms
from helpline.telephony.models import Leg, LegState, Purpose, Room
from helpline.telephony.scripts import End, Join, Key, Says

TAKE = "take"


def add(session: Session, room_name: str, number: PhoneNumber, *, language: str, who: str) -> Leg | None:
    """Put the guest on hold and ring an interpreter. None: there is no guest in the room, or one is rung already."""
    room = rooms.seen(session, room_name)
    if room is None or legs.alive(session, Purpose.INTERPRETER, [room.id]):
        return None
    if not rooms.hold(session, room_name):
        return None
    return legs.place(
        session, Purpose.INTERPRETER, room.id, number, language=language, room=room_name, who=who
    )


def newest(session: Session, room_name: str) -> Leg | None:
    """The leg of the interpreter who was rung last for this room, whatever became of it."""
    room = rooms.seen(session, room_name)
    found = legs.of(session, Purpose.INTERPRETER, room.id) if room else []
    return found[-1] if found else None


def bridge(session: Session, room_name: str) -> bool:
    """Let the guest back in, to all who are there; False when they were not on hold."""
    return rooms.back(session, room_name)


def dismiss(session: Session, room_name: str, *, who: str) -> bool:
    """Let the interpreter go, or ring no longer, and the guest back in; False when there was none."""
    room = rooms.named(session, room_name)  # first the room, then legs, as whoever hears of a room does
    alive = legs.alive(session, Purpose.INTERPRETER, [room.id]) if room else []
    for leg in alive:
        legs.stop(session, leg.id, who=who, why="not needed any more")
    rooms.back(session, room_name)
    return bool(alive)


def answered(session: Session, leg: Leg) -> Says:
    """The same words as any of us hears: a voicemail learns nothing from them, and presses no key."""
    return Says(leg.language, ("take_call", "take_call"), Key(TAKE), slow=True)


def pressed(session: Session, leg: Leg, stage: str, key: str) -> Says:
    """1 leads into the room, if it is still there; anything else ends the call."""
    legs.press(session, leg, key)
    room = rooms.seen(session, leg.room or "")
    if leg.key != causes.YES or leg.state == LegState.ENDED:
        return Says(leg.language)
    if room is None or room.ended_at:
        return Says(leg.language, ("take_gone",))
    return Says(leg.language, (), Join(room.name, ends=False))


def left(session: Session, leg: Leg) -> Says:
    """The others have ended their talk."""
    return Says(leg.language, ("take_gone",), End())


def leg_changed(leg_id: int) -> None:
    """An interpreter who did not come, or has left, keeps nobody on hold."""
    with transaction() as session:
        leg = legs.by_id(session, leg_id)
        if leg is None or leg.state != LegState.ENDED:
            return
        room = session.get(Room, leg.subject_id)
        if room is not None and not legs.alive(session, Purpose.INTERPRETER, [room.id]):
            rooms.back(session, room.name)
