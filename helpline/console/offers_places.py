"""An organisation's own places: no place now, pauses with a reason, limits, and what was changed. Asks `routing.projects`."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.api import untold
from helpline.console import entity_form, offers_hours, offers_words
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.rendering import notice, page
from helpline.people import accounts, register
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import mailboxes, projects

LIMITS = ("places_total", "open_cases", "per_week")
LARGEST = 100_000
LINES = 100
members = allowed(Role.ENTITY_MEMBER)


@members
def places() -> Response:
    """The organisation's places and its word on them."""
    return _places()


@members
def full() -> Response:
    """No place now; or places again."""
    form = Form(request.form)
    answer = form.choice("full", ("yes", "no"))
    if not form:
        return _places(form, 422)
    with db.transaction() as session:
        projects.set_full(session, own(), answer == "yes", who=person().in_audit)
    if answer == "yes":
        said = gettext("Noted: no offers come until you say that you have places again.")
    else:
        said = gettext("Noted: you have places again.")
    return _back(said)


@members
def pause() -> Response:
    """No offers for a while, for all projects."""
    form = Form(request.form)
    why = form.reason("pause")
    if not form:
        return _places(form, 422)
    with db.transaction() as session:
        projects.pause(session, why, who=person().in_audit, entity_id=own())
    return _back(gettext("Paused."))


@members
def resume() -> Response:
    """Offers again."""
    with db.transaction() as session:
        projects.resume(session, who=person().in_audit, entity_id=own())
    return _back(gettext("The pause is over."))


@members
def contact() -> Response:
    """How the organisation is reached, and when it works."""
    form = Form(request.form)
    entity_form.save(form, own(), why="said by the organisation")
    return _back(gettext("Saved.")) if form else _places(form, 409 if "" in form.errors else 422)


@members
def mailbox() -> Response:
    """Send the link to the mailbox again, which is not confirmed yet."""
    sent, kind = send_link(own())
    return notice(redirect(url_for("offers.places"), 303), sent, kind=kind)


def send_link(entity_id: str) -> tuple[str, str]:
    """Send the link to an organisation's mailbox again; what is said of it, and how. Raises `LookupError`."""
    with db.transaction() as session:
        sent = mailboxes.ask(session, projects.locked_entity(session, entity_id))
    if sent:
        return gettext("The link is on its way to the mailbox: open it there, and confirm."), "good"
    return gettext(
        "Nothing was sent: it is confirmed, or the link was sent often enough in this hour."
    ), "info"


@members
def project(project_id: str) -> Response:
    """One of the organisation's projects: its limits, its pause, what was changed."""
    return _project(project_id)


@members
def limits(project_id: str) -> Response:
    """How many the project takes; not when somebody else changed the project since the form was shown."""
    _of(project_id)
    form = Form(request.form)
    given = {name: whole(form, name) for name in LIMITS}
    why = form.reason("why", required=False)
    if not form:
        return _project(project_id, form, 422)
    said = why or "said by the organisation"
    with db.transaction() as session:
        seen = entity_form.version(projects.history(session, f"project {project_id}", limit=1))
        if seen == form.typed("version"):
            projects.change(session, project_id, who=person().in_audit, why=said, **given)
        else:
            form.outdated(entity_form.meanwhile())
    return _back(gettext("Saved."), project_id) if form else _project(project_id, form, 409)


@members
def pause_project(project_id: str) -> Response:
    """No offers for this project for a while."""
    _of(project_id)
    form = Form(request.form)
    why = form.reason("pause")
    if not form:
        return _project(project_id, form, 422)
    with db.transaction() as session:
        projects.pause(session, why, who=person().in_audit, project_id=project_id)
    return _back(gettext("Paused."), project_id)


@members
def resume_project(project_id: str) -> Response:
    """Offers for this project again."""
    _of(project_id)
    with db.transaction() as session:
        projects.resume(session, who=person().in_audit, project_id=project_id)
    return _back(gettext("The pause is over."), project_id)


def whole(form: Form, field: str) -> int | None:
    """A limit as it was typed: a whole number from nought, or None where nothing was typed. Fault: anything else."""
    typed = form.typed(field)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()) or int(typed) > LARGEST:
        form.fault(field, gettext("Give a whole number, or leave it empty for no limit."))
        return None
    return int(typed)


