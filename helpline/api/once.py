"""The same key twice is done once: what was answered is kept for a day, in the transaction that did it. Knows no page.

An answer that shows a person is not kept: doing it again is the same answer, unless it may not be shown any more.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.api.models import ApiAnswer
from helpline.db import keyed_hash

LONGEST_KEY = 255


class KeyReused(Exception):
    """The key came with another request before."""


@dataclass(frozen=True)
class Kept:
    """What is known of a key: `row_id` to keep an answer in; `body` when one is kept already."""

    row_id: int
    body: str | None


def begin(session: Session, token_id: int, key: str, request: str) -> Kept:
    """Take a key for a request (method, address, body), or find what was answered to it.

    Whoever comes with the same key at the same time waits for the first one's transaction. Raises `KeyReused`.
    """
    hashed = keyed_hash("idempotency key", key)
    asked = keyed_hash("api request", request)
    row = insert(ApiAnswer).values(token_id=token_id, key_hash=hashed, request_hash=asked, at=clock.now())
    made = session.scalar(row.on_conflict_do_nothing().returning(ApiAnswer.id))
    if made is not None:
        return Kept(made, None)
    known = session.scalars(
        select(ApiAnswer).where(ApiAnswer.token_id == token_id, ApiAnswer.key_hash == hashed)
    ).one()
    if known.request_hash != asked:
        raise KeyReused
    return Kept(known.id, known.body)


def keep(session: Session, kept: Kept, body: str) -> None:
    """Keep what is answered, to the letter, in the transaction that did it."""
    session.get_one(ApiAnswer, kept.row_id).body = body
