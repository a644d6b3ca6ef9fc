"""What people write about a callback, and its history in one line of time. Notes and reasons are encrypted."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from helpline.callbacks import holding, queue
from helpline.callbacks.models import Attempt, Callback, CallbackNote, Priority
from helpline.callbacks.values import Event, Note
from helpline.db import Base
from helpline.db.states import Moved
from helpline.faults import raise_if_any
from helpline.people import audit
from helpline.people.accounts import Who

LONGEST = 4000
LONGEST_REASON = 300


def faults_of(text: str, *, field: str = "note", longest: int = LONGEST) -> Iterator[str]:
    """What is wrong with a text that somebody wrote."""
    if not text.strip():
        yield f"{field}: missing"
    if len(text) > longest:
        yield f"{field}: longer than {longest} characters"


def add_note(session: Session, callback_id: int, who: Who, text: str) -> int:
    """Keep a note of the holder or a coordinator, encrypted; its id. The audit says that, not what.

    Raises `Faults` for an empty or overlong one, `Stale` for everybody else, `LookupError`.
    """
    raise_if_any(list(faults_of(text)))
    holding.held(session, callback_id, who, or_coordinator=True)
    note = _keep(session, callback_id, who, text)
    audit.record(session, who.in_audit, "wrote_note", f"callback {callback_id}", note=note.id)
    return note.id


def read_notes(session: Session, callback_id: int, who: Who) -> list[Note]:
    """The notes that this person may read, oldest first: all for the holder and coordinators, else one's own.

    That others' notes were read is a line of the audit, once in a while and again after each new note.
    """
    found = notes(session, callback_id)
    if not holding.may_see(session, callback_id, who):
        return [note for note in found if note.by == who.id]
    theirs = [note.at for note in found if note.by != who.id]
    if theirs:
        about = f"callback {callback_id}"
        audit.looked(session, who.in_audit, "read_notes", about, newest=max(theirs), notes=len(found))
    return found


def notes(session: Session, callback_id: int) -> list[Note]:
    """The notes of a callback and of those it follows, and of the live call in which it was asked for, oldest first."""
    wanted = select(CallbackNote).where(CallbackNote.callback_id.in_(_with_those_before(callback_id)))
    written = [Note(note.id, note.at, note.person_id, note.text) for note in session.scalars(wanted)]
    holds: Any = Base.metadata.tables["holds"]  # another room's table, read here by name
    of_call = select(Callback.call_sid).where(Callback.id == callback_id).scalar_subquery()
    said = select(holds.c.id, holds.c.joined_at, holds.c.note).where(
        holds.c.call_sid == of_call, holds.c.note.is_not(None)
    )
    live = [Note(row.id, row.joined_at, None, row.note) for row in session.execute(said)]
    return sorted(written + live, key=lambda note: (note.at, note.id))


def mark_urgent(session: Session, callback_id: int, who: Who, reason: str) -> None:
    """Put a callback before the others that wait; the reason is shown with it, and stays among its notes, encrypted.

    The holder's or a coordinator's. One for somebody under 18 stays that. Raises `Faults` without a reason,
    `LookupError` when the callback is closed or does not exist, `Stale` for everybody else.
    """
    raise_if_any(list(faults_of(reason, field="reason", longest=LONGEST_REASON)))
    callback = holding.held(session, callback_id, who, or_coordinator=True)
    if callback.state not in queue.LIVE:
        raise LookupError(f"callback {callback_id} is {callback.state}")
    if callback.priority == Priority.NORMAL:
        callback.priority = Priority.URGENT
    callback.urgent_reason = reason.strip()
    note = _keep(session, callback_id, who, reason)
    audit.record(session, who.in_audit, "marked_urgent", f"callback {callback_id}", note=note.id)
    session.flush()


def history(session: Session, callback_id: int) -> list[Event]:
    """Moves, attempts and notes of a callback, oldest first; the first is that somebody asked. Empty for an unknown one."""
    callback = session.get(Callback, callback_id)
    if callback is None:
        return []
    first = ("queue", "agreed in a talk") if callback.followed_up else ("caller", "asked for")
    events = [Event(callback.created_at, "moved", first[0], after="waiting", why=first[1])]
    moved = select(Moved).where(Moved.kind == Callback.KIND, Moved.subject_id == callback_id)
    for move in session.scalars(moved.order_by(Moved.id)):
        events.append(Event(move.at, "moved", move.who, move.from_state, move.to_state, move.why))
    tried = select(Attempt).where(Attempt.callback_id == callback_id)
    for one in session.scalars(tried.order_by(Attempt.id)):
        events.append(Event(one.began_at, "attempt", None, why=one.cause, ended_at=one.ended_at))
    written = select(CallbackNote).where(CallbackNote.callback_id == callback_id)
    for note in session.scalars(written.order_by(CallbackNote.id)):
        events.append(Event(note.at, "note", f"person {note.person_id}", text=note.text))
    return sorted(events, key=lambda event: event.at)


def _keep(session: Session, callback_id: int, who: Who, text: str) -> CallbackNote:
    note = CallbackNote(callback_id=callback_id, person_id=who.id, text=text.strip())
    session.add(note)
    session.flush()
    return note


def _with_those_before(callback_id: int) -> Select[Any]:
    """The ids of a callback and of all that it follows."""
    chain = select(Callback.id, Callback.follows_id).where(Callback.id == callback_id).cte(recursive=True)
    older = select(Callback.id, Callback.follows_id).where(Callback.id == chain.c.follows_id)
    return select(chain.union_all(older).c.id)
