"""What may be said of a person: every field judged, all faults at once. Asks the database what only it knows."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import column as named
from sqlalchemy import select, table
from sqlalchemy.orm import Session

from helpline import phone as phones
from helpline.languages import CODES
from helpline.people.finding import plain
from helpline.people.models import Person
from helpline.people.reasons import Invalid, Reason
from helpline.people.roles import LOCALES, ROLES, Role

LONGEST_NAME = 80
LONGEST_ORGANISATION = 120
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,59}(@[a-z0-9][a-z0-9.-]{1,59})?")


def judged(
    session: Session,
    given: Mapping[str, Any],
    person: Person | None = None,
    *,
    entities: Collection[str] = (),
) -> dict[str, Any]:
    """The given fields as columns hold them. `person`: whose they become, None for a new one. Raises `Invalid`.

    `entities` are known besides those in the database (a file brings both). Whether `entity_id` and the roles go together is judged with what the person has where only one of them is given.
    """
    faults: dict[str, Reason] = {}
    found: dict[str, Any] = {}
    for field, value in given.items():
        known_already = field == "entity_id" and value in entities
        kept, reason = (value, None) if known_already else _JUDGES[field](session, value)
        if reason:
            faults[field] = reason
        found[field] = kept
    if "login" in found and "login" not in faults and _is_taken(session, found["login"], person):
        faults["login"] = Reason.TAKEN
    _entity_and_roles(found, faults, person)
    _organisation_and_roles(found, faults, person)
    if Role.EDITOR not in found.get("roles", [Role.EDITOR]):
        found["prompt_languages"] = []  # who is no editor any more is limited to nothing
    if faults:
        raise Invalid(faults)
    return found


Judged = tuple[Any, Reason | None]


def _login(session: Session, value: str) -> Judged:
    login = plain(value)
    if not login:
        return login, Reason.MISSING
    return login, None if _LOGIN.fullmatch(login) else Reason.MALFORMED


def _name(session: Session, value: str) -> Judged:
    name = " ".join(value.split())
    if not name:
        return name, Reason.MISSING
    return name, Reason.TOO_LONG if len(name) > LONGEST_NAME else None


def _roles(session: Session, value: Collection[str]) -> Judged:
    if not value:
        return [], Reason.MISSING
    return _known(value, ROLES)


def _languages(session: Session, value: Collection[str]) -> Judged:
    return _known(value, CODES)


def _known(value: Collection[str], known: Collection[str]) -> Judged:
    return [word for word in known if word in value], None if set(value) <= set(known) else Reason.UNKNOWN


def _phone(session: Session, value: str | None) -> Judged:
    if not value or not value.strip():
        return None, None
    number = phones.judge(value).number
    return (number.e164, None) if number else (None, Reason.NOT_CALLABLE)


def _entity(session: Session, value: str | None) -> Judged:
    if not value:
        return None, None
    entities = table("entities", named("id"))
    there = session.scalar(select(entities.c.id).where(entities.c.id == value))
    return value, None if there else Reason.UNKNOWN


def _organisation(session: Session, value: str | None) -> Judged:
    name = " ".join((value or "").split())
    return name or None, Reason.TOO_LONG if len(name) > LONGEST_ORGANISATION else None


def _locale(session: Session, value: str) -> Judged:
    return value, None if value in LOCALES else Reason.UNKNOWN


_JUDGES = {
    "login": _login,
    "name": _name,
    "roles": _roles,
    "languages": _languages,
    "prompt_languages": _languages,
    "phone": _phone,
    "entity_id": _entity,
    "organisation": _organisation,
    "locale": _locale,
}


def _is_taken(session: Session, login: str, person: Person | None) -> bool:
    holder = session.scalar(select(Person.id).where(Person.login == login))
    return holder is not None and (person is None or holder != person.id)


def _entity_and_roles(found: dict[str, Any], faults: dict[str, Reason], person: Person | None) -> None:
    if "roles" in faults or "entity_id" in faults:
        return
    roles = found.get("roles", person.roles if person else [])
    member = Role.ENTITY_MEMBER in roles
    if not member and "roles" in found and "entity_id" not in found:
        found["entity_id"] = None  # who is no member any more has no entity
    entity_id = found.get("entity_id", person.entity_id if person else None)
    if member and not entity_id:
        faults["entity_id"] = Reason.MISSING
    elif entity_id and not member:
        faults["entity_id"] = Reason.NOT_FOR_ROLE


def _organisation_and_roles(found: dict[str, Any], faults: dict[str, Reason], person: Person | None) -> None:
    if "roles" in faults or "organisation" in faults:
        return
    member = Role.NETWORK_MEMBER in found.get("roles", person.roles if person else [])
    if not member and "roles" in found and "organisation" not in found:
        found["organisation"] = None
    organisation = found.get("organisation", person.organisation if person else None)
    if member and not organisation:
        faults["organisation"] = Reason.MISSING
    elif organisation and not member:
        faults["organisation"] = Reason.NETWORK_ONLY
