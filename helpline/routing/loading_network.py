"""The Focal Points of a settings file, by their ids. Knows no page; whose accounts they are is settled after the people."""

from typing import Any

from sqlalchemy.orm import Session

from helpline.faults import raise_if_any
from helpline.line import loading as line
from helpline.line.reading import Table
from helpline.places import REGION_CODES
from helpline.routing import focal_points
from helpline.routing.network_models import FocalPoint

FocalPoints = dict[str, dict[str, Any]]


def read(table: Table) -> dict[str, Any]:
    """What a table `[[focal_points]]` says; what it leaves out is not in it, and stays as it is."""
    fields: dict[str, Any] = {
        "name": table.text("name"),
        "organisation": table.text("organisation"),
        "regions": table.words("regions", REGION_CODES, "twenty regions"),
        "telephone": table.digits("telephone") or "",
    }
    for field in ("email", "hours", "login"):
        value = table.text_or_none(field)
        if value is not None:
            fields[field] = value
    if "telephone" not in table.values:
        table.fault("telephone", "missing")
    if "email" in fields and not focal_points.is_address(fields["email"]):
        table.fault("email", "must be an address such as anna@example.org")
    for field, most in focal_points.LONGEST.items():
        if len(str(fields.get(field, ""))) > most:
            table.fault(field, f"must have at most {most} characters")
    return fields


def apply(session: Session, found: FocalPoints, changes: dict[str, Any]) -> None:
    """Write what has no faults. One whom a coordinator ended stays ended."""
    for focal_id, fields in found.items():
        kept = {name: value for name, value in fields.items() if name != "login"}
        line.upsert(session, FocalPoint, {"id": focal_id}, kept, changes, f"focal point {focal_id}")


def link(session: Session, found: FocalPoints, *, source: str) -> None:
    """Give Focal Points the accounts that the file names, after its people were made. Raises `Faults`."""
    faults: list[str] = []
    logins = {focal_id: fields["login"] for focal_id, fields in found.items() if "login" in fields}
    focal_points.link(session, logins, source=source, faults=faults)
    raise_if_any(faults)
