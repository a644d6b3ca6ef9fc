"""The network: signals that came in, for coordinators and for the Focal Point of the region. Asks `intake.signals`."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import network_points, network_report, network_sessions
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.network_words import KEPT_BECAUSE, STATES
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.intake import office_calls, signal_lists, signals
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import focal_points

network = allowed(Role.COORDINATOR, Role.FOCAL_POINT)
coordinators = allowed(Role.COORDINATOR)


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


@network
def offices() -> Response:
    """Offices that called and asked to be called back: a Focal Point those of their regions."""
    with db.transaction(durable=False) as session:
        regions = _regions(session)
        rows = office_calls.listed(session, regions=regions)
    may_close = Role.COORDINATOR in person().roles
    return page("network/offices.html", rows=rows, states=STATES, may_close=may_close)


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
        rows = signal_lists.listed(session, regions=regions, kept=kept, reference=reference)
        waiting, flood = signal_lists.waiting(session) if regions is None else (0, 0)
    return page(
        "network/signals.html",
        status,
        rows=rows,
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
)

pages = Pages("network")
for method, rule, view in (*VIEWS, *network_points.VIEWS, *network_sessions.VIEWS, *network_report.VIEWS):
    pages.add_url_rule(rule, view_func=view, methods=[method])
