"""What was agreed to in a call: which text was heard, and which key answered it."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.intake.models import Agreement


def record(session: Session, call_sid: str, text_version: str, language: str, key: str) -> int:
    """Keep what was heard and which key answered it; the same answer twice is one row. Gives the agreement's id."""
    values = {"call_sid": call_sid, "text_version": text_version, "language": language, "key": key}
    session.execute(insert(Agreement).values(at=clock.now(), **values).on_conflict_do_nothing())
    return session.scalars(select(Agreement.id).filter_by(**values)).one()


def of_call(session: Session, call_sid: str) -> int | None:
    """The id of the newest agreement of this call if it was a yes, else None."""
    newest = select(Agreement).where(Agreement.call_sid == call_sid).order_by(Agreement.id.desc()).limit(1)
    agreement = session.scalars(newest).one_or_none()
    return agreement.id if agreement and agreement.agreed else None
