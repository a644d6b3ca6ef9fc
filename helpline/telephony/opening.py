"""How every call of ours begins: one's own telephone and a 1 first, then the neutral opening for who is rung (DOMAIN §6, V1).

The same for all rooms that place calls; what a key leads to beyond the room in which two people meet, they decide.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from helpline.db import ring
from helpline.telephony import causes, legs, rooms
from helpline.telephony.models import Leg, LegState
from helpline.telephony.scripts import Join, Key, Says

TAKE, OPENING, OPENING_AGAIN = "take", "opening", "opening_again"
SECOND_LANGUAGE = "it"
RING_OURS = 25
"""Seconds that the telephone of one of ours rings."""
RING_PERSON = 30


def take(leg: Leg) -> Says:
    """What one of ours hears first: somebody asked for help; 1 takes the call, so that no voicemail ever does."""
    return Says(leg.language, ("take_call", "take_call"), Key(TAKE), slow=True)


def answered(leg: Leg) -> Says:
    """What the person hears who picked up: the opening, or to a machine nothing."""
    if causes.machine(leg.answered_by):
        return Says(leg.language)
    return Says(leg.language, ("callback_opening",), Key(OPENING))


def pressed(session: Session, leg: Leg, stage: str, key: str, *, waits: Callable[[], bool]) -> Says:
    """What follows the person's key, or none. The first key counts: a repeated webhook hears the same again.

    `waits`: whether one of ours is there, since nobody is led into a room to stay alone. Silence is asked once more, in
    Italian; that time no language is named, or who asked for another one would say no, and be left alone for months.
    """
    known = (causes.YES, causes.ANOTHER_TIME)
    if leg.key is None and key not in known and stage == OPENING:
        return Says(SECOND_LANGUAGE, ("callback_opening_again",), Key(OPENING_AGAIN))
    if leg.key is None:
        legs.press(session, leg, key if key in known and (key != causes.YES or waits()) else "")
    if leg.key != causes.YES:
        italian = stage == OPENING_AGAIN and leg.key == causes.ANOTHER_TIME
        return Says(SECOND_LANGUAGE if italian else leg.language, ("excuse_goodbye",))
    rooms.entered(session, leg.room or "", leg.sid or "", leg.set_id)
    ring(session, "leg_changed", leg.id)  # the rooms above are told by a job: no caller waits for them
    return Says(leg.language, ("callback_wait",), Join(leg.room or ""))


def taken(session: Session, leg: Leg, key: str, *, rings: Callable[[], bool]) -> Says:
    """What follows the key of one of ours. `rings`: whether the person is being rung, now or since an earlier webhook."""
    legs.press(session, leg, key)
    if leg.key != causes.YES:
        return Says(leg.language)
    if not rings():
        return Says(leg.language, ("take_gone",))
    return Says(leg.language, ("connecting_caller",), Join(leg.room or "", wait="connecting_caller"))


def left(leg: Leg, person: Leg | None, *, ours: bool) -> Says:
    """The last words to who left the room, or was fetched out of it: none after a talk. `ours`: it is one of ours."""
    if person is not None and person.key == causes.YES:
        return Says(leg.language)
    return Says(leg.language, ("caller_not_reached" if ours else "excuse_goodbye",))


def is_there(leg: Leg | None) -> bool:
    """Whether who answered this leg waits in the room."""
    return leg is not None and leg.state == LegState.ANSWERED and leg.wanted is None
