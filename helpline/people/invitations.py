"""One-time links with which somebody chooses a password. Knows no password."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import keyed_hash
from helpline.people.finding import locked
from helpline.people.models import Invitation, Person

LASTS = timedelta(days=3)
PATH = "/invited/"
"""Behind the public address, with the token behind it: the page on which an invitation is accepted."""


class NoInvitation(Exception):
    """There is no such invitation, or no more: never made, used, replaced, expired, or the person is disabled."""


def make(session: Session, person_id: int) -> str:
    """A new invitation; its token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        Invitation(person_id=person_id, token_hash=_hash(token), created_at=now, expires_at=now + LASTS)
    )
    session.flush()
    return token


def find(session: Session, token: str) -> Person | None:
    """Who may use it, now; None when nobody may."""
    wanted = (
        select(Person)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.token_hash == _hash(token),
            Invitation.ended_at.is_(None),
            Invitation.expires_at > clock.now(),
            Person.disabled_at.is_(None),
        )
    )
    return session.scalars(wanted).one_or_none()


def take(session: Session, token: str) -> Person:
    """Who may use it, held until the transaction ends, so that of two at once one comes too late. Raises `NoInvitation`."""
    found = find(session, token)
    if found is None:
        raise NoInvitation
    person = locked(session, found.id)
    if find(session, token) is None:
        raise NoInvitation
    return person


def end_all(session: Session, person_id: int) -> None:
    """End the invitations that a person still has."""
    ending = update(Invitation).where(Invitation.person_id == person_id, Invitation.ended_at.is_(None))
    session.execute(ending.values(ended_at=clock.now()))


def open_until(session: Session, person_id: int | None = None) -> dict[int, datetime]:
    """Until when each person (or one) may use the invitation they have."""
    wanted = select(Invitation.person_id, func.max(Invitation.expires_at)).where(
        Invitation.ended_at.is_(None), Invitation.expires_at > clock.now()
    )
    if person_id is not None:
        wanted = wanted.where(Invitation.person_id == person_id)
    return dict(session.execute(wanted.group_by(Invitation.person_id)).all())


def _hash(token: str) -> str:
    return keyed_hash("invitation", token)
