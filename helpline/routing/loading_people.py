"""The people of a settings file: accounts without a password, invited later by command. Knows no password and no link."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.faults import Faults
from helpline.languages import CODES
from helpline.line.reading import Table, tables, twice
from helpline.people import accounts
from helpline.people.fields import judged
from helpline.people.finding import of_login, plain
from helpline.people.models import AuditLine
from helpline.people.reasons import Invalid, sentence
from helpline.people.roles import LOCALES, ROLES
from helpline.routing import unseen

People = dict[str, dict[str, Any]]
_IN_FILE = {"entity_id": "entity"}


def read(document: dict[str, Any], *, source: str, today: date, faults: list[str]) -> People:
    """The tables `[[people]]`, by login; what is wrong with their shape is added to `faults`, and those left out."""
    found, faulty = [], set()
    for number, values in enumerate(tables(document, "people", source=source, faults=faults), start=1):
        given = values.get("login") if isinstance(values, dict) else None
        called = f'person "{given}"' if isinstance(given, str) else f"person {number}"
        table = Table(values, where=f"{source}: {called}", faults=faults, today=today)
        found.append((plain(table.text("login")), _person(table)))
        table.done()
        if table.faulty or not table.values:
            faulty.add(found[-1][0])
    twice(found, source=source, kind="person", faults=faults)
    return {login: fields for login, fields in found if login not in faulty}


def _person(table: Table) -> dict[str, Any]:
    """What the file says of a person; what it leaves out is not in it, and stays as it is."""
    fields: dict[str, Any] = {"name": table.text("name"), "roles": table.words("roles", ROLES, "roles")}
    if fields["roles"] == ["*"] and "roles" not in table.faulty:
        table.fault("roles", f"must name some of {', '.join(ROLES)}")
    if "languages" in table.values:
        languages = table.words("languages", CODES, "nine languages")
        fields["languages"] = list(CODES) if languages == ["*"] else languages
    if "prompt_languages" in table.values:
        changes = table.words("prompt_languages", CODES, "nine languages")
        fields["prompt_languages"] = [] if changes == ["*"] else changes
    for field in ("phone", "entity", "organisation"):
        if field in table.values:
            fields[{"entity": "entity_id"}.get(field, field)] = table.text(field)
        table.known.add(field)
    if "locale" in table.values:
        fields["locale"] = table.text("locale")
        if table.sound("locale") and fields["locale"] not in LOCALES:
            table.fault("locale", f"must be {' or '.join(LOCALES)}")
    table.known.add("locale")
    return fields


def compare(
    session: Session, people: People, *, entities: Collection[str], source: str, faults: list[str]
) -> None:
    """What only the database can tell, and what people's own rules say. `entities`: those that there will be."""
    for login, fields in people.items():
        try:
            judged(session, {"login": login} | fields, of_login(session, login), entities=entities)
        except Invalid as invalid:
            faults += _sentences(invalid, login, source)


def apply(session: Session, people: People, *, who: str, source: str) -> tuple[dict[str, Any], list[str]]:
    """Make or change the accounts; gives for each that changed the names of its fields, never what they hold; and, as faults,
    which of these fields somebody had changed in the console since."""
    changes: dict[str, Any] = {}
    undone: list[str] = []
    before = session.scalar(select(func.max(AuditLine.id))) or 0
    for login, fields in people.items():
        person = of_login(session, login)
        try:
            if person is None:
                accounts.add(session, login=login, by=who, **fields)
                changed = sorted(fields)
            else:
                changed = accounts.change(session, person.id, by=who, **fields)
                named = {field: _IN_FILE.get(field, field) for field in changed}
                where = f'{source}: person "{login}"'
                undone += unseen.of_person(session, where, person.id, named, before=before)
        except Invalid as invalid:
            raise Faults(_sentences(invalid, login, source)) from invalid
        if changed:
            changes[f"person {login}"] = changed
    return changes, undone


def _sentences(invalid: Invalid, login: str, source: str) -> list[str]:
    return [
        f'{source}: person "{login}": {_IN_FILE.get(field, field)}: {sentence(reason)}'
        for field, reason in invalid.fields.items()
    ]
