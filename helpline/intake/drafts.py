"""What a caller has said so far in this call: one encrypted row, gone when the call has ended. Decides nothing."""

import json
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls.models import Step
from helpline.intake.models import Draft

_TAKEN_IN = "taken_in_to_turn"


def read(session: Session, call_sid: str) -> dict[str, Any]:
    """The fields kept so far, with the words of menus that the journey has kept since; empty when there are none."""
    fields = session.scalars(select(Draft.fields).where(Draft.call_sid == call_sid)).one_or_none()
    return _with_journey(session, call_sid, json.loads(fields) if fields else {})


def keep(session: Session, call_sid: str, **fields: Any) -> dict[str, Any]:
    """Add fields to the draft (values JSON can hold; None stays as a given None) and give all of it back.

    The row is locked, so two webhooks of one call at once both leave their fields.
    """
    # Written through the session's own unit of work, so that onupdate and encryption are in one place.
    now = clock.now()
    session.execute(
        insert(Draft)
        .values(call_sid=call_sid, fields="{}", created_at=now, updated_at=now)
        .on_conflict_do_nothing(index_elements=["call_sid"])
    )
    wanted = select(Draft).where(Draft.call_sid == call_sid).with_for_update()
    draft = session.scalars(wanted.execution_options(populate_existing=True)).one()
    kept = _with_journey(session, call_sid, json.loads(draft.fields)) | fields
    draft.fields = json.dumps(kept, ensure_ascii=False)
    session.flush()
    return kept


def _with_journey(session: Session, call_sid: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Take in what menus have kept since the last time, in the order in which it was pressed."""
    since = fields.get(_TAKEN_IN, -1)
    kept = select(Step.turn, Step.kept).where(
        Step.call_sid == call_sid, Step.turn > since, Step.kept.is_not(None)
    )
    for turn, words in session.execute(kept.order_by(Step.turn)):
        fields |= words or {}
        fields[_TAKEN_IN] = turn
    return fields


def drop(session: Session, call_sid: str) -> None:
    """Forget the draft."""
    session.execute(delete(Draft).where(Draft.call_sid == call_sid))
