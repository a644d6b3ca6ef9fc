"""What one telephone holds: the few asks that it may have at once, each in a slot, and codes that no two of them share."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from helpline.callbacks.models import Plan
from helpline.intake import codes
from helpline.intake.models import SLOTS, Ask

_is_open = (Ask.closed_at.is_(None) & Plan.closed_at.is_(None)).label("open")
_OF_NUMBER = (
    select(Ask.id, Ask.slot, Ask.code, Ask.kind, Ask.call_sid, Ask.plan_id, _is_open)
    .join(Plan, Plan.id == Ask.plan_id)
    .where(Plan.number_hash == bindparam("number_hash"))
    .order_by(Ask.id)
)


def of_number(session: Session, number_hash: str | None) -> Sequence[Any]:
    """What was ever asked with this number and still has a code or a slot: id, slot, code, kind, call_sid, plan_id and
    whether it is `open`."""
    return session.connection().execute(_OF_NUMBER, {"number_hash": number_hash}).all()


def free(used: Collection[int], *, proved: bool) -> int | None:
    """The first free slot. A number that was only keyed gets the last one alone.

    So nobody can fill another's telephone from outside, and whoever keys a number learns nothing of its first asks.
    """
    return next((slot for slot in range(1 if proved else SLOTS, SLOTS + 1) if slot not in used), None)


def fresh_code(session: Session, number_hash: str | None) -> str:
    """A code that nothing asked with this number has (`queue.hash_of`)."""
    return codes.draw({one.code for one in of_number(session, number_hash) if one.code})
