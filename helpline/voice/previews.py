"""What a set would play, put together for somebody who listens in the console: the draft, the newest set or any other. Reads
the database anew each time, and holds nothing; what callers hear is `library`'s."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.voice import drafts, newest, sets
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.library import Library
from helpline.voice.manifest import Key, Manifest, Offer, choose
from helpline.voice.models import PromptClip, PromptSet

DRAFT, LIVE = "draft", "live"
LISTED = 20
_LONGEST_NUMBER = len(str(2**31)) - 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A published set, to be chosen from: its number, when it was published, why."""

    number: int
    at: datetime
    note: str


def manifest(session: Session, library: Library, which: str) -> Manifest:
    """What `draft`, `live` or a set by its number plays; also clips that this process has not fetched yet.

    Raises `LookupError` for a set that there is not.
    """
    number = _number(session, which)
    texts = {key: own.text for key, own in newest.texts(session, number).items()}
    clips = newest.clips(session, number)
    if which == DRAFT:
        _draw(session, texts, clips)
    catalogue = _with(library.catalogue, texts)
    speech = sets.read(session).speech
    published = [Offer(*key, clip, read_from) for key, (clip, read_from) in clips.items()]
    shipped = [
        Offer(*key, clip, text_hash(library.catalogue.text(*key)))
        for key, clip in library.manifest(0).clips.items()
    ]
    held = {offer.clip for offer in (*speech, *shipped, *published)}
    return choose(catalogue, number, published=published, shipped=shipped, speech=speech, held=held)


def listed(session: Session) -> list[Listed]:
    """The newest sets, newest first."""
    rows = session.execute(
        select(PromptSet.id, PromptSet.published_at, PromptSet.note)
        .order_by(PromptSet.id.desc())
        .limit(LISTED)
    )
    return [Listed(*row) for row in rows]


def _number(session: Session, which: str) -> int:
    if which in {DRAFT, LIVE}:
        return newest.number(session)
    if which == "0":
        return 0
    known = which.isascii() and which.isdecimal() and len(which) <= _LONGEST_NUMBER
    if not known or session.get(PromptSet, int(which)) is None:
        raise LookupError(f"there is no set {which}")
    return int(which)


def _draw(session: Session, texts: dict[Key, str], clips: dict[Key, tuple[str, str]]) -> None:
    """Put the draft's changes on top of the newest set's rows."""
    drafted = drafts.entries(session)
    wanted = [entry.clip for entry in drafted if entry.clip]
    rows = session.execute(select(PromptClip.hash, PromptClip.text_hash).where(PromptClip.hash.in_(wanted)))
    read_from = {row.hash: row.text_hash for row in rows}
    for entry in drafted:
        key = (entry.language, entry.prompt)
        if entry.text is not None:
            texts[key] = entry.text
        elif entry.drops_text:
            texts.pop(key, None)
        if entry.clip:
            clips[key] = (entry.clip, read_from[entry.clip])
        elif entry.drops_clip:
            clips.pop(key, None)


def _with(repository: Catalogue, own: dict[Key, str]) -> Catalogue:
    """The texts of the repository with these on top."""
    texts = {code: dict(prompts) for code, prompts in repository.texts.items()}
    for (code, prompt), text in own.items():
        if prompt in texts.get(code, {}):
            texts[code][prompt] = text
    return Catalogue(texts)
