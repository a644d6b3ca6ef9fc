"""The rooms (conferences) in which people meet: opened under an opaque name, the guest fetched in, put on hold, let back.
What is wanted of the guest is committed first, then asked of the carrier, and asked again until it is so."""

import logging
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import ring, transaction
from helpline.telephony import carrier
from helpline.telephony.models import Room

log = logging.getLogger(__name__)

BELL = timedelta(seconds=5)
LATEST = timedelta(minutes=2)
"""So long we go on asking; after that the wish is forgotten."""
BATCH = 20
_HELD = {"held": True, "back": False}


def open_room(session: Session, language: str, *, says: str | None = None) -> Room:
    """A new room. `says`: the prompt that a guest hears who is fetched in."""
    room = Room(name=secrets.token_hex(8), language=language, says=says)
    session.add(room)
    session.flush()
    return room


def named(session: Session, name: str) -> Room | None:
    """The room of this name, locked until the transaction ends; None when there is none."""
    wanted = select(Room).where(Room.name == name).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def seen(session: Session, name: str) -> Room | None:
    """The room of this name as it stands, or None."""
    return session.scalars(select(Room).where(Room.name == name)).one_or_none()


def fetch(session: Session, name: str, guest_sid: str) -> bool:
    """Fetch a call that waits elsewhere into the room: it hears what the room `says`, and is in. False: the room is over.

    Done by a job soon after the commit.
    """
    room = named(session, name)
    if room is None or room.ended_at:
        return False
    room.guest_sid = guest_sid
    _want(session, room, "join")
    return True


def entered(session: Session, name: str, guest_sid: str, set_id: int | None = None) -> None:
    """Note whose call is the guest's, and with which set of prompts it began: it comes in by itself."""
    room = named(session, name)
    if room is not None:
        room.guest_sid, room.set_id = guest_sid, set_id


def hold(session: Session, name: str) -> bool:
    """Let the guest wait and hear nothing of the others; False when there is no guest in the room."""
    room = named(session, name)
    if room is None or room.ended_at or room.guest_sid is None or room.guest_wanted == "join":
        return False
    _want(session, room, "held")
    return True


def back(session: Session, name: str) -> bool:
    """Let the guest talk again; False when they were not on hold."""
    room = named(session, name)
    if room is None or room.ended_at or not (room.guest_held or room.guest_wanted == "held"):
        return False
    _want(session, room, "back")
    return True


def heard(session: Session, name: str, sid: str, event: str) -> bool:
    """Take in what the carrier says of a room; whether it is over now. An end stays."""
    room = named(session, name)
    if room is None or (room.sid or sid) != sid:
        return False
    room.sid = sid
    if event == "conference-end" and room.ended_at is None:
        room.ended_at, room.guest_wanted = clock.now(), None
    if room.guest_wanted:
        ring(session, "settle_room", room.id)
    return room.ended_at is not None


def close(session: Session, name: str) -> None:
    """The room is over, whatever the carrier says of it."""
    room = named(session, name)
    if room is not None and room.ended_at is None:
        room.ended_at, room.guest_wanted = clock.now(), None


def settle(room_id: int) -> bool:
    """Ask the carrier for what is wanted of a room's guest; whether it is so now. Raises `CarrierError`."""
    with transaction() as session:
        room = session.get(Room, room_id, with_for_update=True)
        if room is None or room.guest_wanted is None or room.guest_sid is None or room.ended_at:
            return False
        wanted, name, guest, sid = room.guest_wanted, room.name, room.guest_sid, room.sid
        held = f"/voice/held/{room.language}" + ("" if room.set_id is None else f"?set={room.set_id}")
        if room.changed_at < clock.now() - LATEST:
            log.warning("what was wanted of a guest (%s) could not be done in time", wanted)
            room.guest_wanted = None
            return False
        if wanted in _HELD and sid is None:
            return False  # the carrier has not told us its name for the room yet
    try:
        if wanted == "join":
            carrier.carrier().send(guest, f"/voice/join/{name}")
        else:
            carrier.carrier().hold(sid or "", guest, held if _HELD[wanted] else None)
    except carrier.Declined as refused:
        log.warning("a guest is gone: %s", refused)
    with transaction() as session:
        room = session.get(Room, room_id, with_for_update=True)
        if room is None or room.guest_wanted != wanted:
            return False
        room.guest_wanted = None
        room.guest_held = _HELD.get(wanted, room.guest_held)
    return True


def settle_due() -> int:
    """Ask again for what was wanted of guests and not done; how many are where they shall be."""
    with transaction() as session:
        late = Room.changed_at < clock.now() - BELL
        wanted = select(Room.id).where(Room.guest_wanted.is_not(None), late).order_by(Room.changed_at)
        ids = list(session.scalars(wanted.limit(BATCH)))
    done = 0
    for room_id in ids:
        try:
            done += settle(room_id)
        except carrier.CarrierError as error:
            log.warning("room %d: %s", room_id, error)
    return done


def _want(session: Session, room: Room, what: str) -> None:
    room.guest_wanted, room.changed_at = what, clock.now()
    ring(session, "settle_room", room.id)