def limits_of(row: projects.Row) -> dict[str, str]:
    """A project's limits as a form shows them: nothing for none."""
    return {name: "" if (value := getattr(row, name)) is None else str(value) for name in LIMITS}


def refilled(form: Form | None, **values: str | Sequence[str]) -> Form:
    """A form that shows things as they are, on a page where another form (or none) was sent: its faults stay."""
    shown = Form()
    shown.fill(**values)
    if form is not None:
        shown.fill(**form.values.to_dict())
        shown.errors = form.errors
    return shown


def told(
    changes: list[projects.Change], names: dict[int, str], mine: list[int] | None = None
) -> list[dict[str, Any]]:
    """Changes for people, each with who made it, in the reader's words."""
    return [
        {
            "at": change.at,
            "by": offers_words.by_whom(change.who, names, mine),
            "field": change.field,
            "before": offers_words.plain(change.field, change.before),
            "after": offers_words.plain(change.field, change.after),
            "why": "" if change.field == "paused_reason" else offers_words.why(change.why),
        }
        for change in changes
    ]


def own() -> str:
    """The organisation of who is signed in; a member without one may see nothing."""
    entity_id = person().entity_id
    if not entity_id:
        abort(403)
    return entity_id


def _of(project_id: str) -> projects.Row:
    """One of the organisation's own projects; another's is not there."""
    with db.transaction(durable=False) as session:
        found = [row for row in projects.listed(session, entity_id=own()) if row.id == project_id]
    return found[0] if found else abort(404)


def _places(form: Form | None = None, status: int = 200) -> Response:
    return page("offers/places.html", status, **standing(own(), form, own_page=True))


def standing(entity_id: str, form: Form | None, *, own_page: bool) -> dict[str, Any]:
    """What the pages of an organisation show: how it stands, its projects, what was changed. Raises `LookupError`."""
    with db.transaction(durable=False) as session:
        entity = projects.entity(session, entity_id)
        changes = projects.history(session, f"entity {entity_id}", limit=LINES)
        names = accounts.names_of(session, (change.who for change in changes))
        if form is None or "contact" not in form.values:
            form = refilled(form, **entity_form.values_of(entity))
        return {
            "entity_id": entity_id,
            "standing": {
                "name": entity.name,
                "contact": entity.contact,
                "email": entity.email,
                "proved": entity.email_proved_at is not None,
                "hours": offers_hours.line(entity.hours),
                "paused": entity.paused_reason,
                "full": entity.full_since,
                "untold": untold.why(session, entity_id),
            },
            "rows": projects.listed(session, entity_id=entity_id),
            "changes": told(changes, names, _mine(session, entity_id) if own_page else None),
            "version": entity_form.version(changes),
            "form": form,
            **entity_form.words(),
        }


def _project(project_id: str, form: Form | None = None, status: int = 200) -> Response:
    row = _of(project_id)
    if form is None or "places_total" not in form.values:
        form = refilled(form, **limits_of(row))
    with db.transaction(durable=False) as session:
        changes = projects.history(session, f"project {project_id}", limit=LINES)
        names, mine = (
            accounts.names_of(session, (change.who for change in changes)),
            _mine(session, row.entity_id),
        )
    return page(
        "offers/project.html",
        status,
        row=row,
        lists=lists_of(row),
        changes=told(changes, names, mine),
        version=entity_form.version(changes),
        form=form,
    )


def lists_of(row: projects.Row) -> list[tuple[str, str]]:
    """Whom a project takes, in words: pairs of a field and its names."""
    fields = ("regions", "countries", "groups", "languages")
    return [(field, offers_words.codes(field, getattr(row, field))) for field in fields]


def _mine(session: Any, entity_id: str) -> list[int]:
    return register.members(session, entity_id)


def _back(said: str, project_id: str = "") -> Response:
    if project_id:
        return notice(redirect(url_for("offers.project", project_id=project_id), 303), said)
    return notice(redirect(url_for("offers.places"), 303), said)


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/places", places),
    ("POST", "/places/full", full),
    ("POST", "/places/contact", contact),
    ("POST", "/places/mailbox", mailbox),
    ("POST", "/places/pause", pause),
    ("POST", "/places/resume", resume),
    ("GET", "/places/<project_id>", project),
    ("POST", "/places/<project_id>/limits", limits),
    ("POST", "/places/<project_id>/pause", pause_project),
    ("POST", "/places/<project_id>/resume", resume_project),
)
