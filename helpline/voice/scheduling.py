"""Publishing that shall happen at a moment: the changes are kept as they were when it was asked for, and published by
the clock's work. Somebody who publishes the same prompt meanwhile is not written over."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import states
from helpline.people import audit
from helpline.voice import newest, publishing
from helpline.voice.models import PromptSchedule, ScheduleState
from helpline.voice.publishing import Change, Hindrance, Refused, Rows

CLOCK = "clock"
SHOWN = 10  # of those that are over


@dataclass(frozen=True)
class Scheduled:
    """A publishing for later, as pages show it. `hindrances`: what was left out, or why nothing was published."""

    id: int
    state: ScheduleState
    due_at: datetime
    note: str
    languages: tuple[str, ...]
    changes: tuple[Change, ...]
    by_id: int
    made_at: datetime
    ended_at: datetime | None
    set_id: int | None
    hindrances: tuple[Hindrance, ...]


def schedule(
    session: Session,
    due_at: datetime,
    *,
    by_id: int,
    note: str = "",
    languages: Collection[str] = (),
    four_eyes: bool = False,
) -> int:
    """Have what the draft changes now published at a moment; the schedule's id. The draft stays as it is until then.

    Raises `ValueError` for a moment that is past, `Refused` as `publishing.publish` does.
    """
    if due_at <= clock.now():
        raise ValueError("what is put off happens later than now")
    publishing.lock(session)
    changes = publishing.drafted(session, languages, locked=True)
    publishing.refuse_if_any(publishing.hindrances(session, changes, four_eyes=four_eyes))
    now = publishing.rows(session, newest.number(session))
    row = PromptSchedule(
        due_at=due_at,
        note=note,
        languages=sorted({one.language for one in changes}),
        entries=[asdict(one) | _held(now, one) for one in changes],
        by_id=by_id,
    )
    session.add(row)
    states.begin(session, row, who=f"person {by_id}", why="put off")
    audit.record(session, f"person {by_id}", "scheduled", f"schedule {row.id}", changes=len(changes))
    return row.id


def cancel(session: Session, schedule_id: int, *, by_id: int) -> bool:
    """Do not publish it after all; False when it is over already. Raises `LookupError` for one that is not there."""
    row = session.get(PromptSchedule, schedule_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise LookupError(f"there is no schedule {schedule_id}")
    if row.state != ScheduleState.WAITING:
        return False
    states.move(session, row, ScheduleState.CANCELLED, who=f"person {by_id}", why="cancelled")
    row.ended_at = clock.now()
    audit.record(session, f"person {by_id}", "cancelled", f"schedule {row.id}")
    return True


def listed(session: Session) -> list[Scheduled]:
    """Those that wait, the next one first; then the newest that are over."""
    row = PromptSchedule
    waiting = select(row).where(row.state == ScheduleState.WAITING).order_by(row.due_at, row.id)
    over = select(row).where(row.state != ScheduleState.WAITING).order_by(row.ended_at.desc()).limit(SHOWN)
    return [_shown(one) for one in (*session.scalars(waiting), *session.scalars(over))]


def publish_due() -> int:
    """Publish all that is due; how many were looked at. Each in a transaction of its own; safe to run twice."""
    looked_at = 0
    while _publish_next():
        looked_at += 1
    return looked_at


def _publish_next() -> bool:
    with db.transaction() as session:
        due = (
            select(PromptSchedule)
            .where(PromptSchedule.state == ScheduleState.WAITING, PromptSchedule.due_at <= clock.now())
            .order_by(PromptSchedule.due_at, PromptSchedule.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = session.scalars(due).one_or_none()
        if row is None:
            return False
        publishing.lock(session)
        changes, left = _still_right(session, row)
        try:
            # Approvals were asked for when it was put off; what was rejected since is not published.
            publishing.refuse_if_any(publishing.hindrances(session, changes, four_eyes=False))
            row.set_id = publishing.commit(session, changes, by_id=row.by_id, note=row.note)
            to = ScheduleState.PUBLISHED
        except Refused as refused:
            left, to = [*left, *refused.hindrances], ScheduleState.REFUSED
        row.faults = [f"{one.why} {one.language} {one.prompt}".strip() for one in left]
        row.ended_at = clock.now()
        states.move(session, row, to, who=CLOCK, why="due")
        about = f"prompt_set {row.set_id}" if row.set_id else f"schedule {row.id}"
        audit.record(session, CLOCK, to, about, schedule=row.id, changes=len(changes), left_out=len(left))
        return True


def _still_right(session: Session, row: PromptSchedule) -> tuple[list[Change], list[Hindrance]]:
    """The changes that may still be made, and those where somebody has published something else since."""
    now = publishing.rows(session, newest.number(session))
    changes, left = [], []
    for entry in row.entries:
        held = {name: entry[name] for name in ("held_text", "held_clip")}
        change = Change(**{name: value for name, value in entry.items() if name not in held})
        if _held(now, change) == held:
            changes.append(change)
        else:
            left.append(Hindrance("overtaken", *change.key))
    return changes, left


def _held(now: Rows, change: Change) -> dict[str, int | str | None]:
    """What callers heard there when the change was put off."""
    return {"held_text": now.texts.get(change.key), "held_clip": now.clips.get(change.key, (None,))[0]}


def _shown(row: PromptSchedule) -> Scheduled:
    return Scheduled(
        id=row.id,
        state=ScheduleState(row.state),
        due_at=row.due_at,
        note=row.note,
        languages=tuple(row.languages),
        changes=tuple(
            Change(**{name: value for name, value in entry.items() if not name.startswith("held_")})
            for entry in row.entries
        ),
        by_id=row.by_id,
        made_at=row.made_at,
        ended_at=row.ended_at,
        set_id=row.set_id,
        hindrances=tuple(Hindrance(*words.split(" ")) for words in row.faults),
    )
