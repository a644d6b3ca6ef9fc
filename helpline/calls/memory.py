"""Remembers the language last used from a number, by a hash of its own. Knows no number in clear."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls.models import Remembered
from helpline.db import keyed_hash
from helpline.languages import CODES
from helpline.phone import PhoneNumber

KEPT = timedelta(days=365)


def remember(session: Session, number: PhoneNumber | None, language: str) -> None:
    """Keep this language for a year; the last one wins on a shared telephone. A withheld number keeps nothing."""
    if number is None or language not in CODES:
        return
    now = clock.now()
    values = {"language": language, "expires_at": now + KEPT}
    session.execute(
        insert(Remembered)
        .values(number_hash=_hash_of(number), created_at=now, **values)
        .on_conflict_do_update(index_elements=["number_hash"], set_=values)
    )


def recall(session: Session, number: PhoneNumber | None, *, offered: Collection[str] = CODES) -> str | None:
    """The language last used from this number, if it is remembered still and offered still."""
    if number is None:
        return None
    kept = session.scalars(
        select(Remembered.language).where(
            Remembered.number_hash == _hash_of(number), Remembered.expires_at > clock.now()
        )
    ).one_or_none()
    return kept if kept in offered else None


def forget(session: Session, number: PhoneNumber) -> None:
    """Forget the language of this number."""
    session.execute(delete(Remembered).where(Remembered.number_hash == _hash_of(number)))


def _hash_of(number: PhoneNumber) -> str:
    return keyed_hash("language", number.e164)
