"""The callback queue as pages, dialling and commands use it. Every function works in the caller's transaction.

Who wants a moment's truth reads (`next_for`, `waiting`); who acts holds a claim, and each act carries its `claim_no`.
A number has one ringing plan, of which one callback at most is claimed, ringing or talking.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from helpline.callbacks.values import (
    Cause,
    Claim,
    Concern,
    Event,
    Finished,
    Held,
    Note,
    NotNow,
    Occupied,
    Outcome,
    Reason,
    Row,
    Stale,
)
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber

__all__ = [
    "Cause", "Claim", "Concern", "Event", "Finished", "Held", "NotNow", "Note", "Occupied", "Outcome", "Reason", "Row",
    "Stale", "add_note", "attempt_answered", "attempt_began", "attempt_ended", "beat", "claim", "claim_next",
    "coordinators_list", "counts", "finish", "history", "mark_urgent", "may_ring", "next_for", "notes", "number_of",
    "release", "row", "sweep_emptied_windows", "sweep_leases", "take_over", "waiting",
]  # fmt: skip


def waiting(
    session: Session,
    *,
    languages: Collection[str] | None = None,
    state: str | None = None,
    limit: int = 50,
    after: int | None = None,
) -> list[Row]:
    """Callbacks in the order of the queue; without `state` all that are still owed, with a closed one the newest first.

    `after`: the id of the last row of the page before. An unknown state or id gives an empty list.
    """
    raise NotImplementedError


def counts(session: Session) -> dict[str, Any]:
    """`{"states": {state: n}, "languages": {code: {"waiting": n, "now": n, "late": n}}}` of what is still owed.

    `now`: may be rung at this moment; `late`: the promised day has passed and nobody has tried.
    """
    raise NotImplementedError


def row(session: Session, callback_id: int) -> Row | None:
    """One callback, or None when there is none of this id."""
    raise NotImplementedError


def number_of(session: Session, callback_id: int) -> PhoneNumber | None:
    """The number to ring, for dialling; None once forgotten. Whoever shows it to a person writes that down."""
    raise NotImplementedError


def next_for(session: Session, who: Who) -> Row | None:
    """What this person would get now (what they hold already, first), with the reason; nothing is claimed."""
    raise NotImplementedError


def claim_next(session: Session, who: Who) -> Claim | None:
    """Claim what is next for this person; None when nothing may be rung now.

    Who holds one already gets that claim again: a double click claims once, and a call without an outcome comes first.
    """
    raise NotImplementedError


def claim(session: Session, callback_id: int, who: Who) -> Claim | Held:
    """Claim this very callback. What the person held before and did not ring goes back to its place.

    Raises `Occupied` while the person's own call is under way, and `LookupError` when it is closed or does not exist.
    """
    raise NotImplementedError


def take_over(session: Session, callback_id: int, who: Who) -> Claim:
    """Take a callback from whoever holds it; a line in its history and one of the audit say so.

    Raises `Occupied` while it is being rung, or while the person's own call is under way; `LookupError` as `claim`.
    """
    raise NotImplementedError


def beat(session: Session, callback_id: int, who: Who, claim_no: int) -> bool:
    """Say that one is still at it (every 30 s): the lease begins anew. False: the claim is lost."""
    raise NotImplementedError


def release(session: Session, callback_id: int, who: Who, claim_no: int) -> None:
    """Give a callback back, to its old place. Raises `Stale`, and `Occupied` while it is being rung."""
    raise NotImplementedError


def finish(
    session: Session,
    callback_id: int,
    who: Who,
    claim_no: int,
    outcome: Outcome | str,
    *,
    language: str | None = None,
    note: str | None = None,
    follow_up: date | None = None,
) -> Finished:
    """Say how it went. `language`: whom it is handed over to (`other_language`); `follow_up`: the day to ring again.

    Raises `Stale`, and then nothing has changed; `Faults` for an unknown outcome, a missing or unknown language, or
    a day on which nobody can be rung.
    """
    raise NotImplementedError


def mark_urgent(session: Session, callback_id: int, who: Who, reason: str) -> None:
    """Put a callback before the others that wait; the reason is kept, encrypted, and shown with it.

    Raises `Faults` without a reason, `LookupError` when the callback is closed or does not exist.
    """
    raise NotImplementedError


def add_note(session: Session, callback_id: int, who: Who, text: str) -> int:
    """Keep a note, encrypted; its id. No claim is needed. Raises `Faults` for an empty or overlong one, `LookupError`."""
    raise NotImplementedError


def notes(session: Session, callback_id: int) -> list[Note]:
    """The notes of a callback and of those it follows, oldest first."""
    raise NotImplementedError


def history(session: Session, callback_id: int) -> list[Event]:
    """Moves, attempts and notes of a callback, oldest first."""
    raise NotImplementedError


def may_ring(session: Session, callback_id: int) -> bool:
    """Whether this person may be rung at this very moment: asked once more before the caller's telephone rings."""
    raise NotImplementedError


def attempt_began(session: Session, callback_id: int, claim_no: int) -> int:
    """A call begins (the operator's telephone first); the attempt's id, which is the same for the same claim's open one.

    Raises `Stale`, and `NotNow` when the caller may not be rung at this moment.
    """
    raise NotImplementedError


def attempt_answered(session: Session, attempt_id: int) -> None:
    """The caller pressed 1: the two are talking. Safe to say twice, and too late."""
    raise NotImplementedError


def attempt_ended(session: Session, attempt_id: int, cause: Cause | str) -> Finished:
    """An attempt is over, and what became of the callback; safe to say twice (the first cause stays).

    After `connected` the holder says how it went (`finish`); after every other cause the claim has ended with it.
    """
    raise NotImplementedError


def sweep_leases() -> int:
    """Give back what is held and no longer attended to; how many."""
    raise NotImplementedError


def sweep_emptied_windows() -> int:
    """Note since when a waiting callback has no slot any more, and when it has one again; how many changed."""
    raise NotImplementedError


def coordinators_list(session: Session, *, limit: int = 200) -> Sequence[Concern]:
    """What needs a coordinator's eye, the most pressing kind first."""
    raise NotImplementedError
