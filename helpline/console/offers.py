"""What an organisation is offered: its list, one offer, yes or no, whom to ring, how the case goes. Asks `routing.offers`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import offers_calls, offers_places, offers_words, requests_words
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page, part
from helpline.intake import offer_calls
from helpline.people import accounts, audit, register
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import calling, offers, overview, projects
from helpline.routing.models import STEPS, CaseOutcome, DeclineReason, OfferState
from helpline.routing.offers import Late, NotAccepted, OfferRow

PAGE = 50
SOON = timedelta(days=14)
"""So long before a number is forgotten the organisation is told of it more loudly."""
members = allowed(Role.ENTITY_MEMBER)


@members
def listed() -> Response:
    """All offers of one's organisation: to be answered, under way, over."""
    return page("offers/list.html", **_list())


@members
def rows() -> Response:
    """The list alone, for the part of the page that looks by itself."""
    return part("offers/rows.html", **_list())


@members
def one(offer_id: int) -> Response:
    """One offer."""
    return _one(offer_id)


@members
def standing(offer_id: int) -> Response:
    """How much time is left, for the part of the page that looks by itself; the page is loaded anew when it changed."""
    with db.transaction(durable=False) as session:
        row = _row(session, offer_id)
        over = overview.is_over(session, offer_id)
    if _word(row, over) != request.args.get("was"):
        return Response(status=204, headers={"HX-Refresh": "true"})
    return part("offers/standing.html", row=row, over=over, now=clock.now())


@members
def accept(offer_id: int) -> Response:
    """Yes: asked once more, since a key alone leads here, and what is accepted is seen and must be called."""
    if request.form.get("sure") != "yes":
        return _one(offer_id, sure=True)

    def act(session: Any) -> None:
        offers.accept(session, offer_id, who=person().in_audit, entity_id=offers_places.own())

    late = gettext("Your yes came too late: nothing was accepted.")
    said = gettext("Accepted. Now call the person: first read how.")
    return _done(offer_id, Form(), act, late, said)


@members
def decline(offer_id: int) -> Response:
    """No, with the reason that decides what follows."""
    form, who = Form(request.form), person().in_audit
    reason = form.choice("reason", tuple(DeclineReason))
    note = form.text("note", required=reason == DeclineReason.OTHER, most=1000)

    def act(session: Any) -> None:
        own = offers_places.own()
        offers.decline(session, offer_id, reason=reason, note=note or None, who=who, entity_id=own)
        audit.record(session, who, "declined", f"offer {offer_id}", reason=reason)

    late = gettext("Your no came too late: nothing was changed.")
    said = gettext("Declined. The person is looked after further.")
    return _done(offer_id, form, act, late, said, onward=url_for("offers.listed"))


@members
def number(offer_id: int) -> Response:
    """Show whom to ring; each showing is written down."""
    with db.transaction() as session:
        _row(session, offer_id)
        seen = offers.seen_by_entity(session, offer_id, offers_places.own())
        if "number" in seen:
            audit.record(session, person().in_audit, "revealed", f"offer {offer_id}", field="number")
    if "number" not in seen:
        return _one(offer_id, late=gettext("The number is not yours to see any more."))
    return _one(offer_id, shown=seen)


@members
def outcome(offer_id: int) -> Response:
    """How an accepted case goes."""
    form, who = Form(request.form), person().in_audit
    how = form.choice("outcome", tuple(CaseOutcome))
    if form and how not in STEPS and request.form.get("sure") != "yes":
        form.fault(
            "sure",
            gettext(
                "This ends the case for good. Confirm it; to have somebody else try, give the case back."
            ),
        )

    def act(session: Any) -> None:
        offers.report(session, offer_id, how, who=who, entity_id=offers_places.own())
        audit.record(session, who, "reported", f"offer {offer_id}", outcome=how)

    late = gettext("This case is over: nothing was noted.")
    return _done(offer_id, form, act, late, gettext("Noted."))


def _done(
    offer_id: int, form: Form, act: Callable[[Any], None], late: str, said: str, *, onward: str = ""
) -> Response:
    """Do it, unless the form has faults, and go on with `said`; when it comes too late, `late` and what happened."""
    if not form:
        return _one(offer_id, form, status=422)
    with db.transaction() as session:
        try:
            act(session)
        except LookupError:
            abort(404)
        except NotAccepted:
            session.rollback()
            form.fault("reason", gettext("Only after accepting: before that you had no number to call."))
        except Late:
            session.rollback()
        else:
            late = ""
    if not form:
        return _one(offer_id, form, status=422)
    if late:
        return _one(offer_id, late=late)
    return notice(redirect(onward or url_for("offers.one", offer_id=offer_id), 303), said)


