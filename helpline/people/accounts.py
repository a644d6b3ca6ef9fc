"""Who works with the helpline: accounts, invitations, what may be changed about them. Knows no page and no cookie."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpline import clock
from helpline.people import audit, guessing, invitations, passwords, pending, sessions
from helpline.people.fields import judged
from helpline.people.finding import NoPerson, locked, login_of, of_login
from helpline.people.invitations import LASTS, PATH, NoInvitation
from helpline.people.models import Person
from helpline.people.reasons import Invalid, Reason
from helpline.people.roles import Role
from helpline.people.who import Who, shown
from helpline.phone import PhoneNumber

__all__ = [
    "INVITATION_LASTS", "INVITATION_PATH", "Invalid", "NoInvitation", "NoPerson", "Reason", "Who",
    "accept", "add", "by_login", "change", "disable", "enable", "invite", "invited", "names", "phone_of", "phone_to_ring",
    "reinvite", "saw_changed_phone", "who",
]  # fmt: skip

INVITATION_LASTS = LASTS
INVITATION_PATH = PATH


def add(
    session: Session,
    *,
    login: str,
    name: str,
    roles: Collection[str],
    languages: Collection[str] = (),
    prompt_languages: Collection[str] = (),
    entity_id: str | None = None,
    organisation: str | None = None,
    phone: str | None = None,
    locale: str = "it",
    by: str,
) -> int:
    """Make an account that nobody can use before `reinvite` makes its link; its id. Raises `Invalid`."""
    given = {
        "login": login,
        "name": name,
        "roles": roles,
        "languages": languages,
        "prompt_languages": prompt_languages,
        "entity_id": entity_id,
        "organisation": organisation,
        "phone": phone,
        "locale": locale,
    }
    person = Person(**judged(session, given))
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:  # somebody took the login in between
        raise Invalid({"login": Reason.TAKEN}) from error
    audit.record(session, by, "added", f"person {person.id}", roles=" ".join(person.roles))
    return person.id


def invite(
    session: Session,
    *,
    login: str,
    name: str,
    roles: Collection[str],
    languages: Collection[str] = (),
    prompt_languages: Collection[str] = (),
    entity_id: str | None = None,
    organisation: str | None = None,
    phone: str | None = None,
    locale: str = "it",
    by: str,
) -> str:
    """Make an account and its invitation; the token, which is shown once and never found again.

    `by`: who invites, as lines of the audit name them (`Who.in_audit`). `phone` as typed. Raises `Invalid`.
    """
    person_id = add(
        session,
        login=login,
        name=name,
        roles=roles,
        languages=languages,
        prompt_languages=prompt_languages,
        entity_id=entity_id,
        organisation=organisation,
        phone=phone,
        locale=locale,
        by=by,
    )
    return _invitation(session, person_id, by)


def invited(session: Session, token: str) -> Who | None:
    """Whose invitation this is, while it can be accepted; else None."""
    found = invitations.find(session, token)
    return shown(found) if found else None


def accept(session: Session, token: str, password: str) -> Who:
    """Set the password and use the invitation up. Raises `Invalid` (field `password`) and `NoInvitation`."""
    person = invitations.take(session, token)
    if reason := passwords.weakness(password, person.login or "", person.name):
        raise Invalid({"password": reason})
    person.password_hash = passwords.hashed(password)
    invitations.end_all(session, person.id)
    audit.record(session, f"person {person.id}", "accepted_invitation", f"person {person.id}")
    return shown(person)


def reinvite(session: Session, person_id: int, by: str) -> str:
    """A new link for somebody without one or without their password: the old password and links end, and all sessions.

    The second factor stays (`second_factor.reset` is for that). Raises `NoPerson`; `Invalid` when disabled.
    """
    guessing.forget(session, login_of(session, person_id))
    person = locked(session, person_id)
    if person.disabled_at:
        raise Invalid({"login": Reason.DISABLED})
    person.password_hash = None
    _end_everything(session, person_id)
    return _invitation(session, person_id, by)


def _invitation(session: Session, person_id: int, by: str) -> str:
    audit.record(session, by, "invited", f"person {person_id}")
    return invitations.make(session, person_id)


def _end_everything(session: Session, person_id: int) -> None:
    sessions.end_all(session, person_id)
    pending.end_all(session, person_id)
    invitations.end_all(session, person_id)


def change(
    session: Session,
    person_id: int,
    *,
    by: str,
    name: str | None = None,
    roles: Collection[str] | None = None,
    languages: Collection[str] | None = None,
    prompt_languages: Collection[str] | None = None,
    phone: str | None = None,
    entity_id: str | None = None,
    organisation: str | None = None,
    locale: str | None = None,
) -> list[str]:
    """Change what is given; None leaves a field, "" takes `phone`, `entity_id` or `organisation` away. In effect at the next request.

    The fields that differ now. Raises `NoPerson` and `Invalid` (also when nobody would be administrator any more).
    """
    given: dict[str, Any] = {
        "name": name,
        "roles": roles,
        "languages": languages,
        "prompt_languages": prompt_languages,
        "phone": phone,
        "entity_id": entity_id,
        "organisation": organisation,
        "locale": locale,
    }
    others = _other_administrators(session, person_id) if roles is not None else []
    person = locked(session, person_id)
    found = judged(session, {field: value for field, value in given.items() if value is not None}, person)
    changed = {field: value for field, value in found.items() if getattr(person, field) != value}
    if "roles" in changed and Role.ADMINISTRATOR not in changed["roles"]:
        _must_not_be_last(person, others, "roles")
    if not changed:
        return []
    details: dict[str, str] = {"fields": " ".join(sorted(changed))}
    if "roles" in changed:
        details |= {"roles_before": " ".join(person.roles), "roles": " ".join(changed["roles"])}
    for field, value in changed.items():
        setattr(person, field, value)
    if "phone" in changed:
        # By somebody else: callers may be put through to a stranger, so the person is told.
        person.phone_changed_at = None if by == f"person {person_id}" else clock.now()
    audit.record(session, by, "changed", f"person {person_id}", **details)
    return sorted(changed)


def saw_changed_phone(session: Session, person_id: int) -> bool:
    """The person has seen that somebody else changed their telephone; False when there was nothing to see."""
    person = locked(session, person_id)
    if person.phone_changed_at is None:
        return False
    person.phone_changed_at = None
    audit.record(session, f"person {person_id}", "saw_changed_phone", f"person {person_id}")
    return True


def disable(session: Session, person_id: int, by: str) -> None:
    """Nobody signs in with it any more; sessions and invitations end. Raises `NoPerson`, `Invalid` (last administrator)."""
    others = _other_administrators(session, person_id)
    person = locked(session, person_id)
    if person.disabled_at:
        return
    _must_not_be_last(person, others, "roles")
    person.disabled_at = clock.now()
    _end_everything(session, person_id)
    audit.record(session, by, "disabled", f"person {person_id}")


def enable(session: Session, person_id: int, by: str) -> None:
    """The account works again, with the password it had, if that is not forgotten. Raises `NoPerson`."""
    person = locked(session, person_id)
    if person.disabled_at is None:
        return
    person.disabled_at = None
    audit.record(session, by, "enabled", f"person {person_id}")


def _other_administrators(session: Session, person_id: int) -> list[int]:
    """Who else could administer; all of them are held, in order, so that two do not take each other's right at once."""
    able = select(Person.id).where(
        Person.disabled_at.is_(None),
        Person.password_hash.is_not(None),
        Person.roles.contains([Role.ADMINISTRATOR]),
    )
    found = session.scalars(able.order_by(Person.id).with_for_update())
    return [id for id in found if id != person_id]


