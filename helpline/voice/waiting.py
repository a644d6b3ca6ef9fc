"""How much waits in the open draft, for the doors that lead to it: changes, and what nobody has approved or rejected yet.
Changes nothing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from helpline.voice.models import PromptClip, PromptDraftEntry, PromptText, PromptVerdict


@dataclass(frozen=True, slots=True)
class Waiting:
    """`changes`: entries of the draft; `verdicts`: its texts and recordings of which nobody said anything yet and which
    the person who looks did not make."""

    changes: int
    verdicts: int


def counted(session: Session, person_id: int, *, approves: bool) -> Waiting:
    """How much waits; `verdicts` only for a person who `approves`. One statement."""
    row = PromptDraftEntry
    something = or_(
        row.text_id.is_not(None), row.drops_text, row.clip_hash.is_not(None), row.drops_clip,
        row.conflict_id.is_not(None),
    )  # fmt: skip
    changes = select(func.count()).select_from(row).where(something)
    if not approves:
        return Waiting(session.scalar(changes) or 0, 0)
    texts = _unjudged(person_id, PromptText.by_id).join(PromptText, PromptText.id == row.text_id)
    clips = _unjudged(person_id, PromptClip.made_by_id).join(PromptClip, PromptClip.hash == row.clip_hash)
    texts = texts.where(~select(PromptVerdict.id).where(PromptVerdict.text_id == row.text_id).exists())
    clips = clips.where(~select(PromptVerdict.id).where(PromptVerdict.clip_hash == row.clip_hash).exists())
    found = session.execute(
        select(changes.scalar_subquery(), texts.scalar_subquery() + clips.scalar_subquery())
    ).one()
    return Waiting(*found)


def _unjudged(person_id: int, maker: Any) -> Any:
    """Entries to be published whose text or recording somebody else made; what nobody decided has no turn yet."""
    row = PromptDraftEntry
    others = or_(maker.is_(None), maker != person_id)
    return select(func.count()).select_from(row).where(row.conflict_id.is_(None), others)
