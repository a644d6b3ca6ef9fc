"""A pretended time, for rehearsals: set once, shared by all processes through the database, running on from there."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock, db
from helpline.db.base import Base

log = logging.getLogger(__name__)


class Pretence(Base):
    """How far one pretended moment was from the real one when it was first asked for."""

    __tablename__ = "pretences"

    moment: Mapped[datetime] = mapped_column(primary_key=True)
    seconds: Mapped[float]


def apply(moment: datetime | None) -> None:
    """Set this process's clock: to the real time, or so that it was `moment` when the first process asked for it.

    Without the database the process keeps to the moment it was given: better a little off than not rehearsing.
    """
    clock.set_offset(timedelta(0))
    if moment is None:
        return
    seconds = (moment - clock.now()).total_seconds()
    try:
        with db.transaction() as session:
            session.execute(insert(Pretence).values(moment=moment, seconds=seconds).on_conflict_do_nothing())
            seconds = session.scalars(select(Pretence.seconds).where(Pretence.moment == moment)).one()
    except SQLAlchemyError as error:
        log.warning("HELPLINE_NOW is not shared with other processes: %s", type(error).__name__)
    clock.set_offset(timedelta(seconds=seconds))
