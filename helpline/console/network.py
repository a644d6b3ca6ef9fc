"""The network: signals that came in, for coordinators and for the Focal Point of the region. Asks `intake.signals`."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import network_members, network_points, network_report, network_sessions
from helpline.console.access import person
from helpline.console.forms import Form, number
from helpline.console.network_words import KEPT_BECAUSE, STATES
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.intake import office_calls, signal_lists, signals
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import focal_points

network = allowed(Role.COORDINATOR, Role.FOCAL_POINT)
coordinators = allowed(Role.COORDINATOR)
PAGE = 50


@network
def listed() -> Response:
    """The newest signals, those that wait for a coordinator, or the one with a reference."""
    return _listed()


@network
def contact(signal_id: int) -> Response:
    """Show the contact of who signalled, with a reason that is written down."""
    form = Form(request.form)
    why = form.reason("why")
    if not form:
        return _listed(form, 422, wrong=f"contact-{signal_id}")
    who = person()
    with db.transaction() as session:
        seen = signal_lists.reveal(session, signal_id, regions=_regions(session), who=who.in_audit, why=why)
    if seen is None:
        abort(404)
    return _listed(revealed={signal_id: seen})


@coordinators
def again(signal_id: int) -> Response:
    """Try again to make the call of a signal that was kept."""
    with db.transaction() as session:
        try:
            made = signals.try_again(session, signal_id, who=person().in_audit)
        except signals.Settled:
            return _to(gettext("Somebody has seen to it already."), "info")
    if made:
        return _to(gettext("The person is in the queue now."), "good")
    return _to(gettext("It still cannot be rung."), "bad")


@coordinators
def close(signal_id: int) -> Response:
    """Nobody will be called for a signal that was kept."""
    form = Form(request.form)
    why = form.text("why", most=300)
    if not form:
        return _listed(form, 422, wrong=f"close-{signal_id}")
    with db.transaction() as session:
        try:
            signals.close(session, signal_id, who=person().in_audit, why=why)
        except signals.Settled:
            return _to(gettext("Somebody has seen to it already."), "info")
    return _to(gettext("Closed; the number is forgotten."), "good")


@coordinators
def close_flood() -> Response:
    """Nobody will be called for what was kept in a flood, as far as it was shown, but for children."""
    form = Form(request.form)
    why = form.text("why", most=300)
    upto = number(form.typed("upto"))
    if not form or upto is None:
        return _listed(form, 422, wrong="flood")
    with db.transaction() as session:
        closed = signals.close_flood(session, upto, who=person().in_audit, why=why)
    said = ngettext("%(num)s signal is closed.", "%(num)s signals are closed.", closed)
    return notice(redirect(url_for("network.listed", show="kept"), 303), said)


@network
def offices() -> Response:
    """Offices that called and asked to be called back: a Focal Point those of their regions."""
    with db.transaction(durable=False) as session:
        regions = _regions(session)
        before = number(request.args.get("before", ""))
        rows = office_calls.listed(session, regions=regions, before=before, limit=PAGE + 1)
    return page(
        "network/offices.html",
        rows=rows[:PAGE],
        more=rows[PAGE - 1].callback_id if len(rows) > PAGE else None,
        further=before is not None,
        states=STATES,
        may_close=Role.COORDINATOR in person().roles,
    )


def _listed(
    form: Form | None = None,
    status: int = 200,
    *,
    revealed: dict[int, str] | None = None,
    wrong: str = "",
) -> Response:
    """`wrong`: the dialog whose form has faults, and is open again."""
    kept, reference = request.args.get("show") == "kept", request.args.get("reference", "").strip()
    with db.transaction(durable=False) as session:
        regions = _regions(session)
        before = number(request.args.get("before", ""))
        rows = signal_lists.listed(
            session, regions=regions, kept=kept, reference=reference, before=before, limit=PAGE + 1
        )
        waiting, flood = signal_lists.waiting(session) if regions is None else (0, 0)
        newest = signal_lists.newest(session)
    return page(
        "network/signals.html",
        status,
        rows=rows[:PAGE],
        more=rows[PAGE - 1].id if len(rows) > PAGE else None,
        further=before is not None,
        newest=newest,
        kept=kept,
        reference=reference,
        waiting=waiting,
        flood=flood,
        regions=regions,
        form=Form() if form is None else form,
        wrong=wrong,
        revealed=revealed or {},
        may_close=Role.COORDINATOR in person().roles,
        states=STATES,
        because=KEPT_BECAUSE,
    )


def _regions(session: Any) -> tuple[str, ...] | None:
    """Whose signals this person sees: a Focal Point those of their regions, a coordinator all (None)."""
    who = person()
    return None if Role.COORDINATOR in who.roles else focal_points.regions_of(session, who.id)


def _to(text: str, kind: str) -> Response:
    return notice(redirect(url_for("network.listed"), 303), text, kind=kind)


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/network", listed),
    ("GET", "/network/offices", offices),
    ("POST", "/network/signals/<int:signal_id>/contact", contact),
    ("POST", "/network/signals/<int:signal_id>/again", again),
    ("POST", "/network/signals/<int:signal_id>/close", close),
    ("POST", "/network/signals/close-flood", close_flood),
)

pages = Pages("network")
for method, rule, view in (
    *VIEWS,
    *network_points.VIEWS,
    *network_sessions.VIEWS,
    *network_report.VIEWS,
    *network_members.VIEWS,
):
    pages.add_url_rule(rule, view_func=view, methods=[method])
