"""How often a program may ask, counted in the database: it is asked for the token anyway, and nothing else can fail.

A row for each token and each network, made new every minute; whoever counts holds it for a moment. Redis would be one
more thing that may be down, flushed, or slow, for one statement less.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.api.models import ApiCount
from helpline.db import keyed_hash

WINDOW = timedelta(minutes=1)
PER_TOKEN = 300
WRONG_PER_NETWORK = 30
"""Tokens cannot be guessed; this is for programs that ask for ever with one that was ended."""


@dataclass(frozen=True)
class Standing:
    """How one asker stands in this minute: how many more times, and for how many seconds."""

    limit: int
    left: int
    seconds: int

    @property
    def too_often(self) -> bool:
        """Whether this time was one too many."""
        return self.left < 0


def count(session: Session, key: str, limit: int) -> Standing:
    """Count one request of `key` (a token's or a network's name) in this minute."""
    now = clock.now()
    began = now.replace(second=0, microsecond=0)
    row = insert(ApiCount).values(key_hash=keyed_hash("api count", key), began=began, count=1)
    goes_on = ApiCount.began == row.excluded.began
    counted = row.on_conflict_do_update(
        index_elements=["key_hash"],
        set_={"count": case((goes_on, ApiCount.count + 1), else_=1), "began": row.excluded.began},
    )
    found = session.execute(counted.returning(ApiCount.count)).scalar_one()
    return Standing(limit, limit - found, max(1, round((began + WINDOW - now).total_seconds())))
