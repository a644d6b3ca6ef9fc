"""A mediator who calls somebody back, for tests: an account with a telephone, a callback that is due, one button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from helpline import db
from helpline.callbacks import desk, dialling
from helpline.callbacks.models import Attempt, Callback
from helpline.intake.models import Ask
from helpline.people.accounts import Who
from helpline.people.models import Person
from helpline.telephony.models import Leg, Purpose
from tests.calls.caller import Caller

MEDIATOR = "+393330000777"
CALLER = "+393330000123"
INTERPRETER = "+393330000888"


def mediator(*languages: str, phone: str | None = MEDIATOR, name: str = "amina") -> Who:
    """Somebody who calls people back, in these languages."""
    with db.transaction() as session:
        row = Person(
            login=name, name=name.title(), roles=["operator"], languages=list(languages), phone=phone
        )
        session.add(row)
        session.flush()
        return Who(row.id, row.name, name, ("operator",), tuple(languages), None, "it")


def do(act: Callable[..., Any], *words: Any, **more: Any) -> Any:
    """One act in a transaction of its own."""
    with db.transaction() as session:
        return act(session, *words, **more)


@dataclass
class Desk:
    """What a mediator does at the page of one callback."""

    who: Who
    callback_id: int
    claim_no: int = 0

    def claims(self) -> "Desk":
        claim = do(desk.claim, self.callback_id, self.who)
        assert isinstance(claim, desk.Claim), claim
        self.claim_no = claim.claim_no
        return self

    def calls(self) -> dialling.Dialled:
        dialled: dialling.Dialled = do(dialling.call, self.callback_id, self.who, self.claim_no)
        return dialled

    @property
    def progress(self) -> dialling.Progress:
        found = do(dialling.progress, self.callback_id)
        assert found is not None
        return found

    @property
    def callback(self) -> Callback:
        with db.transaction() as session:
            return session.get_one(Callback, self.callback_id)

    @property
    def attempts(self) -> list[Attempt]:
        with db.transaction() as session:
            wanted = select(Attempt).where(Attempt.callback_id == self.callback_id).order_by(Attempt.id)
            return list(session.scalars(wanted))

    @property
    def cause(self) -> str | None:
        """How the newest attempt ended."""
        return self.attempts[-1].cause

    @property
    def code(self) -> str:
        with db.transaction() as session:
            wanted = select(Ask.code).join(Callback, Callback.ask_id == Ask.id)
            return session.scalars(wanted.where(Callback.id == self.callback_id)).one() or ""


def legs() -> list[Leg]:
    """Every call that was meant, in order."""
    with db.transaction() as session:
        return list(session.scalars(select(Leg).order_by(Leg.id)))


def leg(purpose: Purpose) -> Leg:
    """The only leg of a kind."""
    [found] = [one for one in legs() if one.purpose == purpose]
    return found


def takes(operator: Caller, language: str = "bn") -> Caller:
    """The mediator's own telephone rings; she picks up and presses 1."""
    return operator.rings().answers(language).hears("take_call").presses("1").hears("connecting_caller")


def talking(page: Desk, operator: Caller, person: Caller) -> None:
    """Both have been rung, have pressed 1, and talk."""
    page.calls()
    takes(operator)
    person.rings().answers("bn").presses("1")
    operator.talks_with(person)
