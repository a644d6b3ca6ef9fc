"""Whoever talks with somebody fills in where they are or want to go, of their own request. Knows no page."""

from sqlalchemy.orm import Session

from helpline.intake import taking_back
from helpline.people.accounts import Who
from helpline.routing import filling_in
from helpline.routing.models import RequestState
from helpline.routing.offers import Late


def unknown(session: Session, callback_id: int, who: Who) -> tuple[str, ...]:
    """What is not known of the request of whoever this person talks with, and has recognised (`filling_in.FIELDS`)."""
    request_id = taking_back.of_callback(session, callback_id, who)
    return () if request_id is None else filling_in.unknown(session, request_id)


def in_callback(
    session: Session, callback_id: int, who: Who, *, region: str | None, country: str | None, why: str
) -> None:
    """Fill it in, in the talk or a moment after. Raises as `filling_in.fill_in`, `Stale`, and `NotRecognised` while one
    does not know whom one talks with."""
    request_id = taking_back.of_callback(session, callback_id, who)
    if request_id is None:
        raise taking_back.NotRecognised(f"callback {callback_id}")
    filling_in.fill_in(session, request_id, region=region, country=country, who=who.in_audit, why=why)


def unknown_of(session: Session, ask_id: int) -> tuple[str, ...]:
    """What is not known of the request that an ask is; nothing where it is none, or over."""
    request_id = taking_back.open_request(session, ask_id)
    return () if request_id is None else filling_in.unknown(session, request_id)


def in_live_call(
    session: Session,
    hold_id: int,
    who: Who,
    ask_id: int,
    *,
    region: str | None,
    country: str | None,
    why: str,
) -> None:
    """Fill it in for somebody who rang, in the talk or a moment after: of what they were recognised for, or asked in
    this very call. Raises as `taking_back.in_live_call`, and as `filling_in.fill_in`."""
    taking_back.of_live_call(session, hold_id, who, ask_id)
    request_id = taking_back.open_request(session, ask_id)
    if request_id is None:
        raise Late(RequestState.CANCELLED)
    filling_in.fill_in(session, request_id, region=region, country=country, who=who.in_audit, why=why)
