"""Who has a telephone at this moment, of another room: an organisation that rings a caller's, the live line one of ours.

Then nobody of us rings it. Offers, requests and holds are other rooms': their tables are asked by name.
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


# Whoever took a live call is in it until their own leg has ended: its last words are heard on their telephone too.
_IN_LIVE_CALL = text("""
    SELECT EXISTS (SELECT FROM holds WHERE rung_person_id = :person)
        OR EXISTS (SELECT FROM holds WHERE person_id = :person AND state IN ('taken', 'talking'))
        OR EXISTS (
            SELECT FROM legs l JOIN holds h ON h.leg_id = l.id
            WHERE l.purpose = 'live_operator' AND l.state <> 'ended' AND h.person_id = :person
        )
""")


def in_live_call(session: Session, person_id: int) -> bool:
    """Whether this person talks with somebody of the live line, or their telephone rings for one."""
    return bool(session.connection().execute(_IN_LIVE_CALL, {"person": person_id}).scalar_one())


def rung(session: Session, plan_id: int) -> bool:
    """Whether the telephone of this plan is one of them; true until the plan is let go only when it is locked."""
    return bool(session.connection().execute(_ONE, {"plan": plan_id}).scalar_one())
