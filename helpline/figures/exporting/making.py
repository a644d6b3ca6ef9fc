"""What the worker does with an export: piece after piece, each committed with how far the file is then.

Whoever is killed in between loses one piece, and another worker goes on. A job works for some seconds and then rings for
the rest, so that what others wait for on the same queue is never behind a whole file.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import states
from helpline.figures import wanted
from helpline.figures.exporting import forms, reading
from helpline.figures.exporting.asking import KEPT, QUEUE
from helpline.figures.exporting.columns import COLUMNS, What, call_rows, pseudonyms, step_rows
from helpline.figures.exporting.forms import Form, Words
from helpline.figures.exporting.models import ALIVE, Export, ExportPiece, ExportState
from helpline.figures.exporting.packing import TooLarge
from helpline.people import audit

log = logging.getLogger(__name__)

AT_A_TIME = 15.0
"""So many seconds a job works before it lets others pass."""
MOST_BYTES = 64 * 2**20
"""A file that grows larger is not finished: it is sent whole to whoever fetches it."""
MOST_TRIES = 4
"""What a worker did not live through so often without a piece is not begun again."""
OVERDUE = timedelta(minutes=1)
_WHO = "worker"


@dataclass(frozen=True)
class _Next:
    """What is needed for the next piece."""

    id: int
    what: What
    form: Form
    which: wanted.Wanted
    words: Words
    key: bytes
    upto: int
    after: reading.Cursor | None
    number: int
    known: forms.Progress


@dataclass(frozen=True)
class _Piece:
    """A piece, and what is known after it. `last`: the file ends with it."""

    content: bytes
    known: forms.Progress
    after: reading.Cursor | None
    calls: int
    rows: int
    last: bool


def make(export_id: int, *, at_a_time: float = AT_A_TIME) -> None:
    """Make pieces of an export for some seconds; ring for the rest. Nothing happens where there is nothing to do.

    Safe to run twice, also at once: a piece is kept only after the one that it was made to follow.
    """
    until = time.monotonic() + at_a_time
    following = _begin(export_id)
    while following is not None:
        try:
            with db.transaction() as session:
                piece = _made(session, following)
        except TooLarge:
            _fail(export_id, "too_large")
            return
        if not _keep(following, piece) or piece.last:
            return
        if time.monotonic() >= until:
            with db.transaction() as session:
                db.ring(session, "make_export", export_id, queue=QUEUE)
            return
        following = _next(export_id)


def sweep() -> int:
    """Ring again for exports whose bell was lost, or whose worker died; for how many."""
    now = clock.now()
    quiet = or_(Export.worked_at.is_(None), Export.worked_at < now - OVERDUE)
    owed = select(Export.id).where(
        Export.state.in_(ALIVE), quiet, Export.asked_at.between(now - KEPT, now - OVERDUE)
    )
    with db.transaction() as session:
        ids = list(session.scalars(owed.order_by(Export.id)))
        for export_id in ids:
            db.ring(session, "make_export", export_id, queue=QUEUE)
    return len(ids)


def _begin(export_id: int) -> _Next | None:
    """Note that a worker takes it up; at the first time, count what there is to do."""
    with db.transaction() as session:
        row = _locked(session, export_id)
        if row is None or _somebody_is_at_it(row):
            return None
        if row.tries >= MOST_TRIES:
            _failed(session, row, "given_up")
            return None
        row.tries, row.worked_at = row.tries + 1, clock.now()
        if row.state == ExportState.WAITING:
            states.move(session, row, ExportState.RUNNING, who=_WHO, why="begun")
            row.upto = reading.newest(session)
    with db.transaction() as session:
        row = session.get(Export, export_id)
        if row is not None and row.total is None and row.upto is not None:
            row.total = reading.how_many(session, _which(row), row.upto)
    return _next(export_id)


def _somebody_is_at_it(row: Export) -> bool:
    """Whether a worker took it up a moment ago and has kept no piece since: a bell that rings twice is no worker that died."""
    return row.tries > 0 and row.worked_at is not None and row.worked_at > clock.now() - OVERDUE


def _next(export_id: int) -> _Next | None:
    with db.transaction(durable=False) as session:
        row = session.get(Export, export_id)
        if row is None or row.state != ExportState.RUNNING or row.key is None or row.upto is None:
            return None
        after = (row.after_at, row.after_id) if row.after_at and row.after_id is not None else None
        return _Next(
            row.id, What(row.what), Form(row.form), _which(row), Words(**row.words), row.key, row.upto, after, row.pieces,
            forms.progress(row.packed),
        )  # fmt: skip


def _which(row: Export) -> wanted.Wanted:
    return wanted.read(row.chosen)[0]


def _made(session: Session, following: _Next) -> _Piece:
    """The next piece of the file. Raises `TooLarge`."""
    columns = COLUMNS[following.what]
    if following.what is What.STEPS:
        found = reading.steps(session, following.which, following.upto, following.after)
        rows, calls = step_rows(found), len({row.id for row in found})
    else:
        found = reading.calls(session, following.which, following.upto, following.after)
        rows, calls = call_rows(found, pseudonyms(following.key)), len(found)
    last = calls < reading.SEVERAL[following.what]
    after = (found[-1].started_at, found[-1].id) if found else following.after
    content, known = forms.stretch(following.form, columns, following.words, following.known, rows, last=last)
    if known.packed.written > MOST_BYTES:
        raise TooLarge(str(following.id))
    return _Piece(content, known, after, calls, len(rows), last)


def _keep(following: _Next, piece: _Piece) -> bool:
    """Keep a piece, if it is still the next one; whether it was."""
    with db.transaction() as session:
        row = _locked(session, following.id)
        if row is None or row.state != ExportState.RUNNING or row.pieces != following.number:
            return False
        if not piece.last:
            db.need_not_wait(session)  # the last one's commit waits, and with it all before
        session.execute(
            insert(ExportPiece).values(export_id=row.id, number=row.pieces, content=piece.content)
        )
        at: datetime | None
        at, last_id = piece.after or (None, None)
        row.pieces, row.bytes, row.packed = row.pieces + 1, piece.known.packed.written, piece.known.as_words()
        row.after_at, row.after_id, row.tries, row.worked_at = at, last_id, 0, clock.now()
        row.calls, row.rows = row.calls + piece.calls, row.rows + piece.rows
        if piece.last:
            row.ended_at, row.key, row.total = clock.now(), None, row.calls
            states.move(session, row, ExportState.DONE, who=_WHO, why="made")
            audit.record(
                session, f"person {row.by_id}", "exported", f"export {row.id}", of=row.what, rows=row.rows
            )
    return True


def _fail(export_id: int, why: str) -> None:
    with db.transaction() as session:
        row = _locked(session, export_id)
        if row is not None and row.state == ExportState.RUNNING:
            _failed(session, row, why)


def _failed(session: Session, row: Export, why: str) -> None:
    """It is not made: what there is of it is forgotten."""
    log.warning("export %s is not made: %s", row.id, why)
    session.execute(delete(ExportPiece).where(ExportPiece.export_id == row.id))
    row.why, row.ended_at, row.key, row.bytes, row.pieces = why, clock.now(), None, 0, 0
    states.move(session, row, ExportState.FAILED, who=_WHO, why=why)


def _locked(session: Session, export_id: int) -> Export | None:
    """One that is to be made, locked; None for any other."""
    alive = select(Export).where(Export.id == export_id, Export.state.in_(ALIVE))
    return session.scalars(alive.with_for_update()).one_or_none()
