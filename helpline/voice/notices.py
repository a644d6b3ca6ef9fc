"""How a notice may be worded, how long it takes, and which recording says it: what the room of prompts knows of the line's
notices. Their times and versions are `line.notices`'s."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from helpline import clock
from helpline.languages import CODES
from helpline.line import notices
from helpline.line.notices import Given
from helpline.people import audit
from helpline.voice import catalogue, spoken_notices, wording
from helpline.voice.catalogue import MASTER
from helpline.voice.measured import Unusable


def tidy(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are kept, in the order of the keys; languages without one are left out."""
    tidied = {code: wording.tidy(texts.get(code, "")) for code in CODES}
    return {code: text for code, text in tidied.items() if text}


def faults(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Why these words may not be said, by language, in the sentences of `wording`; empty when they may.

    They are judged as prompts are: words, scripts, numerals, keys, at most twenty seconds, and no value that changes.
    """
    english = texts.get(MASTER, "")
    found = {}
    for code, text in texts.items():
        reasons = wording.faults(code, text, master="" if code == MASTER else english)
        if reasons:
            found[code] = reasons
    return found


def seconds(texts: Mapping[str, str]) -> dict[str, float]:
    """About how long each language takes to say."""
    return {code: catalogue.seconds(code, text) for code, text in texts.items()}


def missing(texts: Mapping[str, str], clips: Collection[str] = ()) -> list[str]:
    """The languages in which nothing is said, neither written nor recorded: it is never said in another one instead."""
    return [code for code in CODES if code not in texts and code not in clips]


def save(
    session: Session,
    given: Given,
    *,
    who: str,
    why: str | None = None,
    notice_id: int | None = None,
    revision: int = 0,
) -> int:
    """Make a notice or change one, as `line.notices.save` does, with its line in the audit; its id."""
    saved, changed = notices.save(session, given, who=who, why=why, notice_id=notice_id, revision=revision)
    if changed:
        word = "made_notice" if notice_id is None else "changed_notice"
        audit.record(session, who, word, f"notice {saved}")
        spoken_notices.have_spoken(session, saved)
    return saved


def end(session: Session, notice_id: int, *, who: str, why: str) -> bool:
    """End a notice now, with a line in the audit; False when it was over. Raises `LookupError`."""
    ended = notices.end(session, notice_id, who=who, why=why)
    if ended:
        audit.record(session, who, "ended_notice", f"notice {notice_id}")
    return ended


def words(session: Session, prompt: str, language: str, *, read_from: str | None = None) -> str | None:
    """What is to be read of a notice in one language, empty where nothing is written in it; None for what is no notice, or
    is over.

    `read_from`: the hash of what was read. Raises `Unusable` when it was something else.
    """
    kept = notices.named(session, prompt)
    if kept is None or kept.standing(clock.now()) is notices.Standing.OVER:
        return None
    text = kept.texts.get(language, "")
    if read_from not in {None, catalogue.text_hash(text)}:
        raise Unusable("text_gone")
    return text


def first(session: Session, prompt: str) -> tuple[str, str]:
    """The language and the words in which a notice is shown where nothing is written in one's own; empty for no notice."""
    kept = notices.named(session, prompt)
    if kept is None:
        return "", ""
    return notices.first(kept), kept.texts[notices.first(kept)]


def recorded(
    session: Session, prompt: str, language: str, text: str, clip: str, *, by_id: int | None
) -> bool:
    """A recording of a notice is ready: callers hear it from now on; False when its words were changed since, or it is gone."""
    kept = notices.named(session, prompt)
    if kept is None:
        return False
    who = f"person {by_id}" if by_id is not None else "worker"
    put = notices.put_clip(session, kept.id, language, clip, text, who=who)
    if put:
        audit.record(session, who, "recorded_notice", f"notice {kept.id}", language=language)
    return put
