"""The callback queue as pages, dialling and commands use it: every name that they need, from the modules that do it.

Every function works in the caller's transaction, but for the sweeps, which have their own. Who wants a moment's truth
reads (`next_for`, `waiting`); who acts holds a claim, and each act carries its `claim_no`. A number has one ringing
plan, of which one callback at most is claimed, ringing or talking.
"""

from helpline.callbacks.attempts import attempt_answered, attempt_began, attempt_ended, may_ring
from helpline.callbacks.candidates import next_for, next_of
from helpline.callbacks.claims import beat, claim, claim_next, release, sweep_leases, take_over
from helpline.callbacks.concerns import coordinators_list, sweep_emptied_windows
from helpline.callbacks.notes import add_note, history, mark_urgent, notes, read_notes
from helpline.callbacks.outcomes import finish
from helpline.callbacks.reading import number_of, owed, row, there_is, waiting
from helpline.callbacks.values import (
    Cause,
    Claim,
    Concern,
    Elsewhere,
    Engaged,
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

__all__ = [
    "Cause", "Claim", "Concern", "Elsewhere", "Engaged", "Event", "Finished", "Held", "NotNow", "Note", "Occupied", "Outcome", "Reason", "Row",
    "Stale", "add_note", "attempt_answered", "attempt_began", "attempt_ended", "beat", "claim", "claim_next",
    "coordinators_list", "finish", "history", "mark_urgent", "may_ring", "next_for", "next_of", "notes",
    "number_of", "owed", "read_notes", "release", "row", "sweep_emptied_windows", "sweep_leases", "take_over", "there_is", "waiting",
]  # fmt: skip
