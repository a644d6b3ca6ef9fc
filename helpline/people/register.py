"""Accounts as lists and pages show them: who there is, where each stands. Changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.people import invitations
from helpline.people.finding import of_login
from helpline.people.models import Person
from helpline.phone import PhoneNumber


class Standing(StrEnum):
    """Where an account stands: made but nobody has the link, invited, in use, or disabled."""

    NEW = "new"
    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Row:
    """An account as lists and the page of a person show it; the telephone is masked when printed."""

    id: int
    login: str
    name: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    prompt_languages: tuple[str, ...]
    entity_id: str | None
    organisation: str | None
    locale: str
    phone: PhoneNumber | None
    standing: Standing
    invited_until: datetime | None
    second_factor: bool
    created_at: datetime


def listed(session: Session) -> list[Row]:
    """All accounts that are not forgotten, by name."""
    people = session.scalars(select(Person).where(Person.login.is_not(None)).order_by(Person.name, Person.id))
    until = invitations.open_until(session)
    return [_row(person, until) for person in people]


def row(session: Session, person_id: int) -> Row | None:
    """One account as the list has it, or None."""
    person = session.get(Person, person_id)
    return _row(person, invitations.open_until(session, person_id)) if person and person.login else None


def row_of(session: Session, login: str) -> Row | None:
    """The account of a login as the list has it, disabled or not; None when nobody has it."""
    person = of_login(session, login)
    return row(session, person.id) if person else None


def _row(person: Person, until: Mapping[int, datetime]) -> Row:
    return Row(
        id=person.id,
        login=person.login or "",
        name=person.name,
        roles=tuple(person.roles),
        languages=tuple(person.languages),
        prompt_languages=tuple(person.prompt_languages),
        entity_id=person.entity_id,
        organisation=person.organisation,
        locale=person.locale,
        phone=PhoneNumber(person.phone) if person.phone else None,
        standing=_standing(person, until),
        invited_until=until.get(person.id),
        second_factor=person.totp_confirmed_at is not None,
        created_at=person.created_at,
    )


def _standing(person: Person, until: Mapping[int, datetime]) -> Standing:
    if person.disabled_at:
        return Standing.DISABLED
    if person.password_hash:
        return Standing.ACTIVE
    return Standing.INVITED if person.id in until else Standing.NEW


def members(session: Session, entity_id: str) -> list[int]:
    """The ids of those who belong to an organisation, whether they can sign in now or not."""
    wanted = select(Person.id).where(Person.login.is_not(None), Person.entity_id == entity_id)
    return list(session.scalars(wanted.order_by(Person.id)))
