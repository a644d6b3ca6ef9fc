"""Offices and associations that asked to be called back, for the Focal Points of their region: never with a number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.models import Callback
from helpline.intake import asks
from helpline.intake.models import Ask


@dataclass(frozen=True)
class Row:
    """One call of an office that is owed or was made. `state`: a word of `asks.state_of`; `promised_on`: by when we call."""

    callback_id: int
    at: datetime
    language: str
    region: str
    state: str
    promised_on: date | None


def listed(
    session: Session, *, regions: Collection[str] | None = None, before: int | None = None, limit: int = 50
) -> list[Row]:
    """The newest of them; of these regions alone where they are given (a Focal Point's); older than the callback `before`."""
    wanted = (
        select(Ask, Callback)
        .join(Callback, Callback.ask_id == Ask.id)
        .where(Callback.topic == asks.OFFICE, Ask.region.is_not(None), Callback.follows_id.is_(None))
        .order_by(Callback.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(Callback.id < before)
    if regions is not None:
        wanted = wanted.where(Ask.region.in_(regions))
    return [
        Row(
            call.id,
            call.created_at,
            call.language,
            ask.region or "",
            asks.state_of(session, ask),
            call.promised_on,
        )
        for ask, call in session.execute(wanted)
    ]
