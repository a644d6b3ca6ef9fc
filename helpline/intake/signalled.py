"""What a verified service or association sees of its own signals: whether the person was called, and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpline.callbacks.models import Callback, CallbackState
from helpline.callbacks.queue import LIVE
from helpline.intake.models import Ask
from helpline.intake.signal_lists import plain_reference
from helpline.people.models import Person
from helpline.people.who import Who
from helpline.routing.network_models import Signal

WAITING, CALLED, ENDED = "waiting", "called", "ended"


@dataclass(frozen=True)
class Sent:
    """One signal, by its reference. `state`: `waiting` (to be called), `called` (we spoke with them), `ended` (nobody
    will call: not reached, not wanted any more, or closed). One for which no call could be made waits like others."""

    reference: str
    at: datetime
    state: str


def sent(session: Session, who: Who, *, reference: str = "", limit: int = 50) -> list[Sent]:
    """The newest signals that people of this person's organisation sent while signed in; or the one with a reference."""
    if not who.organisation:
        return []
    # What somebody sent for another organisation before stays that one's.
    colleagues = select(Person.id).where(Person.organisation == who.organisation)
    theirs = Signal.person_id.in_(colleagues) & (Signal.organisation == who.organisation)
    wanted = select(Signal, Ask).outerjoin(Ask, Ask.id == Signal.ask_id)
    wanted = wanted.where(or_(theirs, Signal.person_id == who.id)).order_by(Signal.id.desc()).limit(limit)
    if reference:
        wanted = wanted.where(Signal.reference == plain_reference(reference))
    rows = session.execute(wanted).all()
    return [Sent(one.reference, one.created_at, _state(session, one, ask)) for one, ask in rows]


def _state(session: Session, signal: Signal, ask: Ask | None) -> str:
    if ask is None:
        return ENDED if signal.closed_at or signal.number is None else WAITING
    states = set(session.scalars(select(Callback.state).where(Callback.ask_id == ask.id)))
    if ask.kind == "request" or CallbackState.DONE in states:
        return CALLED
    return WAITING if ask.closed_at is None and states & set(LIVE) else ENDED
