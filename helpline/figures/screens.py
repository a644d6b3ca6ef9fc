"""Screens on walls: each opens one page, the wallboard, and nothing else; made, and ended, by coordinators. Knows no page.

A screen is connected by a link that works once, within a day; from then on its browser holds another token, of which only the
hash is here. Nobody is signed in on it, so that nobody's rights hang on a wall.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import keyed_hash
from helpline.figures.models import Screen
from helpline.people import audit
from helpline.people.who import Who

LINK_LASTS = timedelta(days=1)
LASTS = timedelta(days=180)
"""After so long a screen has to be connected anew."""
UNSEEN = timedelta(days=14)
"""A screen that asked for nothing for so long is none any more."""
MOST = 20
"""So many at a time show the wallboard, or may be connected."""
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('screens'))")
_SEEN_EVERY = timedelta(minutes=1)


class TooMany(Exception):
    """There are as many screens as there may be."""


@dataclass(frozen=True)
class Listed:
    """A screen that may show the wallboard, or may be connected still (`opened_at` None)."""

    id: int
    name: str
    made_at: datetime
    opened_at: datetime | None
    seen_at: datetime | None


def make(session: Session, name: str, by: Who) -> str:
    """A new screen; the token of the link by which it is connected. Raises `TooMany`."""
    session.execute(_LOCK)
    if len(listed(session)) >= MOST:
        raise TooMany
    token = secrets.token_urlsafe(24)
    screen = Screen(name=name, token_hash=_hash(token), by_id=by.id, made_at=clock.now())
    session.add(screen)
    session.flush()
    audit.record(session, by.in_audit, "added", f"screen {screen.id}")
    return token


def to_connect(session: Session, token: str) -> str | None:
    """The name of the screen that this link connects; None for one that is used, over or ended."""
    return session.scalar(select(Screen.name).where(Screen.token_hash == _hash(token), _connectable()))


def connect(session: Session, token: str) -> str | None:
    """Connect a screen: the link works no more. The token for its browser; None where the link does not work."""
    now, own = clock.now(), secrets.token_urlsafe(32)
    opening = update(Screen).where(Screen.token_hash == _hash(token), _connectable())
    values = {"token_hash": _hash(own), "opened_at": now, "seen_at": now}
    screen_id = session.scalar(opening.values(values).returning(Screen.id))
    if screen_id is None:
        return None
    audit.record(session, f"screen {screen_id}", "connected", f"screen {screen_id}")
    return own


def may_watch(session: Session, token: str) -> bool:
    """Whether a browser with this token may show the wallboard; that it asked is noted once a minute."""
    if not token:
        return False
    now = clock.now()
    found = session.execute(
        select(Screen.id, Screen.seen_at).where(Screen.token_hash == _hash(token), _watching(now))
    ).one_or_none()
    if found is None:
        return False
    if found.seen_at < now - _SEEN_EVERY:
        session.execute(update(Screen).where(Screen.id == found.id).values(seen_at=now))
    return True


def end(session: Session, screen_id: int, by: Who) -> bool:
    """Take a screen off the wall; False where there is none that could be."""
    ending = update(Screen).where(Screen.id == screen_id, Screen.ended_at.is_(None))
    if session.scalar(ending.values(ended_at=clock.now()).returning(Screen.id)) is None:
        return False
    audit.record(session, by.in_audit, "ended", f"screen {screen_id}")
    return True


def listed(session: Session) -> list[Listed]:
    """The screens that show the wallboard, or may be connected, the newest first."""
    wanted = select(Screen).where(_connectable() | _watching(clock.now())).order_by(Screen.id.desc())
    return [
        Listed(row.id, row.name, row.made_at, row.opened_at, row.seen_at) for row in session.scalars(wanted)
    ]


def _connectable() -> ColumnElement[bool]:
    return and_(
        Screen.opened_at.is_(None), Screen.ended_at.is_(None), Screen.made_at > clock.now() - LINK_LASTS
    )


def _watching(now: datetime) -> ColumnElement[bool]:
    return and_(Screen.ended_at.is_(None), Screen.opened_at > now - LASTS, Screen.seen_at > now - UNSEEN)


def _hash(token: str) -> str:
    return keyed_hash("screen", token)
