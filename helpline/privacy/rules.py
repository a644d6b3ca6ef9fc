"""What is forgotten, after how long, and how: a table of rules. Knows tables by name, and forgets nothing itself.

The periods are DOMAIN §4.4's, but for decision 17. Statements name tables, not models, because every room above keeps tables here.
"""

from datetime import timedelta

from sqlalchemy import TextClause, text

from helpline.people import audit
from helpline.privacy.rule import Rule

MONTH = timedelta(days=30)
YEAR = timedelta(days=365)
HANDED_OVER = timedelta(days=90)
"""So long after its yes an organisation sees whom it is about: then number, code and time of day are forgotten."""

EXPORTS = timedelta(days=1)
"""So long a file of rows of the log can be fetched."""

_DAY = "(:due AT TIME ZONE 'Europe/Rome')::date"
_ACCEPTED = "FROM requests r JOIN offers o ON o.request_id = r.id WHERE o.state = 'accepted' AND o.accepted_at <= :due"
_NOT_ACCEPTED = f"NOT EXISTS (SELECT {_ACCEPTED} AND r.ask_id = a.id)"

_NOTHING_ASKED = "NOT EXISTS (SELECT FROM asks a WHERE a.call_sid = d.call_sid)"
_ASKED_NOT_OVER = "FROM asks a WHERE a.call_sid = d.call_sid AND (a.closed_at IS NULL OR a.closed_at >= :due)"
_ASK_OVER = "EXISTS (SELECT FROM asks a WHERE a.id = d.ask_id AND a.closed_at < :due)"


def _no_words(column: str) -> TextClause:
    """That there were words, and not which."""
    return text(f"CASE WHEN {column} IS NOT NULL THEN '\"…\"'::jsonb END")


# The history of the line's settings names each Focal Point that was added or changed; these are gone from the directory.
_GONE_POINTS = (
    "FROM jsonb_object_keys(changes) k WHERE k LIKE 'focal point %'"
    " AND NOT EXISTS (SELECT FROM focal_points f WHERE 'focal point ' || f.id = k)"
)

