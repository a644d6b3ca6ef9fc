"""What a coordinator must see of the queue: windows without a slot, promises that passed, talks without an outcome,
people nobody reached. Decides nothing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from helpline import clock, hours, line
from helpline.callbacks import reading
from helpline.callbacks.models import Attempt, Callback, CallbackState
from helpline.callbacks.values import Concern
from helpline.callbacks.windows import closing_pairs
from helpline.db import transaction
from helpline.languages import CODES

UNREACHABLE_SHOWN = timedelta(days=7)
TALK_OVER = timedelta(minutes=10)
"""So long after a talk, whoever talked should have said how it went."""

_WAITS = Callback.state == CallbackState.WAITING


def coordinators_list(session: Session, *, limit: int = 50) -> Sequence[Concern]:
    """What needs a coordinator's eye, the most pressing kind first; of each kind so many at most."""
    now = clock.now()
    today = hours.today(now)
    talk_ended = (
        select(func.max(Attempt.ended_at)).where(Attempt.callback_id == Callback.id).scalar_subquery()
    )
    follower = aliased(Callback)
    followed = select(follower.id).where(follower.follows_id == Callback.id).exists()
    unreachable = (
        Callback.state == CallbackState.UNREACHABLE,
        Callback.closed_at > now - UNREACHABLE_SHOWN,
        ~followed,
    )
    late = (Callback.promised_on < today, Callback.attempts == 0)
    kinds: tuple[tuple[str, Select[Any]], ...] = (
        ("no_window", _since(func.coalesce(Callback.emptied_at, now), _WAITS, _emptied())),
        ("promise_passed", _since(Callback.queued_since, _WAITS, *late).order_by(*reading.ORDER)),
        (
            "no_outcome",
            _since(talk_ended, Callback.state == CallbackState.TALKING, talk_ended < now - TALK_OVER),
        ),
        ("unreachable", _since(Callback.closed_at, *unreachable).order_by(Callback.closed_at.desc())),
    )
    found = [(kind, id, at) for kind, wanted in kinds for id, at in session.execute(wanted.limit(limit))]
    rows = reading.of_ids(session, list({id for _, id, _ in found}))
    return [Concern(kind, rows[id], at) for kind, id, at in found]


def sweep_emptied_windows() -> int:
    """Note since when a waiting callback has no slot any more, and when it has one again; how many changed.

    The list itself is always of this moment; this keeps since when.
    """
    emptied, noted = _emptied(), Callback.emptied_at.is_not(None)
    with transaction() as session:
        fresh = update(Callback).where(_WAITS, emptied, ~noted).values(emptied_at=clock.now())
        over = update(Callback).where(_WAITS, ~emptied, noted).values(emptied_at=None)
        ids = [
            session.scalars(one.returning(Callback.id).execution_options(synchronize_session=False)).all()
            for one in (fresh, over)
        ]
    return sum(map(len, ids))


def _since(since: Any, *which: ColumnElement[bool]) -> Select[Any]:
    return select(Callback.id, since.label("since")).where(*which)


def _emptied() -> ColumnElement[bool]:
    """Whether there is no slot for a callback's language and window now."""
    pairs = closing_pairs(line.current().calendar, CODES, clock.now())
    return tuple_(Callback.language, Callback.window).in_(sorted(pairs)) if pairs else false()
