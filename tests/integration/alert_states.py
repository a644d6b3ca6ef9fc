"""How alerts come about and end, of what people wait for: colleagues, callers, callbacks, requests, organisations."""

from datetime import timedelta

from sqlalchemy import select

from helpline import clock, db
from helpline.alerts.kinds import Kind
from helpline.callbacks.models import Callback, CallbackState
from helpline.live.models import Hold, HoldState, Presence
from helpline.routing import deadlines, offers, projects
from helpline.routing.models import Entity, Offer, OfferState, Request, RequestState
from tests.integration import queue_rows, routing_rows
from tests.integration.alert_deeds import HOUR, MINUTE, case, change, held, limit, on_shift, opened


def there(who):
    """Somebody may be rung."""
    with db.transaction() as session:
        session.add(Presence(person_id=who.id))


@case(Kind.NOBODY_ON_SHIFT, "bn")
def _nobody_on_shift():
    opened("bn")
    there(on_shift("amina", "ar"))
    yield
    there(on_shift("fatema", "bn"))


@case(Kind.NOBODY_SOON, "bn", hours=2)
def _nobody_soon():
    opened("bn")
    there(on_shift("fatema", "bn", until=11 * 60))
    yield
    on_shift("amal", "bn")


@case(Kind.NOBODY_THERE, "bn", count=2)
def _nobody_there():
    opened("bn")
    fatema = on_shift("fatema", "bn")
    on_shift("amal", "bn"), there(on_shift("amina", "ar"))
    yield
    there(fatema)


@case(Kind.HELD_LONG, "bn", count=2, minutes=7)
def _held_long():
    there(on_shift("fatema", "bn"))
    for number, minutes in enumerate((7.5, 5.5, 4.5)):
        held(number, minutes=minutes)
    (
        held(3, minutes=20, state=HoldState.LEFT),
        held(4, "ar", minutes=20),
    )  # nobody of theirs is there: told otherwise
    yield
    change(Hold, {"state": HoldState.LEFT}, Hold.language == "bn")


@case(Kind.CALLBACKS_MANY, "bn", count=3)
def _callbacks_many():
    limit(Kind.CALLBACKS_MANY, 2)
    queue_rows.many(4)
    done = queue_rows.asked("bn")
    change(Callback, {"state": CallbackState.DONE}, Callback.id.in_((done, done - 1)))
    queue_rows.asked("ar")
    yield
    change(Callback, {"state": CallbackState.DONE}, Callback.id == done - 2)


@case(Kind.CALLBACKS_OLD, "ar", hours=80)
def _callbacks_old():
    old = [queue_rows.asked(language) for language in ("ar", "ar", "bn")]
    for id, hours in zip(old, (80.5, 75, 71), strict=True):
        change(Callback, {"queued_since": clock.now() - hours * HOUR}, Callback.id == id)
    yield
    change(Callback, {"state": CallbackState.DONE}, Callback.language == "ar")


@case(Kind.PROMISES_PASSED, count=2)
def _promises_passed():
    today = clock.in_rome().date()
    for days in (-1, -9, 0, 1):
        queue_rows.asked(promised_on=today + timedelta(days=days))
    tried = queue_rows.asked(promised_on=today - timedelta(days=1))
    change(Callback, {"attempts": 1}, Callback.id == tried)
    yield
    change(Callback, {"attempts": 1})


@case(Kind.REQUESTS_UNDECIDED, count=2, hours=30)
def _requests_undecided():
    with db.transaction() as session:
        ids = [one.id for one in routing_rows.requests(session, 3)]
    for id, hours in zip(ids, (30.5, 1, 99), strict=True):
        change(Request, {"waiting_since": clock.now() - hours * HOUR}, Request.id == id)
    change(
        Request, {"state": RequestState.NEEDS_PERSON}, Request.id.in_(ids[:2])
    )  # the third waits for a place
    yield
    change(Request, {"state": RequestState.CANCELLED})


def organisation(name, **fields):
    """An organisation that hears of its offers."""
    with db.transaction() as session:
        routing_rows.entity(session, name, places=9, **fields)
        routing_rows.mailbox(session, name, f"{name}@example.org")


@case(Kind.OFFERS_EXPIRING, "ente", "ENTE", count=2, minutes=40)
def _offers_expiring():
    organisation("ente")
    with db.transaction() as session:
        routing_rows.requests(session, 4)
        now = deadlines.moment(session)
    offers.sweep_waiting()
    for number, minutes in enumerate((40.5, 110, 130, 1)):
        change(Offer, {"expires_at": now + minutes * MINUTE}, Offer.id == offer(number))
    change(Offer, {"state": OfferState.WITHDRAWN}, Offer.id == offer(3))
    yield
    change(Offer, {"state": OfferState.WITHDRAWN})


def offer(number):
    """The id of one of the offers, in the order in which they were made."""
    with db.transaction() as session:
        return session.scalars(select(Offer.id).order_by(Offer.id)).all()[number]


@case(Kind.ENTITY_SILENT, "ente", "ENTE", count=4)
def _entity_silent():
    organisation("ente", paused_reason="did not answer 3 offers in a row")
    organisation("altro", paused_reason="holidays")
    organisation("terzo")
    change(Entity, {"unanswered": 4}, Entity.id == "ente")
    change(Entity, {"unanswered": 2}, Entity.id == "altro")
    change(Entity, {"unanswered": 3}, Entity.id == "terzo")  # resumed by somebody who knows
    yield
    with db.transaction() as session:
        projects.resume(session, who="test", entity_id="ente")


@case(Kind.ENTITY_NOT_TOLD, "ente", "ENTE")
def _entity_not_told():
    organisation("altro")
    with db.transaction() as session:
        routing_rows.entity(session, "ente")
    yield
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "ente@example.org")
