"""What the menu's `do` steps do: one function each, of the caller and the session, answering one of its outcomes.
The only place where the menu meets the rest of the house."""

from helpline.ivr.actions import asked, help_to_return, number, person, saving
from helpline.ivr.actions.registry import NeedsSession, names, needs_no_database, only_keeps, run, run_alone

__all__ = [
    "NeedsSession", "asked", "help_to_return", "names", "needs_no_database", "number", "only_keeps", "person", "run",
    "run_alone", "saving",
]  # fmt: skip
