"""A member of an organisation who rings people of accepted offers, for tests: an account, an offer, one button."""

from sqlalchemy import select

from helpline import db
from helpline.intake import offer_calls
from helpline.people.accounts import Who
from helpline.people.models import Person
from helpline.routing import offers
from helpline.routing.models import Offer
from tests.calls.caller import Caller
from tests.calls.dialled import CALLER, MEDIATOR, do
from tests.integration.intake_rows import said, save_request


def a_member(name: str = "miriam", phone: str = MEDIATOR) -> Who:
    """Somebody of the organisation that takes everybody."""
    with db.transaction() as session:
        row = Person(
            login=name, name=name.title(), roles=["entity_member"], phone=phone, entity_id="everywhere"
        )
        session.add(row)
        session.flush()
        return Who(row.id, row.name, name, ("entity_member",), (), "everywhere", "it")


def an_offer(
    who: Who, call: str = "CA1", *, number: str = CALLER, proved: bool = True, window: str = "morning"
) -> int:
    """An offer of somebody who asked in Bangla, accepted."""
    draft = said(
        number=number, number_proved=proved, window=window, whom="self", region="lombardia", country="BD"
    )
    save_request(call, draft)
    offers.sweep_waiting()
    with db.transaction() as session:
        found = session.scalars(select(Offer.id).order_by(Offer.id.desc()).limit(1)).one()
        offers.accept(session, found, who=who.in_audit)
    return found


def takes(member: Caller) -> Caller:
    """The member's own telephone rings; she picks up and presses 1."""
    return member.rings().answers("it").hears("take_call").presses("1").hears("connecting_caller")


def rings_them(offer: int, who: Who, member: Caller, person: Caller) -> Caller:
    """The member has the person of an offer rung: hers, then theirs, which rings now."""
    do(offer_calls.call, offer, who)
    takes(member)
    return person.rings()


def why_not(offer: int) -> str | None:
    """Why the person of this offer cannot be rung now; None when they can."""
    found: str | None = do(offer_calls.chance, offer).why
    return found


__all__ = ["CALLER", "MEDIATOR", "a_member", "an_offer", "do", "rings_them", "takes", "why_not"]
