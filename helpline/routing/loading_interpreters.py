"""The interpreters of a settings file: whom to ring for which language. Shows no number in what it tells."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from helpline import phone
from helpline.languages import CODES
from helpline.line.reading import Table, tables, twice
from helpline.people import audit
from helpline.telephony import interpreters

Interpreters = dict[str, dict[str, Any]]
LONGEST_NAME, LONGEST_NOTE = 80, 120


def read(document: dict[str, Any], *, source: str, today: date, faults: list[str]) -> Interpreters:
    """The tables `[[interpreters]]`, by name; what is wrong with them is added to `faults`."""
    found = []
    for number, values in enumerate(tables(document, "interpreters", source=source, faults=faults), start=1):
        given = values.get("name") if isinstance(values, dict) else None
        called = f'interpreter "{given}"' if isinstance(given, str) else f"interpreter {number}"
        table = Table(values, where=f"{source}: {called}", faults=faults, today=today)
        found.append((_name(table), _interpreter(table)))
        table.done()
    twice(found, source=source, kind="interpreter", faults=faults)
    return dict(found)


def _name(table: Table) -> str:
    name = " ".join(table.text("name").split())
    if len(name) > LONGEST_NAME:
        table.fault("name", f"must have at most {LONGEST_NAME} characters")
    return name


def _interpreter(table: Table) -> dict[str, Any]:
    languages = table.words("languages", CODES, "nine languages")
    if "languages" not in table.values or (languages == ["*"] and "languages" not in table.faulty):
        table.fault("languages", f"must name some of {', '.join(CODES)}")
    number = phone.judge(table.text("phone")).number
    if number is None and table.sound("phone"):
        table.fault("phone", "must be an Italian fixed or mobile number")
    note = table.text_or_none("note")
    if note and len(note) > LONGEST_NOTE:
        table.fault("note", f"must have at most {LONGEST_NOTE} characters")
    disabled = table.take("disabled", default=False)
    if not isinstance(disabled, bool):
        table.fault("disabled", "must be true or false")
    return {"languages": languages, "number": number, "note": note, "disabled": disabled}


def apply(session: Session, found: Interpreters, *, who: str) -> dict[str, Any]:
    """Write them down; gives for each that changed the names of its fields, never what they hold."""
    changes: dict[str, Any] = {}
    for name, fields in found.items():
        interpreter_id, changed = interpreters.put(session, name, **fields) or (0, [])
        if changed:
            words = ", ".join(changed)
            audit.record(session, who, "changed", f"interpreter {interpreter_id}", fields=words)
            changes[f"interpreter {name}"] = changed
    return changes
