"""Ringing the person of an accepted offer through the line: ring, watch, stop. Asks `intake.offer_calls`."""

from collections.abc import Callable, Mapping

from flask import abort, redirect, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import formats
from helpline.console.access import person
from helpline.console.offers_places import own
from helpline.console.rendering import notice, part
from helpline.intake import offer_calls
from helpline.intake.offer_calls import Chance
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import calling, offers
from helpline.routing.offers import Late, OfferState

members = allowed(Role.ENTITY_MEMBER)
NOT_NOW: Mapping[str, LazyString] = {
    "window": lazy_gettext("At this time the person is not rung."),
    "pause": lazy_gettext("After a try there is a pause, so that nobody is rung again and again."),
    "used_up": lazy_gettext(
        "All tries are used up. Give the case back as “We cannot reach the person”: an operator of the line calls them."
    ),
    "busy": lazy_gettext("The line cannot ring this telephone just now. Try again in a few minutes."),
    "forgotten": lazy_gettext("The number is forgotten: the line cannot ring the person any more."),
    "no_calls": lazy_gettext("The person may not be rung any more: neither through the line nor otherwise."),
}


@members
def ring(offer_id: int) -> Response:
    """Ring one's own telephone, then the person's."""
    said = ""
    with db.transaction() as session:
        try:
            offer_calls.call(session, offer_id, person())
        except LookupError:
            abort(404)
        except Late:
            session.rollback()
            said = gettext("The person is not yours to call any more.")
        except offer_calls.NoTelephone:
            session.rollback()
            said = gettext("Your account has no telephone number: add it under “My account”.")
        except offer_calls.NotNow as later:
            session.rollback()
            said = why_not(later.chance)
    return _back(offer_id, said)


@members
def stop(offer_id: int) -> Response:
    """Take the call back, or hang up."""
    with db.transaction() as session:
        try:
            calling.stop(session, offer_id, person())
        except LookupError:
            abort(404)
    return _back(offer_id)


@members
def watch(offer_id: int) -> Response:
    """How far the call is, for the part of the page that looks by itself."""
    with db.transaction(durable=False) as session:
        try:
            row = offers.offer_row(session, offer_id, entity_id=own())
        except LookupError:
            abort(404)
        call, chance = calling.progress(session, offer_id), offer_calls.chance(session, offer_id)
    if row.state != OfferState.ACCEPTED or row.ended_at is not None:
        return Response(status=204, headers={"HX-Refresh": "true"})  # not theirs to call any more: show why
    return part("offers/call.html", row=row, call=call, chance=chance)


def why_not(chance: Chance) -> str:
    """Why the person cannot be rung through the line at this moment, and when again."""
    said = str(NOT_NOW[chance.why or "busy"])
    if chance.next_at is None:
        return said
    again = gettext("The line may ring them again: %(moment)s.", moment=formats.when(chance.next_at))
    return f"{said} {again}"


def _back(offer_id: int, said: str = "") -> Response:
    there = redirect(url_for("offers.one", offer_id=offer_id), 303)
    return notice(there, said, kind="bad") if said else there


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/offers/<int:offer_id>/call", watch),
    ("POST", "/offers/<int:offer_id>/call", ring),
    ("POST", "/offers/<int:offer_id>/stop", stop),
)
