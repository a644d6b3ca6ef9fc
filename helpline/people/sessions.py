"""Who is signed in: rows that expire and can be ended; the cookie holds a token, the row its hash. Knows no cookie."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, and_, bindparam, select, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import keyed_hash
from helpline.people import audit
from helpline.people.models import Person, SessionRow
from helpline.people.who import Who, shown

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)

# Put together once, since every request of a page asks it.
_WHOSE = (
    select(SessionRow, Person)
    .join(Person, Person.id == SessionRow.person_id)
    .where(
        SessionRow.token_hash == bindparam("token"),
        SessionRow.ended_at.is_(None),
        SessionRow.seen_at > bindparam("seen"),
        SessionRow.created_at > bindparam("made"),
        Person.disabled_at.is_(None),
    )
)


@dataclass(frozen=True)
class Open:
    """One open session of a person; `current` is the one whose token was given."""

    id: int
    created_at: datetime
    seen_at: datetime
    current: bool


def begin(session: Session, person_id: int) -> str:
    """A new session; its token, for the cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(SessionRow(person_id=person_id, token_hash=_hash(token), created_at=now, seen_at=now))
    session.flush()
    return token


def whose(session: Session, token: str, *, touch: bool = True) -> Who | None:
    """Who is signed in with this token; None for an unknown, idle, old or ended one, or a disabled person.

    Asking keeps the session from being idle; `touch=False` for what a page asks by itself, which nobody did.
    """
    now = clock.now()
    values = {"token": _hash(token), "seen": now - IDLE, "made": now - LONGEST}
    found = session.execute(_WHOSE, values).one_or_none()
    if found is None:
        return None
    row, person = found
    if touch and row.seen_at < now - _SEEN_EVERY:
        session.execute(update(SessionRow).where(SessionRow.id == row.id).values(seen_at=now))
    return shown(person)


def touch(session: Session, token: str) -> None:
    """Somebody is there although they touch no page: keep an open session from being idle. Its 12 hours stay."""
    now = clock.now()
    mine = (SessionRow.token_hash == _hash(token), _open(), SessionRow.seen_at < now - _SEEN_EVERY)
    session.execute(update(SessionRow).where(*mine).values(seen_at=now))


def end(session: Session, token: str) -> None:
    """Sign out. An unknown or ended token is no error."""
    ending = update(SessionRow).where(SessionRow.token_hash == _hash(token), _open())
    person_id = session.scalar(ending.values(ended_at=clock.now()).returning(SessionRow.person_id))
    if person_id is not None:
        audit.record(session, f"person {person_id}", "signed_out", f"person {person_id}")


def end_one(session: Session, person_id: int, session_id: int) -> None:
    """End one of a person's own sessions, by the id that `listed` gave; somebody else's is left alone."""
    ending = update(SessionRow).where(SessionRow.id == session_id, SessionRow.person_id == person_id, _open())
    if session.scalar(ending.values(ended_at=clock.now()).returning(SessionRow.id)):
        audit.record(session, f"person {person_id}", "signed_out", f"person {person_id}", elsewhere=True)


def end_all(session: Session, person_id: int, except_: str | None = None) -> int:
    """End all sessions of a person but the one with this token; how many."""
    ending = update(SessionRow).where(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
    if except_ is not None:
        ending = ending.where(SessionRow.token_hash != _hash(except_))
    ended = session.execute(ending.values(ended_at=clock.now()))
    return ended.rowcount if isinstance(ended, CursorResult) else 0


def listed(session: Session, person_id: int, token: str | None = None) -> list[Open]:
    """A person's open sessions, the newest first."""
    wanted = select(SessionRow).where(SessionRow.person_id == person_id, _open())
    ours = _hash(token) if token is not None else None
    return [
        Open(row.id, row.created_at, row.seen_at, row.token_hash == ours)
        for row in session.scalars(wanted.order_by(SessionRow.id.desc()))
    ]


def _open() -> ColumnElement[bool]:
    now = clock.now()
    return and_(
        SessionRow.ended_at.is_(None), SessionRow.seen_at > now - IDLE, SessionRow.created_at > now - LONGEST
    )


def _hash(token: str) -> str:
    return keyed_hash("session", token)
