"""Searches of the log that somebody kept, each under a random token, which alone may stand in an address."""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.calls import journeys
from helpline.figures.models import CallSearch
from helpline.figures.wanted import Wanted
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber


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
    session: Session, which: Wanted, *, by: Who, name: str = "", number: PhoneNumber | None = None
) -> str:
    """Keep a search, for everybody who may see the log; its token. A search for a number is written down in the audit."""
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
        audit.record(session, by.in_audit, "searched", f"call_search {row.id}", field="number")
    return row.token


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