def _must_not_be_last(person: Person, others: Sequence[int], field: str) -> None:
    able = person.disabled_at is None and person.password_hash and Role.ADMINISTRATOR in person.roles
    if able and not others:
        raise Invalid({field: Reason.LAST_ADMINISTRATOR})


def who(session: Session, person_id: int) -> Who | None:
    """The person of this id, or None when there is none or it is disabled."""
    person = session.get(Person, person_id)
    return shown(person) if person and not person.disabled_at else None


def by_login(session: Session, login: str) -> Who | None:
    """The person of this login, or None when there is none or it is disabled."""
    person = of_login(session, login)
    return shown(person) if person and not person.disabled_at else None


def names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Names of these people, disabled ones too; an id that nobody has, or whose person is forgotten, is missing."""
    wanted = select(Person.id, Person.name).where(Person.id.in_(set(ids)), Person.login.is_not(None))
    return dict(session.execute(wanted).all()) if ids else {}


def names_of(session: Session, whos: Iterable[str | None]) -> dict[int, str]:
    """Names of the people among those who did something, as the audit and moves name them (`person 12`); as `names`."""
    return names(session, [int(who.split()[1]) for who in whos if who and who.startswith("person ")])


def phone_to_ring(session: Session, person_id: int) -> PhoneNumber | None:
    """`phone_of`, for who is about to ring it: nobody else decides to until this transaction ends, of whatever room."""
    held = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    return phone_of(session, person_id) if session.execute(held).first() else None


def phone_of(session: Session, person_id: int) -> PhoneNumber | None:
    """The person's own telephone, on which calls are offered; None when there is none or the person is disabled."""
    wanted = select(Person.phone).where(Person.id == person_id, Person.disabled_at.is_(None))
    number = session.scalar(wanted)
    return PhoneNumber(number) if number else None
