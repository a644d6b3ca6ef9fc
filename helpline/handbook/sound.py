"""How the key phrases sound: spoken by the engine of this machine, in the worker, a placeholder for a human voice; and given
out under a name that never changes its content. Knows no page."""

import logging
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db, languages
from helpline.handbook import phrases
from helpline.handbook.models import PhraseClip
from helpline.handbook.phrases import Phrase
from helpline.languages import CODES
from helpline.voice import storage, takes, wav

log = logging.getLogger(__name__)
ENGINE = "espeak"
"""It needs no network, and sends no text to anybody."""
_PATIENCE = 3


@dataclass(frozen=True)
class Sound:
    """The clip of one phrase: its name, how long it lasts, what made it."""

    hash: str
    seconds: float
    engine: str


def of_language(session: Session, language: str) -> dict[str, Sound]:
    """The sounds of today's texts of one language, by phrase."""
    said = phrases.book().said[language]
    of = PhraseClip
    rows = session.execute(
        select(of.phrase, of.text_hash, of.hash, of.seconds, of.engine).where(of.language == language)
    )
    return {
        name: Sound(digest, seconds, engine)
        for name, text_hash, digest, seconds, engine in rows
        if name in said and said[name].text_hash == text_hash
    }


def wav_of(session: Session, digest: str) -> bytes | None:
    """The bytes of a clip, or None."""
    return session.scalars(select(PhraseClip.wav).where(PhraseClip.hash == digest).limit(1)).first()


def owed(session: Session, language: str) -> list[Phrase]:
    """The phrases of one language that have no sound of their text of today."""
    there = of_language(session, language)
    return [phrase for name, phrase in phrases.book().said[language].items() if name not in there]


def have_made(session: Session, language: str) -> None:
    """Have what is missing of one language spoken, soon after the commit."""
    found = languages.by_code(language)
    if found is not None:
        db.ring(session, "speak_phrases", int(found.key), queue=takes.QUEUE)


def make_for_key(key: int) -> int:
    """The same as `make`, for the language that this key of the line's keypad chooses; 0 for none."""
    found = languages.by_key(str(key))
    return make(found.code) if found is not None else 0


def make(language: str) -> int:
    """Speak what is missing of one language, each kept as soon as it is made; how many. Safe to run twice.

    An engine that cannot speak is told of in the log, and asked again when somebody opens the page, or by the sweep.
    """
    from helpline.voice import speech  # slow to load, and most jobs and sweeps need it not

    with db.transaction() as session:
        wanted = owed(session, language)
    made, failed = 0, 0
    for phrase in wanted:
        try:
            content = speech.speak(ENGINE, language, prompt=phrase.name, text=phrase.text)
        except speech.CannotSpeak as error:
            failed += 1
            log.warning("a key phrase has no sound: %s", error)
            if failed >= _PATIENCE:
                break
            continue
        with db.transaction() as session:
            _keep(session, phrase, content)
        made += 1
    return made


def sweep() -> int:
    """Ring again for languages of which some phrases have a sound and others not: a job that broke off, or texts that a
    release changed; for how many. A language that nobody ever opened is left alone."""
    with db.transaction() as session:
        begun = session.scalars(select(PhraseClip.language).distinct())
        found = [code for code in begun if code in CODES and owed(session, code)]
        for code in found:
            have_made(session, code)
    return len(found)


def _keep(session: Session, phrase: Phrase, content: bytes) -> None:
    row = {
        "language": phrase.language, "phrase": phrase.name, "text_hash": phrase.text_hash, "engine": ENGINE,
        "hash": storage.digest(content), "seconds": wav.inspect(content).seconds, "wav": content, "made_at": clock.now(),
    }  # fmt: skip
    put = insert(PhraseClip).values(row)
    fresh = {name: put.excluded[name] for name in row if name not in {"language", "phrase"}}
    session.execute(put.on_conflict_do_update(index_elements=["language", "phrase"], set_=fresh))
