"""When an organisation may ring its person through our line, and what follows from a try: the bounds of our own calls.

One ringing plan per number: no call while one of ours, or another organisation's, to the same telephone is under way;
three tries, with the pauses of `callbacks.tries`; key 2 means what it means to us (DOMAIN §6, V1). Tries are counted from
the calls themselves. Lock order: the number's plan, then entity, request, offer. The two telephones are `routing.calling`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from helpline import clock, hours
from helpline.callbacks import barring, queue, reached, tries
from helpline.callbacks.models import ENGAGED, Attempt, Callback, CallbackState, Plan
from helpline.callbacks.tries import DELAYS, TRIES, Settled
from helpline.callbacks.values import Cause
from helpline.db import transaction
from helpline.intake import asks
from helpline.intake.models import Ask
from helpline.people import accounts, audit
from helpline.people.accounts import Who
from helpline.routing import calling
from helpline.routing.answers import Late, held
from helpline.routing.calling import WORKDAYS, answered, left, pressed
from helpline.routing.models import Offer, OfferState, Request
from helpline.telephony import legs
from helpline.telephony.models import Leg, LegState, Purpose

__all__ = ["Chance", "NoTelephone", "NotNow", "answered", "call", "chance", "left", "leg_changed", "pressed"]

TELEPHONE = "telephone"
RUNG_A_DAY = 5
BEGUN_A_DAY = 15
"""So often in a day organisations may have one person's telephone rung, and a member's own for it, whoever ended the calls and how:
a call that is taken back while it rings costs no try, and rings all the same."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Chance:
    """Whether the person may be rung at this moment. `why` not, None when they may: `window` (another time of the day),
    `pause` (after the last try), `used_up` (all tries), `busy` (their telephone, just now), `no_calls`, `forgotten` (the number).

    `next_at`: when they may be, as far as known; `tried`: how often they were tried since anybody talked with them, of
    `most` times.
    """

    why: str | None
    next_at: datetime | None
    tried: int
    most: int = TRIES


class NoTelephone(Exception):
    """The member's account has no telephone number, so nothing can be rung."""


class NotNow(Exception):
    """The person may not be rung at this moment: `chance` says why."""

    def __init__(self, chance: Chance) -> None:
        """In: why not, and when they may be."""
        super().__init__(f"not at this moment: {chance.why}")
        self.chance = chance


@dataclass(frozen=True)
class _Try:
    """One call to the plan's telephone, by whichever organisation: how it ended (None while it lasts), and when; whether that
    telephone itself was rung."""

    request_id: int
    room: str
    cause: Cause | None
    ended_at: datetime
    rang: bool


def call(session: Session, offer_id: int, who: Who) -> int:
    """Ring the member's own telephone for an accepted offer of their organisation; the leg's id.

    While such a call is under way it is that one, whoever asks. Raises `LookupError`, `Late` when the case is over or
    was never accepted, `NoTelephone` and `NotNow`.
    """
    ask, plan = _locked(session, offer_id, who.entity_id or "")
    _, request, offer = held(session, offer_id, entity_id=who.entity_id or "")
    if not calling.may_be_called(offer):
        raise Late("closed" if offer.state == OfferState.ACCEPTED else offer.state)
    for known in legs.alive(session, Purpose.OFFER_MEMBER, [offer_id]):
        return known.id
    own = accounts.phone_of(session, who.id)
    if own is None:
        raise NoTelephone(f"person {who.id} has no telephone number")
    found = _chance(session, request, ask, plan)
    if found.why is not None:
        raise NotNow(found)
    return calling.ring_member(session, offer_id, own, request.language, who)


def chance(session: Session, offer_id: int) -> Chance | None:
    """Whether the person of an accepted offer may be rung now; None when the offer is not one to ring for."""
    found = session.execute(_parties(offer_id)).one_or_none()
    if found is None or not calling.may_be_called(found.Offer):
        return None
    return _chance(session, found.Request, found.Ask, found.Plan)


def leg_changed(leg_id: int) -> None:
    """A leg ended (a job): nobody stays alone, and once both have ended the try has its consequences. Safe to run twice."""
    calling.leg_changed(leg_id)
    with transaction() as session:
        leg = legs.by_id(session, leg_id)
        if leg is not None and leg.state == LegState.ENDED:
            _take_in(session, leg)


