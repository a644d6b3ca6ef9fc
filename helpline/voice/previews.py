"""What a set would play, put together for somebody who listens in the console: the draft, the newest set or any other. Reads
the database anew each time, and holds nothing; what callers hear is `library`'s."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.voice import comparing, newest
from helpline.voice.library import Library
from helpline.voice.manifest import Manifest
from helpline.voice.models import PromptSet

DRAFT: Literal["draft"] = "draft"
LIVE = "live"
LISTED = 20
_LONGEST_NUMBER = len(str(2**31)) - 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A published set, to be chosen from: its number, when it was published, why."""

    number: int
    at: datetime
    note: str


def manifest(session: Session, library: Library, which: str) -> Manifest:
    """What `draft`, `live` or a set by its number plays; also clips that this process has not fetched yet.

    Raises `LookupError` for a set that there is not.
    """
    chosen: comparing.Which = DRAFT if which == DRAFT else _number(session, which)
    return comparing.manifest(session, library.catalogue, chosen, shipped=library.shipped)


def listed(session: Session) -> list[Listed]:
    """The newest sets, newest first."""
    rows = session.execute(
        select(PromptSet.id, PromptSet.published_at, PromptSet.note)
        .order_by(PromptSet.id.desc())
        .limit(LISTED)
    )
    return [Listed(*row) for row in rows]


def _number(session: Session, which: str) -> int:
    if which == LIVE:
        return newest.number(session)
    if which == "0":
        return 0
    known = which.isascii() and which.isdecimal() and len(which) <= _LONGEST_NUMBER
    if not known or session.get(PromptSet, int(which)) is None:
        raise LookupError(f"there is no set {which}")
    return int(which)
