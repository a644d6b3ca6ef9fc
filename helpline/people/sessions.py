"""Who is signed in: rows that expire and can be ended; the cookie holds a token, the row its hash. Knows no cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpline.people.accounts import Who

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Open:
    """One open session of a person; `current` is the one whose token was given."""

    id: int
    created_at: datetime
    seen_at: datetime
    current: bool


def begin(session: Session, person_id: int) -> str:
    """A new session; its token, for the cookie."""
    raise NotImplementedError


def whose(session: Session, token: str) -> Who | None:
    """Who is signed in with this token; None for an unknown, idle, old or ended one, or a disabled person."""
    raise NotImplementedError


def end(session: Session, token: str) -> None:
    """Sign out. An unknown or ended token is no error."""
    raise NotImplementedError


def end_one(session: Session, person_id: int, session_id: int) -> None:
    """End one of a person's own sessions, by the id that `listed` gave; somebody else's is left alone."""
    raise NotImplementedError


def end_all(session: Session, person_id: int, except_: str | None = None) -> int:
    """End all sessions of a person but the one with this token; how many."""
    raise NotImplementedError


def listed(session: Session, person_id: int, token: str | None = None) -> list[Open]:
    """A person's open sessions, the newest first."""
    raise NotImplementedError
