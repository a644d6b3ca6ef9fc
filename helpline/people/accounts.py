"""Who works with the helpline: accounts, invitations, what may be changed about them. Knows no page and no cookie."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from helpline.faults import Faults
from helpline.people.models import Person
from helpline.phone import PhoneNumber

INVITATION_LASTS = timedelta(days=3)
INVITATION_PATH = "/invited/"
"""Behind the public address, with the token behind it: the page on which an invitation is accepted."""


@dataclass(frozen=True)
class Who:
    """A person as pages and services know them. `in_audit` is the `who` of lines of audit and of moves."""

    id: int
    name: str
    login: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    entity_id: str | None
    locale: str

    @property
    def in_audit(self) -> str:
        """`person <id>`."""
        return f"person {self.id}"


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
    entity_id: str | None
    locale: str
    phone: PhoneNumber | None
    standing: Standing
    invited_until: datetime | None
    second_factor: bool
    created_at: datetime


class Reason(StrEnum):
    """Why a field is refused."""

    MISSING = "missing"
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    NOT_CALLABLE = "not_callable"
    NOT_FOR_ROLE = "not_for_role"
    LAST_ADMINISTRATOR = "last_administrator"
    TOO_SHORT = "too_short"
    TOO_COMMON = "too_common"


class Invalid(Faults):
    """What somebody gave cannot be: `fields` has the reason for each field, `faults` an English sentence for each."""

    def __init__(self, fields: dict[str, Reason]) -> None:
        super().__init__([f"{field}: {reason}" for field, reason in fields.items()])
        self.fields = dict(fields)


class NoInvitation(Exception):
    """There is no such invitation, or no more: never made, used, replaced, expired, or the person is disabled."""


class NoPerson(LookupError):
    """There is no person of this id or login."""


def invite(
    session: Session,
    *,
    login: str,
    name: str,
    roles: Collection[str],
    languages: Collection[str] = (),
    entity_id: str | None = None,
    phone: str | None = None,
    locale: str = "it",
    by: str,
) -> str:
    """Make an account and its invitation; the token, which is shown once and never found again.

    `by`: who invites, as lines of the audit name them (`Who.in_audit`). `phone` as typed. Raises `Invalid`.
    """
    raise NotImplementedError


def invited(session: Session, token: str) -> Who | None:
    """Whose invitation this is, while it can be accepted; else None."""
    raise NotImplementedError


def accept(session: Session, token: str, password: str) -> Who:
    """Set the password and use the invitation up. Raises `Invalid` (field `password`) and `NoInvitation`."""
    raise NotImplementedError


def reinvite(session: Session, person_id: int, by: str) -> str:
    """A new link for somebody without one or without their password: the old password and links end, and all sessions.

    The second factor stays (`second_factor.reset` is for that). Raises `NoPerson`; `Invalid` when disabled.
    """
    raise NotImplementedError


def listed(session: Session) -> list[Row]:
    """All accounts that are not forgotten, by name."""
    raise NotImplementedError


def row(session: Session, person_id: int) -> Row | None:
    """One account as the list has it, or None."""
    raise NotImplementedError


def change(
    session: Session,
    person_id: int,
    *,
    by: str,
    name: str | None = None,
    roles: Collection[str] | None = None,
    languages: Collection[str] | None = None,
    phone: str | None = None,
    entity_id: str | None = None,
    locale: str | None = None,
) -> None:
    """Change what is given; None leaves a field, "" takes `phone` or `entity_id` away. In effect at the next request.

    Raises `NoPerson` and `Invalid` (also when nobody would be administrator any more).
    """
    raise NotImplementedError


def disable(session: Session, person_id: int, by: str) -> None:
    """Nobody signs in with it any more; sessions and invitations end. Raises `NoPerson`, `Invalid` (the last administrator)."""
    raise NotImplementedError


def enable(session: Session, person_id: int, by: str) -> None:
    """The account works again, with the password it had, if that is not forgotten. Raises `NoPerson`."""
    raise NotImplementedError


def who(session: Session, person_id: int) -> Who | None:
    """The person of this id, or None when there is none or it is disabled."""
    raise NotImplementedError


def by_login(session: Session, login: str) -> Who | None:
    """The person of this login, or None when there is none or it is disabled."""
    raise NotImplementedError


def names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Names of these people, disabled ones too; an id that nobody has is missing."""
    raise NotImplementedError


def phone_of(session: Session, person_id: int) -> PhoneNumber | None:
    """The person's own telephone, on which calls are offered; None when there is none or the person is disabled."""
    raise NotImplementedError


def shown(person: Person) -> Who:
    """A row as everybody else knows it."""
    return Who(
        person.id,
        person.name,
        person.login or "",
        tuple(person.roles),
        tuple(person.languages),
        person.entity_id,
        person.locale,
    )
