"""Ringing the person of an accepted offer through the line: ring, watch, stop. Asks `routing.calling`."""

from collections.abc import Callable

from flask import abort, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import formats
from helpline.console.access import person
from helpline.console.offers_places import own
from helpline.console.rendering import notice, part
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import calling, offers
from helpline.routing.offers import Late

members = allowed(Role.ENTITY_MEMBER)


@members
def ring(offer_id: int) -> Response:
    """Ring one's own telephone, then the person's."""
    said = ""
    with db.transaction() as session:
        try:
            calling.call(session, offer_id, person())
        except LookupError:
            abort(404)
        except Late:
            session.rollback()
            said = gettext("The person is not yours to call any more.")
        except calling.NoTelephone:
            session.rollback()
            said = gettext("Your account has no telephone number: add it under “My account”.")
        except calling.NotNow as later:
            session.rollback()
            said = _later(later)
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
        call = calling.progress(session, offer_id)
    return part("offers/call.html", row=row, call=call)


def _later(later: calling.NotNow) -> str:
    if later.next_at is None:
        return gettext("The person may not be rung: they want no more calls, or the number is forgotten.")
    return gettext(
        "The person may not be rung at this moment. Next time: %(moment)s.",
        moment=formats.when(later.next_at),
    )


def _back(offer_id: int, said: str = "") -> Response:
    there = redirect(url_for("offers.one", offer_id=offer_id), 303)
    return notice(there, said, kind="bad") if said else there


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/offers/<int:offer_id>/call", watch),
    ("POST", "/offers/<int:offer_id>/call", ring),
    ("POST", "/offers/<int:offer_id>/stop", stop),
)
