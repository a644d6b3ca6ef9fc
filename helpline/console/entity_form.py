"""The form of how an organisation is reached and when it works: what was typed, what a service refused. Asks `projects`."""

import re
from typing import Any

from flask_babel import gettext, lazy_gettext

from helpline import db
from helpline.console import offers_hours
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.faults import Faults
from helpline.hours import WEEKDAYS
from helpline.routing import entities, projects
from helpline.routing.models import Entity

_SPAN = re.compile(r"(\d{1,2})(?:[:.]00)?-(\d{1,2})(?:[:.]00)?")
_FAULT = re.compile(r'entity "[^"]*": (?:hours (?P<span>\d+): )?(?P<field>\w+): (?P<words>.*)')
_OVERLAP = re.compile(r"overlap on (\w+)")
_WRONG = {
    "id": lazy_gettext(
        "Use small letters, digits and hyphens, at most 60; no other organisation may have it."
    ),
    "email": lazy_gettext("Give an address such as desk@office.example."),
    "overlap": lazy_gettext("These hours overlap."),
    "span": lazy_gettext("Give whole hours, the first before the last, such as 9-13 14-18."),
}


def save(form: Form, entity_id: str, *, why: str | None) -> None:
    """Change an organisation as the form says; everything that is wrong is a fault of the form, and nothing is changed.

    `why`: said for those who need give no reason; None where the form must. A fault of no field (""): somebody else
    changed it since the form was shown. Raises `LookupError`.
    """
    reason = form.text("why", required=why is None, most=300)
    given, spans = _given(form, named=why is None), _spans(form)
    with db.transaction() as session:
        seen = version(projects.history(session, f"entity {entity_id}", limit=1))
        try:
            projects.change_entity(
                session,
                entity_id,
                who=person().in_audit,
                why=reason or why or "",
                hours=spans or None,
                **given,
            )
        except Faults as faults:
            _refused(form, faults, [span["days"][0] for span in spans])
        if seen != form.typed("version"):
            form.outdated(meanwhile())
        if not form:
            session.rollback()


def add(form: Form) -> str:
    """Add an organisation as the form says; its id. Everything that is wrong is a fault of the form, and nothing is added."""
    given, spans = _given(form, named=True), _spans(form)
    entity_id, why = form.text("id", most=60), form.reason("why")
    if not form:
        return entity_id
    with db.transaction() as session:
        try:
            entities.add(session, entity_id, who=person().in_audit, why=why, hours=spans or None, **given)
        except Faults as faults:
            session.rollback()
            _refused(form, faults, [span["days"][0] for span in spans])
    return entity_id


def _given(form: Form, *, named: bool) -> dict[str, str | None]:
    """The fields but for the hours; `named`: the name among them, which an organisation does not change itself."""
    given = {
        "contact": form.text("contact", most=200),
        "email": form.text("email", required=False, most=200) or None,
    }
    return given | ({"name": form.text("name", most=120)} if named else {})


def values_of(entity: Entity) -> dict[str, str]:
    """An organisation as the form shows it."""
    shown = {"name": entity.name, "contact": entity.contact, "email": entity.email or ""}
    for number, day in enumerate(WEEKDAYS):
        spans = [span for span in entity.hours or () if span["weekday"] == number]
        shown[f"hours_{day}"] = " ".join(f"{span['opens']}-{span['closes']}" for span in spans)
    return shown


def version(changes: list[projects.Change]) -> str:
    """A name for an organisation, or a project, as it stands: the moment of its newest change."""
    return changes[0].at.isoformat() if changes else ""


def meanwhile() -> str:
    """What is said to whoever sends a form that was open while somebody else saved."""
    return gettext("Somebody changed it meanwhile: look at what was changed, and repeat yours.")


def words() -> dict[str, Any]:
    """The fields' names, and the days of the week as the form asks for them."""
    days = [(f"hours_{day}", offers_hours.weekday(number)) for number, day in enumerate(WEEKDAYS)]
    named = {
        "id": gettext("Short name"),
        "name": gettext("Name"),
        "contact": gettext("Contact"),
        "email": gettext("E-mail"),
        "why": gettext("Reason for the change"),
    }
    return {"reach_words": named | dict(days), "weekdays": days}


def _spans(form: Form) -> list[dict[str, Any]]:
    found = []
    for day in WEEKDAYS:
        typed = form.text(f"hours_{day}", required=False, most=60)
        if f"hours_{day}" in form.errors:
            continue  # too long: said already, and to be read by no pattern
        typed = re.sub(r"\s*[-–]\s*", "-", typed)
        for piece in re.split(r"[\s,;]+", typed) if typed else ():
            hours = _SPAN.fullmatch(piece)
            if hours is None:
                form.fault(f"hours_{day}", str(_WRONG["span"]))
            else:
                found.append({"days": [day], "from": int(hours[1]), "to": int(hours[2])})
    return found


def _refused(form: Form, faults: Faults, days: list[str]) -> None:
    """Show what the service refused, beside its field; `days`: of which day each span of hours is."""
    for fault in faults.faults:
        found = _FAULT.match(fault)
        if found is None:
            form.fault("", gettext("This is not right."))
        elif found["span"]:
            form.fault(f"hours_{days[int(found['span']) - 1]}", str(_WRONG["span"]))
        elif overlap := _OVERLAP.match(found["words"]):
            form.fault(f"hours_{overlap[1]}", str(_WRONG["overlap"]))
        else:
            form.fault(found["field"], str(_WRONG.get(found["field"], gettext("This is not right."))))
