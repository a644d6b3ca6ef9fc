"""Verified services and associations: people who may signal others and nothing else. Coordinators invite them, too, once
they are sure that it is they; of any other account nothing is seen or done here."""

from sqlalchemy.orm import Session

from helpline.people import accounts, register
from helpline.people.accounts import NoPerson
from helpline.people.register import Row
from helpline.people.roles import Role

ROLES = (Role.NETWORK_MEMBER,)


def listed(session: Session) -> list[Row]:
    """Their accounts, by service or association."""
    rows = [row for row in register.listed(session) if _is_theirs(row)]
    return sorted(rows, key=lambda row: ((row.organisation or "").casefold(), row.name.casefold(), row.id))


def invite(session: Session, *, login: str, name: str, organisation: str | None, locale: str, by: str) -> str:
    """Make an account and its invitation, as `accounts.invite`: the token. Raises `Invalid`."""
    return accounts.invite(
        session, login=login, name=name, roles=ROLES, organisation=organisation, locale=locale, by=by
    )


def reinvite(session: Session, person_id: int, by: str) -> str:
    """A new link for one of them. Raises `NoPerson` for anybody else, and `Invalid` when disabled."""
    _theirs(session, person_id)
    return accounts.reinvite(session, person_id, by)


def disable(session: Session, person_id: int, by: str) -> None:
    """Nobody signs in with this account any more. Raises `NoPerson` for anybody else."""
    _theirs(session, person_id)
    accounts.disable(session, person_id, by)


def enable(session: Session, person_id: int, by: str) -> None:
    """The account works again. Raises `NoPerson` for anybody else."""
    _theirs(session, person_id)
    accounts.enable(session, person_id, by)


def _theirs(session: Session, person_id: int) -> None:
    row = register.row(session, person_id)
    if row is None or not _is_theirs(row):
        raise NoPerson(f"person {person_id}")


def _is_theirs(row: Row) -> bool:
    return tuple(row.roles) == ROLES
