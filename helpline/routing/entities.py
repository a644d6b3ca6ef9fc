"""Organisations that are added by hand; what is changed of them later is `projects.change_entity`."""

from typing import Any

from sqlalchemy.orm import Session

from helpline import personal
from helpline.faults import raise_if_any
from helpline.line import loading as line
from helpline.routing import fields, mailboxes, projects
from helpline.routing.models import Entity


def add(session: Session, entity_id: str, *, who: str, why: str, **given: Any) -> None:
    """A new organisation, its fields as a settings file names them (`name`, `contact`, `email`, `hours`); it stands in
    its history. It gets offers once it has a project.

    Raises `ValueError` for a `why` that may not be kept (`personal.reason`), and `Faults` with everything that is wrong.
    """
    personal.reason(why)
    line.lock(session)
    faults: list[str] = []
    table = projects.as_table({"id": entity_id} | dict(given), f'entity "{entity_id}"', faults)
    table.slug("id")
    read = fields.entity(table)
    table.done()
    if session.get(Entity, entity_id) is not None:
        faults.append(f'entity "{entity_id}": id: there is one already')
    raise_if_any(faults)
    row = Entity(id=entity_id, **read)
    session.add(row)
    mailboxes.changed(session, row)
    noted = {name: (None, projects.plain(value)) for name, value in read.items() if value is not None}
    projects.write(session, f"entity {entity_id}", noted, who=who, why=why)
