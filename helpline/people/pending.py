"""Right passwords that wait for their second factor: short-lived tokens, with few tries. Knows no password and no code."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import keyed_hash
from helpline.people.models import PendingSignIn

LASTS = timedelta(minutes=10)
TRIES = 5


def begin(session: Session, person_id: int) -> str:
    """A new token; earlier ones of the person end."""
    end_all(session, person_id)
    token = secrets.token_urlsafe(32)
    session.add(PendingSignIn(person_id=person_id, token_hash=_hash(token), created_at=clock.now()))
    session.flush()
    return token


def person_of(session: Session, token: str) -> int | None:
    """Whose token it is, while it can be used."""
    row = _open(session, token, lock=False)
    return row.person_id if row else None


def held(session: Session, token: str) -> PendingSignIn | None:
    """The row, held until the transaction ends, so that a token is used once; None when it cannot be used any more."""
    return _open(session, token, lock=True)


def failed(row: PendingSignIn) -> None:
    """Count a wrong code; after the last try the token is dead."""
    row.failures += 1
    if row.failures >= TRIES:
        end(row)


def end(row: PendingSignIn) -> None:
    """The token is used up."""
    row.ended_at = clock.now()


def end_all(session: Session, person_id: int) -> None:
    """End what a person has begun."""
    ending = update(PendingSignIn).where(
        PendingSignIn.person_id == person_id, PendingSignIn.ended_at.is_(None)
    )
    session.execute(ending.values(ended_at=clock.now()))


def _open(session: Session, token: str, *, lock: bool) -> PendingSignIn | None:
    wanted = select(PendingSignIn).where(
        PendingSignIn.token_hash == _hash(token),
        PendingSignIn.ended_at.is_(None),
        PendingSignIn.created_at > clock.now() - LASTS,
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _hash(token: str) -> str:
    return keyed_hash("pending sign-in", token)
