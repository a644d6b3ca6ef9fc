"""Projects and organisations for coordinators: list, change, pause, each change kept. Asks `routing.projects`."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.api import untold
from helpline.console import entity_form, offers_words, projects_form
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.offers_places import refilled, send_link, standing, told
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.faults import Faults
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import overview, projects

LINES = 200
coordinators = allowed(Role.COORDINATOR)


@coordinators
def listed() -> Response:
    """All projects, or those in one state; those that are over come last."""
    state = request.args.get("state", "")
    with db.transaction(durable=False) as session:
        rows = projects.listed(session)
        entities = overview.entity_names(session)
    counts = {word: sum(row.state == word for row in rows) for word in offers_words.PROJECTS}
    here = (
        [row for row in rows if row.state == state]
        if counts.get(state)
        else [r for r in rows if r.state != "over"]
    )
    return page(
        "projects/list.html",
        rows=here,
        state=state if counts.get(state) else "",
        counts=counts,
        alive=sum(count for word, count in counts.items() if word != "over"),
        entities=entities,
    )


@coordinators
def one(project_id: str) -> Response:
    """One project: its limits, dates and lists, and all that was ever changed."""
    return _one(project_id)


@coordinators
def changed(project_id: str) -> Response:
    """A project is changed, with a reason; not when somebody else changed it since the form was shown."""
    row, form = _row(project_id), Form(request.form)
    given = projects_form.read(form)
    why = form.reason("why")
    if not form:
        return _one(project_id, form, 422)
    with db.transaction() as session:
        if projects_form.version(projects.history(session, f"project {project_id}", limit=1)) != form.typed(
            "version"
        ):
            form.outdated(entity_form.meanwhile())
        else:
            try:
                projects.change(session, project_id, who=person().in_audit, why=why, **given)
            except Faults as faults:
                session.rollback()
                projects_form.refused(form, faults)
    if not form:
        return _one(project_id, form, 409 if "" in form.errors else 422)
    return _back(project_id, gettext("%(name)s: saved.", name=row.name), opens=True)


@coordinators
def adding(entity_id: str) -> Response:
    """The form for a new project of an organisation."""
    return _new(entity_id, Form())


@coordinators
def added(entity_id: str) -> Response:
    """A new project."""
    form = Form(request.form)
    given = projects_form.read(form)
    project_id, why = form.text("id", most=60), form.reason("why")
    if not form:
        return _new(entity_id, form, 422)
    with db.transaction() as session:
        try:
            known = {name: value for name, value in given.items() if value is not None}
            projects.add(session, project_id, entity_id, who=person().in_audit, why=why, **known)
        except LookupError:
            abort(404)
        except Faults as faults:
            session.rollback()
            projects_form.refused(form, faults)
    if not form:
        return _new(entity_id, form, 422)
    return _back(project_id, gettext("%(name)s: saved.", name=given["name"]), opens=True)


@coordinators
def pause(project_id: str) -> Response:
    """Offer nothing more for a project, with a reason."""
    _row(project_id)
    form = Form(request.form)
    why = form.reason("pause")
    if not form:
        return _one(project_id, form, 422)
    with db.transaction() as session:
        projects.pause(session, why, who=person().in_audit, project_id=project_id)
    return _back(project_id, gettext("Paused."))


@coordinators
def resume(project_id: str) -> Response:
    """A project goes on."""
    _row(project_id)
    with db.transaction() as session:
        projects.resume(session, who=person().in_audit, project_id=project_id)
    return _back(project_id, gettext("The pause is over."), opens=True)


@coordinators
def adding_entity() -> Response:
    """The form for a new organisation."""
    return page("projects/new_entity.html", form=Form(), **entity_form.words())


@coordinators
def entity_added() -> Response:
    """A new organisation."""
    form = Form(request.form)
    entity_id = entity_form.add(form)
    if not form:
        return page("projects/new_entity.html", 422, form=form, **entity_form.words())
    return _to_entity(entity_id, gettext("Saved. Now it needs a project."))


@coordinators
def entity(entity_id: str) -> Response:
    """One organisation: its projects, its pause, its word that it is full, what was changed."""
    return _entity(entity_id)


@coordinators
def entity_contact(entity_id: str) -> Response:
    """How an organisation is reached, and when it works."""
    form = Form(request.form)
    try:
        entity_form.save(form, entity_id, why=None)
    except LookupError:
        abort(404)
    if not form:
        return _entity(entity_id, form, 409 if "" in form.errors else 422)
    return _to_entity(entity_id, gettext("Saved."))


@coordinators
def entity_mailbox(entity_id: str) -> Response:
    """Send the link to the organisation's mailbox again, which is not confirmed yet."""
    try:
        said, kind = send_link(entity_id)
    except LookupError:
        abort(404)
    return notice(redirect(url_for("projects.entity", entity_id=entity_id), 303), said, kind=kind)


