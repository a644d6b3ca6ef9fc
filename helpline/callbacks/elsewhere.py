"""Whether an organisation rings a telephone at this moment, or talks on it, through our line: then nobody of us rings it.

Offers and requests are another room's: their tables are asked by name.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

PLANS = """
    SELECT a.plan_id FROM legs l
    JOIN offers o ON o.id = l.subject_id
    JOIN requests r ON r.id = o.request_id
    JOIN asks a ON a.id = r.ask_id
    WHERE l.state <> 'ended' AND l.purpose IN ('offer_member', 'offer_person')
"""
"""The plans whose telephones organisations ring now."""

_ONE = text(f"SELECT :plan IN ({PLANS})")


def rung(session: Session, plan_id: int) -> bool:
    """Whether the telephone of this plan is one of them; true until the plan is let go only when it is locked."""
    return bool(session.connection().execute(_ONE, {"plan": plan_id}).scalar_one())
