"""Who wants no more calls wants none from an organisation either: open requests of a stopped telephone are withdrawn."""

import logging

from sqlalchemy import select

from helpline import db
from helpline.callbacks import queue
from helpline.intake import asks
from helpline.intake.models import Ask
from helpline.routing import stopped

log = logging.getLogger(__name__)

WHO = "caller"
WHY = "asked not to be called any more"


def withdraw_stopped(plan_id: int) -> int:
    """Withdraw the requests of a telephone that is not rung any more; how many. The body of the job of that name.

    Live offers are pulled back and their entities told. What was asked after the stop goes on. Safe to run twice.
    """
    with db.transaction() as session:
        queue.lock_plan(session, plan_id)
        wanted = select(Ask).where(Ask.plan_id == plan_id, Ask.kind == "request", Ask.closed_at.is_(None))
        found = session.scalars(wanted.where(Ask.id.in_(stopped.asks())).order_by(Ask.id)).all()
        return sum(asks.cancel(session, ask, who=WHO, why=WHY) for ask in found)


def sweep() -> int:
    """Withdraw those whose bell was lost, each telephone in a transaction of its own; how many requests."""
    with db.transaction() as session:
        open_requests = select(Ask.plan_id).where(Ask.kind == "request", Ask.closed_at.is_(None))
        plans = session.scalars(open_requests.where(Ask.id.in_(stopped.asks())).distinct()).all()
    done = 0
    for plan_id in plans:
        try:
            done += withdraw_stopped(plan_id)
        except Exception as error:
            log.error("plan %s could not be stopped: %s", plan_id, type(error).__name__)
    return done
