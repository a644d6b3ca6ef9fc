"""Mediators on shift, for tests of live calls: accounts with a telephone each, a shift today, somebody who is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from helpline import clock, db
from helpline.live import plan, presence, shifts
from helpline.live.models import Hold, Presence
from helpline.people.models import Person
from tests.calls.caller import Caller


@dataclass(frozen=True)
class Mediator:
    """A person with a telephone of their own."""

    id: int
    phone: str


def mediator(*languages: str, n: int = 1, ready: bool = True, until: int = 18 * 60) -> Mediator:
    """Somebody on shift all day in these languages, there unless `ready` is False."""
    with db.transaction() as session:
        phone = f"+39333000070{n}"
        person = Person(
            login=f"m{n}", name=f"M{n}", roles=["operator"], languages=list(languages), phone=phone
        )
        session.add(person)
        session.flush()
        all_week = [
            plan.Shift(person.id, frozenset(languages), 9 * 60, until, weekday=weekday)
            for weekday in range(5)
        ]
        shifts.replace(session, {person.id: all_week})
    found = Mediator(person.id, phone)
    if ready:
        is_there(found)
    return found


def is_there(one: Mediator) -> None:
    """She says that she is ready."""
    with db.transaction() as session:
        presence.be_ready(session, one.id)


def leaves(one: Mediator) -> None:
    """She is gone."""
    with db.transaction() as session:
        presence.leave(session, one.id)


def pauses(one: Mediator) -> None:
    """She is not to be rung for a while."""
    with db.transaction() as session:
        presence.pause(session, one.id)


def later(seconds: float) -> None:
    """The clock of the application runs on, as it does while somebody waits."""
    clock.set_offset(clock.offset() + timedelta(seconds=seconds))


def waits(caller: Caller, rounds: int = 1, *, seconds: float = 14) -> Caller:
    """The caller stays on the line for so many rounds of the hold."""
    for _ in range(rounds):
        later(seconds)
        caller.keeps_silent()
    return caller


def holds() -> Sequence[Hold]:
    """Every hold there was."""
    with db.transaction() as session:
        return list(session.scalars(select(Hold).order_by(Hold.id)))


def there() -> dict[int, tuple[bool, bool]]:
    """Who is there: ready, doubtful."""
    with db.transaction() as session:
        return {row.person_id: (row.ready, row.doubtful) for row in session.scalars(select(Presence))}
