"""Who is there now: a row a person while they are, and nothing before or after (DOMAIN §4.4). Knows no telephone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.languages import CODES
from helpline.live import engaged, plan, shifts
from helpline.live.models import Presence
from helpline.people.models import Person


class NotOnShift(Exception):
    """Nobody is there outside of their own shifts: the line counts on whom the rota names."""


class NoTelephone(Exception):
    """The person's account has no telephone on which calls could be offered."""


@dataclass(frozen=True)
class Here:
    """How somebody stands now. `ready`: may be rung. `languages`: those of the shift that runs."""

    ready: bool
    in_call: bool
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Staffed:
    """How a language stands now, without saying who: how many are on shift, there, free; how many callers wait."""

    language: str
    on_shift: int
    there: int
    free: int


def be_ready(session: Session, person_id: int) -> None:
    """This person may be rung from now on; whoever waits in one of their languages is offered at once.

    Raises `NotOnShift`, and `NoTelephone`.
    """
    if person_id not in shifts.now(session):
        raise NotOnShift
    has_telephone = select(exists().where(Person.id == person_id, Person.phone.is_not(None)))
    if not session.scalar(has_telephone):
        raise NoTelephone
    values = {"ready": True, "doubtful": False, "idle_since": clock.now()}
    session.execute(
        insert(Presence)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values, where=~Presence.ready)
    )
    db.ring(session, "match_holds")


def pause(session: Session, person_id: int) -> None:
    """Not to be rung for a while; since when, or how often, is written nowhere."""
    session.execute(update(Presence).where(Presence.person_id == person_id).values(ready=False))


def leave(session: Session, person_id: int) -> None:
    """Gone: no trace is left."""
    session.execute(delete(Presence).where(Presence.person_id == person_id))


def of(session: Session, person_id: int) -> Here | None:
    """How this person stands now; None when not there."""
    row = session.scalars(select(Presence).where(Presence.person_id == person_id)).one_or_none()
    if row is None:
        return None
    languages = shifts.now(session).get(person_id, frozenset())
    return Here(row.ready, person_id in engaged.people(session), tuple(sorted(languages)))


def mediators(session: Session) -> list[plan.Mediator]:
    """Everybody who is on shift and there, as `plan` knows them."""
    working, busy = shifts.now(session), engaged.people(session)
    return [
        plan.Mediator(
            row.person_id,
            working[row.person_id],
            row.idle_since,
            ready=row.ready,
            busy=row.person_id in busy,
        )
        for row in session.scalars(select(Presence))
        if row.person_id in working
    ]


def standing(session: Session, language: str) -> plan.Standing:
    """Whether somebody who speaks the language is free now, or there but in a call, or nobody is there."""
    return plan.standing(language, mediators(session))


def board(session: Session) -> list[Staffed]:
    """How each language stands now: numbers only, never who (a page that shows who does what may not exist)."""
    working, there = shifts.now(session).values(), mediators(session)
    return [
        Staffed(
            code,
            on_shift=sum(code in languages for languages in working),
            there=sum(code in one.languages for one in there),
            free=sum(code in one.languages and one.free for one in there),
        )
        for code in CODES
    ]


def took(session: Session, person_id: int) -> None:
    """A call was taken: whatever was doubted about this telephone is forgotten."""
    session.execute(update(Presence).where(Presence.person_id == person_id).values(doubtful=False))


def missed(session: Session, person_id: int) -> None:
    """A ring was not taken. The second in a row ends the presence: callers must not wait for a telephone in a drawer."""
    doubted = delete(Presence).where(Presence.person_id == person_id, Presence.doubtful)
    if session.execute(doubted.returning(Presence.id)).first() is None:
        session.execute(update(Presence).where(Presence.person_id == person_id).values(doubtful=True))


def idle(session: Session, person_id: int, since: datetime) -> None:
    """A call has ended: from here on this person is idle."""
    session.execute(update(Presence).where(Presence.person_id == person_id).values(idle_since=since))


def note_calls(session: Session) -> None:
    """Whoever is in a call at this moment, of whatever kind, is not idle before it: asked again every few seconds."""
    busy = engaged.in_calls(session)
    if busy:
        there = Presence.person_id.in_(busy)
        session.execute(update(Presence).where(there).values(idle_since=clock.now()))


def sweep_ended_shifts() -> int:
    """Let everybody be gone whose shift is over and who is in no call; how many."""
    with db.transaction() as session:
        stay = shifts.now(session).keys() | engaged.people(session)
        gone = delete(Presence).where(Presence.person_id.not_in(stay)).returning(Presence.id)
        return len(session.execute(gone).all())
