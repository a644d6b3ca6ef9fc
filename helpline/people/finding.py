"""Finds a person's row, to read it or to hold it. Knows no rule."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.people.models import Person


class NoPerson(LookupError):
    """There is no person of this id or login, or it is forgotten."""


def locked(session: Session, person_id: int) -> Person:
    """The row, as it is now, held until the transaction ends. Raises `NoPerson`."""
    wanted = select(Person).where(Person.id == person_id, Person.login.is_not(None)).with_for_update()
    person = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if person is None:
        raise NoPerson(f"there is no person {person_id}")
    return person


def of_login(session: Session, login: str) -> Person | None:
    """The row of a login, disabled or not; None when nobody has it."""
    return session.scalars(select(Person).where(Person.login == plain(login))).one_or_none()


def login_of(session: Session, person_id: int) -> str:
    """The login of an id, without holding the row: guesses are held before people. Raises `NoPerson`."""
    login = session.scalar(select(Person.login).where(Person.id == person_id))
    if login is None:
        raise NoPerson(f"there is no person {person_id}")
    return login


def plain(login: str) -> str:
    """A login as it is kept and compared: without spaces around it, in small letters."""
    return login.strip().casefold()
