"""Numbers that are not rung any more: for ninety days, unless somebody calls from them. Knows them by their hash."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.callbacks.models import BarredNumber

BARRED_FOR = timedelta(days=90)


def barred(session: Session, number_hash: str) -> bool:
    """Whether a number that somebody only keys may not be asked for. `number_hash`: as `queue.hash_of` gives it."""
    held = (BarredNumber.number_hash == number_hash) & (BarredNumber.until > clock.now())
    return session.scalar(select(BarredNumber.id).where(held)) is not None


def bar(session: Session, number_hash: str) -> None:
    """Bar a number, for ninety days from now."""
    until = clock.now() + BARRED_FOR
    new = insert(BarredNumber).values(number_hash=number_hash, until=until)
    session.execute(new.on_conflict_do_update(index_elements=["number_hash"], set_={"until": until}))
