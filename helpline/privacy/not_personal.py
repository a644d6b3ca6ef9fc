"""Columns that look like a caller's number, by their name or by being encrypted, and are not: what needs no rule."""

NOT_PERSONAL = {
    "people.phone_changed_at": "when, not which",
    "asks.number_changes": "how often, not which",
    "projects.contact_phone": "a project's public telephone number",
    "call_sums.number": "the number of ours that was dialled",
    "call_hours.number": "the number of ours that was dialled",
    "call_days.number": "the number of ours that was dialled",
    "own_numbers.number": "a number of ours, which callers dial",
    "export_pieces.number": "which piece of a file it is",
    "screens.token_hash": "made of the random word of a screen on a wall",
    "alert_recipients.address": "a mailbox or an address of those who run the line; gone once nothing is told there",
    "alert_recipients.secret": "what messages to such an address are signed with; gone with it",
    "reports.number": "the number under which a report was issued",
    "project_lists.hash": "made of projects' names in the system",
    "prompt_*.*hash": "made of our own texts and sounds",
    "phrase_clips.*hash": "made of our own texts and sounds",
}
"""Columns (as patterns) that look like a caller's number and are not, with the reason."""