@coordinators
def pause_entity(entity_id: str) -> Response:
    """Offer nothing more to an organisation, with a reason."""
    form = Form(request.form)
    why = form.reason("pause")
    if not form:
        return _entity(entity_id, form, 422)
    with db.transaction() as session:
        try:
            projects.pause(session, why, who=person().in_audit, entity_id=entity_id)
        except LookupError:
            abort(404)
    return _to_entity(entity_id, gettext("Paused."))


@coordinators
def resume_entity(entity_id: str) -> Response:
    """An organisation gets offers again; those that it let pass count no longer."""
    with db.transaction() as session:
        try:
            projects.resume(session, who=person().in_audit, entity_id=entity_id)
        except LookupError:
            abort(404)
    return _to_entity(entity_id, gettext("The pause is over."))


@coordinators
def entity_full(entity_id: str) -> Response:
    """Note that an organisation has places again, or none now, when it says so by telephone."""
    form = Form(request.form)
    answer = form.choice("full", ("yes", "no"))
    if not form:
        return _entity(entity_id, form, 422)
    with db.transaction() as session:
        try:
            projects.set_full(session, entity_id, answer == "yes", who=person().in_audit)
        except LookupError:
            abort(404)
    return _to_entity(entity_id, gettext("Noted."))


def _row(project_id: str) -> projects.Row:
    with db.transaction(durable=False) as session:
        found = [row for row in projects.listed(session) if row.id == project_id]
    return found[0] if found else abort(404)


def _one(project_id: str, form: Form | None = None, status: int = 200) -> Response:
    row = _row(project_id)
    with db.transaction(durable=False) as session:
        changes = projects.history(session, f"project {project_id}", limit=LINES)
        names = accounts.names_of(session, (change.who for change in changes))
    if form is None or "places_total" not in form.values:
        form = refilled(form, **projects_form.values_of(row))
    return page(
        "projects/one.html",
        status,
        row=row,
        form=form,
        version=projects_form.version(changes),
        changes=told(changes, names),
        **projects_form.options(),
    )


def _new(entity_id: str, form: Form, status: int = 200) -> Response:
    with db.transaction(durable=False) as session:
        name = overview.entity_names(session).get(entity_id)
    if name is None:
        abort(404)
    return page(
        "projects/new.html", status, entity_id=entity_id, name=name, form=form, **projects_form.options()
    )


def _entity(entity_id: str, form: Form | None = None, status: int = 200) -> Response:
    try:
        found = standing(entity_id, form, own_page=False)
    except LookupError:
        abort(404)
    return page("projects/entity.html", status, **found)


def _back(project_id: str, said: str, *, opens: bool = False) -> Response:
    """`opens`: the project may get offers by this, which is plainly told where nobody would hear of them."""
    response, row = redirect(url_for("projects.one", project_id=project_id), 303), _row(project_id)
    with db.transaction(durable=False) as session:
        why = untold.why(session, row.entity_id) if opens and row.state != "over" else None
    if why is None:
        return notice(response, said)
    if why is untold.Why.NOT_TOLD:
        but = gettext(
            "But nobody at %(name)s is told of offers: note a mailbox or an address for webhooks.",
            name=row.entity,
        )
    else:
        but = gettext(
            "But nobody at %(name)s hears of offers: nothing that we send there arrives. Ring them, and see their programs.",
            name=row.entity,
        )
    return notice(response, f"{said} {but}", kind="bad")


def _to_entity(entity_id: str, said: str) -> Response:
    return notice(redirect(url_for("projects.entity", entity_id=entity_id), 303), said)


VIEWS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/projects", listed),
    ("GET", "/projects/<project_id>", one),
    ("POST", "/projects/<project_id>", changed),
    ("POST", "/projects/<project_id>/pause", pause),
    ("POST", "/projects/<project_id>/resume", resume),
    ("GET", "/new-organisation", adding_entity),
    ("POST", "/new-organisation", entity_added),
    ("GET", "/entities/<entity_id>", entity),
    ("POST", "/entities/<entity_id>/contact", entity_contact),
    ("POST", "/entities/<entity_id>/mailbox", entity_mailbox),
    ("POST", "/entities/<entity_id>/pause", pause_entity),
    ("POST", "/entities/<entity_id>/resume", resume_entity),
    ("POST", "/entities/<entity_id>/full", entity_full),
    ("GET", "/entities/<entity_id>/project", adding),
    ("POST", "/entities/<entity_id>/project", added),
)

pages = Pages("projects")
for method, rule, view in VIEWS:
    pages.add_url_rule(rule, view_func=view, methods=[method])
