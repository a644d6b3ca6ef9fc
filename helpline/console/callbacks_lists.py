"""The callback queue as lists: one's own, everybody's, what is next, what needs a look, and what may be said."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.callbacks import desk
from helpline.console import knowledge
from helpline.console.access import person
from helpline.console.rendering import notice, page, part
from helpline.languages import CODES
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.accounts import Who
from helpline.people.roles import Role

PAGE = 50
CLOSED = ("done", "unreachable", "stopped", "cancelled")
may_call = allowed(Role.OPERATOR, Role.COORDINATOR)


@may_call
def listed() -> Response:
    """The list, one's own languages first."""
    return page("callbacks/list.html", **_list(person()))


@may_call
def rows() -> Response:
    """The list alone, for the part of the page that looks by itself."""
    return part("callbacks/rows.html", **_list(person()))


@may_call
def next_one() -> Response:
    """Take what is next, and open its sheet."""
    with db.transaction() as session:
        claim = desk.claim_next(session, person())
    if claim:
        return redirect(url_for("callbacks.sheet", callback_id=claim.callback_id), 303)
    nobody = gettext("Nobody can be rung now in your languages.")
    return notice(redirect(url_for("callbacks.listed"), 303), nobody, kind="info")


@allowed(Role.COORDINATOR)
def concerns() -> Response:
    """What the queue cannot bring to an end by itself."""
    with db.transaction(durable=False) as session:
        return page("callbacks/concerns.html", concerns=desk.coordinators_list(session))


@may_call
def guide() -> Response:
    """What may be said, article by article."""
    today = clock.in_rome().date()
    return page("callbacks/guide.html", articles=knowledge.articles(), today=today)


def _list(who: Who) -> dict[str, Any]:
    """What the list shows: one's own languages unless all, or another one, are asked for."""
    chosen, state = request.args.get("language", "mine"), request.args.get("state", "")
    after = request.args.get("after", "")
    languages = {"mine": who.languages or CODES, "all": CODES}.get(chosen, (chosen,))
    with db.transaction(durable=False) as session:
        found = desk.waiting(
            session,
            languages=languages,
            state=state if state in CLOSED else None,
            limit=PAGE + 1,
            after=int(after) if after.isdecimal() and len(after) < len(str(2**31)) else None,
        )
        owed = desk.owed(session)
        upcoming = desk.next_for(session, who)
        names = accounts.names(session, [row.holder for row in found if row.holder])
    return {
        "rows": found[:PAGE],
        "more": found[PAGE - 1].id if len(found) > PAGE else None,
        "upcoming": upcoming,
        "names": names,
        "owed": owed,
        "chosen": chosen,
        "state": state,
        "tongues": [code for code in CODES if code in owed or code in who.languages],
        "waiting": sum(owed.values()),
        "mine": sum(count for code, count in owed.items() if code in (who.languages or CODES)),
        "closed": CLOSED,
        "is_coordinator": Role.COORDINATOR in who.roles,
    }


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/callbacks", listed),
    ("GET", "/callbacks/rows", rows),
    ("POST", "/callbacks/next", next_one),
    ("GET", "/callbacks/concerns", concerns),
    ("GET", "/guide", guide),
)
