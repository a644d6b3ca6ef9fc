"""Where somebody is, or wants to go, that was not known when they asked, is filled in later; the request is planned again."""

from sqlalchemy.orm import Session

from helpline import db
from helpline.people import audit
from helpline.places import REGION_CODES, is_country
from helpline.routing.answers import Late
from helpline.routing.models import UNPLACED, Request, RequestState
from helpline.routing.requests import keep_note, locked

FIELDS = ("region", "country")
_MAY = (*UNPLACED, RequestState.OFFERED)


class Known(ValueError):
    """Somebody filled it in meanwhile, or it was never open: `field` says which."""

    def __init__(self, field: str) -> None:
        """In: `region` or `country`."""
        super().__init__(f"the {field} is known")
        self.field = field


def fill_in(
    session: Session,
    request_id: int,
    *,
    region: str | None = None,
    country: str | None = None,
    who: str,
    why: str,
) -> Request:
    """Note a region (a code), a country (two letters), or both, of a request that waits or is offered; only what is not
    known yet. It is planned again after the commit, and keeps its place in the order.

    `why`: how it became known; kept encrypted. Raises `LookupError`, `Late` when it is accepted or over, `Known`, and
    `ValueError` for a code that is none, nothing to note, or no reason.
    """
    given = {name: code for name, code in (("region", region), ("country", country)) if code}
    if not given or not why.strip():
        raise ValueError("something to note, and a reason")
    if (region and region not in REGION_CODES) or (country and not is_country(country)):
        raise ValueError("one of the twenty regions, a country of two letters")
    request = locked(session, request_id)
    if request is None:
        raise LookupError(f"no request {request_id}")
    if request.state not in _MAY:
        raise Late(request.state)
    for name, code in given.items():
        if getattr(request, name) is not None:
            raise Known(name)
        setattr(request, name, code)
        keep_note(session, request_id, f"{name}_known", why, who=who)
        audit.record(session, who, "filled_in", f"request {request_id}", field=name, value=code)
    db.ring(session, "offer_request", request_id)
    session.flush()
    return request


def unknown(session: Session, request_id: int) -> tuple[str, ...]:
    """What could be filled in of a request now, of `FIELDS`."""
    request = session.get(Request, request_id)
    if request is None or request.state not in _MAY:
        return ()
    return tuple(name for name in FIELDS if getattr(request, name) is None)
