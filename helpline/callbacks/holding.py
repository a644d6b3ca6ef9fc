"""Who may touch a callback: whoever holds it now, for some acts coordinators too. Every service of this room asks here
before it does anything, so that no page can forget to. Decides nothing else."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks import claims
from helpline.callbacks.models import ENGAGED, Callback
from helpline.callbacks.values import Stale
from helpline.people.accounts import Who
from helpline.people.roles import Role


def held(session: Session, callback_id: int, who: Who, *, or_coordinator: bool = False) -> Callback:
    """The callback, locked, if this person holds it, or coordinates where that is enough.

    Raises `Stale` for everybody else, and `LookupError`; nothing has changed then.
    """
    callback, _ = claims.locked(session, callback_id)
    holder = callback.holder_id if callback.state in ENGAGED else None
    if holder != who.id and not (or_coordinator and coordinates(who)):
        raise Stale(callback_id, holder)
    return callback


def may_see(session: Session, callback_id: int, who: Who) -> bool:
    """Whether this person may see what was written and said: the holder's and coordinators' alone."""
    mine = (Callback.id == callback_id, Callback.holder_id == who.id, Callback.state.in_(ENGAGED))
    return coordinates(who) or session.scalar(select(Callback.id).where(*mine)) is not None


def coordinates(who: Who) -> bool:
    """Whether this person is a coordinator."""
    return Role.COORDINATOR in who.roles
