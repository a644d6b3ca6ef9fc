"""What people write about a callback, and its history in one line of time. Notes and reasons are encrypted."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from helpline.callbacks import claims, queue
from helpline.callbacks.models import Attempt, Callback, CallbackNote, Priority
from helpline.callbacks.values import Event, Note
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
    """Keep a note, encrypted; its id. No claim is needed. Raises `Faults` for an empty or overlong one, `LookupError`."""
    raise_if_any(list(faults_of(text)))
    if session.scalar(select(Callback.id).where(Callback.id == callback_id)) is None:
        raise LookupError(f"no callback {callback_id}")
    note = CallbackNote(callback_id=callback_id, person_id=who.id, text=text.strip())
    session.add(note)
    session.flush()
    return note.id


def notes(session: Session, callback_id: int) -> list[Note]:
    """The notes of a callback and of those it follows, oldest first."""
    wanted = select(CallbackNote).where(CallbackNote.callback_id.in_(_with_those_before(callback_id)))
    return [
        Note(note.id, note.at, note.person_id, note.text)
        for note in session.scalars(wanted.order_by(CallbackNote.at, CallbackNote.id))
    ]


def mark_urgent(session: Session, callback_id: int, who: Who, reason: str) -> None:
    """Put a callback before the others that wait; the reason is kept, encrypted, and shown with it.

    One for somebody under 18 stays that. Raises `Faults` without a reason, `LookupError` when the callback is closed
    or does not exist.
    """
    raise_if_any(list(faults_of(reason, field="reason", longest=LONGEST_REASON)))
    callback, _ = claims.locked(session, callback_id)
    if callback.state not in queue.LIVE:
        raise LookupError(f"callback {callback_id} is {callback.state}")
    if callback.priority == Priority.NORMAL:
        callback.priority = Priority.URGENT
    callback.urgent_reason = reason.strip()
    audit.record(session, who.in_audit, "marked_urgent", f"callback {callback_id}")
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


def _with_those_before(callback_id: int) -> Select[Any]:
    """The ids of a callback and of all that it follows."""
    chain = select(Callback.id, Callback.follows_id).where(Callback.id == callback_id).cte(recursive=True)
    older = select(Callback.id, Callback.follows_id).where(Callback.id == chain.c.follows_id)
    return select(chain.union_all(older).c.id)
