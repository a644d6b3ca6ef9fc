"""The steps of the menu in a few stages, as somebody reads them who does not know the steps. Pure."""

STAGES = ("language", "main", "information", "person", "contact", "known", "help", "office", "other")
"""In the order in which a call may come to them. `contact`: giving number and time for a call; `known`: with a code."""
_BEGINNINGS = (
    ("language", ("language", "message_any", "goodbye_any")),
    ("main", ("greet", "redial", "welcome", "main")),
    ("information", ("about", "info_", "data")),
    ("person", ("person", "closed", "holiday", "nobody_free", "hold_", "hold")),
    ("known", ("code_", "asked", "number_change")),
    ("contact", ("callback", "number_", "only_italian", "window", "quiet", "message_add", "cannot_save")),
    ("help", ("help_", "adult", "minor", "consent", "not_agreed", "region_", "area", "country", "name")),
    ("office", ("office",)),
    ("other", ("difficult", "leave_message", "message_", "sorry", "goodbye")),
)


def stage(step: str) -> str:
    """The stage that a step belongs to; `other` where it is none of those that are known."""
    return known(step) or "other"


def known(step: str) -> str | None:
    """The stage whose beginnings a step meets; None where it meets none, and nobody said to which it belongs."""
    return next((name for name, beginnings in _BEGINNINGS if step.startswith(beginnings)), None)
