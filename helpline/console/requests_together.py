"""One deed for several requests that wait: what would become of each is shown first, then done, then said. Asks `routing.together`."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db, hours
from helpline.console.access import person
from helpline.console.forms import Form, number
from helpline.console.rendering import page
from helpline.console.requests_list import WORDS, asked_of, found
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import finding, overview, together
from helpline.routing.finding import WAITING
from helpline.routing.together import Result

PARK, ASSIGN = "park", "assign"
KEPT = ("deed", "day", "project", "why_together")
"""What the page that asks once more carries on, beside the requests that it is about."""
coordinators = allowed(Role.COORDINATOR)


@coordinators
def several() -> Response:
    """Park several, or offer them to a project by hand; the first time it is only said what would become of each."""
    form = Form(request.form)
    asked = asked_of(form.values)
    deed = form.choice("deed", (PARK, ASSIGN))
    why = form.text("why_together", most=300)
    until = _day(form) if deed == PARK else None
    project = form.text("project") if deed == ASSIGN else ""
    with db.transaction(durable=False) as session:
        if form.choice("which", ("chosen", "found"), required=False) == "found":
            ids = finding.page(session, asked, limit=together.MOST)
        else:
            ids = [id for each in form.values.getlist("id") if (id := number(each)) is not None]
        if not ids or asked.state != WAITING:
            form.fault("which", gettext("Choose one request at least."))
        elif len(ids) > together.MOST:
            form.fault("which", gettext("Choose at most %(most)s at once.", most=together.MOST))
        if until is not None and not together.may_park_until(session, until):
            form.fault("day", gettext("Choose a day after today, at most half a year ahead."))
        names = overview.project_names(session)
        if project and project not in names:
            form.fault("project", gettext("Choose one of these."))
        before = []
        if form:
            before = (
                together.before_parking(session, ids)
                if deed == PARK
                else together.before_assigning(session, ids, project)
            )
    if not form:
        return found(form, 422)
    if form.values.get("sure") != "yes":
        return _page(form, before, names, done=False)
    if deed == PARK:
        assert until is not None  # noqa: S101 - without a day the form has a fault
        return _page(form, together.park(ids, until, who=person().in_audit, why=why), names, done=True)
    made = together.assign([one.request_id for one in before], project, who=person().in_audit, why=why)
    return _page(form, made, names, done=True)


def _day(form: Form) -> Any:
    day = form.day("day", required=True)
    return hours.at_hour(day, 0) if day else None


def _page(form: Form, results: list[Result], names: dict[str, str], *, done: bool) -> Response:
    values = form.values
    words: dict[str, Any] = {name: values.get(name, "") for name in (*WORDS, "state") if values.get(name)}
    return page(
        "requests/together.html",
        done=done,
        deed=values["deed"],
        day=form.day("day"),
        project=names.get(values.get("project", ""), ""),
        why=values.get("why_together", ""),
        fine=[one for one in results if not one.refused],
        refused=[one for one in results if one.refused],
        kept={name: values.get(name, "") for name in KEPT} | words,
        back=url_for("requests.listed", **words | {"state": WAITING}),
    )


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (("POST", "/requests/together", several),)
