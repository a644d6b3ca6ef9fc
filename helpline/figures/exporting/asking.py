"""Exports for whoever asks for them: begin one, see one's own, stop, take away, fetch. Each is written down in the audit."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import states
from helpline.figures.exporting.columns import What, tells_place
from helpline.figures.exporting.forms import Form, Words
from helpline.figures.exporting.models import ALIVE, Export, ExportState
from helpline.figures.wanted import Wanted
from helpline.people import audit
from helpline.people.models import AuditLine
from helpline.people.who import Who
from helpline.privacy.rules import EXPORTS

KEPT = EXPORTS
"""So long after it was asked for a file can be fetched."""
MOST_KEPT = 5
"""So many files one person has at a time."""
MOST_BYTES = 400 * 2**20
"""So much all files together may take up in the database before another is begun."""
QUEUE = "slow"
_TAKEN = "downloaded"
_PIECES = "SELECT content FROM export_pieces WHERE export_id = %s ORDER BY number"


class Refused(StrEnum):
    """Why an export is not begun."""

    RUNNING = "running"
    KEPT = "kept"
    ROOM = "room"
    PLACES = "places"


@dataclass(frozen=True)
class Shown:
    """An export as its owner sees it. `share`: how much of it is made, in hundredths (None: not known yet)."""

    id: int
    what: str
    form: str
    chosen: Mapping[str, str]
    state: str
    why: str
    asked_at: datetime
    until: datetime
    calls: int
    total: int | None
    rows: int
    bytes: int

    @property
    def alive(self) -> bool:
        """Whether it is still being made."""
        return self.state in ALIVE

    @property
    def share(self) -> int | None:
        """How many hundredths of it are made."""
        return None if self.total is None else min(100, 100 * self.calls // max(1, self.total))


def ask(session: Session, by: Who, *, what: What, form: Form, which: Wanted, words: Words) -> int | Refused:
    """Have a file made of these calls, or of their steps; its id, or why not.

    Not those of a step for one part of Italy: each row of such a file would say where somebody is.
    """
    if tells_place(which.step) or tells_place(which.passed):
        return Refused.PLACES
    of_one = select(func.count(Export.id)).where(
        Export.by_id == by.id, Export.state.in_((*ALIVE, ExportState.DONE))
    )
    if (session.scalar(of_one) or 0) >= MOST_KEPT:
        return Refused.KEPT
    if (session.scalar(select(func.coalesce(func.sum(Export.bytes), 0))) or 0) >= MOST_BYTES:
        return Refused.ROOM
    made = insert(Export).values(
        by_id=by.id, what=what, form=form, chosen=which.as_words(), words=asdict(words), key=secrets.token_bytes(32),
        day=clock.in_rome().date(),
    )  # fmt: skip
    made_id = session.scalar(made.on_conflict_do_nothing().returning(Export.id))
    if made_id is None:
        return Refused.RUNNING
    states.begin(session, session.get_one(Export, made_id), who=by.in_audit, why="asked for")
    audit.record(session, by.in_audit, "asked", f"export {made_id}", of=what, form=form, **_told(which))
    db.ring(session, "make_export", made_id, queue=QUEUE)
    return made_id


def _told(which: Wanted) -> dict[str, str]:
    """What was chosen, for the audit: a number of ours is not told from others there."""
    return {f"with_{name}": "ours" if name == "number" else word for name, word in which.as_words().items()}


def mine(session: Session, by: Who) -> list[Shown]:
    """The exports of one person, the newest first."""
    wanted = select(Export).where(Export.by_id == by.id, Export.asked_at > clock.now() - KEPT)
    return [_shown(row) for row in session.scalars(wanted.order_by(Export.id.desc()))]


def _shown(row: Export) -> Shown:
    return Shown(
        row.id, row.what, row.form, row.chosen, row.state, row.why, row.asked_at, row.asked_at + KEPT, row.calls,
        row.total, row.rows, row.bytes,
    )  # fmt: skip


def remove(session: Session, by: Who, export_id: int) -> bool:
    """Stop one's export if it is being made, and take it away with all that there is of its file; whether it was there."""
    row = session.scalars(select(Export).where(*_own(by, export_id)).with_for_update()).one_or_none()
    if row is None:
        return False
    if row.state in ALIVE:
        states.move(session, row, ExportState.CANCELLED, who=by.in_audit, why="taken away")
        session.flush()
    else:
        audit.record(session, by.in_audit, "removed", f"export {row.id}", rows=row.rows)
    session.execute(delete(Export).where(Export.id == row.id))
    return True


@dataclass(frozen=True)
class File:
    """A file that is made. `day`: of Rome, on which it was asked for."""

    id: int
    what: str
    form: Form
    day: str
    pieces: int
    bytes: int
    rows: int


class Part(StrEnum):
    """How much of a file was handed over at once: all of it, its beginning, or something behind that."""

    WHOLE = "whole"
    FIRST = "first"
    LATER = "later"


def fetch(session: Session, by: Who, export_id: int) -> File | None:
    """One's own file, if it is made and kept; None otherwise. Whoever hands it over says so (`taken`).

    Until this transaction is over nobody takes it away: it is read whole.
    """
    mine = (*_own(by, export_id), Export.state == ExportState.DONE, Export.asked_at > clock.now() - KEPT)
    row = session.scalars(select(Export).where(*mine).with_for_update(read=True)).one_or_none()
    if row is None:
        return None
    return File(row.id, row.what, Form(row.form), row.day.isoformat(), row.pieces, row.bytes, row.rows)


def taken(session: Session, by: Who, file: File, part: Part) -> None:
    """Write down that a file, or a part of it, was handed over. Parts that follow belong to what was written down before; one
    before which nothing was is written down, too: without its first byte a file is as good as whole."""
    about = f"export {file.id}"
    before = select(AuditLine.id).where(
        AuditLine.about == about, AuditLine.what == _TAKEN, AuditLine.who == by.in_audit,
        AuditLine.at > clock.now() - KEPT,
    )  # fmt: skip
    if part is Part.LATER and session.execute(before.limit(1)).first():
        return
    audit.record(session, by.in_audit, _TAKEN, about, rows=file.rows, form=file.form, part=part)


def content(session: Session, file: File) -> bytes:
    """Its bytes, all of them: a file has an upper limit (`making.MOST_BYTES`)."""
    return b"".join(db.large(session, _PIECES, file.id))


def _own(by: Who, export_id: int) -> tuple[Any, ...]:
    return (Export.id == export_id, Export.by_id == by.id)