# An account says as well as a name who signalled somebody.
_OF_SIGNALS = ("contact", "number", "number_hash", "code", "organisation", "person_id", "closed_why")
_SIGNAL_OVER = (
    "EXISTS (SELECT FROM asks a WHERE a.id = d.ask_id AND a.closed_at < :due)"
    " OR (d.ask_id IS NULL AND d.created_at < :due)"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "plans",
        ("number", "number_hash"),
        MONTH,
        "closing",
        "d.closed_at < :due AND d.number_hash IS NOT NULL",
        {"number": None, "number_hash": None},
    ),
    Rule("asks", ("code",), MONTH, "closing", "d.closed_at < :due AND d.code IS NOT NULL", {"code": None}),
    # Who has been taken on is the organisation's; `intake.endings` closes the ask, and the plan when it was its last.
    Rule(
        "asks",
        ("code", "window"),
        HANDED_OVER,
        "acceptance by an organisation",
        "d.closed_at IS NOT NULL AND (d.code IS NOT NULL OR d.\"window\" <> 'any')"
        f" AND EXISTS (SELECT {_ACCEPTED} AND r.ask_id = d.id)",
        {"code": None, "window": "any"},
    ),
    # On a shared telephone the number stays as long as the rules above keep it for somebody else.
    Rule(
        "plans",
        ("number", "number_hash"),
        HANDED_OVER,
        "acceptance by an organisation of all that was asked with it",
        "d.closed_at IS NOT NULL AND d.number_hash IS NOT NULL"  # noqa: S608 - put together once, of our own constants
        " AND EXISTS (SELECT FROM asks a WHERE a.plan_id = d.id)"
        f" AND NOT EXISTS (SELECT FROM asks a WHERE a.plan_id = d.id AND {_NOT_ACCEPTED})",
        {"number": None, "number_hash": None},
    ),
    # The ledger counts by these for two years; without number and code they lead to nobody (ADR 17).
    Rule(
        "requests",
        ("language", "region", "country", "group", "call_sid"),
        audit.KEPT,
        "closing of what was asked",
        f"(d.language IS NOT NULL OR d.call_sid IS NOT NULL) AND {_ASK_OVER}",
        {"language": None, "region": None, "country": None, "group": None, "call_sid": None},
    ),
    # The carrier knows the number by the call's id; with us, too, it leads to what else was done in it.
    Rule(
        "callbacks",
        ("call_sid",),
        audit.KEPT,
        "closing of what was asked",
        f"d.call_sid IS NOT NULL AND {_ASK_OVER}",
        {"call_sid": None},
    ),
    # Why an organisation paused or changed its places is somebody's own words; that it did is what the fund asks for.
    Rule(
        "entity_changes",
        ("before", "after"),
        audit.KEPT,
        "the change",
        "d.at < :due AND d.field = 'paused_reason' AND d.why <> ''",
        {"before": _no_words("before"), "after": _no_words("after"), "why": ""},
    ),
    Rule("entity_changes", ("why",), audit.KEPT, "the change", "d.at < :due AND d.why <> ''", {"why": ""}),
    Rule(
        "asks",
        ("region", "whom", "call_sid"),
        audit.KEPT,
        "closing",
        "d.closed_at < :due AND (d.region IS NOT NULL OR d.whom IS NOT NULL OR d.call_sid IS NOT NULL)",
        {"region": None, "whom": None, "call_sid": None},
    ),
    # What a request rests on stays provable as long as it; that words were heard which led to none, as long as the call.
    Rule(
        "agreements",
        ("call_sid", "language", "heard_by"),
        audit.KEPT,
        "closing of what was asked",
        "d.call_sid IS NOT NULL AND EXISTS (SELECT FROM asks a WHERE a.agreement_id = d.id)"
        " AND NOT EXISTS (SELECT FROM asks a WHERE a.agreement_id = d.id"
        " AND (a.closed_at IS NULL OR a.closed_at >= :due))",
        {"call_sid": None, "language": None, "heard_by": None},
    ),
    Rule(
        "agreements",
        ("*",),
        YEAR,
        "the answer, where nothing rests on it",
        "d.at < :due AND NOT EXISTS (SELECT FROM asks a WHERE a.agreement_id = d.id)"
        " AND NOT EXISTS (SELECT FROM requests r WHERE r.agreement_id = d.id)",
    ),
    Rule(
        "callback_notes",
        ("*", "text"),
        MONTH,
        "closing of what was asked",
        "EXISTS (SELECT FROM callbacks c JOIN asks a ON a.id = c.ask_id"
        " WHERE c.id = d.callback_id AND a.closed_at < :due)",
    ),
    Rule(
        "request_notes",
        ("*", "text"),
        MONTH,
        "closing of what was asked",
        "EXISTS (SELECT FROM requests r JOIN asks a ON a.id = r.ask_id"
        " WHERE r.id = d.request_id AND a.closed_at < :due)",
    ),
    Rule(
        "callbacks",
        ("urgent_reason",),
        MONTH,
        "closing of what was asked",
        f"d.urgent_reason IS NOT NULL AND {_ASK_OVER}",
        {"urgent_reason": None},
    ),
    # What was signalled and made a call lives with what was asked; what made none, for a month.
    Rule(
        "signals",
        _OF_SIGNALS,
        MONTH,
        "closing of what was asked; the signal, where no call could be made",
        f"(d.organisation IS NOT NULL OR d.person_id IS NOT NULL OR d.code IS NOT NULL) AND ({_SIGNAL_OVER})",
        dict.fromkeys(_OF_SIGNALS),
    ),
    Rule(
        "signals",
        ("region",),
        audit.KEPT,
        "as above",
        f"d.region IS NOT NULL AND ({_SIGNAL_OVER})",
        {"region": None},
    ),
    Rule("signal_tries", ("*", "address_hash"), timedelta(days=1), "the try", "d.at < :due"),
    Rule("focal_points", ("*", "telephone"), MONTH, "their end", "d.ended_at < :due"),
    Rule(
        "line_versions",
        ("changes",),
        timedelta(0),
        "the forgetting of a Focal Point",
        f"d.at < :due AND EXISTS (SELECT {_GONE_POINTS})",
        {"changes": text(f"changes - ARRAY(SELECT k {_GONE_POINTS})")},
    ),
    Rule(
        "information_sessions",
        ("held_by",),
        audit.KEPT,
        "the day",
        f"d.day < {_DAY} AND d.held_by <> ''",
        {"held_by": ""},
    ),
    Rule("barred_numbers", ("*", "number_hash"), timedelta(0), "its end", "d.until < :due"),
    Rule("drafts", ("fields",), timedelta(days=1), "the last word", "d.updated_at < :due"),
    Rule("code_tries", ("number_hash",), YEAR, "the try", "d.at < :due"),
    Rule(
        "calls",
        ("from_number",),
        MONTH,
        "the call",
        "d.started_at < :due AND d.from_number IS NOT NULL",
        {"from_number": None},
    ),
    # Nothing came of it: the pseudonym is needed for the limits of the day (wrong codes, calls), the number for nothing.
    Rule(
        "calls",
        ("from_number", "from_hash"),
        timedelta(days=1),
        "the call, where nothing came of it: silent, never answered, given up, or a wrong number",
        "d.started_at < :due AND d.finished AND (d.from_number IS NOT NULL OR d.from_hash IS NOT NULL)"
        " AND NOT EXISTS (SELECT FROM asks a WHERE a.call_sid = d.sid) AND (d.outcome IN ('silent', 'refused', 'gave_up') OR EXISTS (SELECT FROM holds h"
        " WHERE h.call_sid = d.sid AND h.outcome IN ('silent', 'not_for_us')))",
        {"from_number": None, "from_hash": None},
    ),
    Rule(
        "call_searches",
        ("*", "callers"),
        timedelta(days=1),
        "the search for a number",
        "d.made_at < :due AND d.callers <> '{}'",
    ),
    Rule("exports", ("*", "key"), EXPORTS, "the asking", "d.asked_at < :due"),
    # Half a year is the most that one shows anything.
    Rule("screens", ("*",), YEAR, "the screen", "d.made_at < :due"),
    Rule("steps", ("*",), YEAR, "the step", "d.at < :due"),
    Rule("calls", ("*", "from_hash", "to_number"), YEAR, "the call", "d.started_at < :due"),
    Rule(
        "clips",
        ("audio",),
        timedelta(0),
        "closing of what was asked in its call",
        "d.state IN ('announced', 'held')"
        " AND EXISTS (SELECT FROM asks a WHERE a.call_sid = d.call_sid)"
        f" AND NOT EXISTS (SELECT {_ASKED_NOT_OVER})",
        {"audio": None, "state": "deleted"},
    ),
    Rule(
        "clips",
        ("audio",),
        MONTH,
        "the recording",
        "d.at < :due AND d.state IN ('announced', 'held')",
        {"audio": None, "state": "deleted"},
    ),
    # Said to a line that then saved nothing: a message is one of its own, a name or a country is of no use alone.
    Rule(
        "clips",
        ("audio",),
        timedelta(days=1),
        "the recording, where nothing was saved in its call",
        f"d.at < :due AND d.state IN ('announced', 'held') AND {_NOTHING_ASKED} AND EXISTS (SELECT FROM calls c WHERE c.sid = d.call_sid"
        " AND c.finished AND (d.kind <> 'message' OR c.outcome IN ('silent', 'refused', 'gave_up')))",
        {"audio": None, "state": "deleted"},
    ),
    Rule("clips", ("*", "recording_sid"), YEAR, "the recording", "d.at < :due AND NOT d.at_carrier"),
    Rule("legs", ("*", "to_number"), YEAR, "the call", "d.created_at < :due"),
    Rule("rooms", ("*",), YEAR, "the talk", "d.created_at < :due"),
    # Who took a call is known for the sheet of that call, not to count anybody's work (DOMAIN §4.4).
    Rule(
        "holds",
        ("person_id",),
        timedelta(hours=2),
        "the end",
        "d.ended_at < :due AND d.person_id IS NOT NULL",
        {"person_id": None},
    ),
    Rule(
        "holds",
        ("note",),
        MONTH,
        "closing of what was asked in the call; the call, where nothing was",
        f"d.note IS NOT NULL AND d.ended_at < :due AND NOT EXISTS (SELECT {_ASKED_NOT_OVER})",
        {"note": None},
    ),
    Rule(
        "holds",
        ("note",),
        timedelta(days=1),
        "the call, where nobody spoke or it was a wrong number",
        f"d.note IS NOT NULL AND d.ended_at < :due AND d.outcome IN ('silent', 'not_for_us') AND {_NOTHING_ASKED}",
        {"note": None},
    ),
    Rule("holds", ("*", "note"), YEAR, "the call", "d.queued_since < :due"),
    Rule("shifts", ("*",), MONTH, "the day", f"d.day < {_DAY}"),
    Rule("remembered", ("number_hash",), timedelta(0), "its expiry", "d.expires_at < :due"),
    Rule("audit", ("*", "hash"), audit.KEPT, "the end of the line's day", f"d.day < {_DAY}"),
    Rule("audit_days", ("*",), audit.KEPT, "the end of the day", f"d.day < {_DAY}"),
    Rule(
        "people",
        ("phone", "password_hash", "totp_secret"),
        MONTH,
        "disabling",
        "d.disabled_at < :due AND (d.phone IS NOT NULL OR d.password_hash IS NOT NULL OR d.totp_secret IS NOT NULL)",
        {"phone": None, "password_hash": None, "totp_secret": None},
    ),
    Rule(
        "people",
        ("login", "name", "organisation"),
        audit.KEPT,
        "disabling, after which no line of the audit names the person any more",
        "d.disabled_at < :due AND d.login IS NOT NULL",
        {"login": None, "name": "", "organisation": None},
    ),
    Rule("interpreters", ("*", "phone", "note"), MONTH, "disabling", "d.disabled_at < :due"),
    Rule(
        "recovery_codes",
        ("*", "code_hash"),
        MONTH,
        "disabling",
        "EXISTS (SELECT FROM people p WHERE p.id = d.person_id AND p.disabled_at < :due)",
    ),
    Rule("mailbox_proofs", ("*", "email"), MONTH, "the mail with the link", "d.asked_at < :due"),
    Rule("invitations", ("*", "token_hash"), MONTH, "the invitation", "d.created_at < :due"),
    Rule("pending_sign_ins", ("*", "token_hash"), timedelta(days=1), "the password", "d.created_at < :due"),
    Rule("sessions", ("*", "token_hash"), MONTH, "signing in", "d.created_at < :due"),
    Rule("guesses", ("*", "key_hash"), timedelta(days=1), "the last guess", "d.last_at < :due"),
    Rule("api_answers", ("*", "key_hash", "request_hash"), timedelta(days=1), "the answer", "d.at < :due"),
    Rule("api_counts", ("*", "key_hash"), timedelta(days=1), "the count", "d.began < :due"),
    # The audit names tokens by id, as it does people.
    Rule("api_tokens", ("*", "token_hash"), audit.KEPT, "its end", "least(d.ended_at, d.expires_at) < :due"),
    # As the audit: that somebody moved it is kept, and not who.
    Rule(
        "moves", ("who",), audit.KEPT, "the move", "d.at < :due AND d.who LIKE 'person %'", {"who": "person"}
    ),
    Rule(
        "count_returns",
        ("who",),
        audit.KEPT,
        "the return",
        "d.at < :due AND d.who LIKE 'person %'",
        {"who": "person"},
    ),
    # Nobody's data; but a restart leaves one, and whole outages are kept beside them.
    Rule("routing_gaps", ("*",), 3 * MONTH, "its end", "d.ended_at < :due AND d.counted"),
    Rule("deliveries", ("*",), 3 * MONTH, "the message", "d.at < :due AND d.state <> 'due'"),
    Rule(
        "outbox",
        ("*",),
        3 * MONTH,
        "the message",
        "d.at < :due AND d.sent_at IS NOT NULL AND NOT EXISTS (SELECT FROM deliveries s WHERE s.outbox_id = d.id)",
    ),
    Rule(
        "endpoints",
        ("*", "address", "secret"),
        MONTH,
        "its end",
        "d.ended_at < :due AND NOT EXISTS (SELECT FROM deliveries s WHERE s.endpoint_id = d.id)",
    ),
)
