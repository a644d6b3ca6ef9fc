"""Who wants a person: whether somebody can come, waiting on hold, keeping the place, leaving the line."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpline import hours
from helpline.ivr.actions.registry import action, otherwise, saving
from helpline.ivr.caller import Caller
from helpline.live import holds, presence
from helpline.live.models import HoldState
from helpline.live.plan import LAST_PLACE_SAID, Standing, Tell

WAY = "person"
"""The way of a caller who wanted a person: what is asked for from here on is a call back, and nothing else."""

FOUND = {Standing.FREE: "free", Standing.BUSY: "busy", Standing.NOBODY: "nobody_free"}


def by_hours(caller: Caller) -> str:
    """What the hours alone say, as long as nobody knows who is there."""
    status = hours.status(caller.line().calendar, caller.language, caller.now())
    return {hours.Status.OPEN: "nobody_free", hours.Status.HOLIDAY: "holiday"}.get(status, "closed")


@otherwise(by_hours)
@action
def find_person(caller: Caller, session: Session) -> str:
    """Whether somebody who speaks the language is free now, in a call, or not there at all."""
    found = by_hours(caller)
    return FOUND[presence.standing(session, caller.language)] if found == "nobody_free" else found


@action
def join_hold(caller: Caller, session: Session) -> str:
    """Wait in the line of the language; whoever kept a place in this call has it again."""
    draft = caller.draft()
    since = draft.get("queued_since")
    place = holds.join(
        session,
        caller.sid,
        caller.language,
        minor=draft.get("age") == "minor",
        since=datetime.fromisoformat(since) if since else None,
    )
    _keep(caller, place)
    return "waiting" if place.free else "behind"


@otherwise("offer")
@action
def look_around(caller: Caller, session: Session) -> str:
    """What a round of waiting begins with; while nobody can be asked, the offer, so that there is a way out."""
    look = holds.look(session, caller.sid, asked=bool(caller.pressed))
    if look.place:
        _keep(caller, look.place)
    if look.tell is Tell.NOBODY:
        _leave(caller, look.since)
    return look.tell.value


@saving
def keep_place(caller: Caller, session: Session) -> str:
    """Leave the line for a call back, which waits since the moment at which the caller began to."""
    left = holds.leave(session, caller.sid, HoldState.KEPT, why="wants to be called back")
    if left.taken:
        return "taken"
    _leave(caller, left.since)
    return "kept"


@action
def leave_hold(caller: Caller, session: Session) -> str:
    """Go back to the menus: the place in the line is given up."""
    left = holds.leave(session, caller.sid, HoldState.LEFT, why="went back to the menu")
    return "taken" if left.taken else "left"


def _keep(caller: Caller, place: holds.Place) -> None:
    said = str(place.place) if 1 <= place.place <= LAST_PLACE_SAID else None
    caller.keep(place=said, rough=place.wait.value)


def _leave(caller: Caller, since: datetime | None) -> None:
    caller.keep(way=WAY, queued_since=since.isoformat() if since else caller.draft().get("queued_since"))
