"""The directory of Focal Points, kept by coordinators. What stands there is said at key 4 and shown to who signals."""

import re
from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.rendering import notice, page
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.places import REGIONS
from helpline.routing import focal_points
from helpline.routing.focal_points import EVERYWHERE, LONGEST, Row

coordinators = allowed(Role.COORDINATOR)


@coordinators
def points() -> Response:
    """Who is there for which regions, and which region has nobody of its own."""
    with db.transaction(durable=False) as session:
        rows = focal_points.listed(session)
        ended = focal_points.listed(session, ended=True)
    own = {region for row in rows for region in row.regions}
    alone = [] if EVERYWHERE in own else [region.name for region in REGIONS if region.code not in own]
    return page("network/points.html", rows=rows, ended=ended, alone=alone)


@coordinators
def point_new() -> Response:
    """The empty form."""
    return _point(None, Form())


@coordinators
def point_added() -> Response:
    """Somebody new."""
    form = Form(request.form)
    with db.transaction() as session:
        given = _given(session, form, "")
        if form:
            focal_points.save(
                session, focal_points.new_id(session, given["name"]), given, who=person().in_audit
            )
    return _saved(form, None, given)


@coordinators
def point(focal_id: str) -> Response:
    """One of them."""
    row = _row(focal_id)
    form = Form({"name": row.name, "organisation": row.organisation, "telephone": row.telephone})
    form.fill(email=row.email or "", hours=row.hours or "", login=row.login or "", regions=list(row.regions))
    return _point(row, form)


@coordinators
def point_changed(focal_id: str) -> Response:
    """What is known of one of them is changed."""
    row, form = _row(focal_id), Form(request.form)
    with db.transaction() as session:
        given = _given(session, form, focal_id)
        if form:
            focal_points.save(session, focal_id, given, who=person().in_audit)
    return _saved(form, row, given)


@coordinators
def point_ended(focal_id: str) -> Response:
    """They are it no more."""
    row = _row(focal_id)
    with db.transaction() as session:
        focal_points.end(session, focal_id, who=person().in_audit)
    text = gettext("%(name)s is no longer named anywhere.", name=row.name)
    return notice(redirect(url_for("network.points"), 303), text)


def _given(session: Any, form: Form, focal_id: str) -> dict[str, Any]:
    digits = re.sub(r"[\s./-]", "", form.text("telephone", most=30))
    if digits and not focal_points.is_dialled(digits):
        form.fault("telephone", gettext("Give the digits to dial in Italy, such as 06 5550 0000."))
    email = form.text("email", required=False, most=LONGEST["email"])
    if email and not focal_points.is_address(email):
        form.fault("email", gettext("Give an address such as anna@example.org."))
    login = form.text("login", required=False, most=120)
    account = focal_points.account(session, login) if login else None
    if login and account is None:
        form.fault("login", gettext("There is no account with this login and the role of a Focal Point."))
    elif account and focal_points.account_taken(session, account, focal_id):
        form.fault("login", gettext("This account belongs to another Focal Point."))
    regions = form.many("regions", [EVERYWHERE, *(region.code for region in REGIONS)], required=True)
    return {
        "name": form.text("name", most=LONGEST["name"]),
        "organisation": form.text("organisation", most=LONGEST["organisation"]),
        "regions": [EVERYWHERE] if EVERYWHERE in regions else regions,
        "telephone": digits,
        "email": email or None,
        "hours": form.text("hours", required=False, most=LONGEST["hours"]) or None,
        "person_id": account,
    }


def _row(focal_id: str) -> Row:
    with db.transaction(durable=False) as session:
        row = focal_points.one(session, focal_id)
    if row is None or row.ended:
        abort(404)
    return row


def _saved(form: Form, row: Row | None, given: dict[str, Any]) -> Response:
    if not form:
        return _point(row, form, 422)
    text = gettext("%(name)s: saved. The line says it from now on.", name=given["name"])
    return notice(redirect(url_for("network.points"), 303), text)


def _point(row: Row | None, form: Form, status: int = 200) -> Response:
    everywhere = (EVERYWHERE, gettext("all regions"), "")
    regions = [everywhere, *((region.code, region.name, "") for region in REGIONS)]
    return page("network/point.html", status, row=row, form=form, regions=regions)


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/network/focal-points", points),
    ("GET", "/network/focal-points/new", point_new),
    ("POST", "/network/focal-points/new", point_added),
    ("GET", "/network/focal-points/<focal_id>", point),
    ("POST", "/network/focal-points/<focal_id>", point_changed),
    ("POST", "/network/focal-points/<focal_id>/end", point_ended),
)
