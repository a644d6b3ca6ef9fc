"""The published sets as pages list them: number, when, by whom, note, what was changed. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.people import accounts
from helpline.voice.models import PromptSet, PromptSetClip, PromptSetText

A_PAGE = 50


@dataclass(frozen=True)
class Published:
    """One set. `by`: the person's name, None for a command or somebody forgotten. `texts`, `recordings`: how many."""

    id: int
    at: datetime
    by: str | None
    note: str
    languages: tuple[str, ...]
    restores: int | None
    texts: int
    recordings: int


def listed(session: Session, *, before: int | None = None, limit: int = A_PAGE) -> list[Published]:
    """The newest sets (those below a number, for further pages), newest first."""
    wanted = select(PromptSet).order_by(PromptSet.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(PromptSet.id < before)
    return _shown(session, list(session.scalars(wanted)))


def one(session: Session, set_id: int) -> Published | None:
    """One set, or None."""
    found = session.get(PromptSet, set_id)
    return _shown(session, [found])[0] if found else None


def _shown(session: Session, rows: list[PromptSet]) -> list[Published]:
    ids = [row.id for row in rows]
    names = accounts.names(session, [row.by_id for row in rows if row.by_id])
    texts, clips = (_counts(session, table, ids) for table in (PromptSetText, PromptSetClip))
    return [
        Published(
            id=row.id,
            at=row.published_at,
            by=names.get(row.by_id or 0),
            note=row.note,
            languages=tuple(row.languages),
            restores=row.restores,
            texts=texts.get(row.id, 0),
            recordings=clips.get(row.id, 0),
        )
        for row in rows
    ]


def _counts(
    session: Session, table: type[PromptSetText] | type[PromptSetClip], ids: list[int]
) -> dict[int, int]:
    wanted = select(table.set_id, func.count().label("rows")).where(table.set_id.in_(ids))
    return {row.set_id: row.rows for row in session.execute(wanted.group_by(table.set_id))}
