"""Searches of the log that somebody kept, each under a random token, which alone may stand in an address."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls import journeys
from helpline.figures.models import CallSearch
from helpline.figures.wanted import Wanted
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.people.models import AuditLine
from helpline.phone import PhoneNumber

OF_NUMBERS: Mapping[timedelta, int] = {timedelta(hours=1): 20, timedelta(days=1): 60}
"""So many numbers one person searches for within so long: who may see the log learns of each whether it called, and a list of
numbers is not to be gone through."""
_SEARCHED = "searched"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('search by number', :person))")


class TooMany(Exception):
    """This person searched for as many numbers as one may; nothing was kept."""


@dataclass(frozen=True)
class Kept:
    """A search that was kept. `of_number`: it finds calls of one number, which is not said."""

    id: int
    token: str
    name: str
    chosen: dict[str, str]
    callers: tuple[str, ...]

    @property
    def of_number(self) -> bool:
        """Whether it finds the calls of one number."""
        return bool(self.callers)


def keep(
    session: Session,
    which: Wanted,
    *,
    by: Who,
    name: str = "",
    number: PhoneNumber | None = None,
    why: str = "",
) -> str:
    """Keep a search, for everybody who may see the log; its token. A search for a number is written down in the audit, with
    the reason `why`, and ends after a day. Raises `TooMany`."""
    if number:
        _one_more(session, by)
    row = CallSearch(
        token=secrets.token_urlsafe(16),
        name=name,
        chosen=which.as_words(),
        callers=pseudonyms(number) if number else [],
        by_id=by.id,
    )
    session.add(row)
    session.flush()
    if number:
        audit.record(session, by.in_audit, _SEARCHED, f"call_search {row.id}", field="number", why=why)
    return row.token


def _one_more(session: Session, by: Who) -> None:
    """Raises `TooMany`. Counted by the audit: whoever ends a search has searched all the same."""
    # Searches of one person wait for each other: thirty sent at once are thirty.
    session.execute(_LOCK, {"person": by.id})
    for span, most in OF_NUMBERS.items():
        lately = select(func.count(AuditLine.id)).where(
            AuditLine.at > clock.now() - span, AuditLine.what == _SEARCHED, AuditLine.who == by.in_audit
        )
        if (session.scalar(lately) or 0) >= most:
            raise TooMany


def kept(session: Session, token: str) -> Kept | None:
    """The search of this token, if there is one."""
    row = session.scalars(select(CallSearch).where(CallSearch.token == token)).one_or_none()
    return Kept(row.id, row.token, row.name, row.chosen, tuple(row.callers)) if row else None


def named(session: Session) -> list[Kept]:
    """The searches that have a name, by it."""
    rows = session.scalars(
        select(CallSearch).where(CallSearch.name != "").order_by(CallSearch.name, CallSearch.id)
    )
    return [Kept(row.id, row.token, row.name, row.chosen, tuple(row.callers)) for row in rows]


def drop(session: Session, search_id: int) -> bool:
    """Keep this search no more; whether there was one."""
    gone = delete(CallSearch).where(CallSearch.id == search_id).returning(CallSearch.id)
    return session.execute(gone).first() is not None


def pseudonyms(number: PhoneNumber) -> list[str]:
    """Under which pseudonyms calls of a number may stand in the log: this year's, and last year's."""
    return journeys.caller_hashes(number)