def _take_in(session: Session, leg: Leg) -> None:
    """What a try costs the person, as `callbacks.outcomes` has it for ours: their telephone is spared, or rung no more."""
    offer = session.get(Offer, leg.subject_id)
    if offer is None:
        return
    ask, plan = _locked(session, offer.id, offer.entity_id)
    known = _tries(session, plan.id)
    this = next((one for one in known if one.room == leg.room), None)
    if this is None or this.cause not in DELAYS:
        return
    mine = _since_talk(
        session, ask, [one for one in known if one.ended_at <= this.ended_at], offer.request_id
    )
    settled = tries.settle(
        this.cause,
        sum(one.cause in DELAYS for one in mine),
        proved=plan.number_proved,
        wrong_moments=sum(one.cause == Cause.WRONG_MOMENT for one in mine),
    )
    _spare(session, plan, this.ended_at + DELAYS[this.cause])
    if settled is Settled.BARRED:
        _bar(session, plan, this.ended_at, offer.id)
    elif settled is Settled.STOPPED:
        asks.cancel(session, ask, who=TELEPHONE, why=f"{this.cause}, twice")


def _bar(session: Session, plan: Plan, at: datetime, offer_id: int) -> None:
    """Ring this telephone no more: what was asked for it before is over, and the number barred for ninety days."""
    why = f"{Cause.WRONG_MOMENT}, and the number was only keyed"
    wanted = select(Ask).where(Ask.plan_id == plan.id, Ask.closed_at.is_(None), Ask.created_at < at)
    found = session.scalars(wanted.order_by(Ask.id)).all()
    if not found:
        return
    barring.stop_telephone(session, plan, who=TELEPHONE, why=why)
    for ask in found:
        if ask.kind == "request":
            asks.cancel(session, ask, who=TELEPHONE, why=why)
    audit.record(session, TELEPHONE, "barred", f"offer {offer_id}", why=why)


def _spare(session: Session, plan: Plan, until: datetime) -> None:
    waiting = select(Callback).where(
        Callback.plan_id == plan.id, Callback.state == CallbackState.WAITING, Callback.next_at < until
    )
    for one in session.scalars(waiting.order_by(Callback.id).with_for_update()).all():
        one.next_at = until


def _chance(session: Session, request: Request, ask: Ask, plan: Plan) -> Chance:
    now, known = clock.now(), _tries(session, plan.id)
    mine = _since_talk(session, ask, known, request.id)
    tried = sum(one.cause in DELAYS for one in mine)
    number, window = calling.person_of(session, request)
    if number is None:
        return Chance("forgotten" if plan.number is None else "no_calls", None, tried)
    if any(one.cause is None for one in known) or _engaged(session, plan):
        return Chance("busy", None, tried)
    after = _next(mine, window, request.language)
    if after is None:
        return Chance("used_up", None, tried)
    after = max(after, _spared_until(session, plan, known), _enough_until(known, now))
    slot = hours.next_slot(WORKDAYS, request.language, window, max(now, after))
    next_at = max(now, after, slot.begins) if slot else None
    if next_at == now:
        return Chance(None, now, tried)
    return Chance("pause" if after > now else "window", next_at, tried)


def _next(mine: Sequence[_Try], window: str, language: str) -> datetime | None:
    """From when on the request's next try may be made, by the rules of our own calls; None when there is none left."""
    cost = [one for one in mine if one.cause in DELAYS]
    failed = sum(one.cause == Cause.NETWORK for one in mine)
    last = [one for one in (*cost[-1:], *mine[-1:]) if one.cause in DELAYS or one.cause == Cause.NETWORK]
    after = LONG_AGO
    for one in last:
        found = tries.next_try(
            str(one.cause),
            len(cost),
            one.ended_at,
            window,
            language,
            WORKDAYS,
            one.ended_at,
            first_at=cost[0].ended_at if cost else None,
            failures=failed or 1,
        )
        if found is None:
            return None
        after = max(after, found)
    return None if len(cost) >= TRIES else after


