"""What a coordinator must look at beside the list of who waits: promises, contacts, organisations that do not keep step."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.hours import today
from helpline.routing import deadlines, giving_back, waiting
from helpline.routing.models import CaseOutcome, Entity, Offer, OfferState, Request
from helpline.routing.records import EntityChange

GIVEN_BACK_SHOWN = timedelta(days=14)
"""For so long it stands there that an organisation gave somebody back, or closed the case, after it had seen the number."""

_FOR_GOOD = (CaseOutcome.UNREACHABLE, CaseOutcome.NOT_ELIGIBLE, CaseOutcome.WITHDREW)


@dataclass(frozen=True)
class Concern:
    """One of them. `kind`: `not_contacted` (accepted, and not reported contacted in three working days),
    `promise_passed`, `promise_before_answer` (the promised day ends before the organisation must answer, and nobody of
    ours calls), `given_back` (after the number was seen), `closed_at_once` (after it was seen, by the first report of all, so
    that nobody is called any more), `entity_silent`, `entity_gave_back` (paused after it let
    offers expire, or gave people back), `not_told` (no mailbox, no address for webhooks). `about` is `offer`, `request`
    or `entity`.
    """

    kind: str
    about: str
    id: str
    entity_id: str | None
    since: datetime


def found(session: Session) -> list[Concern]:
    """All of them, the most pressing kind first."""
    now = deadlines.moment(session)
    before = db.table("asks").c.promised_on < today(clock.now())
    passed = [
        Concern("promise_passed", "request", str(row.id), None, row.waiting_since)
        for row in waiting.rows(session, Request.state.in_(waiting.UNCALLED), before)
        if row.late
    ]
    return [
        *_not_contacted(session, now),
        *passed,
        *_promised(session),
        *_given_back(session, now),
        *_closed_at_once(session, now),
        *_paused(session, now),
    ]


def promised_before_answer(session: Session) -> list[int]:
    """The requests whose promised day ends before their organisation must have answered, and whom nobody of ours calls."""
    return [int(concern.id) for concern in _promised(session)]


def _not_contacted(session: Session, now: datetime) -> list[Concern]:
    wanted = (
        select(Offer.id, Offer.entity_id, Offer.contact_by)
        .where(
            Offer.state == OfferState.ACCEPTED,
            Offer.ended_at.is_(None),
            Offer.contacted_at.is_(None),
            Offer.contact_by <= now,
        )
        .order_by(Offer.contact_by, Offer.id)
    )
    return [
        Concern("not_contacted", "offer", str(id), entity_id, by or now)
        for id, entity_id, by in session.execute(wanted)
    ]


def _promised(session: Session) -> list[Concern]:
    """What is late already stands there as such."""
    ask, callback = db.table("asks"), db.table("callbacks")
    called = exists().where(
        callback.c.ask_id == ask.c.id,
        (callback.c.state.in_(("waiting", "claimed", "ringing", "talking")))
        | ((callback.c.state == "done") & (callback.c.created_at >= Request.created_at)),
    )
    due_on = func.date(func.timezone("Europe/Rome", Offer.expires_at))
    wanted = (
        select(Request.id, Offer.entity_id, Offer.made_at)
        .join(Offer, Offer.request_id == Request.id)
        .join(ask, ask.c.id == Request.ask_id)
        .where(
            Offer.state == OfferState.PENDING,
            ask.c.promised_on < due_on,
            ask.c.promised_on >= today(clock.now()),
            ~called,
        )
        .order_by(ask.c.promised_on, Request.id)
    )
    return [
        Concern("promise_before_answer", "request", str(id), entity_id, made_at)
        for id, entity_id, made_at in session.execute(wanted)
    ]


def _given_back(session: Session, now: datetime) -> list[Concern]:
    wanted = giving_back.OFFERS.where(Offer.ended_at > now - GIVEN_BACK_SHOWN).order_by(
        Offer.ended_at.desc(), Offer.id
    )
    return [
        Concern("given_back", "offer", str(offer.id), offer.entity_id, offer.ended_at or now)
        for offer in session.scalars(wanted)
    ]


def closed_at_once(session: Session, *, after: int | None = None, limit: int = 50) -> list[Concern]:
    """A page of those that were closed for good by the first report of all, the newest first; behind the offer `after`,
    where that is given (none, where it is not one of them)."""
    return _closed_at_once(session, deadlines.moment(session), after=after, limit=limit)


def _closed_at_once(
    session: Session, now: datetime, *, after: int | None = None, limit: int | None = None
) -> list[Concern]:
    """Nobody of ours rings these, as they do whom an organisation gives back since it could not reach them."""
    wanted = (
        select(Offer.id, Offer.entity_id, Offer.ended_at)
        .where(
            Offer.state == OfferState.ACCEPTED,
            Offer.ended_at > now - GIVEN_BACK_SHOWN,
            Offer.outcome.in_(_FOR_GOOD),
            # A report that closes is a contact, too, at that very moment; but for `unreachable`.
            Offer.contacted_at.is_(None) | (Offer.contacted_at == Offer.ended_at),
        )
        .order_by(Offer.ended_at.desc(), Offer.id.desc())
        .limit(limit)
    )
    if after is not None:
        last = session.execute(select(Offer.ended_at, Offer.id).where(Offer.id == after)).one_or_none()
        if last is None or last.ended_at is None:
            return []
        wanted = wanted.where(tuple_(Offer.ended_at, Offer.id) < tuple(last))
    return [
        Concern("closed_at_once", "offer", str(id), entity_id, ended_at or now)
        for id, entity_id, ended_at in session.execute(wanted)
    ]


def _paused(session: Session, now: datetime) -> list[Concern]:
    """Organisations that were paused by themselves, and for what."""
    newest = (
        select(EntityChange.id)
        .where(EntityChange.about == "entity " + Entity.id, EntityChange.field == "paused_reason")
        .order_by(EntityChange.id.desc())
        .limit(1)
        .correlate(Entity)
        .scalar_subquery()
    )
    wanted = (
        select(Entity.id, Entity.unanswered, Entity.paused_reason, EntityChange.at)
        .outerjoin(EntityChange, EntityChange.id == newest)
        .where(Entity.paused_reason.is_not(None))
        .order_by(Entity.id)
    )
    return [
        Concern(kind, "entity", id, id, at or now)
        for id, unanswered, reason, at in session.execute(wanted)
        for kind, holds in (
            ("entity_gave_back", giving_back.is_reason(reason)),
            ("entity_silent", unanswered >= deadlines.EXPIRIES),
        )
        if holds
    ]
