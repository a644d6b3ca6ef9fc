"""Whose telephone is not rung any more: people who said so after they asked. Their requests are at an end."""

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from helpline import clock, db


def asks() -> Select[tuple[int]]:
    """The ids of asks after which "do not call me any more" was said on the same telephone, which is barred since.

    Whoever calls again after that asks anew: of such an ask it is not true.
    """
    ask, plan, callback, barred = (
        db.table(name) for name in ("asks", "plans", "callbacks", "barred_numbers")
    )
    return (
        select(ask.c.id)
        .join(plan, plan.c.id == ask.c.plan_id)
        .join(barred, barred.c.number_hash == plan.c.number_hash)
        .where(
            barred.c.until > clock.now(),
            exists().where(
                callback.c.plan_id == plan.c.id,
                callback.c.state == "stopped",
                callback.c.closed_at > ask.c.created_at,
            ),
        )
    )


def wants_no_calls(session: Session, ask_id: int) -> bool:
    """Whether who asked this has said since then that they want no more calls."""
    ask = db.table("asks")
    return session.scalar(asks().where(ask.c.id == ask_id)) is not None