def _list() -> dict[str, Any]:
    before = request.args.get("before", "")
    entity_id = offers_places.own()
    with db.transaction(durable=False) as session:
        live = overview.live_offers(session, entity_id)
        newest = offers.offers_of(
            session,
            entity_id,
            before=int(before) if before.isdecimal() and len(before) < len(str(2**31)) else None,
            limit=PAGE + 1,
        )
        entity = projects.entity(session, entity_id)
        names = overview.project_names(session)
        standing = {"paused": entity.paused_reason, "full": entity.full_since}
    pending = [row for row in live if row.state == "pending"]
    accepted = [row for row in live if row.state == "accepted"]
    held = {row.id for row in live}
    return {
        "pending": sorted(pending, key=lambda row: (not row.urgent, row.expires_at, row.id)),
        "accepted": sorted(accepted, key=lambda row: (row.contacted_at is not None, row.accepted_at, row.id)),
        "over": [row for row in newest[:PAGE] if row.id not in held],
        "more": newest[PAGE - 1].id if len(newest) > PAGE else None,
        "further": bool(before),
        "standing": standing,
        "names": names,
        "now": clock.now(),
    }


def _row(session: Any, offer_id: int) -> OfferRow:
    try:
        return offers.offer_row(session, offer_id, entity_id=offers_places.own())
    except LookupError:
        abort(404)


def _word(row: OfferRow, over: bool) -> str:
    """How an offer stands, in one word: one that was accepted and has ended is closed."""
    if row.state == "accepted" and row.ended_at is not None:
        return "closed"
    return "expired" if over else row.state


def _one(
    offer_id: int,
    form: Form | None = None,
    *,
    late: str = "",
    shown: dict[str, Any] | None = None,
    sure: bool = False,
    status: int = 200,
) -> Response:
    """The page of one offer. `late`: what could not be done any more, which is a conflict, with what happened. `sure`:
    they are about to accept it."""
    with db.transaction(durable=False) as session:
        row = _row(session, offer_id)
        seen = offers.seen_by_entity(session, offer_id, offers_places.own())
        over = overview.is_over(session, offer_id)
        reports = overview.reports(session, offer_id)
        call, chance = calling.progress(session, offer_id), offer_calls.chance(session, offer_id)
        project = overview.project_names(session).get(row.project_id, row.project_id)
        names = accounts.names_of(session, (report.who for report in reports))
        mine = register.members(session, row.entity_id)
    return page(
        "offers/one.html",
        409 if late else status,
        row=row,
        word=_word(row, over),
        over=over,
        seen=seen,
        shown=shown,
        call=call,
        chance=chance,
        project=project,
        late=late,
        sure=sure,
        reports=[(each, offers_words.by_whom(each.who, names, mine)) for each in reports],
        form=Form() if form is None else form,
        declines=[
            (str(word), *words)
            for word, words in offers_words.DECLINES.items()
            if row.state == OfferState.ACCEPTED or word != DeclineReason.CANNOT_REACH
        ],
        outcomes=[(str(word), *words) for word, words in offers_words.OUTCOMES.items()],
        steps=[str(step) for step in STEPS],
        now=clock.now(),
        ends_soon="shown_until" in seen and seen["shown_until"] - clock.now() < SOON,
    )


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/offers", listed),
    ("GET", "/offers/rows", rows),
    ("GET", "/offers/<int:offer_id>", one),
    ("GET", "/offers/<int:offer_id>/standing", standing),
    ("POST", "/offers/<int:offer_id>/accept", accept),
    ("POST", "/offers/<int:offer_id>/decline", decline),
    ("POST", "/offers/<int:offer_id>/number", number),
    ("POST", "/offers/<int:offer_id>/outcome", outcome),
)

pages = Pages("offers")
for method, rule, view in (*VIEWS, *offers_calls.VIEWS, *offers_places.VIEWS):
    pages.add_url_rule(rule, view_func=view, methods=[method])
for name, function in (offers_words.FILTERS | requests_words.FILTERS).items():
    pages.app_template_filter(name)(function)
pages.app_template_filter("why_not")(offers_calls.why_not)
