"""Takes a request back for whom it is about: they said so to one of ours, who need not know the code. Knows no page."""

from sqlalchemy.orm import Session

from helpline.callbacks import queue
from helpline.intake import asks
from helpline.intake.models import Ask
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.routing import requests
from helpline.routing.models import Request, RequestState
from helpline.routing.offers import Late

WHY = "they want it no more, and told one of ours"


def take_back(session: Session, request_id: int, who: Who, *, why: str) -> None:
    """End a request as its own person does with the code: a live offer is pulled back, and the entity told.

    `why`: how they said it; kept encrypted, in no line of moves or audit. Raises `LookupError`, `Late` when it is over
    already, `ValueError` without a reason.
    """
    if not why.strip():
        raise ValueError("what is taken back has a reason")
    known = session.get(Request, request_id)
    if known is None:
        raise LookupError(f"no request {request_id}")
    ask = session.get_one(Ask, known.ask_id)
    queue.lock_plan(session, ask.plan_id)
    request = requests.locked(session, request_id)
    if request is None or request.state in (RequestState.CLOSED, RequestState.CANCELLED):
        raise Late(request.state if request else known.state)
    if not asks.cancel(session, ask, who=who.in_audit, why=WHY):
        requests.withdraw(session, request, who=who.in_audit, why=WHY)
    requests.keep_note(session, request_id, "taken_back", why, who=who.in_audit)
    audit.record(session, who.in_audit, "took_back", f"request {request_id}")
    session.flush()
