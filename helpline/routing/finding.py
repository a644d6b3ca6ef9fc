"""Coordinators look for requests by what is known of them, in an order, a page at a time. Changes nothing; knows no person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, and_, exists, func, literal, not_, select, tuple_
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.routing.models import UNPLACED, Offer, Request, RequestState

WAITING = "waiting"
"""All who wait, also those for whom a person must act first."""
STATES = (WAITING, *(str(state) for state in RequestState if state not in UNPLACED))
SORTS = ("turn", "oldest", "newest", "promise")
"""The order in which places are given · who waits longest, urgent or not · the newest first · the promised day."""
NOT_KNOWN = "-"
"""In the place of a region or a country: nobody knows it yet."""

_code = func.coalesce(Request.reason["code"].as_string(), "new")
_WAIT = Request.state.in_(UNPLACED)


@dataclass(frozen=True)
class Asked:
    """What is looked for; what is empty is not asked. `why`: the code of the reason (`waiting.Row`); `days`: waits for so
    many at least; `entity`: an organisation that was offered it."""

    state: str = WAITING
    why: str = ""
    language: str = ""
    region: str = ""
    country: str = ""
    group: str = ""
    urgent: bool = False
    days: int = 0
    entity: str = ""
    sort: str = "turn"


def page(session: Session, asked: Asked, *, after: int | None = None, limit: int = 50) -> list[int]:
    """The ids of what was found, in its order; those behind the request `after`, where that is given.

    An id that is not there gives an empty list. Raises KeyError for an order that is none of `SORTS`.
    """
    ask = db.table("asks")
    promised = func.coalesce(ask.c.promised_on, literal(date.max, Date))
    key, falling = {
        "turn": ((not_(Request.urgent), Request.waiting_since, Request.id), False),
        "oldest": ((Request.waiting_since, Request.id), False),
        "newest": ((Request.waiting_since, Request.id), True),
        "promise": ((promised, Request.id), False),
    }[asked.sort]
    wanted: Any = select(Request.id).where(*_conditions(asked))
    behind: Any = select(*key).where(Request.id == after)
    if asked.sort == "promise":
        wanted = wanted.join(ask, ask.c.id == Request.ask_id)
        behind = behind.join(ask, ask.c.id == Request.ask_id)
    if after is not None:
        last = session.execute(behind).one_or_none()
        if last is None:
            return []
        wanted = wanted.where(tuple_(*key) < tuple(last) if falling else tuple_(*key) > tuple(last))
    order = [column.desc() for column in key] if falling else key
    return list(session.scalars(wanted.order_by(*order).limit(limit)))


def count(session: Session, asked: Asked) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Request).where(*_conditions(asked))) or 0


def codes(session: Session) -> dict[str, int]:
    """How many wait, by the code of the reason."""
    rows = session.execute(select(_code, func.count()).where(_WAIT).group_by(_code))
    return {str(code): number for code, number in rows}


def countries(session: Session) -> Sequence[str]:
    """The countries that anybody who is not done with wants to return to."""
    done = (RequestState.CLOSED, RequestState.CANCELLED)
    wanted = select(Request.country).where(Request.state.not_in(done), Request.country.is_not(None))
    return [str(code) for code in session.scalars(wanted.distinct().order_by(Request.country))]


def there_is(session: Session, request_id: int) -> bool:
    """Whether there is a request of this number."""
    return session.scalar(select(Request.id).where(Request.id == request_id)) is not None


def _conditions(asked: Asked) -> list[Any]:
    found = [_WAIT if asked.state == WAITING else Request.state == asked.state]
    for column, value in ((Request.region, asked.region), (Request.country, asked.country)):
        if value:
            found.append(column.is_(None) if value == NOT_KNOWN else column == value)
    for column, value in ((Request.language, asked.language), (Request.group, asked.group)):
        if value:
            found.append(column == value)
    if asked.why:
        found.append(_code == asked.why)
    if asked.urgent:
        found.append(Request.urgent.is_(True))
    if asked.days:
        found.append(Request.waiting_since <= clock.now() - timedelta(days=asked.days))
    if asked.entity:
        held_out = and_(Offer.request_id == Request.id, Offer.entity_id == asked.entity)
        found.append(exists().where(held_out))
    return found
