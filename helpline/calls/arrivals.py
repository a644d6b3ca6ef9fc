"""A call arrives: its row is made, its first step written and its language recalled, in one round trip."""

from collections.abc import Sequence
from typing import Any

from helpline import db
from helpline.calls import journeys, memory
from helpline.calls.steps import COLUMNS, INTO
from helpline.phone import PhoneNumber

_FIRST = len(COLUMNS) + 1

# The status is left alone where the row is there already: a status event may have come first.
_ARRIVE = db.Statement(
    "arrive",
    f"""
    WITH call AS (
        INSERT INTO calls (sid, status, from_number, from_hash, to_number, set_id, started_at, finished)
        VALUES ($2, 'ringing', ${_FIRST}::bytea, ${_FIRST + 1}, ${_FIRST + 2}, ${_FIRST + 3}, $1, false)
        ON CONFLICT (sid) DO UPDATE SET
            from_number = coalesce(calls.from_number, excluded.from_number),
            from_hash = coalesce(calls.from_hash, excluded.from_hash),
            to_number = coalesce(calls.to_number, excluded.to_number),
            set_id = coalesce(calls.set_id, excluded.set_id)
    ), step AS ({INTO} RETURNING 1)
    SELECT (SELECT count(*) FROM step), (
        SELECT language FROM remembered WHERE number_hash = ${_FIRST + 4} AND expires_at > $1
    )
    """,
)


def arrive(
    step: Sequence[Any], from_: PhoneNumber | None, to: str, *, set_id: int, own: PhoneNumber | None
) -> tuple[bool, str | None]:
    """Write a call's row (filled if it is there already) and the values of its first step (`steps.COLUMNS`).

    `from_` None: withheld. `own`: the caller's number if it may be called back, which a language is remembered for.
    Gives whether the step was new, and the language remembered (offered still or not). Raises `SQLAlchemyError`.
    """
    hashed = journeys.caller_hash(from_) if from_ else None
    sealed = db.sealed(from_.e164) if from_ else None
    known_by = memory.hash_of(own) if own else None
    ((new, language),) = db.at_once(_ARRIVE, [*step, sealed, hashed, to or None, set_id, known_by])
    return new == "1", language
