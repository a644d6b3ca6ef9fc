"""What an entity reports of an accepted case, up to its end. Knows nothing of offers that nobody accepted."""

from sqlalchemy.orm import Session

from helpline import db
from helpline.db.states import move
from helpline.routing import deadlines
from helpline.routing.answers import Late, held
from helpline.routing.models import STEPS, CaseOutcome, Offer, OfferState, RequestState
from helpline.routing.records import CaseReport

BEGUN = (CaseOutcome.COUNSELLING_BEGUN, CaseOutcome.PLAN_MADE, CaseOutcome.RETURNED)
"""From then on the case keeps its place in the project's total for ever."""


def report(
    session: Session, offer_id: int, outcome: CaseOutcome | str, *, who: str, entity_id: str | None = None
) -> Offer:
    """Write down what became of an accepted case, in the caller's transaction; the same again is the first again.

    `contacted`, `counselling_begun` and `plan_made` are steps, in any order; the others close request and offer.
    Raises `LookupError` as `accept`, `ValueError` for another word, and `Late` when the offer was never accepted, is
    over, or the case was closed otherwise.
    """
    outcome = CaseOutcome(outcome)
    _, request, offer = held(session, offer_id, entity_id=entity_id)
    if offer.state != OfferState.ACCEPTED:
        raise Late(offer.state)
    if offer.outcome == outcome:
        return offer
    if offer.ended_at is not None:
        raise Late("closed")
    now = deadlines.moment(session)
    session.add(CaseReport(offer_id=offer.id, at=now, who=who, outcome=outcome))
    offer.outcome = outcome
    if outcome != CaseOutcome.UNREACHABLE:
        offer.contacted_at = offer.contacted_at or now
    if outcome in BEGUN:
        offer.begun_at = offer.begun_at or now
    if outcome not in STEPS:
        offer.ended_at = now
        request.outcome, request.reason = outcome, None
        move(session, request, RequestState.CLOSED, who=who, why=outcome)
        db.ring(session, "sweep_waiting")
    session.flush()
    return offer
