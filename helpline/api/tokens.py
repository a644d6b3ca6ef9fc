"""Tokens of other organisations' programs: made, shown once, ended. Kept as a hash; knows no request."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.api.models import ApiToken
from helpline.db import keyed_hash, outbox, transaction
from helpline.faults import raise_if_any
from helpline.people import audit
from helpline.people.scopes import SCOPES, Scope
from helpline.routing.models import Entity

BEGINNING = "helpline_"
"""So that whoever finds one in a file, or a program that looks for such, knows what it is."""
LONGEST_NAME = 80
LONGEST = timedelta(days=365)
"""For so long a token opens at most: one that is forgotten somewhere is of no use to its finder for ever."""
WARNED = timedelta(days=30)
"""So long before its end an organisation is told that a token ends."""
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Bearer:
    """Who asks: a token's row, of which entity, and what it is for."""

    id: int
    entity_id: str
    scopes: frozenset[Scope]

    @property
    def who(self) -> str:
        """Its name in moves and in the audit."""
        return f"token {self.id}"


@dataclass(frozen=True)
class Row:
    """One token as its entity and administrators see it."""

    id: int
    entity_id: str
    name: str
    scopes: tuple[str, ...]
    made_by: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None

    @property
    def opens(self) -> bool:
        """Whether it opens anything now."""
        return self.ended_at is None and self.expires_at > clock.now()

    @property
    def ends_soon(self) -> bool:
        """Whether it opens, and not for long any more: its program needs another one."""
        return self.opens and self.expires_at <= clock.now() + WARNED


def add(
    session: Session,
    *,
    entity_id: str,
    name: str,
    scopes: Collection[str],
    by: str,
    expires_at: datetime | None = None,
) -> tuple[int, str]:
    """Make a token for a program of an entity: its id, and the token itself, which nobody can see again.

    From `expires_at` on it opens nothing: in a year at most, which it is unless given. Raises `Faults` with everything
    that is wrong: an unknown entity or scope, no scope, no name or too long a one, a moment that has passed or is more
    than a year ahead.
    """
    name, wanted, now = name.strip(), set(scopes), clock.now()
    until = expires_at or now + LONGEST
    faults = []
    if session.get(Entity, entity_id) is None:
        faults.append(f'entity: there is none called "{entity_id}"')
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        faults.append(f"name: must have 1 to {LONGEST_NAME} printable characters")
    if not wanted:
        faults.append(f"scopes: at least one of {', '.join(SCOPES)}")
    if unknown := sorted(wanted - set(SCOPES)):
        faults.append(f"scopes: unknown: {', '.join(unknown)}; known are {', '.join(SCOPES)}")
    if not now < until <= now + LONGEST + timedelta(hours=1):  # whoever counts days has counted a moment ago
        faults.append(f"expires_at: must be a moment to come, at most {LONGEST.days} days ahead")
    raise_if_any(faults)
    token = BEGINNING + secrets.token_urlsafe(32)
    row = ApiToken(
        entity_id=entity_id,
        name=name,
        scopes=sorted(wanted),
        token_hash=_hash(token),
        made_by=by,
        expires_at=until,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "made", f"token {row.id}", scopes=" ".join(row.scopes))
    return row.id, token


def listed(session: Session, *, entity_id: str | None = None) -> list[Row]:
    """All tokens (of one entity, where given), the newest first, with those that were ended."""
    wanted = select(ApiToken).order_by(ApiToken.id.desc())
    if entity_id is not None:
        wanted = wanted.where(ApiToken.entity_id == entity_id)
    return [
        Row(
            row.id, row.entity_id, row.name, tuple(row.scopes), row.made_by, row.created_at, row.used_at, row.expires_at,
            row.ended_at,
        )
        for row in session.scalars(wanted)
    ]  # fmt: skip


def end(session: Session, token_id: int, *, by: str, entity_id: str | None = None) -> None:
    """From this moment the token opens nothing. Ending it again changes nothing.

    Raises LookupError for none such, or none of this entity where one is given.
    """
    row = session.get(ApiToken, token_id, with_for_update=True)
    if row is None or entity_id not in (None, row.entity_id):
        raise LookupError(f"no token {token_id}")
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, by, "ended", f"token {token_id}")


def whose(session: Session, token: str) -> Bearer | None:
    """Who asks with this token; None for one that is unknown, was ended or has expired."""
    now = clock.now()
    wanted = select(ApiToken).where(
        ApiToken.token_hash == _hash(token),
        ApiToken.ended_at.is_(None),
        ApiToken.expires_at > now,
    )
    row = session.scalars(wanted).one_or_none()
    if row is None:
        return None
    if row.used_at is None or row.used_at < now - _USED_EVERY:
        session.execute(update(ApiToken).where(ApiToken.id == row.id).values(used_at=now))
    return Bearer(row.id, row.entity_id, frozenset(Scope(scope) for scope in row.scopes))


def warn_of_ends() -> int:
    """Tell organisations of tokens that end within a month, each once; for the clock. How many.

    Those whose mailbox is not proved are told once it is.
    """
    with transaction() as session:
        now = clock.now()
        hears = exists().where(Entity.id == ApiToken.entity_id, Entity.email_proved_at.is_not(None))
        soon = select(ApiToken).where(
            ApiToken.ended_at.is_(None),
            ApiToken.warned_at.is_(None),
            ApiToken.expires_at.between(now, now + WARNED),
            hears,
        )
        found = session.scalars(soon.order_by(ApiToken.id).with_for_update(skip_locked=True)).all()
        for row in found:
            row.warned_at = now
            # Whoever made one for a month knows when it ends.
            if row.expires_at - row.created_at > WARNED:
                outbox.put(session, outbox.EntityKind.TOKEN_ENDS, row.id)
        return len(found)


def _hash(token: str) -> str:
    return keyed_hash("api token", token)
