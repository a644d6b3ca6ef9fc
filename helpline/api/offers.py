"""Offers by program: see, accept, decline, see whom it is about, report. Asks the services of routing; decides nothing."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from helpline.api import gate, schemas
from helpline.api.problems import Problem
from helpline.people import audit
from helpline.people.access import token
from helpline.people.scopes import Scope
from helpline.routing import answers, closing, reading
from helpline.routing.reading import OfferRow

PAGE = 50
_ONE = f"/api/v1/offers/<int(min=1, max={schemas.LARGEST_ID}):offer_id>"

pages = Blueprint("api_offers", __name__)


@pages.get("/api/v1/offers")
@token(Scope.OFFERS_READ)
def list_offers() -> Response:
    """The entity's offers, a page of them."""
    asked = gate.query_of(schemas.QUERY)
    limit = asked.pop("limit", PAGE)

    def look(session: Session) -> dict[str, Any]:
        rows = reading.offers_of(session, gate.bearer().entity_id, limit=limit + 1, **asked)
        items = [_plain(row) for row in rows[:limit]]
        if len(rows) <= limit:
            return {"items": items, "next": None}
        onward = asked | {"limit": limit, "before": items[-1]["id"]}
        return {"items": items, "next": f"/api/v1/offers?{urlencode(onward)}"}

    return gate.shown(look)


@pages.get(_ONE)
@token(Scope.OFFERS_READ)
def get_offer(offer_id: int) -> Response:
    """One offer of the entity."""
    return gate.shown(lambda session: _details(session, offer_id))


@pages.post(f"{_ONE}/accept")
@token(Scope.OFFERS_ANSWER)
def accept(offer_id: int) -> Response:
    """Say yes, and see whom it is about. Again: the same answer, as long as it may be seen."""
    gate.no_body(schemas.ACCEPT)

    def work(session: Session) -> dict[str, Any]:
        who = gate.bearer()
        answers.accept(session, offer_id, who=who.who, entity_id=who.entity_id)
        return {"offer": _details(session, offer_id), "person": _person(session, offer_id)}

    return gate.done(work, personal=True)


@pages.get(f"{_ONE}/person")
@token(Scope.OFFERS_ANSWER)
def get_person(offer_id: int) -> Response:
    """Whom an accepted offer is about, as long as its case goes on."""
    return gate.shown(lambda session: _person(session, offer_id), durable=True)


@pages.post(f"{_ONE}/decline")
@token(Scope.OFFERS_ANSWER)
def decline(offer_id: int) -> Response:
    """Say no, with the reason that decides what follows."""
    said = gate.body_of(schemas.DECLINE)

    def work(session: Session) -> dict[str, Any]:
        who = gate.bearer()
        answers.decline(
            session,
            offer_id,
            reason=said["reason"],
            note=said.get("note"),
            who=who.who,
            entity_id=who.entity_id,
        )
        audit.record(session, who.who, "declined", f"offer {offer_id}", reason=said["reason"])
        return _details(session, offer_id)

    return gate.done(work)


@pages.post(f"{_ONE}/outcome")
@token(Scope.OFFERS_ANSWER)
def report(offer_id: int) -> Response:
    """Report how an accepted case goes."""
    said = gate.body_of(schemas.OUTCOME)

    def work(session: Session) -> dict[str, Any]:
        who = gate.bearer()
        closing.report(session, offer_id, said["outcome"], who=who.who, entity_id=who.entity_id)
        audit.record(session, who.who, "reported", f"offer {offer_id}", outcome=said["outcome"])
        return _details(session, offer_id)

    return gate.done(work)


def _person(session: Session, offer_id: int) -> dict[str, Any]:
    """Whom to ring and how, with a line of the audit. Raises `Problem` where that may not be seen."""
    who = gate.bearer()
    seen = reading.seen_by_entity(session, offer_id, who.entity_id)
    if "number" not in seen:
        row = reading.offer_row(session, offer_id, entity_id=who.entity_id)
        raise Problem(
            "not_accepted", state="closed" if row.ended_at and row.state == "accepted" else row.state
        )
    audit.record(session, who.who, "revealed", f"offer {offer_id}", field="number")
    return {name: seen[name] for name in ("number", "code_ends_with", "language", "window")} | {
        "how_to_call": list(seen["how_to_call"]),
        "shown_until": seen["shown_until"].isoformat(),
    }


def _details(session: Session, offer_id: int) -> dict[str, Any]:
    entity_id = gate.bearer().entity_id
    row = reading.offer_row(session, offer_id, entity_id=entity_id)
    seen = reading.seen_by_entity(session, offer_id, entity_id)
    return _plain(row) | {"window": seen["window"], "asked_at": seen["asked_at"].isoformat()}


_SAME = ("id", "state", "language", "region", "country", "group", "urgent", "declined_for", "outcome")
_MOMENTS = ("made_at", "accepted_at", "contact_by", "contacted_at", "begun_at", "ended_at")


def _plain(row: OfferRow) -> dict[str, Any]:
    return (
        {name: getattr(row, name) for name in _SAME}
        | {name: _moment(getattr(row, name)) for name in _MOMENTS}
        | {"project": row.project_id, "answer_by": _moment(row.expires_at)}
    )


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
