"""Remembers the language last used from a number, by a hash of its own. Knows no number in clear."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls.models import Remembered
from helpline.db import keyed_hash
from helpline.languages import CODES
from helpline.phone import PhoneNumber

KEPT = timedelta(days=365)


KEYED = ("key ", "digits ", "skip")
"""First words of what a journey says was heard when a key was pressed, other than the one that chose a language."""


def used(steps: Iterable[tuple[str | None, str | None]]) -> str | None:
    """The language to remember of a journey, given as (language, what was heard) in its order; None for none.

    The last one in which a key was pressed after it had been chosen: whoever chose and hung up, chose wrongly.
    """
    languages = [
        language for language, heard in steps if (heard or "").startswith(KEYED) and language in CODES
    ]
    return languages[-1] if languages else None


def remember(session: Session, number: PhoneNumber | None, language: str) -> None:
    """Keep this language for a year; the last one wins on a shared telephone. A withheld number keeps nothing."""
    if number is None or language not in CODES:
        return
    now = clock.now()
    values = {"language": language, "expires_at": now + KEPT}
    session.execute(
        insert(Remembered)
        .values(number_hash=hash_of(number), created_at=now, **values)
        .on_conflict_do_update(index_elements=["number_hash"], set_=values)
    )


def recall(
    session: Session | Connection, number: PhoneNumber | None, *, offered: Collection[str] = CODES
) -> str | None:
    """The language last used from this number, if it is remembered still and offered still."""
    if number is None:
        return None
    kept = session.scalars(
        select(Remembered.language).where(
            Remembered.number_hash == hash_of(number), Remembered.expires_at > clock.now()
        )
    ).one_or_none()
    return kept if kept in offered else None


def forget(session: Session, number: PhoneNumber) -> None:
    """Forget the language of this number."""
    session.execute(delete(Remembered).where(Remembered.number_hash == hash_of(number)))


def hash_of(number: PhoneNumber) -> str:
    """The keyed hash by which a number's language is found."""
    return keyed_hash("language", number.e164)
