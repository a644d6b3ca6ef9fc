"""Which clip says one prompt today, the draft's before what callers hear: for whoever is about to record it anew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.line import notices
from helpline.voice import drafts, newest
from helpline.voice.models import PromptClip, PromptSetClip


def clip_now(session: Session, language: str, prompt: str, read_from: str) -> str | None:
    """The hash of the clip of this very text: in the draft, in the newest set, or made by an engine; None: the carrier's
    voice says it."""
    kept = notices.named(session, prompt)
    if kept is not None:
        return kept.clips.get(language)
    drafted = drafts.entry(session, language, prompt)
    row = PromptSetClip
    published = session.scalars(
        select(row.clip_hash).where(
            row.set_id == newest.number(session), row.language == language, row.prompt == prompt
        )
    ).one_or_none()
    wanted = [clip for clip in (drafted.clip, None if drafted.drops_clip else published) if clip]
    known = select(PromptClip.hash).where(PromptClip.hash.in_(wanted), PromptClip.text_hash == read_from)
    current = set(session.scalars(known))
    spoken = select(PromptClip.hash).where(
        PromptClip.source == "speech", PromptClip.language == language, PromptClip.prompt == prompt,
        PromptClip.text_hash == read_from,
    )  # fmt: skip
    return (
        next((clip for clip in wanted if clip in current), None)
        or session.scalars(spoken.order_by(PromptClip.id.desc()).limit(1)).first()
    )
