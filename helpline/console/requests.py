"""Requests for coordinators: who waits and what would help, those of other states, the plan. Asks `routing.waiting`."""

from collections.abc import Callable
from itertools import islice

from flask import request
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.api import untold
from helpline.console import requests_deeds, requests_list, requests_together, requests_words
from helpline.console.forms import number
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.console.requests_page import show
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import concerns, holding, offers, overview, planning, waiting
from helpline.routing.concerns import Concern
from helpline.routing.models import UNPLACED, RequestState

SHOWN = 200
MOST = 20
"""So many of one kind among what needs a look; the others are counted."""
PAGE = 50
ELSEWHERE = [str(state) for state in RequestState if state not in UNPLACED]
coordinators = allowed(Role.COORDINATOR)


@coordinators
def listed() -> Response:
    """Who waits, grouped by what would help; or the requests that the address asks for."""
    if request.args:
        return requests_list.found()
    with db.transaction(durable=False) as session:
        groups = waiting.waiting(session)
        found, further = _bounded([*concerns.found(session), *untold.concerns(session)])
        counts = overview.counts(session)
        names = overview.entity_names(session)
        kept = holding.shown(session, clock.in_rome().date())
        offered = {
            each.id: offers.offer_row(session, int(each.id)).request_id
            for each in found
            if each.about == "offer"
        }
    return page(
        "requests/list.html",
        groups=[(group, requests_words.helps(group.help.kind, group.help.value)) for group in groups],
        concerns=found,
        further=further,
        promised=sum(each.kind == "promise_before_answer" for each in found),
        offered=offered,
        counts=counts,
        states=ELSEWHERE,
        waits=sum(counts.get(str(state), 0) for state in UNPLACED),
        names=names,
        kept=kept,
    )


@coordinators
def closed_at_once() -> Response:
    """Those that organisations closed for good by their first report of all, a page at a time."""
    typed = request.args.get("after", "")
    after = number(typed) if typed else None
    with db.transaction(durable=False) as session:
        found = concerns.closed_at_once(
            session, after=-1 if typed and after is None else after, limit=PAGE + 1
        )
        names = overview.entity_names(session)
        of = {each.id: offers.offer_row(session, int(each.id)).request_id for each in found[:PAGE]}
    return page(
        "requests/closed_at_once.html",
        rows=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        further=bool(typed),
        names=names,
        of=of,
    )


@coordinators
def one(request_id: int) -> Response:
    """One request: why it stands where it stands, what happened, what may be done."""
    return show(request_id)


@coordinators
def plan() -> Response:
    """The plan as it would be made now; nothing is written."""
    planned = planning.dry_run()
    with db.transaction(durable=False) as session:
        names = overview.project_names(session)
    return page(
        "requests/plan.html",
        placed=planned.placed,
        total=len(planned),
        held=planned.held,
        lines=list(islice(planned, SHOWN)),
        shown=SHOWN,
        names=names,
        at=clock.now(),
    )


def _bounded(found: list[Concern]) -> tuple[list[Concern], dict[str, int]]:
    """The first few of each kind, and how many more there are of it. The promises that come before an answer fold by themselves,
    and are counted whole."""
    of: dict[str, int] = {}
    shown = []
    for each in found:
        of[each.kind] = of.get(each.kind, 0) + 1
        if of[each.kind] <= MOST or each.kind == "promise_before_answer":
            shown.append(each)
    return shown, {
        kind: count - MOST for kind, count in of.items() if count > MOST and kind != "promise_before_answer"
    }


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/requests", listed),
    ("GET", "/requests/closed-at-once", closed_at_once),
    ("GET", "/requests/find", requests_list.find),
    ("GET", "/requests/plan", plan),
    ("GET", "/requests/<int:request_id>", one),
)

pages = Pages("requests")
for method, rule, view in (*VIEWS, *requests_deeds.VIEWS, *requests_together.VIEWS):
    pages.add_url_rule(rule, view_func=view, methods=[method])
