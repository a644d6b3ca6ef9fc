"""Forgets what the rules say is due. Knows tables by name."""

import logging

from sqlalchemy import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import transaction
from helpline.privacy.not_personal import NOT_PERSONAL
from helpline.privacy.rule import Rule
from helpline.privacy.rules import HANDED_OVER, RULES

__all__ = ["HANDED_OVER", "NOT_PERSONAL", "RULES", "NotForgotten", "Rule", "purge", "purge_all"]

log = logging.getLogger(__name__)

BATCH = 500


class NotForgotten(Exception):
    """Some rules could not be kept this time; the others were. The text names their tables."""


def purge(session: Session, *, batch: int = BATCH) -> int:
    """Forget one batch of each rule in this transaction; how many rows."""
    return sum(_forget(session, rule, batch) for rule in RULES)


def purge_all() -> int:
    """Forget batch by batch, each in its own transaction, until nothing is due; how many rows.

    A rule that fails stops no other. Raises `NotForgotten` at the end when one did, so that whoever watches is told.
    """
    total, failed = 0, list[Rule]()
    while True:
        forgotten = 0
        for rule in RULES:
            if rule in failed:
                continue
            try:
                with transaction() as session:
                    forgotten += _forget(session, rule, BATCH)
            except SQLAlchemyError as error:
                log.error("the rule for %s was not kept: %s", rule.table, type(error).__name__)
                failed.append(rule)
        total += forgotten
        if not forgotten:
            break
    if failed:
        raise NotForgotten(", ".join(rule.table for rule in failed))
    return total


def _forget(session: Session, rule: Rule, batch: int) -> int:
    """Recordings that are forgotten here while the carrier still has them stay owed to the sweep of clips, which
    deletes them there."""
    result = session.execute(rule.statement(clock.now() - rule.after, batch))
    return result.rowcount if isinstance(result, CursorResult) else 0