def _enough_until(known: Sequence[_Try], now: datetime) -> datetime:
    """The next day, once organisations have rung this telephone often enough today, however that ended."""
    day = hours.today(now)
    today = [one for one in known if hours.today(one.ended_at) == day]
    if len(today) < BEGUN_A_DAY and sum(one.rang for one in today) < RUNG_A_DAY:
        return LONG_AGO
    return hours.at_hour(day + timedelta(days=1), 0)


def _spared_until(session: Session, plan: Plan, known: Sequence[_Try]) -> datetime:
    """Until when this telephone is spared after the last try of anybody, for whatever was asked with it."""
    ours = (
        select(Attempt.cause, Attempt.ended_at)
        .join(Callback, Callback.id == Attempt.callback_id)
        .where(Callback.plan_id == plan.id, Attempt.cause.in_(list(DELAYS)))
        .order_by(Attempt.ended_at.desc())
        .limit(1)
    )
    ended = [at + DELAYS[str(cause)] for cause, at in session.execute(ours) if at is not None]
    ended += [one.ended_at + DELAYS[one.cause] for one in known if one.cause in DELAYS]
    return max(ended, default=LONG_AGO)


def _engaged(session: Session, plan: Plan) -> bool:
    held_by = select(Callback.id).where(Callback.plan_id == plan.id, Callback.state.in_(ENGAGED))
    return session.scalar(held_by.limit(1)) is not None


def _since_talk(session: Session, ask: Ask, known: Sequence[_Try], request_id: int) -> list[_Try]:
    """The request's tries that have ended, since an organisation or one of ours last talked with the person."""
    done = select(func.max(Callback.closed_at)).where(
        Callback.ask_id == ask.id, Callback.state == CallbackState.DONE
    )
    mine = [one for one in known if one.request_id == request_id and one.cause is not None]
    talks = [one.ended_at for one in mine if one.cause == Cause.CONNECTED]
    since = max([*talks, session.scalar(done) or LONG_AGO], default=LONG_AGO)
    return [one for one in mine if one.ended_at > since]


def _tries(session: Session, plan_id: int) -> list[_Try]:
    """Every call of an organisation to this plan's telephone, in the order in which they ended."""
    wanted = (
        select(Leg, Offer.request_id)
        .join(Offer, Offer.id == Leg.subject_id)
        .join(Request, Request.id == Offer.request_id)
        .join(Ask, Ask.id == Request.ask_id)
        .where(Leg.purpose.in_(calling.BOTH), Ask.plan_id == plan_id)
        .execution_options(populate_existing=True)
    )
    rooms: dict[tuple[int, str], dict[str, Leg]] = {}
    for leg, request_id in session.execute(wanted):
        rooms.setdefault((request_id, leg.room or ""), {})[leg.purpose] = leg
    found = []
    for (request_id, room), pair in rooms.items():
        member, person = (pair.get(purpose) for purpose in calling.BOTH)
        if member is not None:
            over = all(leg.state == LegState.ENDED for leg in pair.values())
            last = max(leg.ended_at or leg.changed_at for leg in pair.values())
            found.append(
                _Try(
                    request_id,
                    room,
                    reached.cause(member, person) if over else None,
                    last,
                    person is not None,
                )
            )
    return sorted(found, key=lambda one: (one.cause is None, one.ended_at))


def _locked(session: Session, offer_id: int, entity_id: str) -> tuple[Ask, Plan]:
    """The ask behind an offer and its plan, the plan locked. Raises `LookupError` when it is not this entity's."""
    while True:
        found = session.execute(_parties(offer_id)).one_or_none()
        if found is None or found.Offer.entity_id != entity_id:
            raise LookupError(f"no offer {offer_id}")
        plan = queue.lock_plan(session, found.Plan.id)
        session.refresh(found.Ask)
        if found.Ask.plan_id == plan.id:
            return found.Ask, plan


def _parties(offer_id: int) -> Select[Offer, Request, Ask, Plan]:
    return (
        select(Offer, Request, Ask, Plan)
        .join(Request, Request.id == Offer.request_id)
        .join(Ask, Ask.id == Request.ask_id)
        .join(Plan, Plan.id == Ask.plan_id)
        .where(Offer.id == offer_id)
    )
