"""Notices spoken by an engine: in each language in which one speaks prompts of this line, so that all of them sound alike. A
placeholder, marked as such: any recording takes its place. Where no engine does, the carrier's voice says the words.

For the worker: it makes sounds, which may take a while or fail; until they are there, the carrier's voice speaks.
"""

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.line import notices
from helpline.line.notices import Kept, Standing
from helpline.voice import sets, takes
from helpline.voice.catalogue import text_hash
from helpline.voice.manifest import ENGINES_BY_WORTH
from helpline.voice.models import PromptClip

log = logging.getLogger(__name__)

_WHO = "worker"


def speak(notice_id: int) -> int:
    """Make what is missing of one notice; in how many languages. Safe to run twice; an engine that fails is told of, and
    asked again by the sweep. Raises `storage.StorageDown`."""
    from helpline.voice import speech  # slow to load, and most jobs and sweeps need it not

    with db.transaction() as session:
        try:
            kept = notices.one(session, notice_id)
        except LookupError:
            return 0
        wanted = owed(session, kept)
    made = {}
    for language, engine in wanted.items():
        text = kept.texts[language]
        try:
            made[language] = engine, speech.speak(engine, language, prompt=kept.prompt, text=text)
        except speech.CannotSpeak as error:
            log.warning("a notice is left to the carrier's voice: %s", error)
    with db.transaction() as session:
        clips = {
            language: sets.keep_clip(
                session, content, language=language, prompt=kept.prompt, text_hash=text_hash(kept.texts[language]),
                source="speech", engine=engine, way="engine",
            )
            for language, (engine, content) in made.items()
        }  # fmt: skip
        return notices.put_speech(session, notice_id, clips, kept.texts, who=_WHO)


def sweep() -> int:
    """Ring again for notices of which an engine should speak more; for how many."""
    now = clock.now()
    with db.transaction() as session:
        standing = [one for one in notices.listed(session) if one.standing(now) is not Standing.OVER]
        found = [one.id for one in standing if owed(session, one)]
        for notice_id in found:
            have_spoken(session, notice_id)
    return len(found)


def have_spoken(session: Session, notice_id: int) -> None:
    """Have an engine speak it, soon after the commit."""
    db.ring(session, "speak_notice", notice_id, queue=takes.QUEUE)


def owed(session: Session, kept: Kept) -> dict[str, str]:
    """The languages of a notice that have words and no sound, each with the engine that speaks the line's prompts in it."""
    without = [code for code in kept.texts if code not in kept.clips]
    of = PromptClip
    spoken = select(of.language, of.engine).where(
        of.source == "speech", of.language.in_(without), of.prompt.not_like(f"{notices.PROMPT}%")
    )
    found: dict[str, str] = {}
    for language, engine in session.execute(spoken.distinct()):
        best = found.get(language, engine)
        found[language] = max(best, engine, key=_worth)
    return {code: found[code] for code in without if code in found}


def engines(session: Session, kept: Kept) -> dict[str, str]:
    """The languages in which an engine made the sound of a notice, and which one."""
    wanted = select(PromptClip.hash, PromptClip.engine).where(
        PromptClip.hash.in_(kept.clips.values()), PromptClip.source == "speech"
    )
    by_hash = {row.hash: row.engine for row in session.execute(wanted)}
    return {code: by_hash[clip] for code, clip in kept.clips.items() if clip in by_hash}


def _worth(engine: str) -> int:
    return ENGINES_BY_WORTH.index(engine) if engine in ENGINES_BY_WORTH else -1
